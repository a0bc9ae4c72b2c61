//! Blocks of codes that share a scale (P6) to (P8): MX of OCP, and NVFP4.

use std::fmt;

use super::code::SmallFloat;
use super::encoding::{NanCode, SmallFloatEncoding, SmallFloatOverflow, SmallFloatRounding};

/// A format of blocks: a number of elements with one scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BlockFormat {
    name: &'static str,
    element: BlockElement,
    size: usize,
    scale: SmallFloat,
}

/// Format of the elements of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockElement {
    /// A small float.
    Float(SmallFloat),
    /// Two's complement of 8 bits in steps of 1/64, from -127 to 127.
    Int8,
}

/// Codes of the elements of a block, and of its scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScaledBlock {
    /// Code of the scale.
    pub scale: u8,
    /// Code of each element in the low bits of a byte.
    pub codes: Vec<u8>,
}

const fn mx(name: &'static str, element: BlockElement) -> BlockFormat {
    BlockFormat { name, element, size: 32, scale: SmallFloat::E8M0 }
}

impl BlockFormat {
    /// All formats.
    pub const ALL: [Self; 7] = [
        mx("mxfp8_e4m3", BlockElement::Float(SmallFloat::E4M3)),
        mx("mxfp8_e5m2", BlockElement::Float(SmallFloat::E5M2)),
        mx("mxfp6_e2m3", BlockElement::Float(SmallFloat::E2M3)),
        mx("mxfp6_e3m2", BlockElement::Float(SmallFloat::E3M2)),
        mx("mxfp4", BlockElement::Float(SmallFloat::E2M1)),
        mx("mxint8", BlockElement::Int8),
        Self {
            name: "nvfp4",
            element: BlockElement::Float(SmallFloat::E2M1),
            size: 16,
            scale: SmallFloat::E4M3,
        },
    ];

    /// Looks a format up by its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name == name)
    }

    /// Name used on the command line.
    pub fn name(self) -> &'static str {
        self.name
    }

    /// Format of the elements.
    pub fn element(self) -> BlockElement {
        self.element
    }

    /// Elements of a block.
    pub fn size(self) -> usize {
        self.size
    }

    /// Format of the scale.
    pub fn scale(self) -> SmallFloat {
        self.scale
    }

    /// Quantizes the elements of a block, at most [`BlockFormat::size`] of them (P6), (P7).
    ///
    /// A block with a NaN or an infinity has the scale NaN and codes 0.
    pub fn quantize(self, reals: &[f32], rounding: SmallFloatRounding) -> ScaledBlock {
        let largest = reals.iter().fold(0f32, |largest, real| largest.max(real.abs()));
        if largest.is_infinite() || reals.iter().any(|real| real.is_nan()) {
            let nan = self.scale.nan().expect("both formats of scales have a NaN");
            return ScaledBlock { scale: nan, codes: vec![0; reals.len()] };
        }
        let scale = self.scale_of(largest);
        let divisor = f64::from(self.scale.decode(scale));
        // A quotient by a power of two is exact in binary64, and one by E4M3 is rounded to binary32 below.
        let quotient = |real: f32| {
            if divisor == 0.0 { 0f32.copysign(real) } else { (f64::from(real) / divisor) as f32 }
        };
        let codes = reals.iter().map(|&real| self.element.encode(quotient(real), rounding)).collect();
        ScaledBlock { scale, codes }
    }

    /// Restores the elements of a block: the product of element and scale in binary32 (P8).
    pub fn dequantize(self, block: &ScaledBlock) -> Vec<f32> {
        let scale = self.scale.decode(block.scale);
        block.codes.iter().map(|&code| self.element.decode(code) * scale).collect()
    }

    /// Code of the scale for elements up to a magnitude.
    fn scale_of(self, largest: f32) -> u8 {
        let BlockElement::Float(element) = self.element else { return power_code(largest, 0) };
        if self.scale == SmallFloat::E8M0 {
            return power_code(largest, exponent(element.largest_value()));
        }
        self.scale.encode(largest / element.largest_value(), SmallFloatOverflow::Saturate)
    }
}

/// E8M0 code of `2^(floor(log2 largest) - element)`, at least 2^-127; a zero counts as 2^-126.
fn power_code(largest: f32, element: i32) -> u8 {
    let exponent = if largest == 0.0 { -126 } else { exponent(largest) };
    (exponent - element + 127).max(0) as u8
}

/// Exponent of the leading bit of a positive number.
fn exponent(value: f32) -> i32 {
    let (field, fraction) = (value.to_bits() >> 23, value.to_bits() & 0x7f_ffff);
    if field == 0 { -118 - fraction.leading_zeros() as i32 } else { field as i32 - 127 }
}

impl BlockElement {
    /// Fraction bits of an int8 element.
    pub(super) const INT8_FRACTION_BITS: i32 = 6;

    fn encode(self, value: f32, rounding: SmallFloatRounding) -> u8 {
        let encoding =
            SmallFloatEncoding { rounding, overflow: SmallFloatOverflow::Saturate, nan: NanCode::Signed };
        match self {
            Self::Float(format) => format.encode(value, encoding),
            Self::Int8 => {
                let steps = f64::from(value) * 2f64.powi(Self::INT8_FRACTION_BITS);
                let magnitude = match rounding {
                    SmallFloatRounding::Even => steps.abs().round_ties_even(),
                    SmallFloatRounding::Away => steps.abs().round(),
                    SmallFloatRounding::Zero => steps.abs().floor(),
                    SmallFloatRounding::Up => steps.abs().ceil(),
                };
                magnitude.min(127.0).copysign(steps) as i8 as u8
            }
        }
    }

    /// Decodes the code of an element exactly.
    pub fn decode(self, code: u8) -> f32 {
        match self {
            Self::Float(format) => format.decode(code),
            Self::Int8 => f32::from(code as i8) * 2f32.powi(-Self::INT8_FRACTION_BITS),
        }
    }

    /// Codes of the format.
    pub fn codes(self) -> std::ops::RangeInclusive<u8> {
        match self {
            Self::Float(format) => format.codes(),
            Self::Int8 => 0..=u8::MAX,
        }
    }
}

impl fmt::Display for BlockFormat {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(name: &str) -> BlockFormat {
        BlockFormat::from_name(name).unwrap()
    }

    #[test]
    fn largest_element_keeps_its_leading_bit() {
        let block = |name: &str, largest: f32| {
            format(name).quantize(&[largest, -largest / 2.0, 0.0], SmallFloatRounding::Even)
        };
        // 5 is 1.25 * 2^2, the largest exponent of E2M1: the scale is 1, and 5 a tie that becomes 4.
        assert_eq!(block("mxfp4", 5.0), ScaledBlock { scale: 127, codes: vec![0x6, 0xc, 0x0] });
        assert_eq!(block("mxfp8_e4m3", 448.0), ScaledBlock { scale: 127, codes: vec![0x7e, 0xf6, 0] });
        assert_eq!(block("mxint8", 1.0), ScaledBlock { scale: 127, codes: vec![64, 0xe0, 0] });
        // E4M3 of 3 / 6.
        assert_eq!(block("nvfp4", 3.0), ScaledBlock { scale: 0x30, codes: vec![0x7, 0xd, 0x0] });
    }

    #[test]
    fn element_beyond_the_largest_saturates() {
        // 7.9 has the exponent of 4, and 7.9 is beyond 6.
        let block = format("mxfp4").quantize(&[7.9], SmallFloatRounding::Even);
        assert_eq!(block, ScaledBlock { scale: 127, codes: vec![0x7] });
        let block = format("mxint8").quantize(&[1.999, -1.999], SmallFloatRounding::Even);
        assert_eq!(block.codes, [127, 129]);
    }

    #[test]
    fn scale_ends_at_its_least_code_and_is_nan_for_nan_and_infinity() {
        for name in ["mxfp8_e4m3", "mxfp4"] {
            let block = format(name).quantize(&[f32::from_bits(1), 0.0], SmallFloatRounding::Even);
            assert_eq!(block.scale, 0, "{name}");
        }
        for format in BlockFormat::ALL {
            for special in [f32::NAN, f32::NEG_INFINITY] {
                let block = format.quantize(&[1.0, special], SmallFloatRounding::Even);
                assert!(format.dequantize(&block).iter().all(|value| value.is_nan()), "{format}");
            }
            let zeros = format.quantize(&[0.0, -0.0], SmallFloatRounding::Even);
            assert_eq!(format.dequantize(&zeros), [0.0, 0.0], "{format}");
        }
    }

    #[test]
    fn error_is_at_most_half_a_step_of_the_largest() {
        for format in BlockFormat::ALL {
            for seed in 1..200u32 {
                let real = |i: u32| ((seed * 7919 + i * 104_729) % 2001) as f32 / 1000.0 - 1.0;
                let reals: Vec<f32> = (0..format.size() as u32).map(real).collect();
                let restored = format.dequantize(&format.quantize(&reals, SmallFloatRounding::Even));
                for (real, restored) in reals.iter().zip(restored) {
                    // E2M1 has two significant bits: a quarter of the number, or of the least step.
                    assert!((real - restored).abs() <= 0.26, "{format} {real} {restored}");
                }
            }
        }
    }
}
