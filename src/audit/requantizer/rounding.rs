//! The ways to round that a requantizer may have: the named rules of the reference, and others that
//! designs are found to use.

use crate::arithmetic::rescale::rules::RegisterWidth;
use crate::arithmetic::rescale::{RescaleError, Rule, Scale, rules};
use crate::audit::tie::Tie;

/// The numbers of one transaction beside its accumulator: `multiplier * 2^-shift`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    pub multiplier: i64,
    /// Right shift of the whole product.
    pub shift: i32,
    /// The same as a real number, or the one that was given.
    pub scale: f64,
    pub zero_point: i64,
}

impl Point {
    /// The fixed-point form of the named rules: a Q0.31 fraction and a left shift.
    fn fixed(&self) -> Option<(i32, i32)> {
        let multiplier = i32::try_from(self.multiplier).ok()?;
        Some((multiplier, 31 - self.shift)).filter(|(_, shift)| (-31..=30).contains(shift))
    }

    /// The right shift of (R7).
    fn power_of_two(&self) -> Option<u32> {
        (0..=63).find(|&right| self.scale == 2f64.powi(-(right as i32)))
    }
}

/// One way to round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rounding {
    /// A rule that runtimes use.
    Named(Rule),
    /// The exact product, rounded once.
    Once(Tie),
    /// The product at 31 fraction bits, then the right shift that is left.
    Twice(Tie, Tie),
}

impl Rounding {
    /// All candidates, in the order in which they are named where several explain the results: what
    /// only shifts first if there is no multiplier, and integers before floats.
    pub fn all(has_multiplier: bool) -> Vec<Rounding> {
        let mut shifts = vec![Rounding::Named(Rule::Pow2), Rounding::Named(Rule::Pow2Floor)];
        let mut all = if has_multiplier { Vec::new() } else { std::mem::take(&mut shifts) };
        all.extend([Rule::Gemmlowp, Rule::Ruy, Rule::Single, Rule::Floor].map(Rounding::Named));
        // Half up and floor of the exact product are rules with a name.
        let once = Tie::ALL.into_iter().filter(|tie| !matches!(tie, Tie::HalfUp | Tie::Floor));
        all.extend(once.map(Rounding::Once));
        all.extend(shifts);
        all.extend([Rule::F32, Rule::F64, Rule::Int16].map(Rounding::Named));
        for high in [Tie::HalfUp, Tie::Floor, Tie::HalfAway, Tie::Truncate] {
            for last in [Tie::Floor, Tie::Truncate, Tie::HalfUp, Tie::HalfAway, Tie::HalfEven] {
                // Half up has `gemmlowp` and `ruy`; cutting off twice is cutting off once.
                let is_named = matches!(
                    (high, last),
                    (Tie::HalfUp, Tie::HalfAway | Tie::HalfUp)
                        | (Tie::Floor, Tie::Floor)
                        | (Tie::Truncate, Tie::Truncate)
                );
                all.extend((!is_named).then_some(Rounding::Twice(high, last)));
            }
        }
        all
    }

    /// The rule of one rounding that it is where there is a second shift: what is floored first is as if
    /// rounded half up once, and so is, of magnitudes, what is truncated first.
    fn as_if_once(self) -> Option<Rounding> {
        match self {
            Rounding::Twice(Tie::Floor, Tie::HalfUp) => Some(Rounding::Named(Rule::Single)),
            Rounding::Twice(Tie::Truncate, Tie::HalfAway) => Some(Rounding::Once(Tie::HalfAway)),
            _ => None,
        }
    }

    /// Why it has nothing of its own to say of numbers that are the same in every transaction.
    pub fn is_another_at(self, point: &Point) -> Option<String> {
        let Rounding::Twice(..) = self else { return None };
        let (_, shift) = point.fixed()?;
        match self.as_if_once() {
            _ if shift >= 0 => Some("there is no second shift to the right".to_string()),
            once => once.map(|once| format!("with these numbers it is {}", once.name())),
        }
    }

    /// The name for `--expect`.
    pub fn name(self) -> String {
        match self {
            Rounding::Named(rule) => rule.name().to_string(),
            Rounding::Once(tie) => tie.name().to_string(),
            Rounding::Twice(high, last) => format!("high_{}_then_{}", high.name(), last.name()),
        }
    }

    /// What it computes, in words.
    pub fn describes(self) -> String {
        match self {
            Rounding::Named(rule) => {
                format!("({}) {}; {}", rule.equation(), rule.formula(), rule.used_by())
            }
            Rounding::Once(tie) => format!("the exact product {}", tie.words()),
            Rounding::Twice(high, last) => format!(
                "twice: the product at 31 fraction bits {}, then the shift to the right {}",
                high.words(),
                last.words()
            ),
        }
    }

    /// The rescaled accumulator with the zero point, before any bound; none where the rule does not
    /// apply to such numbers. `range` holds the codes that the output has.
    pub fn rescale(self, acc: i64, acc_bits: u32, point: &Point, range: (i128, i128)) -> Option<i128> {
        let product = i128::from(acc) * i128::from(point.multiplier);
        let rescaled = match self {
            Rounding::Named(rule) => named(rule, acc, acc_bits, point, range)?,
            Rounding::Once(tie) => tie.round(product, point.shift),
            Rounding::Twice(high, last) => {
                let (multiplier, shift) = point.fixed()?;
                let product = (i128::from(acc) << shift.max(0)) * i128::from(multiplier);
                last.round(high.round(product, 31), -shift.min(0))
            }
        };
        Some(rescaled + i128::from(point.zero_point))
    }

    /// Why a rule of the reference does not apply to a point.
    pub fn reason(self, point: Option<Point>) -> String {
        let Some(point) = point else {
            return "it applies to some of the numbers that were driven only".to_string();
        };
        let Some((multiplier, shift)) = point.fixed() else {
            return "the multiplier is no Q0.31 fraction with a shift of -31 to 30".to_string();
        };
        match self {
            Rounding::Named(Rule::Pow2 | Rule::Pow2Floor) => {
                RescaleError::NotPowerOfTwo(Scale::Fixed { multiplier, shift }.to_f64()).to_string()
            }
            Rounding::Named(rule) => format!("rule {rule} is not defined on these numbers"),
            Rounding::Once(_) | Rounding::Twice(..) => String::new(),
        }
    }
}

fn named(rule: Rule, acc: i64, acc_bits: u32, point: &Point, range: (i128, i128)) -> Option<i128> {
    let register = RegisterWidth::for_acc_bits(acc_bits);
    let fixed = || point.fixed();
    Some(match rule {
        Rule::Gemmlowp => fixed().map(|(q, s)| rules::gemmlowp(acc, q, s, register))?.into(),
        Rule::Ruy => fixed().map(|(q, s)| rules::ruy(acc, q, s, register))?.into(),
        Rule::Single => fixed().map(|(q, s)| rules::single(acc, q, s))?,
        Rule::Floor => fixed().map(|(q, s)| rules::floor(acc, q, s))?,
        Rule::Int16 => {
            let (q, s) = fixed().filter(|(_, s)| *s <= 7)?;
            (acc_bits <= 48).then(|| rules::int16(acc, q, s))?.into()
        }
        Rule::F32 => {
            let bound = |bound: i128| {
                (bound - i128::from(point.zero_point)).clamp(i32::MIN.into(), i32::MAX.into()) as i32
            };
            let scale = point.scale as f32;
            (scale.is_finite() && scale > 0.0)
                .then(|| rules::f32(acc, scale, (bound(range.0), bound(range.1))))?
                .into()
        }
        Rule::F64 => rules::f64(acc, point.scale),
        Rule::Pow2 => rules::pow2(acc, point.power_of_two()?).into(),
        Rule::Pow2Floor => rules::pow2_floor(acc, point.power_of_two()?).into(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn candidates_have_names_of_their_own_and_differ_somewhere() {
        let all = Rounding::all(true);
        let names: BTreeSet<String> = all.iter().map(|rounding| rounding.name()).collect();
        assert_eq!(names.len(), all.len());
        let mut seen = BTreeSet::new();
        for rounding in &all {
            let mut values = Vec::new();
            // With ties, without, a power of two, and without a second shift. The last accumulator times the
            // second multiplier is 12 units of 2^-35 below a tie, which 53 bits do not hold.
            for (multiplier, shift) in [
                (3 << 29, 34),
                (1_185_020_333, 35),
                (1 << 30, 36),
                ((1 << 29) + (1 << 10), 36),
                (3 << 29, 31),
            ] {
                let scale = multiplier as f64 * 2f64.powi(-shift);
                let point = Point { multiplier, shift, scale, zero_point: 0 };
                let accs =
                    (-70_000..70_000).chain([(1 << 26) + 1, (1 << 30) + 3, -(1 << 30) - 5, 718_415_428]);
                values.extend(accs.map(|acc| rounding.rescale(acc, 32, &point, (-1 << 31, (1 << 31) - 1))));
            }
            assert!(seen.insert(values), "{} is there twice", rounding.name());
        }
    }
}
