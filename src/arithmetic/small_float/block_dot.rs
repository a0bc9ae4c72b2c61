//! Dot products of blocks (P9).

use super::block::{BlockElement, BlockFormat, ScaledBlock};
use super::code::{SmallFloat, SmallFloatValue};
use super::exact_sum::ExactSum;
use super::product::NAN;

/// Error for blocks without a dot product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BlockDotError {
    /// The operands have different numbers of blocks.
    #[error("operands have {a} and {b} blocks: give operands of equal length")]
    UnequalBlocks {
        /// Blocks of the first operand.
        a: usize,
        /// Blocks of the second operand.
        b: usize,
    },
    /// Two blocks have different numbers of elements.
    #[error("block {block} has {a} and {b} elements: give operands of equal length")]
    UnequalElements {
        /// Index of the block.
        block: usize,
        /// Elements of the first operand.
        a: usize,
        /// Elements of the second operand.
        b: usize,
    },
}

/// A number without rounding: `significand * 2^exponent`, with a sign.
#[derive(Clone, Copy)]
struct Exact {
    is_negative: bool,
    value: ExactValue,
}

#[derive(Clone, Copy)]
enum ExactValue {
    Nan,
    Infinite,
    Finite { significand: u64, exponent: i32 },
}

impl BlockFormat {
    /// Computes the dot product of two vectors of blocks: the exact sum, rounded once to binary32 (P9).
    ///
    /// A NaN product, or infinities of both signs, give [`NAN`]; infinities of one sign give that infinity. A zero
    /// sum is positive.
    ///
    /// # Errors
    /// [`BlockDotError`] for operands of unequal length.
    pub fn dot(self, a: &[ScaledBlock], b: &[ScaledBlock]) -> Result<f32, BlockDotError> {
        if a.len() != b.len() {
            return Err(BlockDotError::UnequalBlocks { a: a.len(), b: b.len() });
        }
        let mut sum = ExactSum::default();
        let (mut is_nan, mut infinite) = (false, [false; 2]);
        for (block, (a, b)) in a.iter().zip(b).enumerate() {
            if a.codes.len() != b.codes.len() {
                return Err(BlockDotError::UnequalElements { block, a: a.codes.len(), b: b.codes.len() });
            }
            let scale = exact(self.scale(), a.scale).times(exact(self.scale(), b.scale));
            for (&a, &b) in a.codes.iter().zip(&b.codes) {
                let product = self.element().exact(a).times(self.element().exact(b)).times(scale);
                match product.value {
                    ExactValue::Nan => is_nan = true,
                    ExactValue::Infinite => infinite[usize::from(product.is_negative)] = true,
                    ExactValue::Finite { significand, exponent } => {
                        sum.add(product.is_negative, significand, exponent);
                    }
                }
            }
        }
        Ok(match infinite {
            _ if is_nan => NAN,
            [true, true] => NAN,
            [true, false] => f32::INFINITY,
            [false, true] => f32::NEG_INFINITY,
            [false, false] => sum.rounded(),
        })
    }
}

fn exact(format: SmallFloat, code: u8) -> Exact {
    let value = match format.value(code) {
        SmallFloatValue::Nan => ExactValue::Nan,
        SmallFloatValue::Infinite => ExactValue::Infinite,
        SmallFloatValue::Finite { significand, exponent } => ExactValue::Finite {
            significand: significand.into(),
            exponent: exponent - format.fraction_bits() as i32,
        },
    };
    Exact { is_negative: format.is_negative(code), value }
}

impl BlockElement {
    fn exact(self, code: u8) -> Exact {
        match self {
            Self::Float(format) => exact(format, code),
            Self::Int8 => Exact {
                is_negative: (code as i8) < 0,
                value: ExactValue::Finite {
                    significand: (code as i8).unsigned_abs().into(),
                    exponent: -Self::INT8_FRACTION_BITS,
                },
            },
        }
    }
}

impl Exact {
    fn times(self, other: Self) -> Self {
        use ExactValue::{Finite, Infinite, Nan};
        let value = match (self.value, other.value) {
            (Nan, _) | (_, Nan) => Nan,
            (Infinite, Finite { significand: 0, .. }) | (Finite { significand: 0, .. }, Infinite) => Nan,
            (Infinite, _) | (_, Infinite) => Infinite,
            (
                Finite { significand: a, exponent: a_exponent },
                Finite { significand: b, exponent: b_exponent },
            ) => Finite { significand: a * b, exponent: a_exponent + b_exponent },
        };
        Self { is_negative: self.is_negative != other.is_negative, value }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arithmetic::small_float::SmallFloatRounding;

    fn format(name: &str) -> BlockFormat {
        BlockFormat::from_name(name).unwrap()
    }

    fn block(scale: u8, codes: &[u8]) -> ScaledBlock {
        ScaledBlock { scale, codes: codes.to_vec() }
    }

    #[test]
    fn products_of_every_pair_of_codes_are_exact() {
        let mut compared = 0;
        for format in BlockFormat::ALL {
            let one =
                format.scale().encode(1.0, crate::arithmetic::small_float::SmallFloatOverflow::Saturate);
            for a in format.element().codes() {
                for b in format.element().codes() {
                    let expected = format.element().decode(a) * format.element().decode(b);
                    let product = format.dot(&[block(one, &[a])], &[block(one, &[b])]).unwrap();
                    // A sum has no negative zero.
                    let is_equal = product == expected || product.is_nan() && expected.is_nan();
                    assert!(is_equal, "{format} {a:#04x} {b:#04x}: {product} for {expected}");
                    compared += 1;
                }
            }
        }
        assert_eq!(compared, 3 * 65536 + 2 * 4096 + 2 * 256);
    }

    #[test]
    fn cancellation_over_the_whole_range_is_exact() {
        let mxfp8 = format("mxfp8_e5m2");
        let (largest, least, one) = (0x7b, 0x01, 0x3c);
        // 57344^2 * 2^254 cancels, and 2^-16 * 2^-127 times 1 remains.
        let a = [block(254, &[largest, largest]), block(0, &[least])];
        let b = [block(254, &[largest, largest | 0x80]), block(127, &[one])];
        assert_eq!(mxfp8.dot(&a, &b), Ok(2f32.powi(-100) * 2f32.powi(-43)));
        let doubled = [block(254, &[largest, largest])];
        assert_eq!(mxfp8.dot(&doubled, &doubled), Ok(f32::INFINITY));
        assert_eq!(mxfp8.dot(&a[1..], &a[1..]).map(f32::to_bits), Ok(0));
    }

    #[test]
    fn nan_and_infinities_follow_ieee() {
        let dot = |a: ScaledBlock, b: ScaledBlock| format("mxfp8_e5m2").dot(&[a], &[b]).unwrap().to_bits();
        let (infinity, one) = (0x7c, 0x3c);
        let ones = || block(127, &[one, one]);
        assert_eq!(dot(block(127, &[infinity, one]), ones()), f32::INFINITY.to_bits());
        assert_eq!(dot(block(127, &[infinity | 0x80, one]), ones()), f32::NEG_INFINITY.to_bits());
        assert_eq!(dot(block(127, &[infinity, infinity | 0x80]), ones()), NAN.to_bits());
        assert_eq!(dot(block(127, &[infinity, one]), block(127, &[0, one])), NAN.to_bits());
        assert_eq!(dot(block(255, &[one, one]), ones()), NAN.to_bits());
        assert_eq!(dot(block(127, &[0x7d, one]), ones()), NAN.to_bits());
    }

    #[test]
    fn rejects_operands_of_unequal_length() {
        let ones = vec![format("mxfp4").quantize(&[1.0; 32], SmallFloatRounding::Even); 2];
        let short = [ones[0].clone(), block(127, &[2; 31])];
        let dot = |a: &[ScaledBlock], b: &[ScaledBlock]| format("mxfp4").dot(a, b);
        assert_eq!(dot(&ones, &ones[1..]), Err(BlockDotError::UnequalBlocks { a: 2, b: 1 }));
        let unequal = BlockDotError::UnequalElements { block: 1, a: 32, b: 31 };
        assert_eq!(dot(&ones, &short), Err(unequal));
        assert_eq!(dot(&ones, &ones), Ok(64.0));
    }
}
