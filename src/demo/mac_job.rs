//! Work of a multiply-accumulate unit.

use super::backend::Job;

/// Two row-major matrices of codes and a bias for a multiply-accumulate unit.
///
/// The results, shape [n, m] row-major, are `bias[j]` plus the sum over `l` of
/// `(x[i, l] - x_zero) * (w[j, l] - w_zeros[j])`.
#[derive(Debug, Clone, PartialEq)]
pub struct MacJob {
    /// Codes of the activations, shape [n, k]: operand `a` of the unit.
    pub x: Vec<i32>,
    /// Codes of the weights, shape [m, k]: operand `b`.
    pub w: Vec<i32>,
    /// Number of terms of each sum, `k`, at least 1.
    pub terms: usize,
    /// Zero point of the activations; 0 if the unit subtracts none.
    pub x_zero: i32,
    /// Zero point of each row of `w`, `m` entries; 0 if the unit subtracts none.
    pub w_zeros: Vec<i32>,
    /// Initial value of the sums of each row, `m` entries, in steps of a product.
    pub bias: Vec<i32>,
}

/// Equation (Z1) with the bias of (Q4), in 64 bits.
impl Job for MacJob {
    type Result = i64;

    fn reference(&self) -> Vec<i64> {
        let Self { x, w, terms, x_zero, w_zeros, bias } = self;
        let sums = x.chunks_exact(*terms).flat_map(|x| {
            w.chunks_exact(*terms).zip(w_zeros).zip(bias).map(move |((w, &w_zero), &bias)| {
                let products = x.iter().zip(w).map(|(&x, &w)| i64::from(x - x_zero) * i64::from(w - w_zero));
                i64::from(bias) + products.sum::<i64>()
            })
        });
        sums.collect()
    }
}
