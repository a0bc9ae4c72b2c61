//! Transactions through a pipelined unit.

use crate::simulation::{CompiledModel, Dut, DutError};
use crate::unit::{Column, Port, Role};

/// A pipelined unit that accepts one transaction per cycle and lane.
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

    /// Operand ports, in the order of their columns.
    pub(crate) fn operands(&self) -> impl Iterator<Item = &Port> {
        self.driven.iter().filter(|port| port.role == Role::Data)
    }

    /// Drives one column per operand port and returns the valid results.
    ///
    /// All columns have the same length.
    pub(crate) fn run(&mut self, operands: &[Column]) -> Result<Vec<u64>, DutError> {
        let (lanes, count) = (self.lanes, operands[0].len());
        // One row of reset, the transactions spread over the lanes, and the latency of the last one.
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
