//! Names of the rounding rules.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::error::RescaleError;
use crate::text::suggestion;

/// A named rounding rule of the rescaling from accumulators to integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// (R1) A rounding high multiply, then a rounding shift half away from zero.
    Gemmlowp,
    /// (R2) The same high multiply, then a rounding shift half up.
    Ruy,
    /// (R3) One exact product, one rounding shift half up.
    Single,
    /// (R4) A binary32 product, clamped, rounded half to even.
    F32,
    /// (R5) A binary64 product rounded half away from zero.
    F64,
    /// (R6) One exact product, shifted right without rounding.
    Floor,
    /// (R7) A right shift rounded half up; no multiplier.
    Pow2,
    /// (R7) A right shift without rounding; no multiplier.
    Pow2Floor,
    /// (R3) with a multiplier of 15 bits, for accumulators of up to 48 bits.
    Int16,
    /// (R8) A binary32 product plus the zero point, rounded half to even.
    F32AfterZeroPoint,
    /// (R9) The bias added in binary32, then (R4).
    F32Bias,
    /// (R10) A binary32 product, clamped, rounded half away from zero.
    F32Away,
}

impl Rule {
    /// Every rule, in the order of the equations.
    pub const ALL: [Self; 12] = [
        Self::Gemmlowp,
        Self::Ruy,
        Self::Single,
        Self::F32,
        Self::F64,
        Self::Floor,
        Self::Pow2,
        Self::Pow2Floor,
        Self::Int16,
        Self::F32AfterZeroPoint,
        Self::F32Bias,
        Self::F32Away,
    ];

    /// Name used on the command line and in configs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gemmlowp => "gemmlowp",
            Self::Ruy => "ruy",
            Self::Single => "single",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::Floor => "floor",
            Self::Pow2 => "pow2",
            Self::Pow2Floor => "pow2_floor",
            Self::Int16 => "int16",
            Self::F32AfterZeroPoint => "f32_after_zp",
            Self::F32Bias => "f32_bias",
            Self::F32Away => "f32_away",
        }
    }

    /// Number of the defining equation in `docs/arithmetic.md`.
    pub fn equation(self) -> &'static str {
        match self {
            Self::Gemmlowp => "R1",
            Self::Ruy => "R2",
            Self::Single | Self::Int16 => "R3",
            Self::F32 => "R4",
            Self::F64 => "R5",
            Self::Floor => "R6",
            Self::Pow2 | Self::Pow2Floor => "R7",
            Self::F32AfterZeroPoint => "R8",
            Self::F32Bias => "R9",
            Self::F32Away => "R10",
        }
    }

    /// Formula of the rescaled value before zero point and clamp; that of (R8) includes both.
    ///
    /// The notation is that of `docs/arithmetic.md`.
    pub fn formula(self) -> &'static str {
        match self {
            Self::Gemmlowp => "RDBPOT(SRDHM(acc * 2^max(s,0), q), max(-s,0))",
            Self::Ruy => "v = SRDHM(acc * 2^max(s,0), q), then (v + 2^(r-1)) >> r with r = max(-s,0)",
            Self::Single => "(acc*q + 2^(30-s)) >> (31-s)",
            Self::F32 => "rint_even(clamp(f32(acc) * m, min - zp, max - zp))",
            Self::F64 => "round_half_away(f64(acc) * d)",
            Self::Floor => "(acc*q) >> (31-s)",
            Self::Pow2 => "(acc + 2^(r-1)) >> r",
            Self::Pow2Floor => "acc >> r",
            Self::Int16 => "(acc*q16 + 2^(14-s)) >> (15-s), q16 = q in 15 bits",
            Self::F32AfterZeroPoint => "rint_even(clamp(f32(f32(f32(acc) * m) + zp), min, max))",
            Self::F32Bias => "rint_even(clamp(f32(f32(acc) + b) * m, min - zp, max - zp))",
            Self::F32Away => "round_half_away(clamp(f32(acc) * m, min - zp, max - zp))",
        }
    }

    /// Runtimes and accelerators known to use the rule.
    pub fn used_by(self) -> &'static str {
        match self {
            Self::Gemmlowp => "TFLite Micro, LiteRT reference convolution, CMSIS-NN, NMSIS",
            Self::Ruy => "LiteRT built-in optimized kernels on x86",
            Self::Single => {
                "TFLite and CMSIS-NN built for single rounding, TOSA; XNNPACK rndnu with a 24-bit multiplier"
            }
            Self::F32 => "ONNX Runtime, XNNPACK, QNNPACK, FBGEMM with an int32 bias, Gemmini",
            Self::F64 => "LiteRT reference fully connected since 2025",
            Self::Floor => "many open accelerators; biased by half a step",
            Self::Pow2 | Self::Pow2Floor => "shift-only accelerators",
            Self::Int16 => "TFLite Micro with int16 activations and a 64-bit accumulator",
            Self::F32AfterZeroPoint => "oneDNN, OpenVINO, QLinearMul of ONNX Runtime",
            Self::F32Bias => "FBGEMM with a float bias, PyTorch on x86",
            Self::F32Away => "ncnn",
        }
    }

    /// Left shifts that the rule accepts; `None` for rules without a fixed-point shift.
    pub fn shifts(self) -> Option<RangeInclusive<i32>> {
        match self {
            Self::Gemmlowp | Self::Ruy | Self::Single | Self::Floor => Some(-31..=30),
            Self::Int16 => Some(-31..=7),
            Self::F32
            | Self::F64
            | Self::Pow2
            | Self::Pow2Floor
            | Self::F32AfterZeroPoint
            | Self::F32Bias
            | Self::F32Away => None,
        }
    }

    /// Widest accumulator that the rule is defined for, in bits.
    ///
    /// The int16 form multiplies by 15 bits in a 64-bit register, so its accumulators have at most 48 bits.
    pub fn max_acc_bits(self) -> u32 {
        if self == Self::Int16 { 48 } else { 64 }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Serializes the name.
impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl FromStr for Rule {
    type Err = RescaleError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|rule| rule.name() == name).ok_or_else(|| RescaleError::UnknownRule {
            name: name.to_owned(),
            hint: suggestion(name, Self::ALL.into_iter().map(Self::name)),
        })
    }
}
