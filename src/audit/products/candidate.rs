//! Candidates for products: signedness, and the form of the result.

use crate::audit::factors::{Factors, Signedness};
use crate::audit::shift_rounding::ShiftRounding;

/// Conversion of the exact result to the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResultForm {
    /// All bits.
    Exact,
    /// Low bits.
    Wraps,
    /// Nearest number that fits the output.
    Saturates,
    /// High bits, rounded.
    Shifted(ShiftedForm),
    /// Two products packed into one multiplier, the upper one not corrected.
    LaneCarryForgotten,
}

/// A result without its low bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ShiftedForm {
    /// Whether one of the two sign bits of a product of fractions is dropped.
    fraction: bool,
    /// Rounding of the low bits.
    rounding: ShiftRounding,
    saturates: bool,
}

impl ShiftedForm {
    /// Rounding modes, the most common first.
    const ROUNDINGS: [ShiftRounding; 5] = [
        ShiftRounding::Floor,
        ShiftRounding::HalfUp,
        ShiftRounding::HalfEven,
        ShiftRounding::HalfAway,
        ShiftRounding::Truncate,
    ];

    /// Every form, those that cannot overflow first.
    fn all() -> impl Iterator<Item = Self> {
        let kinds = [(false, false), (true, false), (true, true)];
        let roundings =
            |(fraction, saturates)| Self::ROUNDINGS.map(|rounding| Self { fraction, rounding, saturates });
        kinds.into_iter().flat_map(roundings)
    }

    fn suffix(self) -> String {
        let part = if self.fraction { "_fraction" } else { "_high" };
        let rounding = match self.rounding {
            ShiftRounding::Floor => String::new(),
            ShiftRounding::HalfUp => "_rounded".to_string(),
            rounding => format!("_{}", rounding.name()),
        };
        format!("{part}{rounding}{}", if self.saturates { "_saturate" } else { "" })
    }

    fn describe(self, bits: u32) -> String {
        let part = if self.fraction {
            format!("{bits} bits below the redundant sign bit of a product of fractions")
        } else {
            format!("high {bits} bits")
        };
        let overflow = if self.saturates { ", saturated" } else { "" };
        format!("{part}, {}{overflow}", self.rounding.describe())
    }
}

impl ResultForm {
    /// The forms that the output of such factors can have, the most common first.
    pub fn all(factors: &Factors) -> Vec<Self> {
        let mut forms = if factors.out_bits >= factors.exact_bits() {
            vec![Self::Exact]
        } else {
            let shifted = ShiftedForm::all().map(Self::Shifted);
            [Self::Wraps, Self::Saturates].into_iter().chain(shifted).collect()
        };
        if factors.is_multiplier() && factors.results > 1 {
            forms.push(Self::LaneCarryForgotten);
        }
        forms
    }

    fn suffix(self) -> String {
        match self {
            Self::Exact => String::new(),
            Self::Wraps => "_wrap".to_string(),
            Self::Saturates => "_saturate".to_string(),
            Self::Shifted(shifted) => shifted.suffix(),
            Self::LaneCarryForgotten => "_lane_carry_forgotten".to_string(),
        }
    }

    fn describe(self, bits: u32) -> String {
        match self {
            Self::Exact => "exact".to_string(),
            Self::Wraps => format!("low {bits} bits, wraps on overflow"),
            Self::Saturates => format!("saturated to {bits} bits"),
            Self::Shifted(shifted) => shifted.describe(bits),
            Self::LaneCarryForgotten => {
                "packed products without carry correction: 1 too small where the product of the lane below is negative".to_string()
            }
        }
    }
}

/// Candidate function of the factors.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProductCandidate {
    pub signs: Signedness,
    pub form: ResultForm,
}

impl ProductCandidate {
    /// Every distinct candidate for such factors.
    pub fn all(factors: &Factors) -> Vec<Self> {
        let signedness = factors.signedness();
        let candidates = |form: ResultForm| signedness.iter().map(move |&signs| Self { signs, form });
        let candidates = ResultForm::all(factors).into_iter().flat_map(candidates);
        candidates.filter(|candidate| candidate.is_distinct()).collect()
    }

    /// Whether no other candidate is the same function.
    ///
    /// For unsigned products, rounding toward zero is floor, and ties away from zero are ties up.
    fn is_distinct(self) -> bool {
        let depends_on_sign = matches!(
            self.form,
            ResultForm::Shifted(ShiftedForm {
                rounding: ShiftRounding::HalfAway | ShiftRounding::Truncate,
                ..
            })
        );
        !depends_on_sign || self.signs.of_product()
    }

    /// The name, as in `--expect`.
    pub fn name(self) -> String {
        format!("{}{}", self.signs.name(), self.form.suffix())
    }

    /// The description of the function for an output of `bits` bits.
    pub fn describe(self, bits: u32) -> String {
        format!("{}, {}", self.signs.describe(), self.form.describe(bits))
    }

    /// The result of a lane before it is truncated to the width of the output.
    pub fn result(self, factors: &Factors, operands: &[Vec<u64>], row: usize, lane: usize) -> i128 {
        let product = |lane| factors.product(operands, row, lane, self.signs);
        let exact =
            if factors.is_multiplier() { product(lane) } else { factors.sum(operands, row, self.signs) };
        match self.form {
            ResultForm::Exact | ResultForm::Wraps => exact,
            ResultForm::Saturates => self.saturate(exact, factors.out_bits),
            ResultForm::Shifted(ShiftedForm { fraction, rounding, saturates }) => {
                let shift = (factors.exact_bits() - factors.out_bits).saturating_sub(u32::from(fraction));
                let rounded = rounding.round(exact, shift as i32);
                if saturates { self.saturate(rounded, factors.out_bits) } else { rounded }
            }
            ResultForm::LaneCarryForgotten => exact - i128::from(lane > 0 && product(lane - 1) < 0),
        }
    }

    fn saturate(self, value: i128, bits: u32) -> i128 {
        if self.signs.of_product() {
            value.clamp(-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1)
        } else {
            value.clamp(0, (1i128 << bits) - 1)
        }
    }
}
