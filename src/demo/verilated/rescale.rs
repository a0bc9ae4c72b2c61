//! The Verilated requantizer.

use super::pipeline::Pipeline;
use crate::arithmetic::rescale::RuleScale;
use crate::demo::backend::{Backend, BackendError};
use crate::demo::requantizer_job::RequantizerJob;
use crate::simulation::CompiledModel;
use crate::unit::{Column, Direction, Integer, Port, Role};

/// Backend of a requantizer: sums on all lanes, with the numbers of their channel.
pub(crate) struct VerilatedRequantizer {
    pipeline: Pipeline,
    out: Integer,
}

impl VerilatedRequantizer {
    /// Creates a backend from a model of a `requantizer`.
    ///
    /// # Panics
    /// If the model is of another unit.
    pub(crate) fn new(rtl: &CompiledModel) -> Self {
        let is_out = |port: &Port| port.direction == Direction::Output && port.role == Role::Data;
        let out = rtl.config().ports().into_iter().find(is_out).expect("a requantizer has a result").integer;
        Self { pipeline: Pipeline::new(rtl), out }
    }
}

impl Backend<RequantizerJob> for VerilatedRequantizer {
    fn run(&mut self, job: &RequantizerJob) -> Result<Vec<i32>, BackendError> {
        let channels = job.rescaler.channels();
        let operand = |port: &Port| {
            let value = |index: usize| -> i64 {
                let channel = channels[index % channels.len()];
                match port.name {
                    "acc" => job.sums[index],
                    "multiplier" => multiplier(channel.factor),
                    "shift" => shift(channel.factor),
                    "zero_point" => channel.output.zero_point().into(),
                    "clamp_min" => channel.output.min().into(),
                    _ => channel.output.max().into(),
                }
            };
            let mut column = Column::zeros(port.width(), job.sums.len());
            column.fill(|index| port.integer.encode(value(index).into()));
            column
        };
        let operands: Vec<Column> = self.pipeline.operands().map(operand).collect();
        let codes = self.pipeline.run(&operands)?;
        Ok(codes.into_iter().map(|code| self.out.decode(code) as i32).collect())
    }

    fn cycles(&self) -> u64 {
        self.pipeline.cycles()
    }
}

/// Value of the port `multiplier`; 0 for rules without one.
fn multiplier(factor: RuleScale) -> i64 {
    match factor {
        RuleScale::Fixed { multiplier, .. } => multiplier.into(),
        RuleScale::F32(scale) => scale.to_bits().into(),
        RuleScale::BiasedF32 { .. } | RuleScale::F64(_) | RuleScale::ShiftRight(_) => 0,
    }
}

/// Value of the port `shift`; 0 for rules without one.
fn shift(factor: RuleScale) -> i64 {
    match factor {
        RuleScale::Fixed { shift, .. } => shift.into(),
        RuleScale::ShiftRight(right) => -i64::from(right),
        RuleScale::F32(_) | RuleScale::BiasedF32 { .. } | RuleScale::F64(_) => 0,
    }
}
