//! Dot products (P4) and (P5).

use super::code::SmallFloat;
use super::h100;
use super::product::{ExactProduct, Magnitude, NAN};

/// Summation of a dot product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Accumulation {
    /// Exact sum, rounded once to binary32, half to even (P4).
    Exact,
    /// Sum of an H100 tensor core: 32 products without an addend (P5).
    H100,
}

impl Accumulation {
    /// Name used on the command line and in configs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::H100 => "h100",
        }
    }
}

/// Error for operands of an unsupported length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DotProductError {
    /// The operands differ in length.
    #[error("operands have {a} and {b} codes: give operands of equal length")]
    UnequalLengths {
        /// Length of the first operand.
        a: usize,
        /// Length of the second operand.
        b: usize,
    },
    /// The length is outside the range of the hardware units.
    #[error("a dot product of {0} terms is outside 4..=64: split it or pad it with zeros")]
    Terms(usize),
    /// The H100 model covers 32 terms only, the recorded length.
    #[error("the H100 model is known for 32 terms, not {0}: use 32, or accumulate `exact`")]
    H100Terms(usize),
    /// Powers of two without a sign have no exact sum in fixed point.
    #[error("{0} has no sign and is not summed: scale the products of another format by it")]
    Unsigned(SmallFloat),
    /// The H100 model covers the formats of its tensor cores only.
    #[error("the H100 model is known for e4m3 and e5m2, not {0}: accumulate `exact`")]
    H100Format(SmallFloat),
}

/// Computes the dot product of two vectors of 4 to 64 codes.
///
/// [`Accumulation::H100`] takes exactly 32. A NaN product, or infinities of both signs, give [`NAN`];
/// infinities of one sign give that infinity.
///
/// # Errors
/// [`DotProductError`] for unequal or unsupported lengths, and for formats without such a sum.
pub fn dot(format: SmallFloat, a: &[u8], b: &[u8], accumulate: Accumulation) -> Result<f32, DotProductError> {
    if a.len() != b.len() {
        return Err(DotProductError::UnequalLengths { a: a.len(), b: b.len() });
    }
    if !(4..=64).contains(&a.len()) {
        return Err(DotProductError::Terms(a.len()));
    }
    if accumulate == Accumulation::H100 && a.len() != h100::TERMS {
        return Err(DotProductError::H100Terms(a.len()));
    }
    if !format.is_signed() {
        return Err(DotProductError::Unsigned(format));
    }
    if accumulate == Accumulation::H100 && ![SmallFloat::E4M3, SmallFloat::E5M2].contains(&format) {
        return Err(DotProductError::H100Format(format));
    }
    let products: Vec<ExactProduct> =
        a.iter().zip(b).map(|(&a, &b)| ExactProduct::new(format, a, b)).collect();
    Ok(special(&products).unwrap_or_else(|| match accumulate {
        Accumulation::Exact => exact(format, &products),
        Accumulation::H100 => h100::sum(format, &products),
    }))
}

/// Returns the sum if it is NaN or infinite.
fn special(products: &[ExactProduct]) -> Option<f32> {
    let infinite =
        |negative| products.iter().any(|p| p.magnitude == Magnitude::Infinite && p.negative == negative);
    if products.iter().any(|p| p.magnitude == Magnitude::Nan) || infinite(false) && infinite(true) {
        Some(NAN)
    } else if infinite(false) {
        Some(f32::INFINITY)
    } else {
        infinite(true).then_some(f32::NEG_INFINITY)
    }
}

/// Sums finite products exactly and rounds once.
///
/// In fixed point every product is a multiple of the square of the smallest subnormal: 2^-18 for E4M3,
/// 2^-32 for E5M2. The largest are 448^2 < 2^18 and 57344^2 < 2^32, so 64 of them stay below 2^24 and
/// 2^38: 42 and 70 bits, which fit 128. E5M2 has the widest range of the formats with a sign, but for E5M2FNUZ
/// with one bit more for each factor. As in IEEE 754, an exact zero is positive unless every product is a
/// negative zero.
fn exact(format: SmallFloat, products: &[ExactProduct]) -> f32 {
    let least = 2 * format.least_exponent();
    let sum: i128 = products
        .iter()
        .map(|product| match product.magnitude {
            Magnitude::Finite { significand, exponent } => {
                let magnitude = i128::from(significand) << (exponent - least);
                if product.negative { -magnitude } else { magnitude }
            }
            Magnitude::Nan | Magnitude::Infinite => 0,
        })
        .sum();
    if sum == 0 {
        return if products.iter().all(|p| p.negative && p.is_zero()) { -0.0 } else { 0.0 };
    }
    // The conversion rounds half to even; the power of two is exact and the result a normal number.
    sum as f32 * 2f32.powi(least - 2 * format.fraction_bits() as i32)
}

impl ExactProduct {
    fn is_zero(&self) -> bool {
        matches!(self.magnitude, Magnitude::Finite { significand: 0, .. })
    }
}

#[cfg(test)]
mod tests;
