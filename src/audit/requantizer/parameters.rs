//! The parameters with which a transaction is rescaled.

/// Parameters of one transaction.
///
/// The result is the accumulator times `multiplier * 2^-shift`, plus `zero_point`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TransactionParameters {
    pub multiplier: i64,
    /// Right shift of the whole product.
    pub shift: i32,
    /// The scale as a real number: as given, or `multiplier * 2^-shift`.
    pub scale: f64,
    pub zero_point: i64,
    /// Number added to the accumulator before it is scaled.
    pub bias: i64,
}

impl TransactionParameters {
    /// Non-negative Q0.31 multiplier and left shift, `None` if the scale has no such form.
    pub fn fixed_point(&self) -> Option<(i32, i32)> {
        let multiplier = i32::try_from(self.multiplier).ok()?;
        let shift = 31 - self.shift;
        ((-31..=30).contains(&shift) && multiplier >= 0).then_some((multiplier, shift))
    }

    /// The right shift of equation (R7), `None` if the scale is not a power of two.
    pub fn power_of_two(&self) -> Option<u32> {
        (0..=63).find(|&right| self.scale == 2f64.powi(-(right as i32)))
    }

    /// The exact real value of a rescaled accumulator, with bias and zero point.
    pub fn exact(&self, acc: i64) -> f64 {
        (acc as f64 + self.bias as f64) * self.scale + self.zero_point as f64
    }
}
