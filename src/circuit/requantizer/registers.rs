//! Positions of the pipeline registers of a requantizer.

use serde_json::{Value as Json, json};

use super::requantization::RoundingRule;
use crate::circuit::verilog::vector_type;
use crate::unit::Integer;

/// A position between two steps that may have registers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    Input,
    Significand,
    Product,
    High,
    Scaled,
    Offset,
}

/// A value on its way to the output: its name changes with each register.
#[derive(Clone)]
pub(super) struct Signal {
    base: &'static str,
    pub(super) name: String,
    pub(super) integer: Integer,
}

impl Signal {
    pub(super) fn new(base: &'static str, integer: Integer) -> Self {
        Self { base, name: base.to_string(), integer }
    }

    /// Its name before any register.
    pub(super) fn base(&self) -> &'static str {
        self.base
    }
}

/// The type before the name of a net; empty for a single bit.
pub(super) fn net_type(integer: Integer) -> String {
    if integer.bits == 1 { String::new() } else { format!("{} ", vector_type(integer)) }
}

/// The registers of the pipeline, inserted position by position.
pub(super) struct PipelineRegisters {
    positions: Vec<Position>,
    stage: u32,
}

impl PipelineRegisters {
    /// Registers of a pipeline of `stages`, the output register included.
    ///
    /// The others are placed where they shorten the critical path most; those beyond five hold the inputs.
    pub(super) fn new(rule: RoundingRule, stages: u32) -> Self {
        use Position::*;
        let order = match rule {
            RoundingRule::Gemmlowp | RoundingRule::Ruy => [Product, Scaled, High, Input, Offset],
            _ if rule.is_float() => [Product, Scaled, Input, High, Significand],
            _ if rule.is_pow2() => [Scaled, Input, Offset, Input, Input],
            _ => [Product, Scaled, Input, Offset, Input],
        };
        let positions = order.into_iter().chain(std::iter::repeat(Input)).take(stages as usize - 1);
        Self { positions: positions.collect(), stage: 0 }
    }

    /// Registers at one position for all signals that later steps read, as a list of banks.
    pub(super) fn at(&mut self, position: Position, live: &mut [&mut Option<Signal>]) -> Json {
        let banks = self.positions.iter().filter(|&&other| other == position).count();
        let banks: Vec<Json> = (0..banks).map(|_| self.bank(live)).collect();
        banks.into()
    }

    fn bank(&mut self, live: &mut [&mut Option<Signal>]) -> Json {
        self.stage += 1;
        let registers: Vec<Json> = live
            .iter_mut()
            .filter_map(|signal| signal.as_mut())
            .map(|signal| {
                let from = std::mem::replace(&mut signal.name, format!("{}_{}", signal.base, self.stage));
                json!({ "type": net_type(signal.integer), "name": signal.name, "from": from })
            })
            .collect();
        registers.into()
    }
}
