//! The Verilated requantizer.

use super::super::{Engine, EngineError, Rescaling};
use super::pipeline::Pipeline;
use crate::catalogue::{Direction, Integer, Port, Role};
use crate::column::Column;
use crate::cosim::Rtl;
use crate::reference::rescale::{Rule, Scale};

/// Sums on all lanes, each with the numbers of its channel beside it.
pub(super) struct VerilatedRequantizer {
    pipeline: Pipeline,
    out: Integer,
}

impl VerilatedRequantizer {
    /// # Panics
    /// When the model is of another unit.
    pub(super) fn new(rtl: &Rtl) -> Self {
        let is_out = |port: &Port| port.direction == Direction::Output && port.role == Role::Data;
        let out = rtl.config().ports().into_iter().find(is_out).expect("a requantizer has a result").integer;
        Self { pipeline: Pipeline::new(rtl), out }
    }
}

impl Engine<Rescaling> for VerilatedRequantizer {
    fn run(&mut self, job: &Rescaling) -> Result<Vec<i32>, EngineError> {
        let (scales, output) = (job.stage.scales(), job.stage.output());
        let operand = |port: &Port| {
            let value = |index: usize| -> i64 {
                let scale = scales[index % scales.len()];
                match port.name {
                    "acc" => job.sums[index],
                    "multiplier" => multiplier(job.stage.rule(), scale),
                    "shift" => shift(job.stage.rule(), scale),
                    "zero_point" => output.zero_point().into(),
                    "clamp_min" => output.min().into(),
                    _ => output.max().into(),
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

fn multiplier(rule: Rule, scale: Scale) -> i64 {
    match rule {
        Rule::F32 => (scale.to_f64() as f32).to_bits().into(),
        _ => scale.to_fixed().0.into(),
    }
}

fn shift(rule: Rule, scale: Scale) -> i64 {
    let (_, shift) = scale.to_fixed();
    // A power of two has the fraction one half, which the rules that only shift do not multiply by.
    i64::from(if matches!(rule, Rule::Pow2 | Rule::Pow2Floor) { shift - 1 } else { shift })
}
