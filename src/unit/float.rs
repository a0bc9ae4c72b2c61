//! Floating-point formats of ports.

use super::number::Integer;

/// A binary floating-point format: a sign, an exponent and a fraction, from the high bit down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Float {
    /// The name in parameters, module names and lists: `f32`, `e4m3`.
    pub name: &'static str,
    /// Width of the exponent field.
    pub exponent_bits: u32,
    /// Width of the fraction field.
    pub fraction_bits: u32,
    /// Whether the largest exponent encodes infinity and NaN, as in IEEE 754.
    pub infinity: bool,
    /// The codes of NaN in a format without infinity.
    #[serde(skip_serializing_if = "FloatNan::is_all_ones")]
    pub nan: FloatNan,
    /// The exponent bias, if it is not that of IEEE 754.
    #[serde(rename = "bias", skip_serializing_if = "Option::is_none")]
    pub other_bias: Option<u32>,
    /// Whether there is no sign, no zero and no subnormal number.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_scale: bool,
}

/// The codes of NaN in a format without infinity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FloatNan {
    /// Ones in every bit except the sign.
    AllOnes,
    /// The code that would be negative zero.
    NegativeZero,
    /// Every code is a number.
    None,
}

impl FloatNan {
    fn is_all_ones(&self) -> bool {
        *self == Self::AllOnes
    }
}

impl Float {
    /// IEEE 754 binary32.
    pub const F32: Self = Self::ieee("f32", 8, 23);
    /// E4M3 (FN), largest 448.
    pub const E4M3: Self = Self { infinity: false, ..Self::ieee("e4m3", 4, 3) };
    /// E5M2, largest 57344.
    pub const E5M2: Self = Self::ieee("e5m2", 5, 2);
    /// E4M3 FNUZ, largest 240.
    pub const E4M3FNUZ: Self = Self::fnuz("e4m3fnuz", 4, 3, 8);
    /// E5M2 FNUZ, largest 57344.
    pub const E5M2FNUZ: Self = Self::fnuz("e5m2fnuz", 5, 2, 16);
    /// E4M3 FNUZ with bias 11, largest 30.
    pub const E4M3B11FNUZ: Self = Self::fnuz("e4m3b11fnuz", 4, 3, 11);
    /// E3M4, largest 15.5.
    pub const E3M4: Self = Self::ieee("e3m4", 3, 4);
    /// E8M0, powers of two from 2^-127 to 2^127.
    pub const E8M0: Self = Self { infinity: false, is_scale: true, ..Self::ieee("e8m0", 8, 0) };
    /// E2M3, largest 7.5.
    pub const E2M3: Self = Self::finite("e2m3", 2, 3);
    /// E3M2, largest 28.
    pub const E3M2: Self = Self::finite("e3m2", 3, 2);
    /// E2M1, largest 6.
    pub const E2M1: Self = Self::finite("e2m1", 2, 1);

    const fn ieee(name: &'static str, exponent_bits: u32, fraction_bits: u32) -> Self {
        Self {
            name,
            exponent_bits,
            fraction_bits,
            infinity: true,
            nan: FloatNan::AllOnes,
            other_bias: None,
            is_scale: false,
        }
    }

    const fn fnuz(name: &'static str, exponent_bits: u32, fraction_bits: u32, bias: u32) -> Self {
        let ieee = Self::ieee(name, exponent_bits, fraction_bits);
        Self { infinity: false, nan: FloatNan::NegativeZero, other_bias: Some(bias), ..ieee }
    }

    const fn finite(name: &'static str, exponent_bits: u32, fraction_bits: u32) -> Self {
        let ieee = Self::ieee(name, exponent_bits, fraction_bits);
        Self { infinity: false, nan: FloatNan::None, ..ieee }
    }

    /// Width of a code.
    pub const fn bits(self) -> u32 {
        !self.is_scale as u32 + self.exponent_bits + self.fraction_bits
    }

    /// The unsigned integer type of its bit patterns.
    pub const fn pattern(self) -> Integer {
        Integer::unsigned(self.bits())
    }

    /// The exponent bias.
    pub const fn bias(self) -> u32 {
        match self.other_bias {
            Some(bias) => bias,
            None => (1 << (self.exponent_bits - 1)) - 1,
        }
    }

    /// Ones in every bit except the sign.
    pub const fn magnitude_mask(self) -> u64 {
        self.pattern().mask() >> !self.is_scale as u32
    }

    /// The pattern of the largest finite number.
    pub const fn largest(self) -> u64 {
        let reserved = match (self.infinity, self.nan) {
            (true, _) => 1 << self.fraction_bits,
            (false, FloatNan::AllOnes) => 1,
            (false, FloatNan::NegativeZero | FloatNan::None) => 0,
        };
        self.magnitude_mask() - reserved
    }
}
