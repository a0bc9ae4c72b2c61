//! The Verilated multiply-accumulate unit as a matrix engine.

use super::{EngineError, MatrixEngine, Operands};
use crate::catalogue::{Config, Direction, Port, Role};
use crate::column::Column;
use crate::cosim::{Dut, Rtl};

/// One output sum a lane: 64 sums are formed side by side, each from its own clear on.
pub struct Verilated {
    dut: Dut,
    lanes: usize,
    driven: Vec<Port>,
    /// Clock edges from a pair to the first `accum` that includes it.
    latency: usize,
    accum: Port,
    cycles: u64,
}

impl Verilated {
    /// An engine on a model of a `mac`, of one lane or of many.
    ///
    /// # Panics
    /// When the model is of another unit.
    pub fn new(rtl: &Rtl) -> Verilated {
        let config: &Config = rtl.config();
        let is_accum = |port: &&Port| port.direction == Direction::Output && port.name == "accum";
        let ports = config.ports();
        let accum = ports.iter().find(is_accum).expect("a mac has accum").clone();
        Verilated {
            dut: rtl.instance(),
            lanes: rtl.lanes().0 as usize,
            driven: ports.into_iter().filter(Port::is_driven).collect(),
            latency: config.behaviour().latency(),
            accum,
            cycles: 0,
        }
    }

    /// The sums of up to as many output elements as there are lanes, the first being `first`.
    fn sums(&mut self, operands: &Operands, first: usize, count: usize) -> Result<Vec<i64>, EngineError> {
        let &Operands { x, w, terms, x_zero, w_zeros } = operands;
        let outputs = w_zeros.len();
        let (lanes, rows) = (self.lanes, terms + self.latency);
        let (mut inputs, mut results) = self.dut.rtl().columns(rows);
        for (port, column) in self.driven.iter().zip(&mut inputs) {
            let code = |row: usize, lane: usize| -> i32 {
                // Lanes without an output, and the rows after the last pair, repeat what is there.
                let (sum, term) = (first + lane.min(count - 1), row.min(terms - 1));
                let (i, j) = (sum / outputs, sum % outputs);
                match port.name {
                    "a" => x[i * terms + term],
                    "b" => w[j * terms + term],
                    "za" => x_zero,
                    _ => w_zeros[j],
                }
            };
            match port.role {
                Role::Clear => column.fill(|index| (index < lanes).into()),
                Role::Data => {
                    column.fill(|index| port.integer.encode(code(index / lanes, index % lanes).into()))
                }
                _ => column.fill(|_| port.idle()),
            }
        }
        self.dut.run(rows, &inputs, &mut results)?;
        self.cycles += rows as u64;
        let accum: &Column = &results[0];
        let sampled = (rows - 1) * lanes;
        Ok((0..count).map(|lane| self.accum.integer.decode(accum.get(sampled + lane)) as i64).collect())
    }
}

impl MatrixEngine for Verilated {
    fn accumulate(&mut self, operands: &Operands) -> Result<Vec<i64>, EngineError> {
        let total = operands.x.len() / operands.terms * operands.w_zeros.len();
        let mut sums = Vec::with_capacity(total);
        while sums.len() < total {
            let count = self.lanes.min(total - sums.len());
            sums.extend(self.sums(operands, sums.len(), count)?);
        }
        Ok(sums)
    }

    fn cycles(&self) -> u64 {
        self.cycles
    }
}
