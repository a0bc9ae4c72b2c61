//! Candidates for requantizers: named rules, other single and double roundings.

use super::parameters::TransactionParameters;
use super::reading::Reading;
use crate::arithmetic::rescale::rules::RegisterWidth;
use crate::arithmetic::rescale::{RescaleError, Rule, Scale, rules};
use crate::audit::shift_rounding::ShiftRounding;

/// Candidate for the rescaling of an accumulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RoundingCandidate {
    /// A rule of a runtime.
    Named(Rule),
    /// Exact product, rounded once.
    Once(ShiftRounding),
    /// Product rounded to 31 fraction bits, then rounded by the remaining right shift.
    Twice(ShiftRounding, ShiftRounding),
    /// Product that wraps at a number of bits of the reading, then rounded once.
    WrappedProduct(ShiftRounding),
}

impl RoundingCandidate {
    /// Every candidate, the preferred ones first.
    ///
    /// If several match, the report names the first: shifts before products if the design has no
    /// multiplier, and integer rules before floating-point rules.
    pub fn all(has_multiplier: bool) -> Vec<Self> {
        let shifts = [Rule::Pow2, Rule::Pow2Floor].map(Self::Named);
        let integer = [Rule::Gemmlowp, Rule::Ruy, Rule::Single, Rule::Floor].map(Self::Named);
        let other =
            [Rule::F32, Rule::F64, Rule::Int16, Rule::F32AfterZeroPoint, Rule::F32Away].map(Self::Named);
        let mut all = integer.to_vec();
        all.extend(Self::rounded_once());
        let position = if has_multiplier { all.len() } else { 0 };
        all.splice(position..position, shifts);
        all.extend(other);
        all.extend(Self::rounded_twice());
        all
    }

    /// The roundings that are tried with a product that wraps before the shift.
    pub fn of_wrapping_products() -> [Self; 2] {
        [ShiftRounding::Floor, ShiftRounding::HalfUp].map(Self::WrappedProduct)
    }

    /// The modes of one rounding that are not a named rule.
    ///
    /// Half up is the rule `single`, and floor the rule `floor`.
    fn rounded_once() -> impl Iterator<Item = Self> {
        let is_named = |mode: &ShiftRounding| matches!(mode, ShiftRounding::HalfUp | ShiftRounding::Floor);
        ShiftRounding::ALL.into_iter().filter(move |mode| !is_named(mode)).map(Self::Once)
    }

    /// The modes of two roundings that differ from named rules and from one rounding.
    fn rounded_twice() -> Vec<Self> {
        use ShiftRounding::*;
        let mut all = Vec::new();
        for high in [HalfUp, Floor, HalfAway, Truncate] {
            for last in [Floor, Truncate, HalfUp, HalfAway, HalfEven] {
                // Half up comes first in `gemmlowp` and `ruy`; truncating twice is truncating once.
                let is_known = matches!(
                    (high, last),
                    (HalfUp, HalfAway | HalfUp) | (Floor, Floor) | (Truncate, Truncate)
                );
                if !is_known {
                    all.push(Self::Twice(high, last));
                }
            }
        }
        all
    }

    /// The candidate of one rounding that equals these two.
    ///
    /// It does so only if the second shift is not 0.
    fn equal_once(self) -> Option<Self> {
        match self {
            Self::Twice(ShiftRounding::Floor, ShiftRounding::HalfUp) => Some(Self::Named(Rule::Single)),
            Self::Twice(ShiftRounding::Truncate, ShiftRounding::HalfAway) => {
                Some(Self::Once(ShiftRounding::HalfAway))
            }
            _ => None,
        }
    }

    /// Reason why this candidate is redundant if no transaction has a greater right shift.
    ///
    /// `is_constant` says that all have this one, `has_zero_point` that a zero point can be other than 0.
    pub fn redundancy(self, most_shift: i32, is_constant: bool, has_zero_point: bool) -> Option<String> {
        if self == Self::Named(Rule::F32AfterZeroPoint) && !has_zero_point {
            return Some(format!("without a zero point it equals {}", Rule::F32));
        }
        let Self::Twice(..) = self else { return None };
        if most_shift <= 31 {
            return Some("there is no second right shift".to_string());
        }
        let once = self.equal_once().filter(|_| is_constant)?;
        Some(format!("with these parameters it equals {}", once.name()))
    }

    /// The name, as in `--expect`.
    pub fn name(self) -> String {
        match self {
            Self::Named(rule) => rule.name().to_string(),
            Self::Once(mode) => mode.name().to_string(),
            Self::Twice(high, last) => format!("high_{}_then_{}", high.name(), last.name()),
            Self::WrappedProduct(mode) => format!("{}_product_wrap", mode.name()),
        }
    }

    /// The description of the function.
    pub fn describe(self) -> String {
        match self {
            Self::Named(rule) => {
                format!("({}) {}; {}", rule.equation(), rule.formula(), rule.used_by())
            }
            Self::Once(mode) => format!("exact product {}", mode.describe()),
            Self::Twice(high, last) => format!(
                "double rounding: product at 31 fraction bits {}, then right shift {}",
                high.describe(),
                last.describe()
            ),
            Self::WrappedProduct(mode) => {
                format!("product that wraps before the right shift, {}", mode.describe())
            }
        }
    }

    /// The rescaled accumulator, before the zero point is added.
    ///
    /// `None` if the rule is not defined for these parameters.
    pub fn rescale(
        self,
        acc: i64,
        acc_bits: u32,
        parameters: &TransactionParameters,
        reading: &Reading,
        out_bits: u32,
    ) -> Option<i128> {
        let product = i128::from(acc) * i128::from(parameters.multiplier);
        let shift = parameters.shift;
        Some(match self {
            Self::Named(rule) => {
                let range = reading.overflow.range(out_bits, reading.out_signed);
                rescale_by_rule(rule, acc, acc_bits, parameters, range)?
            }
            Self::Once(mode) => mode.round(product, shift),
            // Without a second right shift, there is one rounding.
            Self::Twice(high, _) if shift <= 31 => high.round(product, shift),
            Self::Twice(high, last) => last.round(high.round(product, 31), shift - 31),
            Self::WrappedProduct(mode) => {
                let bits = reading.product_bits?;
                let wrap = |value: i128| wrap(value, bits, reading.has_signed_product());
                // The constant that rounds is added in the register of the product.
                match mode {
                    ShiftRounding::HalfUp if (1..=126).contains(&shift) => {
                        wrap(wrap(product) + (1 << (shift - 1))) >> shift
                    }
                    mode => mode.round(wrap(product), shift),
                }
            }
        })
    }

    /// The multipliers and right shifts of the whole product for which the rule is defined.
    ///
    /// `None` if it is defined for all, or for powers of two only. `is_q31` says that the scale is a Q0.31
    /// multiplier with a shift, which the equations limit.
    pub fn domain(self, is_q31: bool) -> Option<RuleDomain> {
        let fixed =
            |most_left: i32| RuleDomain { multiplier: Some(i32::MAX.into()), shift: (31 - most_left, 62) };
        match self {
            Self::Named(Rule::Gemmlowp | Rule::Ruy) => Some(fixed(30)),
            Self::Named(Rule::Int16) => Some(fixed(7)),
            Self::Named(Rule::Single | Rule::Floor) if is_q31 => {
                Some(RuleDomain { multiplier: None, ..fixed(30) })
            }
            _ => None,
        }
    }

    /// Reason why the candidate does not apply.
    ///
    /// `parameters` is `None` if they vary between transactions.
    pub fn inapplicability(self, parameters: Option<TransactionParameters>) -> String {
        let Some(parameters) = parameters else {
            return "it is defined for some of the parameters driven, not for all".to_string();
        };
        let Some((multiplier, shift)) = parameters.fixed_point() else {
            return "the multiplier is not a Q0.31 fraction with a shift from -31 to 30".to_string();
        };
        match self {
            Self::Named(Rule::Pow2 | Rule::Pow2Floor) => {
                RescaleError::NotPowerOfTwo(Scale::Fixed { multiplier, shift }.to_f64()).to_string()
            }
            Self::Named(rule) => format!("rule {rule} is not defined for these parameters"),
            Self::Once(_) | Self::Twice(..) | Self::WrappedProduct(_) => String::new(),
        }
    }
}

/// Parameters for which a rule is defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RuleDomain {
    /// Greatest multiplier if the least is 0, `None` for any multiplier.
    pub multiplier: Option<i64>,
    /// Least and greatest right shift of the whole product.
    pub shift: (i32, i32),
}

/// The low bits of a number, as a number of this signedness.
fn wrap(value: i128, bits: u32, signed: bool) -> i128 {
    let low = value & ((1 << bits) - 1);
    if signed && low >> (bits - 1) == 1 { low - (1 << bits) } else { low }
}

/// Rescales by a rule of a runtime, without the zero point.
///
/// Returns `None` if the rule is not defined for these parameters.
fn rescale_by_rule(
    rule: Rule,
    acc: i64,
    acc_bits: u32,
    parameters: &TransactionParameters,
    range: (i128, i128),
) -> Option<i128> {
    let register = RegisterWidth::for_acc_bits(acc_bits);
    let fixed = || parameters.fixed_point();
    let product = || i128::from(acc) * i128::from(parameters.multiplier);
    Some(match rule {
        Rule::Gemmlowp => fixed().map(|(q, s)| rules::gemmlowp(acc, q, s, register))?.into(),
        Rule::Ruy => fixed().map(|(q, s)| rules::ruy(acc, q, s, register))?.into(),
        Rule::Single => ShiftRounding::HalfUp.round(product(), parameters.shift),
        Rule::Floor => ShiftRounding::Floor.round(product(), parameters.shift),
        Rule::Int16 => {
            let (q, s) = fixed().filter(|(_, s)| *s <= 7)?;
            (acc_bits <= 48).then(|| rules::int16(acc, q, s))?.into()
        }
        Rule::F32 | Rule::F32Away | Rule::F32AfterZeroPoint => {
            let scale = Some(parameters.scale as f32).filter(|scale| scale.is_finite())?;
            let clamped = |bound: i128| bound.clamp(i32::MIN.into(), i32::MAX.into()) as i32;
            let bound = |bound: i128| clamped(bound - i128::from(parameters.zero_point));
            let bounds = (bound(range.0), bound(range.1));
            match rule {
                Rule::F32 => rules::f32(acc, scale, bounds).into(),
                Rule::F32Away => rules::f32_away(acc, scale, bounds).into(),
                _ => {
                    let zero_point = i32::try_from(parameters.zero_point).ok()?;
                    let codes = (clamped(range.0), clamped(range.1));
                    let code = rules::f32_after_zero_point(acc, scale, zero_point, codes);
                    i128::from(code) - i128::from(zero_point)
                }
            }
        }
        // Its bias is a float, which no port carries.
        Rule::F32Bias => return None,
        Rule::F64 => parameters.scale.is_finite().then(|| rules::f64(acc, parameters.scale))?,
        Rule::Pow2 => rules::pow2(acc, parameters.power_of_two()?).into(),
        Rule::Pow2Floor => rules::pow2_floor(acc, parameters.power_of_two()?).into(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::audit::requantizer::reading::{CodeOverflow, ParameterSigns};

    #[test]
    fn candidates_have_distinct_names_and_functions() {
        let all = RoundingCandidate::all(true);
        let names: BTreeSet<String> = all.iter().map(|candidate| candidate.name()).collect();
        assert_eq!(names.len(), all.len());
        let reading = Reading {
            acc_signed: true,
            out_signed: true,
            parameters: ParameterSigns { multiplier: true, zero_point: true, bias: true },
            overflow: CodeOverflow::Saturates(-1 << 31, (1 << 31) - 1),
            product_bits: None,
        };
        let mut seen = BTreeSet::new();
        for candidate in &all {
            let mut values = Vec::new();
            // Scales with ties, without ties, a power of two, and without a second shift. The last accumulator
            // times the second multiplier is 12 * 2^-35 below a tie, which a double cannot represent.
            for (multiplier, shift, zero_point) in [
                (3 << 29, 34, 1),
                (1_185_020_333, 35, 0),
                (1 << 30, 36, 0),
                ((1 << 29) + (1 << 10), 36, 0),
                (3 << 29, 31, 0),
            ] {
                let scale = multiplier as f64 * 2f64.powi(-shift);
                let parameters = TransactionParameters { multiplier, shift, scale, zero_point, bias: 0 };
                let accs =
                    (-70_000..70_000).chain([(1 << 26) + 1, (1 << 30) + 3, -(1 << 30) - 5, 718_415_428]);
                values.extend(accs.map(|acc| candidate.rescale(acc, 32, &parameters, &reading, 32)));
            }
            assert!(seen.insert(values), "{} is the same function as another", candidate.name());
        }
    }
}
