//! The ways to add up products.

use super::episode::Episode;
use crate::audit::bench::{Bench, CLEAR, ENABLE, LAST, VALID};
use crate::audit::factors::{Factors, Signs, sign_name, sign_words};
use crate::audit::stimulus::decode;
use crate::audit::tally::Tally;

/// What becomes of a sum that its register does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Overflow {
    /// Its low bits are kept, which may be fewer than come out.
    Wraps,
    /// It stops at the ends.
    Saturates,
    /// It is kept in more bits than come out, and what comes out stops at the ends.
    SaturatesOutput,
}

impl Overflow {
    pub const ALL: [Overflow; 3] = [Overflow::Wraps, Overflow::Saturates, Overflow::SaturatesOutput];

    fn suffix(self) -> &'static str {
        match self {
            Overflow::Wraps => "wrap",
            Overflow::Saturates => "saturate",
            Overflow::SaturatesOutput => "saturate_output",
        }
    }
}

/// When sums begin and what stalls them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Structure {
    /// Whether the pair presented with `clear` begins the new sum, or is dropped.
    pub keeps: bool,
    /// Whether `clear` counts in rows that are not accepted too.
    pub unconditional: bool,
    /// How many rows too early `clear` takes effect: it is not delayed with the pair.
    pub early: usize,
    /// Whether enable stalls every register, rather than marking what counts.
    pub freezes: bool,
    /// Whether a new sum begins after the end of the last.
    pub restarts: bool,
}

impl Structure {
    /// Every structure that the mapped ports allow, the likelier first.
    pub fn all(bench: &Bench, latency: usize) -> Vec<Structure> {
        let either = |may: bool| if may { vec![true, false] } else { vec![false] };
        let clears = bench.has(CLEAR);
        let gated = bench.has(VALID) || bench.has(ENABLE);
        let mut all = Vec::new();
        for early in 0..=if clears { latency.min(4) } else { 0 } {
            for keeps in either(clears) {
                for unconditional in either(clears && gated).into_iter().rev() {
                    for freezes in either(bench.has(ENABLE)) {
                        for restarts in either(bench.ends()) {
                            all.push(Structure { keeps, unconditional, early, freezes, restarts });
                        }
                    }
                }
            }
        }
        all
    }

    /// What it says of `clear` and `last`.
    pub fn words(self, bench: &Bench) -> Vec<(&'static str, String)> {
        let mut words = Vec::new();
        if bench.has(CLEAR) {
            let mut text = match self.keeps {
                true => "the pair presented with it begins the new sum".to_string(),
                false => "the sum becomes 0, and the pair presented with it is dropped".to_string(),
            };
            if self.early > 0 {
                text +=
                    &format!("; it is not delayed with the pairs and takes effect {} too early", self.early);
            }
            if self.unconditional {
                let marked = if bench.has(VALID) { "valid_in" } else { "en" };
                text += &format!("; it counts without {marked} too");
            }
            words.push(("clear", text));
        }
        if let Some(pairs) = bench.counted {
            words.push(("sums", format!("of {pairs} pairs, which the design counts")));
        }
        if bench.has(LAST) {
            let text =
                if self.restarts { "the next pair begins a new sum" } else { "the sum goes on after it" };
            words.push(("last", text.to_string()));
        }
        if bench.has(ENABLE) {
            let text = if self.freezes { "stalls every register" } else { "marks the pairs that count" };
            words.push(("en", text.to_string()));
        }
        words
    }
}

/// One way to add up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub signs: Signs,
    pub overflow: Overflow,
    /// Where the sum ends: of one that wraps, the range of its register.
    pub bounds: (i128, i128),
    pub structure: Structure,
}

impl Candidate {
    pub fn name(&self) -> String {
        format!("{}_{}", sign_name(self.signs), self.overflow.suffix())
    }

    pub fn describes(&self) -> String {
        let (least, most) = self.bounds;
        let overflow = match self.overflow {
            Overflow::Wraps => format!("the sum wraps at {} bits", (most - least + 1).ilog2()),
            Overflow::Saturates => format!("the sum saturates to {least}..={most}"),
            Overflow::SaturatesOutput => {
                format!("the sum is kept in more bits, and its output saturates to {least}..={most}")
            }
        };
        format!("products {}; {overflow}", sign_words(self.signs))
    }

    /// Whether the sum is two's complement.
    pub fn signed(&self) -> bool {
        self.signs.0 || self.signs.1
    }

    /// Holds the sums of an episode against what came out. `products` are those of its rows.
    pub fn judge(
        &self,
        bench: &Bench,
        episode: &Episode,
        products: &[i64],
        latency: usize,
        first: u64,
        tally: &mut Tally,
    ) {
        let Structure { keeps, unconditional, early, freezes, restarts } = self.structure;
        let lines = &episode.rows.lines;
        let is = |line: usize, row: usize| !bench.has(line) || lines[line][row] == 1;
        let rows: Vec<usize> = match freezes {
            true => (0..episode.rows.len()).filter(|&row| lines[ENABLE][row] == 1).collect(),
            false => (0..episode.rows.len()).collect(),
        };
        // After the rows come idle ones, in which the latest results appear.
        let seen_at = |at: usize| rows.get(at).copied().unwrap_or(episode.rows.len() + at - rows.len());
        let accepts = |row: usize| is(VALID, row) && (freezes || is(ENABLE, row));
        let clears =
            |row: usize| bench.has(CLEAR) && lines[CLEAR][row] == 1 && (unconditional || accepts(row));
        let bits = bench.results[0];
        let mask = u64::MAX >> (64 - bits);
        let (least, most) = self.bounds;
        let (mut sum, mut ended) = (0i128, false);
        for (at, &row) in rows.iter().enumerate() {
            let clear = rows.get(at + early).is_some_and(|&row| clears(row));
            let accepted = accepts(row);
            if clear || (restarts && ended && accepted) {
                sum = 0;
            }
            if accepted && (keeps || !clear) {
                sum += i128::from(products[row]);
            }
            if accepted {
                ended = bench.ends() && lines[LAST][row] == 1;
            }
            sum = match self.overflow {
                Overflow::Wraps => least + (sum - least).rem_euclid(most - least + 1),
                Overflow::Saturates => sum.clamp(least, most),
                Overflow::SaturatesOutput => sum,
            };
            // Where sums have an end, only what they end as counts.
            let later = seen_at(at + latency);
            if bench.ends() && !(accepted && ended) || later >= episode.answers.results[0].len() {
                continue;
            }
            let shown = match self.overflow {
                Overflow::SaturatesOutput => sum.clamp(least, most),
                _ => sum,
            };
            let expected = decode(shown as u64 & mask, bits, self.signed());
            let got = decode(episode.answers.results[0][later], bits, self.signed());
            tally.note(first + row as u64, got.into(), expected.into());
        }
    }
}

/// The sums of products of every row under one reading.
pub(crate) fn products(factors: &Factors, episode: &Episode, signs: Signs) -> Vec<i64> {
    let operands = &episode.rows.operands;
    (0..episode.rows.len()).map(|row| factors.sum(operands, row, signs) as i64).collect()
}
