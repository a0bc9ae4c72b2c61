//! A requantizer as its port map and settings describe it.

use super::numbers::{Accumulators, Numbers};
use super::rounding::Rounding;
use crate::audit::binding::Binding;
use crate::audit::error::AuditError;
use crate::audit::request::Effort;
use crate::audit::role::Role;
use crate::audit::settings::Settings;
use crate::audit::stimulus::{Stimulus, Whole};

/// What the map and the settings say of a requantizer.
pub(crate) struct Requantizer {
    pub(crate) numbers: Numbers,
    pub(crate) acc_bits: u32,
    pub(crate) out_bits: u32,
    /// Accumulators side by side, and results.
    pub(crate) lanes: usize,
    /// Elements of all operands.
    operands: usize,
    pub(crate) signs: [Vec<bool>; 2],
}

/// Accumulators of up to so many bits are all driven.
const WHOLE_BITS: u32 = 24;

impl Requantizer {
    pub fn new(binding: &Binding, settings: &Settings) -> Result<Requantizer, AuditError> {
        let lanes = binding.elements(Role::Acc);
        let counts: Vec<usize> = binding.operands().map(|operand| operand.elements).collect();
        if binding.elements(Role::Out) != lanes || counts.iter().any(|&count| count != 1 && count != lanes) {
            let counts = counts.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
            let text = format!("operands have {counts} elements, and out {}", binding.elements(Role::Out));
            return Err(AuditError::Elements(text));
        }
        Ok(Requantizer {
            numbers: Numbers::new(binding, settings)?,
            acc_bits: binding.bits(Role::Acc),
            out_bits: binding.bits(Role::Out),
            lanes,
            operands: binding.operands().map(|operand| operand.elements).sum(),
            signs: [settings.flags("acc_signed")?, settings.flags("out_signed")?],
        })
    }

    /// The accumulators to drive, and the numbers where they are ports.
    pub fn stimulus(&self, effort: &Effort) -> Box<dyn Stimulus> {
        let bits = if effort.exhaustive { 32 } else { WHOLE_BITS };
        if self.numbers.fixed().is_some() && self.operands == 1 && self.acc_bits <= bits {
            return Box::new(Whole::new(&[self.acc_bits]));
        }
        Box::new(Accumulators {
            numbers: self.numbers.clone(),
            acc_bits: self.acc_bits,
            out_bits: self.out_bits,
            lanes: self.lanes,
            operands: self.operands,
            seed: effort.seed,
            len: effort.cases,
        })
    }

    /// The names of all candidates.
    pub fn names() -> Vec<String> {
        Rounding::all(true).into_iter().map(Rounding::name).collect()
    }
}
