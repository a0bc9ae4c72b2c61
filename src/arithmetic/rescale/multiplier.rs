//! Scales and their fixed-point form.

use super::error::RescaleError;

/// Ratio of the accumulator's step to the output's step, `sx*sw/sy`.
///
/// Each rule converts it to its own form: the fixed-point rules to a Q0.31 multiplier and a left shift, (R4)
/// and (R8) to (R10) to a binary32 number, (R5) to a binary64 number, (R7) to a right shift.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scale {
    /// `multiplier * 2^(shift - 31)`, the fixed-point form.
    Fixed {
        /// Q0.31 fraction, 0..=2^31-1; normalized when at least 2^30.
        multiplier: i32,
        /// Left shift; negative shifts right.
        shift: i32,
    },
    /// A real number, positive and finite.
    Real(f64),
}

impl Scale {
    /// Creates a fixed-point scale.
    ///
    /// The range of `shift` depends on the rule and is checked with it.
    ///
    /// # Errors
    /// [`RescaleError::Multiplier`] if the multiplier is negative or over 31 bits.
    pub fn fixed(multiplier: i64, shift: i32) -> Result<Self, RescaleError> {
        match i32::try_from(multiplier) {
            Ok(multiplier) if multiplier >= 0 => Ok(Self::Fixed { multiplier, shift }),
            _ => Err(RescaleError::Multiplier(multiplier)),
        }
    }

    /// Creates one fixed-point scale per channel.
    ///
    /// # Errors
    /// [`RescaleError::UnequalChannels`] if the lists differ in length, and those of [`Scale::fixed`].
    pub fn fixed_channels(multipliers: &[i64], shifts: &[i32]) -> Result<Vec<Self>, RescaleError> {
        if multipliers.len() != shifts.len() {
            return Err(RescaleError::UnequalChannels {
                multipliers: multipliers.len(),
                shifts: shifts.len(),
            });
        }
        multipliers.iter().zip(shifts).map(|(&multiplier, &shift)| Self::fixed(multiplier, shift)).collect()
    }

    /// Creates a real scale.
    ///
    /// # Errors
    /// [`RescaleError::Scale`] unless it is positive and finite.
    pub fn real(scale: f64) -> Result<Self, RescaleError> {
        if scale.is_finite() && scale > 0.0 { Ok(Self::Real(scale)) } else { Err(RescaleError::Scale(scale)) }
    }

    /// Converts to a real number, exactly.
    ///
    /// A 31-bit multiplier times a power of two fits a binary64.
    pub fn to_f64(self) -> f64 {
        match self {
            Self::Fixed { multiplier, shift } => f64::from(multiplier) * 2f64.powi(shift.saturating_sub(31)),
            Self::Real(scale) => scale,
        }
    }

    /// Converts to a Q0.31 multiplier and a left shift.
    pub fn to_fixed(self) -> (i32, i32) {
        match self {
            Self::Fixed { multiplier, shift } => (multiplier, shift),
            Self::Real(scale) => quantize_multiplier(scale),
        }
    }
}

/// Converts a real to a Q0.31 multiplier and a left shift, `d ~ q * 2^(s - 31)`.
///
/// TFLite's `QuantizeMultiplier`: the fraction in [0.5, 1) is rounded half away from zero, so that `q` is 0 or
/// 2^30..=2^31-1, or the negative of these (runtimes accept a negative `d`, [`Scale`] does not). The result is
/// `(0, 0)` below 2^-32 after rounding, and for infinities and NaN, which [`Scale::real`] rejects.
pub fn quantize_multiplier(d: f64) -> (i32, i32) {
    if d == 0.0 || !d.is_finite() {
        return (0, 0);
    }
    let (fraction, exponent) = frexp(d);
    let rounded = (fraction * 2f64.powi(31)).round() as i64;
    let (q, shift) =
        if rounded.unsigned_abs() == 1 << 31 { (rounded / 2, exponent + 1) } else { (rounded, exponent) };
    if shift < -31 { (0, 0) } else { (q as i32, shift) }
}

/// Splits a finite `d` other than zero into a fraction and an exponent of two.
///
/// The magnitude of the fraction is in [0.5, 1).
fn frexp(d: f64) -> (f64, i32) {
    const BIAS_OF_HALF: i32 = 1022;
    const EXPONENT: u64 = 0x7ff << 52;
    let stored = ((d.to_bits() & EXPONENT) >> 52) as i32;
    if stored == 0 {
        let (fraction, exponent) = frexp(d * 2f64.powi(64));
        return (fraction, exponent - 64);
    }
    let fraction = f64::from_bits(d.to_bits() & !EXPONENT | (BIAS_OF_HALF as u64) << 52);
    (fraction, stored - BIAS_OF_HALF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_halves_away_and_carries_into_exponent() {
        assert_eq!(quantize_multiplier(0.5), (1 << 30, 0));
        assert_eq!(quantize_multiplier(1.0), (1 << 30, 1));
        assert_eq!(quantize_multiplier(-4.0), (-(1 << 30), 3));
        // The fraction 1 - 2^-33 rounds to 1, which has no 31-bit form.
        assert_eq!(quantize_multiplier(1.0 - 2f64.powi(-33)), (1 << 30, 1));
    }

    #[test]
    fn scale_underflow_becomes_zero() {
        assert_eq!(quantize_multiplier(2f64.powi(-32)), (1 << 30, -31));
        assert_eq!(quantize_multiplier(2f64.powi(-33)), (0, 0));
        assert_eq!(quantize_multiplier(f64::from_bits(1)), (0, 0));
        assert_eq!(quantize_multiplier(0.0), (0, 0));
        assert_eq!(quantize_multiplier(f64::NAN), (0, 0));
    }

    #[test]
    fn fixed_scale_converts_exactly() {
        let (q, s) = quantize_multiplier(0.0014402703931413053);
        let scale = Scale::fixed(i64::from(q), s).unwrap();
        assert_eq!(scale.to_f64(), f64::from(q) / 2f64.powi(31 - s));
    }

    #[test]
    fn rejects_illegal_scales() {
        assert_eq!(Scale::fixed(-1, 0), Err(RescaleError::Multiplier(-1)));
        assert_eq!(Scale::fixed(1 << 31, 0), Err(RescaleError::Multiplier(1 << 31)));
        for scale in [0.0, -1.0, f64::INFINITY] {
            assert_eq!(Scale::real(scale), Err(RescaleError::Scale(scale)));
        }
        assert!(matches!(Scale::real(f64::NAN), Err(RescaleError::Scale(_))));
        assert_eq!(
            Scale::fixed_channels(&[1, 2], &[0]),
            Err(RescaleError::UnequalChannels { multipliers: 2, shifts: 1 })
        );
    }
}
