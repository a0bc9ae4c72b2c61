//! Work of a dot product unit of 8-bit floats.

use super::backend::Job;
use crate::arithmetic::small_float::{Accumulation, SmallFloat, dot};

/// Number of products of one dot product.
pub const BLOCK: usize = 32;

/// Pairs of blocks of [`BLOCK`] E4M3 codes for a dot product unit.
///
/// The unit sums as an H100 does.
/// The results are the dot products as bit patterns of binary32, so that they are compared bit by bit.
#[derive(Debug, Clone, PartialEq)]
pub struct DotJob {
    /// Codes of the activations.
    pub a: Vec<[u8; BLOCK]>,
    /// Codes of the weights, as many blocks as `a`.
    pub b: Vec<[u8; BLOCK]>,
}

/// Equation (P5).
impl Job for DotJob {
    type Result = u32;

    fn reference(&self) -> Vec<u32> {
        let sum = |(a, b): (&[u8; BLOCK], &[u8; BLOCK])| {
            let sum = dot(SmallFloat::E4M3, a, b, Accumulation::H100);
            sum.expect("both blocks have the length of the H100 model").to_bits()
        };
        self.a.iter().zip(&self.b).map(sum).collect()
    }
}
