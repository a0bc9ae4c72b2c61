//! Function of a requantizer: rounding rule, types and numbers.

use std::ops::RangeInclusive;
use std::slice;

use crate::arithmetic::rescale::Rule;
use crate::unit::{Integer, choice};

choice! {
    /// Rounding rule of a requantizer, by the equations of `docs/arithmetic.md`.
    pub enum RoundingRule {
        /// (R1): the product to nearest, then the shift half away from zero.
        Gemmlowp = "gemmlowp",
        /// (R2): the product to nearest, then the shift half up.
        Ruy = "ruy",
        /// (R3): product and shift rounded once, half up.
        Single = "single",
        /// (R4): the product in binary32, then to an integer, each half to even.
        F32 = "f32",
        /// (R6): product and shift rounded once, down.
        Floor = "floor",
        /// (R7): a right shift, rounded half up.
        Pow2 = "pow2",
        /// (R7): a right shift, rounded down.
        Pow2Floor = "pow2_floor",
        /// (R5): the product in binary64, then to an integer, half away from zero.
        F64 = "f64",
        /// (R3) with a multiplier of 15 bits.
        Int16 = "int16",
        /// (R8): product and zero point added in binary32, then to an integer, half to even.
        F32AfterZeroPoint = "f32_after_zp",
        /// (R9): accumulator and bias added in binary32, then as (R4).
        F32Bias = "f32_bias",
        /// (R10): the product in binary32, then to an integer, half away from zero.
        F32Away = "f32_away",
    }
}

impl RoundingRule {
    /// The rule of the arithmetic, which has the same name.
    pub(crate) fn arithmetic(self) -> Rule {
        self.word().parse().expect("every rule of the unit is a rule")
    }

    /// Whether the rule shifts and does not multiply.
    pub(crate) fn is_pow2(self) -> bool {
        matches!(self, Self::Pow2 | Self::Pow2Floor)
    }

    /// Whether the multiplier is the bit pattern of a floating-point number, and there is no shift.
    pub(crate) fn is_float(self) -> bool {
        self.is_binary32() || self == Self::F64
    }

    /// Whether the multiplier is the bit pattern of a binary32.
    pub(crate) fn is_binary32(self) -> bool {
        matches!(self, Self::F32 | Self::F32AfterZeroPoint | Self::F32Bias | Self::F32Away)
    }

    /// Whether the rule multiplies by a Q0.31 number.
    pub(crate) fn is_fixed(self) -> bool {
        matches!(self, Self::Gemmlowp | Self::Ruy | Self::Single | Self::Floor)
    }

    /// Whether a circuit follows the steps of the rule; otherwise it is found from the thresholds alone.
    pub(crate) fn has_datapath(self) -> bool {
        !matches!(self, Self::F64 | Self::F32AfterZeroPoint | Self::F32Bias)
    }

    /// Legal left shifts.
    pub(crate) fn shifts(self) -> RangeInclusive<i64> {
        match self {
            Self::Int16 => -31..=7,
            _ if self.is_float() => 0..=0,
            _ if self.is_pow2() => -63..=0,
            _ => -31..=30,
        }
    }

    /// Whether the product is rounded before it is shifted, and the result again.
    pub(crate) fn rounds_twice(self) -> bool {
        matches!(self, Self::Gemmlowp | Self::Ruy)
    }

    /// The type of a left shift that is not a constant.
    pub(crate) fn shift_type(self) -> Integer {
        Integer::signed(if self.is_pow2() { 7 } else { 6 })
    }
}

/// Source of a number other than the accumulator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The same number in every transaction.
    Constant(i64),
    /// A port of the number's name.
    Port,
    /// A table with one number per channel, 2 to 1024.
    Table(Vec<i64>),
}

impl Source {
    /// The number, if it is a constant.
    pub(crate) fn constant(&self) -> Option<i64> {
        match self {
            Self::Constant(number) => Some(*number),
            Self::Port | Self::Table(_) => None,
        }
    }

    /// The numbers that are known; none of a port.
    pub(crate) fn numbers(&self) -> &[i64] {
        match self {
            Self::Constant(number) => slice::from_ref(number),
            Self::Port => &[],
            Self::Table(numbers) => numbers,
        }
    }
}

/// `out = clamp(rule(acc, multiplier, shift) + zero_point, clamp_min, clamp_max)`.
#[derive(Clone, Debug)]
pub struct Requantization {
    /// Rounding rule.
    pub rule: RoundingRule,
    /// The type of `acc`: signed, 8 to 64 bits.
    pub accumulator: Integer,
    /// The type of a code, 2 to 16 bits.
    pub out: Integer,
    /// Q0.31 multiplier; `None` for a rule that only shifts.
    ///
    /// For a rule in floating point it is the bit pattern of a finite binary32, or binary64 for `f64`, 0 or more.
    pub multiplier: Option<Source>,
    /// Left shift, negative to the right; `None` for a rule in floating point.
    ///
    /// Constants are those of [`RoundingRule::shifts`].
    pub shift: Option<Source>,
    /// Bit pattern of a finite binary32 that (R9) adds to the accumulator, never a port; `None` for other rules.
    pub bias: Option<Source>,
    /// The code of real zero, never from a table.
    pub zero_point: Source,
    /// The least code, never from a table; `None` for that of the output type.
    pub clamp_min: Option<Source>,
    /// The largest code, never from a table; `None` for that of the output type.
    pub clamp_max: Option<Source>,
}

/// A number other than the accumulator.
pub(crate) struct RequantizerNumber<'a> {
    /// The name of its parameter, and of its port if it has one.
    pub(crate) name: &'static str,
    /// Its source; `None` for a number that is unused, or a bound of the type.
    pub(crate) source: Option<&'a Source>,
    /// The type of its port.
    pub(crate) integer: Integer,
}

/// The type of a multiplier that is not a constant.
pub(super) const MULTIPLIER_TYPE: Integer = Integer::unsigned(31);

impl Requantization {
    /// The numbers other than the accumulator, in the order of their ports.
    pub(crate) fn numbers(&self) -> [RequantizerNumber<'_>; 5] {
        let number = |name, source, integer| RequantizerNumber { name, source, integer };
        [
            number("multiplier", self.multiplier.as_ref(), MULTIPLIER_TYPE),
            number("shift", self.shift.as_ref(), self.rule.shift_type()),
            number("zero_point", Some(&self.zero_point), self.out),
            number("clamp_min", self.clamp_min.as_ref(), self.out),
            number("clamp_max", self.clamp_max.as_ref(), self.out),
        ]
    }

    /// The shift, if it is a constant.
    pub(crate) fn constant_shift(&self) -> Option<i64> {
        self.shift.as_ref().and_then(Source::constant)
    }

    /// The multiplier, if it is a constant.
    pub(crate) fn constant_multiplier(&self) -> Option<i64> {
        self.multiplier.as_ref().and_then(Source::constant)
    }

    /// Number of channels of the tables; `None` without a table.
    pub(crate) fn channels(&self) -> Option<usize> {
        [&self.multiplier, &self.shift, &self.bias].into_iter().flatten().find_map(|source| match source {
            Source::Table(numbers) => Some(numbers.len()),
            Source::Constant(_) | Source::Port => None,
        })
    }

    /// The type of the port `channel`; `None` without a table.
    pub(crate) fn channel(&self) -> Option<Integer> {
        self.channels().map(|channels| Integer::unsigned((channels - 1).ilog2() + 1))
    }
}
