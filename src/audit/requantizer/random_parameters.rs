//! Random multipliers, shifts and zero points for designs in which they are ports.
//!
//! Half of the parameters give scales that are usual; the others cover the whole range of the ports, so
//! that a verdict holds for every value that a port can have.

use super::parameter_sources::{ParameterSource, RequantizerSources};
use crate::audit::operands::{corner, decode, operand};
use crate::stimulus::mix;

/// Salt of the random numbers.
const SALT: u64 = 0x5ca1e;

/// Bound of the negative binary exponents of usual scales.
const MAX_EXPONENT: u32 = 20;

/// The widest shift port of which every value is driven.
const SWEPT_BITS: u32 = 8;

/// Distribution of the parameters of a transaction.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ParameterClass {
    /// Scales from about 1 down to 2^-19, positive multipliers without the highest bit.
    Usual,
    /// Usual multiplier, shift of the whole range.
    AnyShift,
    /// Multiplier of the whole range, with a shift that suits it.
    AnyMultiplier,
    /// Multiplier and shift of the whole range.
    Any,
    /// The ends of all ranges, and 0.
    Corners,
}

impl ParameterClass {
    fn of(index: u64) -> Self {
        match index % 8 {
            0..=3 => Self::Usual,
            4 => Self::AnyShift,
            5 => Self::AnyMultiplier,
            6 => Self::Any,
            _ => Self::Corners,
        }
    }
}

impl RequantizerSources {
    /// Appends the parameters number `index` to the columns of their ports.
    pub fn push_random(&self, index: u64, acc_bits: u32, out_bits: u32, operands: &mut [Vec<u64>]) {
        let exponent = |random: u64| (random >> 32) as i64 % i64::from(acc_bits.min(MAX_EXPONENT));
        let class = ParameterClass::of(index);
        push(self.multiplier, index, operands, |bits, random| match class {
            ParameterClass::Usual | ParameterClass::AnyShift => {
                self.usual_multiplier(bits, random, index / 8, exponent(random))
            }
            ParameterClass::AnyMultiplier | ParameterClass::Any => operand(mix(random), bits),
            ParameterClass::Corners => corner(mix(random), bits),
        });
        push(self.shift, index, operands, |bits, random| match class {
            ParameterClass::Usual => self.suitable_shift(bits, self.usual_bits(), exponent(random)),
            ParameterClass::AnyMultiplier => {
                let multiplier =
                    random_value(self.multiplier, random, |bits, random| operand(mix(random), bits));
                self.suitable_shift(bits, multiplier, exponent(random))
            }
            ParameterClass::AnyShift | ParameterClass::Any if bits <= SWEPT_BITS => {
                (index / 8) & ((1 << bits) - 1)
            }
            ParameterClass::AnyShift | ParameterClass::Any => operand(mix(random ^ SALT), bits),
            ParameterClass::Corners => corner(mix(random ^ SALT), bits),
        });
        push(self.zero_point, index, operands, |bits, random| match class {
            // The code of real zero, usually.
            ParameterClass::Usual => {
                let code = operand(random, bits.min(out_bits));
                if random >> 8 & 1 == 0 { code } else { decode(code, bits.min(out_bits), true) as u64 }
            }
            ParameterClass::Corners => corner(mix(random), bits),
            _ => operand(random, bits),
        });
        push(self.bias, index, operands, |bits, random| match class {
            ParameterClass::Corners => corner(mix(random ^ SALT << 1), bits),
            _ => operand(mix(random ^ SALT << 1), bits),
        });
    }

    /// A multiplier; three of four have few significant bits, so that ties occur.
    fn usual_multiplier(&self, bits: u32, random: u64, form: u64, exponent: i64) -> u64 {
        let most = multiplier_bits(bits);
        let significant = match self.shift {
            ParameterSource::Constant(shift) => {
                (i64::from(self.total_shift(shift)) - exponent).clamp(1, most.into()) as u32
            }
            ParameterSource::Port { .. } => most,
        };
        let top = 1u64 << (significant - 1);
        match form % 4 {
            0 => top,
            1 => top | top >> 1,
            2 => top | top >> 2 & random,
            _ => top | (random & (top - 1)),
        }
    }

    /// Significant bits of usual multipliers.
    fn usual_bits(&self) -> u32 {
        match self.multiplier {
            ParameterSource::Constant(multiplier) => 64 - multiplier.leading_zeros(),
            ParameterSource::Port { bits, .. } => multiplier_bits(bits),
        }
    }

    /// The shift parameter with which a multiplier of some significant bits becomes about `2^-exponent`.
    fn suitable_shift(&self, bits: u32, significant: u32, exponent: i64) -> u64 {
        let value = self.shift_value((i64::from(significant) + exponent) as i32);
        if self.has_signed_shift() {
            value.clamp(-(1 << (bits - 1)), (1 << (bits - 1)) - 1) as u64
        } else {
            value.clamp(0, (1 << bits) - 1) as u64
        }
    }
}

/// Significant bits of usual multipliers, without a possible sign bit.
///
/// A port of 31 bits has no sign bit.
fn multiplier_bits(port_bits: u32) -> u32 {
    if port_bits == 31 { 31 } else { (port_bits - 1).min(31) }
}

/// Significant bits of the value that a parameter has.
fn random_value(source: ParameterSource, random: u64, value: impl Fn(u32, u64) -> u64) -> u32 {
    match source {
        ParameterSource::Constant(value) => 64 - value.leading_zeros(),
        ParameterSource::Port { bits, .. } => {
            let magnitude = decode(value(bits, random), bits, true).unsigned_abs();
            64 - magnitude.leading_zeros()
        }
    }
}

/// Appends a value of `value(bits, random)` to every element of a port.
fn push(source: ParameterSource, index: u64, operands: &mut [Vec<u64>], value: impl Fn(u32, u64) -> u64) {
    let ParameterSource::Port { first, elements, bits } = source else { return };
    for (lane, column) in operands[first..first + elements].iter_mut().enumerate() {
        let random = mix(index ^ SALT ^ (lane as u64) << 48);
        column.push(value(bits, random) & (u64::MAX >> (64 - bits)));
    }
}
