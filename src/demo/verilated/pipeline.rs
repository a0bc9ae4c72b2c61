//! A stream through a pipelined unit.

use crate::simulation::{CompiledModel, Dut, DutError};
use crate::unit::{Column, Port, Role};

/// A pipelined unit that takes in a transaction a cycle on every lane.
pub(crate) struct Pipeline {
    dut: Dut,
    lanes: usize,
    driven: Vec<Port>,
    latency: usize,
    cycles: u64,
}

impl Pipeline {
    pub(crate) fn new(rtl: &CompiledModel) -> Self {
        Self {
            dut: rtl.instance(),
            lanes: rtl.lanes().0 as usize,
            driven: rtl.config().ports().into_iter().filter(Port::is_driven).collect(),
            latency: rtl.config().behaviour().latency(),
            cycles: 0,
        }
    }

    /// The ports that take operands, in the order of their columns.
    pub(crate) fn operands(&self) -> impl Iterator<Item = &Port> {
        self.driven.iter().filter(|port| port.role == Role::Data)
    }

    /// The results that the unit calls valid, of operands that have a column of equal length for each port.
    pub(crate) fn run(&mut self, operands: &[Column]) -> Result<Vec<u64>, DutError> {
        let (lanes, count) = (self.lanes, operands[0].len());
        // A row of reset, the transactions side by side, and as many rows as the last takes to come out.
        let rows = 1 + count.div_ceil(lanes) + self.latency;
        let (mut inputs, mut outputs) = self.dut.model().columns(rows);
        let mut operands = operands.iter();
        for (port, column) in self.driven.iter().zip(&mut inputs) {
            match port.role {
                Role::Reset => column.set(0, 1),
                Role::Valid => column.write(lanes, std::iter::repeat_n(1, count)),
                Role::Data => {
                    column.copy_from(lanes, operands.next().expect("a column for each operand"), 0, count);
                }
                _ => column.fill(|_| port.idle()),
            }
        }
        self.dut.run(rows, &inputs, &mut outputs)?;
        self.cycles += rows as u64;
        let [valid, result] = &outputs[..] else { unreachable!("a pipelined unit has one result") };
        Ok((0..result.len()).filter(|&index| valid.get(index) == 1).map(|index| result.get(index)).collect())
    }

    pub(crate) fn cycles(&self) -> u64 {
        self.cycles
    }
}
