//! Exact products (P3).

use super::code::{SmallFloat, SmallFloatValue};

/// The NaN that arithmetic returns: quiet and positive, bits `7fc00000`.
pub const NAN: f32 = f32::from_bits(0x7fc0_0000);

/// Exact product of two codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ExactProduct {
    pub negative: bool,
    pub magnitude: Magnitude,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Magnitude {
    Nan,
    Infinite,
    /// `significand * 2^(exponent - 2 * fraction_bits)`.
    ///
    /// `exponent` is the sum of the operands' exponents.
    Finite {
        significand: u32,
        exponent: i32,
    },
}

impl ExactProduct {
    pub fn new(format: SmallFloat, a: u8, b: u8) -> Self {
        let negative = format.is_negative(a) != format.is_negative(b);
        let magnitude = match (format.value(a), format.value(b)) {
            (SmallFloatValue::Nan, _) | (_, SmallFloatValue::Nan) => Magnitude::Nan,
            (SmallFloatValue::Infinite, SmallFloatValue::Finite { significand: 0, .. })
            | (SmallFloatValue::Finite { significand: 0, .. }, SmallFloatValue::Infinite) => Magnitude::Nan,
            (SmallFloatValue::Infinite, _) | (_, SmallFloatValue::Infinite) => Magnitude::Infinite,
            (
                SmallFloatValue::Finite { significand: a, exponent: a_exponent },
                SmallFloatValue::Finite { significand: b, exponent: b_exponent },
            ) => Magnitude::Finite { significand: a * b, exponent: a_exponent + b_exponent },
        };
        Self { negative, magnitude }
    }
}

impl SmallFloat {
    /// Multiplies two codes exactly (P3).
    ///
    /// With at most 10 significant bits and an exponent of at least -34, every product of a signed format is a
    /// normal binary32. Products of E8M0 are powers of two, which overflow and underflow as binary32.
    /// The sign of a zero or infinite product is the exclusive or of the signs; a NaN operand and zero times
    /// infinity give [`NAN`].
    pub fn multiply(self, a: u8, b: u8) -> f32 {
        let product = ExactProduct::new(self, a, b);
        let sign = if product.negative { -1.0 } else { 1.0 };
        match product.magnitude {
            Magnitude::Nan => NAN,
            Magnitude::Infinite => sign * f32::INFINITY,
            Magnitude::Finite { significand, exponent } => {
                let unit = 2f64.powi(exponent - 2 * self.fraction_bits() as i32);
                sign * (f64::from(significand) * unit) as f32
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The processor's product is the reference.
    ///
    /// Products of two 5-bit significands are exact in binary32.
    #[test]
    fn multiplies_every_pair_exactly() {
        for format in SmallFloat::ALL {
            let mut compared = 0;
            for a in format.codes() {
                for b in format.codes() {
                    let expected = format.decode(a) * format.decode(b);
                    let product = format.multiply(a, b);
                    if expected.is_nan() {
                        assert_eq!(product.to_bits(), 0x7fc0_0000, "{format} {a:#04x} {b:#04x}");
                    } else {
                        assert_eq!(product.to_bits(), expected.to_bits(), "{format} {a:#04x} {b:#04x}");
                    }
                    compared += 1;
                }
            }
            assert_eq!(compared, 1 << (2 * format.bits()));
        }
    }
}
