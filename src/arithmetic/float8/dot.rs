use super::code::Float8;
use super::h100;
use super::product::{Magnitude, NAN, Product};

/// How the products of a dot product are summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Accumulation {
    /// (P4) The exact sum, rounded once to binary32, half to even.
    Exact,
    /// (P5) As recorded on an H100 tensor core for 32 products and no addend.
    H100,
}

impl Accumulation {
    /// The name used on the command line and in configurations.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::H100 => "h100",
        }
    }
}

/// Why a dot product was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DotProductError {
    /// Element `i` of one operand meets element `i` of the other.
    #[error("operands of {a} and {b} codes: give as many of one as of the other")]
    UnequalLengths {
        /// Codes of the first operand.
        a: usize,
        /// Codes of the second operand.
        b: usize,
    },
    /// The lengths that are offered in hardware.
    #[error("a dot product of {0} terms is outside 4..=64: split it or pad it with zeros")]
    Terms(usize),
    /// The only length whose results were recorded.
    #[error("the H100 model is known for 32 terms, not {0}: use 32, or accumulate `exact`")]
    H100Terms(usize),
}

/// The dot product of two vectors of 4 to 64 codes; exactly 32 under [`Accumulation::H100`].
///
/// A NaN among the products, or infinities of both signs, give [`NAN`]; infinities of one sign that
/// infinity.
///
/// # Errors
/// [`DotProductError`] for lengths that differ or are not offered.
pub fn dot(format: Float8, a: &[u8], b: &[u8], accumulate: Accumulation) -> Result<f32, DotProductError> {
    if a.len() != b.len() {
        return Err(DotProductError::UnequalLengths { a: a.len(), b: b.len() });
    }
    if !(4..=64).contains(&a.len()) {
        return Err(DotProductError::Terms(a.len()));
    }
    if accumulate == Accumulation::H100 && a.len() != h100::TERMS {
        return Err(DotProductError::H100Terms(a.len()));
    }
    let products: Vec<Product> = a.iter().zip(b).map(|(&a, &b)| Product::new(format, a, b)).collect();
    Ok(special(&products).unwrap_or_else(|| match accumulate {
        Accumulation::Exact => exact(format, &products),
        Accumulation::H100 => h100::sum(format, &products),
    }))
}

/// The sum if it is not finite.
fn special(products: &[Product]) -> Option<f32> {
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

/// The exact sum, rounded once.
///
/// In fixed point every product is a multiple of the square of the smallest subnormal: 2^-18 for E4M3,
/// 2^-32 for E5M2. The largest are 448^2 < 2^18 and 57344^2 < 2^32, so 64 of them stay below 2^24 and
/// 2^38: 42 and 70 bits, far inside 128. As IEEE 754 has it for sums, an exact zero is positive unless
/// every product is a negative zero.
fn exact(format: Float8, products: &[Product]) -> f32 {
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

impl Product {
    fn is_zero(&self) -> bool {
        matches!(self.magnitude, Magnitude::Finite { significand: 0, .. })
    }
}

#[cfg(test)]
mod tests;
