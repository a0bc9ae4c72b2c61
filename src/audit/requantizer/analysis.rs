//! A requantizer as described by port map and settings.

use super::candidate::RoundingCandidate;
use super::operands::AccumulatorOperands;
use super::parameter_sources::RequantizerSources;
use crate::audit::error::AuditError;
use crate::audit::operands::{ExhaustiveOperands, OperandSource};
use crate::audit::port_map::PortMap;
use crate::audit::request::StimulusEffort;
use crate::audit::role::MapRole;
use crate::audit::settings::Settings;

/// The widest accumulator that is enumerated by default.
const EXHAUSTIVE_BITS: u32 = 24;

/// The widest accumulator that is enumerated on request.
const REQUESTED_BITS: u32 = 32;

/// Analysis of a requantizer.
pub(crate) struct RequantizerAnalysis {
    pub(crate) parameters: RequantizerSources,
    pub(crate) acc_bits: u32,
    pub(crate) out_bits: u32,
    /// Accumulators, and results, per transaction.
    pub(crate) lanes: usize,
    /// Elements of all operands.
    elements: usize,
    /// Values to try for the signedness of the accumulator.
    pub(crate) acc_signed: Vec<bool>,
    /// Values to try for the signedness of the output.
    pub(crate) out_signed: Vec<bool>,
}

impl RequantizerAnalysis {
    pub fn new(map: &PortMap, settings: &Settings) -> Result<Self, AuditError> {
        let lanes = map.elements(MapRole::Acc);
        let results = map.elements(MapRole::Out);
        let counts: Vec<usize> = map.operands().map(|operand| operand.elements).collect();
        if results != lanes || counts.iter().any(|&count| count != 1 && count != lanes) {
            let counts = counts.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
            let text = format!("the operands have {counts} elements, and out has {results}");
            return Err(AuditError::ElementCounts(text));
        }
        Ok(Self {
            parameters: RequantizerSources::new(map, settings)?,
            acc_bits: map.bits(MapRole::Acc),
            out_bits: map.bits(MapRole::Out),
            lanes,
            elements: counts.iter().sum(),
            acc_signed: settings.flags("acc_signed")?,
            out_signed: settings.flags("out_signed")?,
        })
    }

    /// The operands to drive.
    pub fn operands(&self, effort: &StimulusEffort) -> Box<dyn OperandSource> {
        let limit = if effort.exhaustive { REQUESTED_BITS } else { EXHAUSTIVE_BITS };
        if self.parameters.constant().is_some() && self.elements == 1 && self.acc_bits <= limit {
            return Box::new(ExhaustiveOperands::new(&[self.acc_bits]));
        }
        Box::new(AccumulatorOperands {
            parameters: self.parameters.clone(),
            acc_bits: self.acc_bits,
            out_bits: self.out_bits,
            lanes: self.lanes,
            elements: self.elements,
            seed: effort.seed,
            len: effort.cases,
        })
    }

    /// The names of all candidates.
    pub fn names() -> Vec<String> {
        RoundingCandidate::all(true).into_iter().map(RoundingCandidate::name).collect()
    }
}
