//! Random multipliers, shifts and zero points for designs in which they are ports.

use super::parameter_sources::{ParameterSource, RequantizerSources};
use crate::audit::operands::operand;
use crate::audit::role::MapRole;
use crate::stimulus::mix;

/// Salt of the random numbers.
const SALT: u64 = 0x5ca1e;

/// Bound of the negative binary exponents of random scales.
const MAX_EXPONENT: u32 = 20;

/// The greatest right shift that is driven.
const MAX_SHIFT: i64 = 62;

impl RequantizerSources {
    /// Appends the parameters number `index` to the columns of their ports.
    ///
    /// Scales range from about 1 down to 2^-19, for narrower accumulators down to `2^-(acc_bits - 1)`.
    pub fn push_random(&self, index: u64, acc_bits: u32, operands: &mut [Vec<u64>]) {
        let exponent = |random: u64| (random >> 32) as i64 % i64::from(acc_bits.min(MAX_EXPONENT));
        push(self.multiplier, index, operands, |bits, random| {
            self.random_multiplier(bits, random, index, exponent(random))
        });
        push(self.shift, index, operands, |bits, random| self.random_shift(bits, exponent(random)));
        push(self.zero_point, index, operands, |bits, random| operand(random, bits));
    }

    /// A multiplier; three of four have few significant bits, so that ties occur.
    fn random_multiplier(&self, bits: u32, random: u64, index: u64, exponent: i64) -> u64 {
        let most = multiplier_bits(bits);
        let significant = match self.shift {
            ParameterSource::Constant(shift) => {
                (i64::from(self.total_shift(shift)) - exponent).clamp(1, most.into()) as u32
            }
            ParameterSource::Port { .. } => most,
        };
        let top = 1u64 << (significant - 1);
        match index % 4 {
            0 => top,
            1 => top | top >> 1,
            2 => top | top >> 2 & random,
            _ => top | (random & (top - 1)),
        }
    }

    /// The shift parameter with which the scale becomes about `2^-exponent`.
    fn random_shift(&self, bits: u32, exponent: i64) -> u64 {
        let significant = match self.multiplier {
            ParameterSource::Constant(multiplier) => 64 - multiplier.leading_zeros(),
            ParameterSource::Port { bits, .. } => multiplier_bits(bits),
        };
        let right = i64::from(significant) + exponent - i64::from(self.base_shift);
        if self.shift_role == MapRole::Shift {
            (-right).clamp(-(1 << (bits - 1)).min(31), (1i64 << (bits - 1)) - 1) as u64
        } else {
            right.clamp(0, ((1i64 << bits) - 1).min(MAX_SHIFT)) as u64
        }
    }
}

/// Significant bits of random multipliers, without a possible sign bit.
///
/// A port of 31 bits has no sign bit.
fn multiplier_bits(port_bits: u32) -> u32 {
    if port_bits == 31 { 31 } else { (port_bits - 1).min(31) }
}

/// Appends a value of `value(bits, random)` to every element of a port.
fn push(source: ParameterSource, index: u64, operands: &mut [Vec<u64>], value: impl Fn(u32, u64) -> u64) {
    let ParameterSource::Port { first, elements, bits } = source else { return };
    for (lane, column) in operands[first..first + elements].iter_mut().enumerate() {
        let random = mix(index ^ SALT ^ (lane as u64) << 48);
        column.push(value(bits, random) & (u64::MAX >> (64 - bits)));
    }
}
