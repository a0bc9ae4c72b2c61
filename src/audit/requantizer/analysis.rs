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

/// Operand bits that are enumerated on request.
const REQUESTED_BITS: u32 = 32;

/// Analysis of a requantizer.
#[derive(Clone)]
pub(crate) struct RequantizerAnalysis {
    pub(crate) parameters: RequantizerSources,
    pub(crate) acc_bits: u32,
    pub(crate) out_bits: u32,
    /// Accumulators, and results, per transaction.
    pub(crate) lanes: usize,
    /// Widths of all operand elements.
    widths: Vec<u32>,
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
            widths: map.operand_widths(),
            acc_signed: signedness(map, settings, MapRole::Acc, "acc_signed")?,
            out_signed: signedness(map, settings, MapRole::Out, "out_signed")?,
        })
    }

    /// The operands to drive.
    ///
    /// # Errors
    /// [`AuditError::TooManyOperandBits`] for `--exhaustive`.
    pub fn operands(&self, effort: &StimulusEffort) -> Result<Box<dyn OperandSource>, AuditError> {
        if let Some(exhaustive) = ExhaustiveOperands::if_few(&self.widths, effort, REQUESTED_BITS)? {
            return Ok(Box::new(exhaustive));
        }
        Ok(Box::new(AccumulatorOperands {
            parameters: self.parameters.clone(),
            acc_bits: self.acc_bits,
            out_bits: self.out_bits,
            lanes: self.lanes,
            elements: self.widths.len(),
            seed: effort.seed,
            len: effort.cases,
        }))
    }

    /// The same design with a constant bias.
    pub(crate) fn with_bias(&self, bias: i64) -> Self {
        Self { parameters: self.parameters.with_bias(bias), ..self.clone() }
    }

    /// The names of all candidates.
    pub fn names() -> Vec<String> {
        let wrapped = RoundingCandidate::of_wrapping_products();
        RoundingCandidate::all(true).into_iter().chain(wrapped).map(RoundingCandidate::name).collect()
    }
}

/// The signedness to try for a port; unsigned numbers of 64 bits are not represented.
fn signedness(map: &PortMap, settings: &Settings, role: MapRole, key: &str) -> Result<Vec<bool>, AuditError> {
    let flags = settings.flags(key)?;
    if map.bits(role) < 64 {
        return Ok(flags);
    }
    if flags.contains(&true) {
        return Ok(vec![true]);
    }
    let expected = "true for 64 bits, or map at most 63 bits".to_string();
    Err(AuditError::InvalidValue { key: key.to_string(), value: "false".to_string(), expected })
}
