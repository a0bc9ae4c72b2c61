//! Codes of float formats of up to 8 bits, described by data.

use std::fmt;

use serde::Serialize;

/// A float format of up to 8 bits: sign, exponent and fraction, from the high bit down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SmallFloat {
    name: &'static str,
    is_signed: bool,
    exponent_bits: u32,
    fraction_bits: u32,
    bias: i32,
    specials: Specials,
}

/// Codes of a format that are not numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Specials {
    /// The largest exponent encodes infinity and NaN, as in IEEE 754.
    Ieee,
    /// Ones in every bit except the sign are NaN; there is no infinity (FN).
    AllOnes,
    /// The code of negative zero is the only NaN; there is no infinity and no negative zero (FNUZ).
    NegativeZero,
    /// Every code is a number.
    None,
}

/// Magnitude of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SmallFloatValue {
    Nan,
    Infinite,
    /// `significand * 2^(exponent - fraction_bits)`.
    ///
    /// Subnormals and zero have the exponent of the least normal number, by which hardware aligns them.
    Finite {
        significand: u32,
        exponent: i32,
    },
}

/// A signed format.
const fn signed(
    name: &'static str,
    exponent_bits: u32,
    fraction_bits: u32,
    bias: i32,
    specials: Specials,
) -> SmallFloat {
    SmallFloat { name, is_signed: true, exponent_bits, fraction_bits, bias, specials }
}

impl SmallFloat {
    /// E4M3 (FN): NVIDIA, ONNX, OCP FP8 and MXFP8.
    pub const E4M3: Self = signed("e4m3", 4, 3, 7, Specials::AllOnes);
    /// E5M2: NVIDIA, ONNX, OCP FP8 and MXFP8.
    pub const E5M2: Self = signed("e5m2", 5, 2, 15, Specials::Ieee);
    /// E4M3 FNUZ: AMD CDNA 3, Graphcore.
    pub const E4M3FNUZ: Self = signed("e4m3fnuz", 4, 3, 8, Specials::NegativeZero);
    /// E5M2 FNUZ: AMD CDNA 3, Graphcore.
    pub const E5M2FNUZ: Self = signed("e5m2fnuz", 5, 2, 16, Specials::NegativeZero);
    /// E4M3 FNUZ with bias 11.
    pub const E4M3B11FNUZ: Self = signed("e4m3b11fnuz", 4, 3, 11, Specials::NegativeZero);
    /// E3M4.
    pub const E3M4: Self = signed("e3m4", 3, 4, 3, Specials::Ieee);
    /// E2M3: MXFP6.
    pub const E2M3: Self = signed("e2m3", 2, 3, 1, Specials::None);
    /// E3M2: MXFP6.
    pub const E3M2: Self = signed("e3m2", 3, 2, 3, Specials::None);
    /// E2M1: MXFP4 and NVFP4.
    pub const E2M1: Self = signed("e2m1", 2, 1, 1, Specials::None);
    /// E8M0: the scale of MX blocks, a power of two without a sign and without zero.
    pub const E8M0: Self = Self {
        name: "e8m0",
        is_signed: false,
        exponent_bits: 8,
        fraction_bits: 0,
        bias: 127,
        specials: Specials::AllOnes,
    };

    /// All formats.
    pub const ALL: [Self; 10] = [
        Self::E4M3,
        Self::E5M2,
        Self::E4M3FNUZ,
        Self::E5M2FNUZ,
        Self::E4M3B11FNUZ,
        Self::E3M4,
        Self::E8M0,
        Self::E2M3,
        Self::E3M2,
        Self::E2M1,
    ];

    /// Name used on the command line and in configs.
    pub fn name(self) -> &'static str {
        self.name
    }

    /// Looks a format up by its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Width of a code, 4, 6 or 8 bits.
    pub fn bits(self) -> u32 {
        u32::from(self.is_signed) + self.exponent_bits + self.fraction_bits
    }

    /// Whether a code has a sign; without one it has no zero either.
    pub fn is_signed(self) -> bool {
        self.is_signed
    }

    /// Width of the exponent field.
    pub fn exponent_bits(self) -> u32 {
        self.exponent_bits
    }

    /// Width of the fraction field.
    pub fn fraction_bits(self) -> u32 {
        self.fraction_bits
    }

    /// Exponent bias.
    pub fn bias(self) -> i32 {
        self.bias
    }

    /// Codes that are not numbers.
    pub fn specials(self) -> Specials {
        self.specials
    }

    /// All codes.
    pub fn codes(self) -> std::ops::RangeInclusive<u8> {
        0..=(u8::MAX >> (8 - self.bits()))
    }

    /// Code of the largest finite number.
    pub fn largest(self) -> u8 {
        match self.specials {
            Specials::Ieee => self.magnitude_mask() - (1 << self.fraction_bits),
            Specials::AllOnes => self.magnitude_mask() - 1,
            Specials::NegativeZero | Specials::None => self.magnitude_mask(),
        }
    }

    /// The largest finite number.
    pub fn largest_value(self) -> f32 {
        self.decode(self.largest())
    }

    /// The smallest positive normal number.
    pub fn smallest_normal(self) -> f32 {
        self.decode(if self.is_signed { 1 << self.fraction_bits } else { 0 })
    }

    /// The smallest positive number, a subnormal if the format has any.
    pub fn smallest(self) -> f32 {
        self.decode(u8::from(self.is_signed))
    }

    /// Code of positive infinity; `None` for a format without infinity.
    pub fn infinity(self) -> Option<u8> {
        (self.specials == Specials::Ieee).then_some(self.largest() + 1)
    }

    /// Code of the NaN that conversions produce from a positive NaN, as in ONNX and ml_dtypes.
    ///
    /// `None` for a format without NaN.
    pub fn nan(self) -> Option<u8> {
        match self.specials {
            Specials::Ieee => Some(self.largest() + 1 + (1 << (self.fraction_bits - 1))),
            Specials::AllOnes => Some(self.magnitude_mask()),
            Specials::NegativeZero => Some(self.sign_bit()),
            Specials::None => None,
        }
    }

    /// Whether negative zero has a code.
    pub fn has_negative_zero(self) -> bool {
        self.is_signed && self.specials != Specials::NegativeZero
    }

    /// Ones in every bit except the sign.
    pub(crate) fn magnitude_mask(self) -> u8 {
        ((1u32 << (self.exponent_bits + self.fraction_bits)) - 1) as u8
    }

    /// The sign bit of a code; 0 without a sign.
    pub(crate) fn sign_bit(self) -> u8 {
        if self.is_signed { self.magnitude_mask() + 1 } else { 0 }
    }

    /// Exponent of the least normal number and of subnormals.
    pub(crate) fn least_exponent(self) -> i32 {
        1 - self.bias
    }

    /// Sign of a code; zeros and NaNs have one too.
    pub(crate) fn is_negative(self, code: u8) -> bool {
        code & self.sign_bit() != 0
    }

    /// Decodes the magnitude of a code; bits above its width are ignored.
    pub(crate) fn value(self, code: u8) -> SmallFloatValue {
        let magnitude = code & self.magnitude_mask();
        if magnitude == 0 && self.is_negative(code) && !self.has_negative_zero() {
            return SmallFloatValue::Nan;
        }
        if magnitude > self.largest() {
            return if self.infinity() == Some(magnitude) {
                SmallFloatValue::Infinite
            } else {
                SmallFloatValue::Nan
            };
        }
        let magnitude = u32::from(magnitude);
        let hidden = 1 << self.fraction_bits;
        let fraction = magnitude & (hidden - 1);
        match magnitude >> self.fraction_bits {
            0 if self.is_signed => {
                SmallFloatValue::Finite { significand: fraction, exponent: self.least_exponent() }
            }
            field => {
                SmallFloatValue::Finite { significand: hidden | fraction, exponent: field as i32 - self.bias }
            }
        }
    }
}

impl fmt::Display for SmallFloat {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for SmallFloat {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
