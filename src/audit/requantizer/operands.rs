//! Random accumulators for requantizers, most of them near ties.

use super::parameter_sources::RequantizerSources;
use super::parameters::TransactionParameters;
use super::reading::ParameterSigns;
use crate::audit::operands::{OperandSource, corner, decode, operand};
use crate::stimulus::mix;

/// Consecutive transactions with the same parameters.
const SHARED: u64 = 16;

/// Random accumulators, with random parameters where these are ports.
pub(crate) struct AccumulatorOperands {
    pub parameters: RequantizerSources,
    pub acc_bits: u32,
    pub out_bits: u32,
    /// Accumulators per transaction.
    pub lanes: usize,
    /// Elements of all operands.
    pub elements: usize,
    pub seed: u64,
    /// Number of transactions.
    pub len: u64,
}

/// Distribution of a random accumulator.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AccumulatorClass {
    /// At most two away from a tie between output codes.
    NearTie,
    /// At most three codes away from an end of the output, or from an end that is doubled.
    NearEnd,
    /// Uniform between the least and the greatest output code.
    InRange,
    /// A power of two of either sign, or up to three more.
    PowerOfTwo,
    /// A corner value, or of any magnitude.
    Any,
}

impl AccumulatorClass {
    /// The class that the highest four bits select.
    fn of(random: u64) -> Self {
        match random >> 60 {
            0..=5 => Self::NearTie,
            6..=7 => Self::NearEnd,
            8..=11 => Self::InRange,
            12 => Self::PowerOfTwo,
            _ => Self::Any,
        }
    }
}

impl OperandSource for AccumulatorOperands {
    fn len(&self) -> u64 {
        self.len
    }

    fn is_exhaustive(&self) -> bool {
        false
    }

    fn counts_for_bias(&self, index: u64) -> bool {
        let class = |lane| AccumulatorClass::of(self.random(index, lane));
        (0..self.lanes).all(|lane| class(lane) == AccumulatorClass::InRange)
    }

    fn fill(&self, first: u64, len: usize) -> Vec<Vec<u64>> {
        let mut operands = vec![Vec::with_capacity(len); self.elements];
        let mask = u64::MAX >> (64 - self.acc_bits);
        for (row, index) in (first..first + len as u64).enumerate() {
            self.parameters.push_random(index / SHARED, self.acc_bits, self.out_bits, &mut operands);
            let is_odd = |bit: u64| mix(index ^ self.seed) >> bit & 1 == 1;
            // The signedness is not known yet.
            let signs = ParameterSigns { multiplier: is_odd(0), zero_point: is_odd(1), bias: is_odd(2) };
            for lane in 0..self.lanes {
                let parameters = self.parameters.at(&operands, row, lane, signs);
                let acc = self.accumulator(&parameters, self.random(index, lane));
                operands[lane].push(acc as u64 & mask);
            }
        }
        operands
    }
}

impl AccumulatorOperands {
    /// Random bits for one accumulator, of which the highest four select its class.
    ///
    /// All lanes of a transaction have the same class, so that all or none count for the bias.
    fn random(&self, index: u64, lane: usize) -> u64 {
        let salt = mix(self.seed ^ (lane as u64) << 40);
        let class = mix(self.seed.wrapping_mul(0x2545_f491_4f6c_dd1d).wrapping_add(index));
        class >> 60 << 60 | mix(salt.wrapping_add(index)) >> 4
    }

    fn accumulator(&self, parameters: &TransactionParameters, random: u64) -> i64 {
        let acc_of =
            |code: f64| (code - parameters.zero_point as f64) / parameters.scale - parameters.bias as f64;
        let acc = match AccumulatorClass::of(random) {
            AccumulatorClass::NearTie => {
                let tie = acc_of(self.code(random) + 0.5).round() as i64;
                tie.saturating_add((random % 5) as i64 - 2)
            }
            AccumulatorClass::NearEnd => {
                let bits = (self.out_bits + 1).min(64);
                let end = decode(corner(mix(random), bits), bits, true) as f64;
                acc_of(end + (random % 7) as f64 - 3.0).round() as i64
            }
            AccumulatorClass::InRange => {
                let fraction = f64::from(random as u32) / 2f64.powi(32);
                acc_of(self.code(random) + fraction).floor() as i64
            }
            AccumulatorClass::PowerOfTwo => {
                let power = 1i64 << (random % u64::from(self.acc_bits));
                let near = power.wrapping_add((random >> 20 & 3) as i64);
                if random >> 30 & 1 == 0 { near } else { near.wrapping_neg() }
            }
            AccumulatorClass::Any => operand(mix(random), self.acc_bits) as i64,
        };
        let signed = decode(acc as u64 & (u64::MAX >> (64 - self.acc_bits)), self.acc_bits, true);
        let fits = signed == acc || acc >= 0 && acc.unsigned_abs() >> self.acc_bits.min(63) == 0;
        // A target that no accumulator reaches is replaced.
        if fits { acc } else { operand(mix(random), self.acc_bits) as i64 }
    }

    /// An output code, or one beyond the bounds.
    ///
    /// Codes of wide outputs have any magnitude.
    fn code(&self, random: u64) -> f64 {
        let random = mix(random);
        let magnitude = match self.out_bits {
            bits @ ..=12 => bits,
            bits => 4 + (random >> 56) as u32 % bits.min(40),
        };
        let code = (random & ((2 << magnitude) - 1)) as i64 - (1 << magnitude);
        code as f64
    }
}
