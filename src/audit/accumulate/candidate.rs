//! Candidates for accumulators: signedness, overflow behaviour and control.

use super::control::{AfterLast, ControlBehaviour};
use super::episode::Episode;
use crate::audit::factors::Signedness;
use crate::audit::harness::Harness;
use crate::audit::operands::decode;
use crate::audit::rows::{CLEAR, ENABLE, LAST};
use crate::audit::tally::MismatchTally;

/// Overflow behaviour of a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SumOverflow {
    /// The register keeps the low bits; it may be narrower than the output.
    Wraps,
    /// The register saturates.
    Saturates,
    /// The register is wider than the output, and the output saturates.
    SaturatesOutput,
}

impl SumOverflow {
    pub const ALL: [Self; 3] = [Self::Wraps, Self::Saturates, Self::SaturatesOutput];

    fn suffix(self) -> &'static str {
        match self {
            Self::Wraps => "wrap",
            Self::Saturates => "saturate",
            Self::SaturatesOutput => "saturate_output",
        }
    }
}

/// Candidate function of an accumulator.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AccumulatorCandidate {
    pub signs: Signedness,
    pub overflow: SumOverflow,
    /// Least and greatest value of the register, or of a saturating output.
    pub bounds: (i128, i128),
    pub control: ControlBehaviour,
}

impl AccumulatorCandidate {
    /// The name of candidates with this signedness and overflow behaviour.
    pub fn name_of(signs: Signedness, overflow: SumOverflow) -> String {
        format!("{}_{}", signs.name(), overflow.suffix())
    }

    /// The name, as in `--expect`.
    pub fn name(&self) -> String {
        Self::name_of(self.signs, self.overflow)
    }

    /// The description of the function.
    pub fn describe(&self) -> String {
        let (least, most) = self.bounds;
        let overflow = match self.overflow {
            SumOverflow::Wraps => format!("the sum wraps at {} bits", (most - least + 1).ilog2()),
            SumOverflow::Saturates => format!("the sum saturates to {least}..={most}"),
            SumOverflow::SaturatesOutput => {
                format!("the sum is kept in more bits, and its output saturates to {least}..={most}")
            }
        };
        format!("products {}; {overflow}", self.signs.describe())
    }

    /// Compares the sums of an episode.
    ///
    /// `products` has the exact sum of products of each row.
    pub fn compare(&self, run: &EpisodeRun, products: &[i64], tally: &mut MismatchTally) {
        let EpisodeRun { harness, episode, latency, first } = *run;
        let results = &episode.outputs.results[0];
        let bits = harness.result_bits[0];
        let mask = u64::MAX >> (64 - bits);
        let value = |pattern: u64| decode(pattern, bits, self.signs.of_product());
        let rows = self.active_rows(episode);
        // The results of the last rows appear in the idle rows after the episode.
        let output_row = |at: usize| rows.get(at).copied().unwrap_or(episode.rows.len() + at - rows.len());
        let mut register = SumRegister { sum: 0, ended: false, ended_just_now: false };
        for (at, &row) in rows.iter().enumerate() {
            let clear = rows.get(at + self.control.clear_lead).is_some_and(|&row| self.clears(run, row));
            let accepted = self.accepts(run, row);
            let ends = harness.marks_ends() && accepted && episode.rows.controls[LAST][row] == 1;
            register.step(self, clear, accepted.then_some((products[row], ends)));
            // Where the end of a sum is marked, only final sums are compared.
            let output = output_row(at + latency);
            if (harness.marks_ends() && !ends) || output >= results.len() {
                continue;
            }
            let expected = value(self.output(register.sum) as u64 & mask);
            tally.compare(first + row as u64, value(results[output]).into(), expected.into());
        }
    }

    /// The rows in which the registers are not stalled.
    fn active_rows(&self, episode: &Episode) -> Vec<usize> {
        let enable = &episode.rows.controls[ENABLE];
        (0..episode.rows.len()).filter(|&row| !self.control.enable_stalls || enable[row] == 1).collect()
    }

    fn accepts(&self, run: &EpisodeRun, row: usize) -> bool {
        run.harness.accepts(&run.episode.rows, row)
    }

    fn clears(&self, run: &EpisodeRun, row: usize) -> bool {
        let is_asserted = run.harness.has(CLEAR) && run.episode.rows.controls[CLEAR][row] == 1;
        is_asserted && (self.control.clears_ungated || self.accepts(run, row))
    }

    fn output(&self, sum: i128) -> i128 {
        match self.overflow {
            SumOverflow::SaturatesOutput => sum.clamp(self.bounds.0, self.bounds.1),
            _ => sum,
        }
    }
}

/// An episode of a design with known latency.
#[derive(Clone, Copy)]
pub(crate) struct EpisodeRun<'a> {
    pub harness: &'a Harness,
    pub episode: &'a Episode,
    pub latency: usize,
    /// Index of the first row among those of all episodes.
    pub first: u64,
}

/// State of an accumulator.
struct SumRegister {
    sum: i128,
    /// Whether the last accepted pair ended its sum.
    ended: bool,
    /// Whether the row before ended a sum.
    ended_just_now: bool,
}

impl SumRegister {
    /// Advances by one row.
    ///
    /// `pair` has the product and whether it ends its sum; it is `None` in rows that are not accepted.
    fn step(&mut self, candidate: &AccumulatorCandidate, clear: bool, pair: Option<(i64, bool)>) {
        let control = candidate.control;
        let drops = control.after_last == AfterLast::DropsPair && self.ended_just_now;
        let restarts = match control.after_last {
            AfterLast::Restarts => self.ended && pair.is_some(),
            AfterLast::DropsPair => drops,
            AfterLast::Continues => false,
        };
        if clear || restarts {
            self.sum = 0;
        }
        self.ended_just_now = pair.is_some_and(|(_, ends)| ends);
        if let Some((product, ends)) = pair {
            if !drops && (control.keeps_clear_pair || !clear) {
                self.sum += i128::from(product);
            }
            self.ended = ends;
        }
        let (least, most) = candidate.bounds;
        self.sum = match candidate.overflow {
            SumOverflow::Wraps => least + (self.sum - least).rem_euclid(most - least + 1),
            SumOverflow::Saturates => self.sum.clamp(least, most),
            SumOverflow::SaturatesOutput => self.sum,
        };
    }
}
