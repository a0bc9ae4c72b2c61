//! The Verilated multiply-accumulate unit.

use super::bias::pairs;
use crate::demo::backend::{Backend, BackendError};
use crate::demo::mac_job::MacJob;
use crate::simulation::{CompiledModel, Dut};
use crate::unit::{Column, Config, Direction, Port, Role};

/// Backend of a multiply-accumulate unit, one sum per lane.
///
/// The bias enters as products of further pairs.
pub(crate) struct VerilatedMac {
    dut: Dut,
    lanes: usize,
    driven: Vec<Port>,
    /// Clock edges from a pair to the first `accum` that includes it.
    latency: usize,
    accum: Port,
    /// Largest codes of `a` and `b`.
    largest: (i32, i32),
    cycles: u64,
}

/// Values of the operand ports of one lane in one cycle.
#[derive(Clone, Copy)]
struct OperandPair {
    a: i32,
    b: i32,
    za: i32,
    zb: i32,
}

impl VerilatedMac {
    /// Creates a backend from a model of a `mac` with any number of lanes.
    ///
    /// # Panics
    /// If the model is of another unit.
    pub(crate) fn new(rtl: &CompiledModel) -> Self {
        let config: &Config = rtl.config();
        let ports = config.ports();
        let port = |name| ports.iter().find(|port| port.name == name).expect("a mac has the port");
        let is_accum = |port: &&Port| port.direction == Direction::Output && port.name == "accum";
        Self {
            dut: rtl.instance(),
            lanes: rtl.lanes().0 as usize,
            latency: config.behaviour().latency(),
            accum: ports.iter().find(is_accum).expect("a mac has accum").clone(),
            largest: (port("a").integer.max() as i32, port("b").integer.max() as i32),
            driven: ports.into_iter().filter(Port::is_driven).collect(),
            cycles: 0,
        }
    }

    /// Pairs whose products are the bias of each output.
    fn bias(&self, operands: &MacJob) -> Result<Vec<Vec<OperandPair>>, BackendError> {
        let has_zero_points = self.driven.iter().any(|port| port.name == "zb");
        let (largest_a, largest_b) = self.largest;
        let pair = |(a, b): (i32, i32)| {
            if has_zero_points {
                // An unsigned operand becomes negative as 0 minus its zero point.
                OperandPair { a, za: 0, b: b.max(0), zb: (-b).max(0) }
            } else {
                OperandPair { a, za: 0, b, zb: 0 }
            }
        };
        let of_output = |&bias: &i32| -> Result<Vec<OperandPair>, BackendError> {
            Ok(pairs(bias, largest_a, largest_b)?.into_iter().map(pair).collect())
        };
        operands.bias.iter().map(of_output).collect()
    }

    /// Computes `count` sums from index `first` on, at most one per lane.
    fn sums(
        &mut self,
        operands: &MacJob,
        bias: &[Vec<OperandPair>],
        first: usize,
        count: usize,
    ) -> Result<Vec<i64>, BackendError> {
        let MacJob { x, w, terms, x_zero, w_zeros, .. } = operands;
        let (lanes, outputs) = (self.lanes, w_zeros.len());
        let longest = bias.iter().map(Vec::len).max().unwrap_or(0);
        let rows = terms + longest + self.latency;
        let pair = |row: usize, lane: usize| -> OperandPair {
            // Lanes without a sum repeat the last one.
            let sum = first + lane.min(count - 1);
            let (i, j) = (sum / outputs, sum % outputs);
            match row.checked_sub(*terms) {
                None => {
                    OperandPair { a: x[i * terms + row], za: *x_zero, b: w[j * terms + row], zb: w_zeros[j] }
                }
                Some(row) => bias[j].get(row).copied().unwrap_or(OperandPair { a: 0, za: 0, b: 0, zb: 0 }),
            }
        };
        let (mut inputs, mut results) = self.dut.model().columns(rows);
        for (port, column) in self.driven.iter().zip(&mut inputs) {
            let value: fn(OperandPair) -> i32 = match port.name {
                "a" => |pair| pair.a,
                "b" => |pair| pair.b,
                "za" => |pair| pair.za,
                _ => |pair| pair.zb,
            };
            match port.role {
                Role::Clear => column.fill(|index| (index < lanes).into()),
                Role::Data => {
                    column.fill(|index| port.integer.encode(value(pair(index / lanes, index % lanes)).into()))
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

impl Backend<MacJob> for VerilatedMac {
    fn run(&mut self, job: &MacJob) -> Result<Vec<i64>, BackendError> {
        let bias = self.bias(job)?;
        let total = job.x.len() / job.terms * job.w_zeros.len();
        let mut sums = Vec::with_capacity(total);
        while sums.len() < total {
            let count = self.lanes.min(total - sums.len());
            sums.extend(self.sums(job, &bias, sums.len(), count)?);
        }
        Ok(sums)
    }

    fn cycles(&self) -> u64 {
        self.cycles
    }
}
