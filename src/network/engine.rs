//! Where multiply-accumulates are done.

/// What can go wrong inside an engine; its text names the cause and the fix.
pub type EngineError = Box<dyn std::error::Error + Send + Sync>;

/// Two matrices of codes, row-major. An engine returns the sums of
/// `(x[i, l] - x_zero) * (w[j, l] - w_zeros[j])` over `l`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Operands<'a> {
    /// Codes of the activations, shape [n, k]: operand `a` of a multiply-accumulate unit.
    pub x: &'a [i32],
    /// Codes of the weights, shape [m, k]: operand `b`.
    pub w: &'a [i32],
    /// Terms of each sum, `k`; not 0.
    pub terms: usize,
    /// Zero point of the activations; 0 where the unit subtracts none.
    pub x_zero: i32,
    /// Zero point of each row of `w`, `m` of them; 0 where the unit subtracts none.
    pub w_zeros: &'a [i32],
}

/// Hardware or software that sums products of codes.
pub trait MatrixEngine {
    /// The sums, row-major, shape [n, m].
    ///
    /// # Errors
    /// What the engine runs into, such as a simulation that stops.
    fn accumulate(&mut self, operands: &Operands) -> Result<Vec<i64>, EngineError>;

    /// Clock cycles since the engine was made; 0 for one without a clock.
    fn cycles(&self) -> u64;
}

/// The reference: equation (Z1) read from left to right, in 64 bits.
#[derive(Debug, Clone, Copy, Default)]
pub struct Software;

impl MatrixEngine for Software {
    fn accumulate(&mut self, operands: &Operands) -> Result<Vec<i64>, EngineError> {
        let &Operands { x, w, terms, x_zero, w_zeros } = operands;
        let sums = x.chunks_exact(terms).flat_map(|x| {
            w.chunks_exact(terms).zip(w_zeros).map(move |(w, &w_zero)| {
                let products = x.iter().zip(w).map(|(&x, &w)| i64::from(x - x_zero) * i64::from(w - w_zero));
                products.sum()
            })
        });
        Ok(sums.collect())
    }

    fn cycles(&self) -> u64 {
        0
    }
}
