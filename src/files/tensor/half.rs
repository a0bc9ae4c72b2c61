//! 16-bit floats in files: float16 and bfloat16, which are read as float32.

use super::element::Dtype;

/// Encoding of elements in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// The bytes of the element type.
    Plain,
    /// IEEE 754 binary16, read as float32.
    Float16,
    /// The upper half of a binary32, read as float32.
    Bfloat16,
}

impl Encoding {
    /// The encoding of a 16-bit float by the type code of an npy header; `None` for other types.
    ///
    /// numpy has no bfloat16: the package ml_dtypes saves it as two bytes without a meaning.
    pub fn of_half(code: &str) -> Option<Self> {
        match code {
            "<f2" => Some(Self::Float16),
            "<V2" | "|V2" => Some(Self::Bfloat16),
            _ => None,
        }
    }

    /// Bytes per element in the file.
    pub fn size(self, dtype: Dtype) -> usize {
        match self {
            Self::Plain => dtype.size(),
            Self::Float16 | Self::Bfloat16 => size_of::<u16>(),
        }
    }

    /// The value of a 16-bit float, exactly.
    pub fn widen(self, bits: u16) -> f32 {
        if self == Self::Bfloat16 {
            return f32::from_bits(u32::from(bits) << 16);
        }
        let (exponent, fraction) = (u32::from(bits >> 10 & 0x1f), u32::from(bits & 0x3ff));
        let magnitude = match exponent {
            // Subnormal: a multiple of 2^-24.
            0 => fraction as f32 * 2f32.powi(-24),
            31 => f32::from_bits(0xff << 23 | fraction << 13),
            // The bias is 15 instead of 127.
            _ => f32::from_bits((exponent + 112) << 23 | fraction << 13),
        };
        if bits >> 15 == 1 { -magnitude } else { magnitude }
    }
}
