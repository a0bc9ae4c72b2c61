//! Codes of the 8-bit float formats.

use std::fmt;

/// An 8-bit float format: sign, exponent and fraction, from the high bit down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Float8 {
    /// E4M3 (FN): bias 7, no infinity, NaN `S.1111.111`.
    ///
    /// Largest 448, smallest subnormal 2^-9.
    E4m3,
    /// E5M2: bias 15, infinity `S.11111.00`, NaN `S.11111.{01,10,11}`.
    ///
    /// Largest 57344, smallest 2^-16.
    E5m2,
}

/// Magnitude of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Float8Value {
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

impl Float8 {
    /// Both formats.
    pub const ALL: [Self; 2] = [Self::E4m3, Self::E5m2];

    /// Name used on the command line and in configs.
    pub fn name(self) -> &'static str {
        match self {
            Self::E4m3 => "e4m3",
            Self::E5m2 => "e5m2",
        }
    }

    /// Looks a format up by its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Width of the fraction field.
    pub fn fraction_bits(self) -> u32 {
        match self {
            Self::E4m3 => 3,
            Self::E5m2 => 2,
        }
    }

    /// Exponent bias.
    pub fn bias(self) -> i32 {
        match self {
            Self::E4m3 => 7,
            Self::E5m2 => 15,
        }
    }

    /// Code of the largest finite number.
    pub fn largest(self) -> u8 {
        match self {
            Self::E4m3 => 0x7e,
            Self::E5m2 => 0x7b,
        }
    }

    /// Code of the positive NaN that conversions produce, as in ONNX and ml_dtypes.
    pub fn nan(self) -> u8 {
        match self {
            Self::E4m3 => 0x7f,
            Self::E5m2 => 0x7e,
        }
    }

    /// Exponent of the least normal number and of subnormals.
    pub(crate) fn least_exponent(self) -> i32 {
        1 - self.bias()
    }

    /// Sign bit of a code; zeros and NaNs have one too.
    pub(crate) fn is_negative(code: u8) -> bool {
        code & 0x80 != 0
    }

    /// Decodes the magnitude of a code.
    pub(crate) fn value(self, code: u8) -> Float8Value {
        let magnitude = u32::from(code & 0x7f);
        if magnitude > u32::from(self.largest()) {
            return if self == Self::E5m2 && magnitude == 0x7c {
                Float8Value::Infinite
            } else {
                Float8Value::Nan
            };
        }
        let hidden = 1 << self.fraction_bits();
        let fraction = magnitude & (hidden - 1);
        match magnitude >> self.fraction_bits() {
            0 => Float8Value::Finite { significand: fraction, exponent: self.least_exponent() },
            field => {
                Float8Value::Finite { significand: hidden | fraction, exponent: field as i32 - self.bias() }
            }
        }
    }
}

impl fmt::Display for Float8 {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(self.name())
    }
}
