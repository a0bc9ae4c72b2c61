//! How a design adds up products over time.

mod candidate;
mod episode;

pub(crate) use episode::counted;

use super::bench::{Bench, CLEAR, ENABLE, LAST, VALID};
use super::binding::Binding;
use super::error::AuditError;
use super::factors::{Factors, Signs};
use super::finding::Finding;
use super::report::Judged;
use super::request::Effort;
use super::role::{Role, Unit};
use super::runner::Driven;
use super::stimulus::decode;
use super::tally::Tally;
use super::timing::DEEPEST;
use super::wave::Waves;
use crate::toolchain::parallel::in_parallel;
use candidate::{Candidate, Overflow, Structure, products};
use episode::Episode;

/// Episodes in which the structure is found.
const TRIED: usize = 8;

/// A design with a register that adds up.
pub(crate) struct Accumulator {
    factors: Factors,
}

impl Accumulator {
    pub fn new(factors: Factors) -> Accumulator {
        Accumulator { factors }
    }

    /// The operands that find out what control does.
    pub fn widths(&self) -> Vec<u32> {
        self.factors.widths()
    }

    /// The names of all candidates.
    pub fn names(&self) -> Vec<String> {
        let structure =
            Structure { keeps: true, unconditional: false, early: 0, freezes: false, restarts: false };
        let names = self.factors.readings().into_iter().flat_map(|signs| {
            Overflow::ALL.map(|overflow| Candidate { signs, overflow, bounds: (0, 0), structure }.name())
        });
        names.collect()
    }

    pub fn judge(
        &self,
        bench: &Bench,
        effort: &Effort,
        given: Option<usize>,
        waves: &Waves,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<Judged, AuditError> {
        let latency = match given {
            Some(latency) => latency,
            None => episode::latency(bench, &self.factors, DEEPEST)?
                .ok_or_else(|| waves.silent("a pair never changed the sum", DEEPEST))?,
        };
        let rows = episode::all(bench, &self.factors, effort.cases, effort.seed)?;
        let total: u64 = rows.iter().map(|rows| rows.len() as u64).sum();
        let episodes = in_parallel(&rows, |rows| {
            progress(rows.len() as u64, total);
            Episode::run(bench, rows, latency)
        })?;
        let candidates = self.shortlist(bench, &episodes, latency)?;
        let tallies = self.tallies(bench, &episodes, &candidates, latency)?;
        let score = |(candidate, tally): (&Candidate, &Tally)| {
            tally.score(&candidate.name(), &candidate.describes(), |at| {
                self.inputs(bench, &rows, at, candidate.signs)
            })
        };
        let scores: Vec<_> = candidates.iter().zip(&tallies).map(score).collect();
        let plural = if latency == 1 { "" } else { "s" };
        let mut findings =
            vec![Finding::new("latency", &format!("{latency} cycle{plural} from a pair to its sum"))];
        if let Some(at) = scores.iter().position(|score| score.explains()) {
            findings.extend(self.factors.findings(candidates[at].signs));
            let words = candidates[at].structure.words(bench).into_iter();
            findings.extend(words.map(|(what, text)| Finding::new(what, &text)));
            let ends = |overflow: Overflow| {
                let explains = candidates.iter().zip(&scores).find(|(candidate, score)| {
                    candidate.signs == candidates[at].signs
                        && candidate.overflow == overflow
                        && score.explains()
                });
                explains.is_some()
            };
            if ends(Overflow::Wraps) && ends(Overflow::Saturates) {
                findings.push(Finding::new("overflow", "not reached by these sums"));
            }
        }
        findings.extend(valid(bench, &episodes, latency));
        let driven = Driven { transactions: total, exhaustive: false };
        Ok(Judged { findings, scores, inapplicable: Vec::new(), exactness: None, driven })
    }

    /// For each reading and overflow, the structure that explains most.
    fn shortlist(
        &self,
        bench: &Bench,
        episodes: &[Episode],
        latency: usize,
    ) -> Result<Vec<Candidate>, AuditError> {
        let mut kinds = Vec::new();
        for signs in self.factors.readings() {
            for overflow in Overflow::ALL {
                let bounds = self.bounds(episodes, signs, overflow);
                kinds.extend(bounds.into_iter().map(|bounds| (signs, overflow, bounds)));
            }
        }
        let structures = Structure::all(bench, latency);
        // The structure shows before anything overflows; only the ends need the long episodes.
        let shown = &episodes[..episodes.len().min(TRIED)];
        let best = in_parallel(&kinds, |&(signs, overflow, bounds)| -> Result<_, AuditError> {
            let candidate = |&structure: &Structure| Candidate { signs, overflow, bounds, structure };
            let tried: Vec<Candidate> = structures.iter().map(candidate).collect();
            let tallies = self.tally(bench, shown, &tried, latency, signs);
            let wrong = |tally: &Tally| tally.wrong as f64 / tally.compared.max(1) as f64;
            let best = tried.into_iter().zip(tallies);
            let best = best.min_by(|(_, a), (_, b)| wrong(a).total_cmp(&wrong(b)));
            Ok(best.map(|(candidate, _)| candidate))
        })?;
        let mut candidates: Vec<Candidate> = best.into_iter().flatten().collect();
        // Of several bounds, those that explain most.
        let tallies = self.tallies(bench, episodes, &candidates, latency)?;
        let mut ranked: Vec<(Candidate, u64)> =
            candidates.drain(..).zip(tallies.iter().map(|tally| tally.wrong)).collect();
        ranked.sort_by_key(|(_, wrong)| *wrong);
        let mut chosen: Vec<Candidate> = Vec::new();
        for (candidate, _) in ranked {
            if chosen.iter().all(|other| other.name() != candidate.name()) {
                chosen.push(candidate);
            }
        }
        let place = |name: &str| self.names().iter().position(|own| own == name);
        chosen.sort_by_key(|candidate| place(&candidate.name()));
        Ok(chosen)
    }

    /// The ends that a sum of such factors may have: those of its type, and what was seen, which a register
    /// that is narrower than the output keeps to as well.
    fn bounds(&self, episodes: &[Episode], signs: Signs, overflow: Overflow) -> Vec<(i128, i128)> {
        let bits = self.factors.out_bits;
        let two = |bits: u32| (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1);
        let signed = two(bits);
        let is_signed = signs.0 || signs.1;
        let seen = episodes.iter().flat_map(|episode| &episode.answers.results[0]);
        let seen = seen.map(|&sum| i128::from(decode(sum, bits, is_signed)));
        let ends = seen.fold((0, 0), |(least, most): (i128, i128), sum| (least.min(sum), most.max(sum)));
        let of_type = |bits: u32| if is_signed { two(bits) } else { (0, (1i128 << bits) - 1) };
        let own = of_type(bits);
        let mut bounds = match overflow {
            // Sums seldom wrap at the very ends, but they fill the bits.
            Overflow::Wraps => {
                let most = if is_signed { ends.1.max(!ends.0) << 1 | 1 } else { ends.1.max(1) };
                vec![own, of_type(most.ilog2() + 1)]
            }
            Overflow::Saturates | Overflow::SaturatesOutput => vec![own, signed, ends],
        };
        bounds.dedup();
        bounds
    }

    fn tallies(
        &self,
        bench: &Bench,
        episodes: &[Episode],
        candidates: &[Candidate],
        latency: usize,
    ) -> Result<Vec<Tally>, AuditError> {
        in_parallel(candidates, |candidate| {
            Ok(self.tally(bench, episodes, &[*candidate], latency, candidate.signs).remove(0))
        })
    }

    fn tally(
        &self,
        bench: &Bench,
        episodes: &[Episode],
        candidates: &[Candidate],
        latency: usize,
        signs: Signs,
    ) -> Vec<Tally> {
        let mut tallies = vec![Tally::default(); candidates.len()];
        let mut first = 0;
        for episode in episodes {
            let products = products(&self.factors, episode, signs);
            for (candidate, tally) in candidates.iter().zip(&mut tallies) {
                candidate.judge(bench, episode, &products, latency, first, tally);
            }
            first += episode.rows.len() as u64;
        }
        tallies
    }

    /// The row of a run in words.
    fn inputs(&self, bench: &Bench, episodes: &[super::bench::Rows], at: u64, signs: Signs) -> Vec<String> {
        let (mut row, mut number) = (at as usize, 0);
        for rows in episodes {
            if row < rows.len() {
                break;
            }
            row -= rows.len();
            number += 1;
        }
        let rows = &episodes[number];
        let mut inputs = vec![format!("episode={number}"), format!("cycle={row}")];
        for (line, name) in [(ENABLE, "en"), (VALID, "valid_in"), (CLEAR, "clear"), (LAST, "last")] {
            inputs.extend(bench.has(line).then(|| format!("{name}={}", rows.lines[line][row])));
        }
        inputs.extend(self.factors.inputs(&rows.operands, row, signs));
        inputs
    }
}

/// What `valid_out` marks.
fn valid(bench: &Bench, episodes: &[Episode], latency: usize) -> Option<Finding> {
    if !bench.has_valid_out {
        return None;
    }
    let marks = |ends: bool| {
        episodes.iter().all(|episode| {
            let lines = &episode.rows.lines;
            let valid = episode.answers.valid.as_deref().unwrap_or_default();
            (0..episode.rows.len()).all(|row| {
                let accepted = !bench.has(VALID) || lines[VALID][row] == 1;
                let counts = accepted && (!ends || lines[LAST][row] == 1);
                // Beside stalls the cycle of a result is another.
                bench.has(ENABLE) || valid[row + latency] == u8::from(counts)
            })
        })
    };
    let text = match (bench.ends() && marks(true), marks(false)) {
        _ if bench.has(ENABLE) => return None,
        (true, _) => "marks the end of each sum",
        (_, true) => "follows valid_in with the latency of the sum",
        _ => "marks neither pairs nor ends of sums with the latency of the sum",
    };
    Some(Finding::new("valid_out", text))
}

/// Whether the map asks for a sum over time.
pub(crate) fn accumulates(binding: &Binding, unit: Unit) -> bool {
    let has = |role: Role| binding.role(role).is_some();
    let asked = unit == Unit::Mac || has(Role::Clear) || has(Role::Last);
    asked && has(Role::Clock) && !has(Role::Addend)
}
