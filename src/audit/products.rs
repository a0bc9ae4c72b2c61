//! What a multiplier or a dot product does: signedness, and what becomes of a result that does not fit.

use super::bench::Bench;
use super::error::AuditError;
use super::factors::{Factors, Signs, sign_name, sign_words};
use super::report::Judged;
use super::request::Effort;
use super::role::Unit;
use super::runner::{Judge, Seen, run};
use super::stimulus::{Random, Stimulus, Whole, decode};
use super::tally::Exactness;
use super::tie::Tie;
use super::timing::Timing;

/// Operands of up to so many bits in all are all driven.
const WHOLE_BITS: u32 = 24;

/// What a result is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// All of it.
    Exact,
    /// Its low bits.
    Wraps,
    /// The nearest number that fits.
    Saturates,
    /// What a shift to the right leaves.
    Shifted(Shifted),
    /// Two products from one multiplier: what the lane below borrows is not given back.
    LaneCarryForgotten,
}

/// A result without its low bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shifted {
    /// A product of fractions has two sign bits, of which one is dropped: a bit less is shifted out.
    fraction: bool,
    /// What becomes of the low bits.
    tie: Tie,
    saturates: bool,
}

impl Shifted {
    /// What becomes of the low bits, the likelier first.
    const TIES: [Tie; 5] = [Tie::Floor, Tie::HalfUp, Tie::HalfEven, Tie::HalfAway, Tie::Truncate];

    /// What fits always, then what may overflow.
    fn all() -> impl Iterator<Item = Shifted> {
        let kinds = [(false, false), (true, false), (true, true)];
        let ties = |(fraction, saturates)| Self::TIES.map(|tie| Shifted { fraction, tie, saturates });
        kinds.into_iter().flat_map(ties)
    }

    fn suffix(self) -> String {
        let part = if self.fraction { "_fraction" } else { "_high" };
        let tie = match self.tie {
            Tie::Floor => String::new(),
            Tie::HalfUp => "_rounded".to_string(),
            tie => format!("_{}", tie.name()),
        };
        format!("{part}{tie}{}", if self.saturates { "_saturate" } else { "" })
    }

    fn words(self, bits: u32) -> String {
        let part = if self.fraction { "below the sign bit of a product of fractions" } else { "at the top" };
        let ends = if self.saturates { ", saturated" } else { "" };
        format!("the {bits} bits {part}, {}{ends}", self.tie.words())
    }
}

impl Form {
    fn suffix(self) -> String {
        match self {
            Form::Exact => String::new(),
            Form::Wraps => "_wrap".to_string(),
            Form::Saturates => "_saturate".to_string(),
            Form::Shifted(shifted) => shifted.suffix(),
            Form::LaneCarryForgotten => "_lane_carry_forgotten".to_string(),
        }
    }

    fn words(self, bits: u32) -> String {
        match self {
            Form::Exact => "exact".to_string(),
            Form::Wraps => format!("the low {bits} bits, so that it wraps"),
            Form::Saturates => format!("saturated to {bits} bits"),
            Form::Shifted(shifted) => shifted.words(bits),
            Form::LaneCarryForgotten => {
                "packed products with the lane carry forgotten: 1 too small where the product of the lane below is negative".to_string()
            }
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Candidate {
    signs: Signs,
    form: Form,
}

impl Candidate {
    fn name(self) -> String {
        format!("{}{}", sign_name(self.signs), self.form.suffix())
    }

    /// Whether no other candidate is the same function: without a sign, toward zero is down, and away from
    /// it up.
    fn is_own(self) -> bool {
        let by_sign = matches!(self.form, Form::Shifted(Shifted { tie: Tie::HalfAway | Tie::Truncate, .. }));
        !by_sign || self.signs != (false, false)
    }
}

/// A multiplier, a dot product or a product with an addend.
pub(crate) struct Products {
    factors: Factors,
    all: Vec<Candidate>,
}

impl Products {
    pub fn new(factors: Factors) -> Products {
        let fits = factors.out_bits >= factors.exact_bits();
        let mut forms = if fits { vec![Form::Exact] } else { vec![Form::Wraps, Form::Saturates] };
        forms.extend(Shifted::all().filter(|_| !fits).map(Form::Shifted));
        if factors.unit == Unit::Multiplier && factors.results > 1 {
            forms.push(Form::LaneCarryForgotten);
        }
        let readings = factors.readings();
        let candidate = |form: Form| readings.iter().map(move |&signs| Candidate { signs, form });
        let all = forms.into_iter().flat_map(candidate).filter(|candidate| candidate.is_own()).collect();
        Products { factors, all }
    }

    /// Whether it may be a sum over time after all.
    pub fn may_add_up(&self) -> bool {
        self.factors.unit == Unit::Dot && self.factors.addend.is_none()
    }

    /// The widths of all operand elements.
    pub fn widths(&self) -> Vec<u32> {
        self.factors.widths()
    }

    /// The factors alone, for sums over time.
    pub fn into_factors(self) -> Factors {
        self.factors
    }

    /// The operands to drive.
    pub fn stimulus(&self, effort: &Effort) -> Box<dyn Stimulus> {
        let widths = self.factors.widths();
        let bits = if effort.exhaustive { 40 } else { WHOLE_BITS };
        match widths.iter().sum::<u32>() <= bits {
            true => Box::new(Whole::new(&widths)),
            false => Box::new(Random { widths, seed: effort.seed, len: effort.cases }),
        }
    }

    /// The names of all candidates.
    pub fn names(&self) -> Vec<String> {
        self.all.iter().map(|candidate| candidate.name()).collect()
    }

    pub fn judge(
        &self,
        bench: &Bench,
        timing: Timing,
        stimulus: &dyn Stimulus,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<Judged, AuditError> {
        let (seen, driven) = run(bench, timing, stimulus, self, progress)?;
        let scores = self.all.iter().zip(&seen.tallies).map(|(candidate, tally)| {
            let describes =
                format!("{}, {}", sign_words(candidate.signs), candidate.form.words(self.factors.out_bits));
            let inputs = |at: u64| {
                let row = at / self.results();
                let mut inputs = self.factors.inputs(&stimulus.fill(row, 1), 0, candidate.signs);
                if self.factors.results > 1 {
                    inputs.push(format!("lane={}", at % self.results()));
                }
                inputs
            };
            tally.score(&candidate.name(), &describes, inputs)
        });
        let scores: Vec<_> = scores.collect();
        let matched = scores.iter().position(|score| score.explains());
        let findings = matched.map(|at| self.factors.findings(self.all[at].signs)).unwrap_or_default();
        Ok(Judged { findings, scores, inapplicable: Vec::new(), exactness: None, driven })
    }

    /// The result of a lane under a candidate, before it is cut to the output.
    fn expected(&self, candidate: Candidate, operands: &[Vec<u64>], row: usize, lane: usize) -> i128 {
        let Candidate { signs, form } = candidate;
        let Factors { unit, out_bits, .. } = self.factors;
        let product = |lane| self.factors.product(operands, row, lane, signs);
        let exact =
            if unit == Unit::Multiplier { product(lane) } else { self.factors.sum(operands, row, signs) };
        let (least, most) = match signs {
            (false, false) => (0, (1i128 << out_bits) - 1),
            _ => (-(1i128 << (out_bits - 1)), (1i128 << (out_bits - 1)) - 1),
        };
        match form {
            Form::Exact | Form::Wraps => exact,
            Form::Saturates => exact.clamp(least, most),
            Form::Shifted(Shifted { fraction, tie, saturates }) => {
                let right = (self.factors.exact_bits() - out_bits).saturating_sub(u32::from(fraction));
                let shifted = tie.round(exact, right as i32);
                if saturates { shifted.clamp(least, most) } else { shifted }
            }
            Form::LaneCarryForgotten => exact - i128::from(lane > 0 && product(lane - 1) < 0),
        }
    }
}

impl Judge for Products {
    fn candidates(&self) -> usize {
        self.all.len()
    }

    fn results(&self) -> u64 {
        self.factors.results as u64
    }

    fn judge(
        &self,
        which: &[usize],
        first: u64,
        operands: &[Vec<u64>],
        results: &[Vec<u64>],
        seen: &mut Seen,
    ) {
        let bits = self.factors.out_bits;
        let mask = u64::MAX >> (64 - bits);
        for (lane, result) in results.iter().enumerate() {
            for (row, &pattern) in result.iter().enumerate() {
                for &which in which {
                    let candidate = self.all[which];
                    let signed = candidate.signs.0 || candidate.signs.1;
                    let expected = self.expected(candidate, operands, row, lane);
                    let expected = decode(expected as u64 & mask, bits, signed);
                    let got = decode(pattern, bits, signed);
                    let at = (first + row as u64) * self.results() + lane as u64;
                    seen.tallies[which].note(at, got.into(), expected.into());
                }
            }
        }
        seen.exactness = Exactness::default();
    }
}
