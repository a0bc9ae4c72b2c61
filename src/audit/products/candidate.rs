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
    /// Right shift by any number of bits, as of fixed-point numbers.
    RightShift(RightShiftForm),
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

/// A result shifted right by a number of bits that the widths do not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RightShiftForm {
    shift: u32,
    rounding: ShiftRounding,
    overflow: ShiftOverflow,
}

/// Overflow behaviour of a shifted result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ShiftOverflow {
    /// Every shifted result fits the output.
    Fits,
    Wraps,
    Saturates,
}

impl RightShiftForm {
    /// Every shift that leaves significant bits, each with every rounding and overflow behaviour.
    fn all(factors: &Factors) -> Vec<Self> {
        let mut forms = Vec::new();
        for shift in 1..factors.exact_bits() {
            let fits = factors.exact_bits() - shift < factors.out_bits;
            let overflows: &[ShiftOverflow] =
                if fits { &[ShiftOverflow::Fits] } else { &[ShiftOverflow::Wraps, ShiftOverflow::Saturates] };
            for &overflow in overflows {
                forms.extend(ShiftedForm::ROUNDINGS.map(|rounding| Self { shift, rounding, overflow }));
            }
        }
        forms
    }

    fn suffix(self) -> String {
        let overflow = match self.overflow {
            ShiftOverflow::Fits => "",
            ShiftOverflow::Wraps => "_wrap",
            ShiftOverflow::Saturates => "_saturate",
        };
        format!("_shift{}{}{overflow}", self.shift, rounding_suffix(self.rounding))
    }

    fn describe(self, bits: u32) -> String {
        let overflow = match self.overflow {
            ShiftOverflow::Fits => String::new(),
            ShiftOverflow::Wraps => format!(", low {bits} bits, wraps on overflow"),
            ShiftOverflow::Saturates => format!(", saturated to {bits} bits"),
        };
        format!("shifted right by {}, {}{overflow}", self.shift, self.rounding.describe())
    }
}

/// The part of a name for the rounding; floor has none.
fn rounding_suffix(rounding: ShiftRounding) -> String {
    match rounding {
        ShiftRounding::Floor => String::new(),
        ShiftRounding::HalfUp => "_rounded".to_string(),
        rounding => format!("_{}", rounding.name()),
    }
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

    /// Every form of a result of which the output drops some bits, those that cannot overflow first.
    ///
    /// If it drops a single bit, the fraction is the result itself.
    fn all(dropped: u32) -> impl Iterator<Item = Self> {
        let kinds = [(false, false), (true, false), (true, true)];
        let kinds = kinds.into_iter().filter(move |(fraction, _)| !fraction || dropped > 1);
        let roundings =
            |(fraction, saturates)| Self::ROUNDINGS.map(|rounding| Self { fraction, rounding, saturates });
        kinds.flat_map(roundings)
    }

    fn suffix(self) -> String {
        let part = if self.fraction { "_fraction" } else { "_high" };
        let rounding = rounding_suffix(self.rounding);
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
            let dropped = factors.exact_bits() - factors.out_bits;
            let shifted = ShiftedForm::all(dropped).map(Self::Shifted);
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
            Self::RightShift(shifted) => shifted.suffix(),
            Self::LaneCarryForgotten => "_lane_carry_forgotten".to_string(),
        }
    }

    fn describe(self, bits: u32) -> String {
        match self {
            Self::Exact => "exact".to_string(),
            Self::Wraps => format!("low {bits} bits, wraps on overflow"),
            Self::Saturates => format!("saturated to {bits} bits"),
            Self::Shifted(shifted) => shifted.describe(bits),
            Self::RightShift(shifted) => shifted.describe(bits),
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
        Self::with_forms(factors, ResultForm::all(factors))
    }

    /// The candidates with a right shift of any number of bits.
    ///
    /// They are tried if no other matches.
    pub fn shifted(factors: &Factors) -> Vec<Self> {
        let forms = RightShiftForm::all(factors).into_iter().map(ResultForm::RightShift);
        Self::with_forms(factors, forms.collect())
    }

    fn with_forms(factors: &Factors, forms: Vec<ResultForm>) -> Vec<Self> {
        let signedness = factors.signedness();
        let candidates = |form: ResultForm| signedness.iter().map(move |&signs| Self { signs, form });
        let candidates = forms.into_iter().flat_map(candidates);
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
            }) | ResultForm::RightShift(RightShiftForm {
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
        let exact = if factors.is_multiplier() {
            product(lane)
        } else {
            factors.sum(operands, row, lane, self.signs)
        };
        match self.form {
            ResultForm::Exact | ResultForm::Wraps => exact,
            ResultForm::Saturates => self.saturate(exact, factors.out_bits),
            ResultForm::Shifted(ShiftedForm { fraction, rounding, saturates }) => {
                let shift = (factors.exact_bits() - factors.out_bits).saturating_sub(u32::from(fraction));
                let rounded = rounding.round(exact, shift as i32);
                if saturates { self.saturate(rounded, factors.out_bits) } else { rounded }
            }
            ResultForm::RightShift(RightShiftForm { shift, rounding, overflow }) => {
                let shifted = rounding.round(exact, shift as i32);
                match overflow {
                    ShiftOverflow::Saturates => self.saturate(shifted, factors.out_bits),
                    ShiftOverflow::Fits | ShiftOverflow::Wraps => shifted,
                }
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
