//! Exhaustive stimulus: every value of the input space, once.

use super::domain::{domain, is_data};
use super::source::Stimulus;
use crate::unit::{Column, Port};

/// Every value of the input space of a feed-forward unit.
///
/// The index is divided into fields, the first data port taking the lowest bits. Narrow ports, whose
/// elements exclude a value, come after the others and count in digits. Control inputs are idle.
pub struct ExhaustiveStimulus {
    ports: Vec<PortField>,
    size: u64,
}

/// How the values of a port follow from the index.
enum PortField {
    Data {
        offset: u32,
        mask: u64,
    },
    /// One digit per element, the first element's the lowest.
    Digits {
        stride: u64,
        port: Port,
    },
    Idle(u64),
}

impl ExhaustiveStimulus {
    /// Largest input space, in bits: at 10^9 values a second, 2^40 take 20 minutes.
    pub const MAX_BITS: u32 = 40;

    /// All inputs of a unit with these ports; `None` if there are more than 2^40.
    pub fn new(ports: &[Port]) -> Option<Self> {
        let size = domain(ports).filter(|&size| size <= 1 << Self::MAX_BITS)?;
        let mut offset = 0;
        let binary_bits: u32 =
            ports.iter().filter(|port| is_data(port) && !port.narrow).map(Port::width).sum();
        let mut stride = 1 << binary_bits;
        let field = |port: &Port| match port {
            _ if !is_data(port) => PortField::Idle(port.idle()),
            _ if port.narrow => {
                let own = stride;
                stride *= values(port);
                PortField::Digits { stride: own, port: port.clone() }
            }
            _ => {
                let start = offset;
                offset += port.width();
                PortField::Data { offset: start, mask: (1 << port.width()) - 1 }
            }
        };
        Some(Self { ports: ports.iter().filter(|port| port.is_driven()).map(field).collect(), size })
    }
}

/// Number of values of a port.
fn values(port: &Port) -> u64 {
    element_values(port).pow(port.elements)
}

fn element_values(port: &Port) -> u64 {
    (port.integer.max() - port.min() + 1) as u64
}

/// The pattern of a port from the digits of a number.
fn from_digits(port: &Port, mut number: u64) -> u64 {
    let base = element_values(port);
    (0..port.elements).fold(0, |pattern, element| {
        let value = port.min() + i128::from(number % base);
        number /= base;
        pattern | port.integer.encode(value) << (port.integer.bits * element)
    })
}

impl Stimulus for ExhaustiveStimulus {
    fn transactions(&self) -> u64 {
        self.size
    }

    fn chunk(&self) -> u64 {
        1 << 20
    }

    fn is_steady(&self) -> bool {
        true
    }

    fn fill(&self, first: u64, inputs: &mut [Column]) {
        for (field, column) in self.ports.iter().zip(inputs) {
            match *field {
                PortField::Data { offset, mask } => column.fill(|i| (first + i as u64) >> offset & mask),
                PortField::Digits { stride, ref port } => {
                    column.fill(|i| from_digits(port, (first + i as u64) / stride));
                }
                PortField::Idle(value) => column.fill(|_| value),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue;
    use crate::stimulus::shard::Shard;

    #[test]
    fn each_shard_gets_one_value_of_the_slowest_port() {
        let ports = catalogue::preset("requantizer_per_channel").expect("a preset").ports();
        let slowest = ports.iter().rfind(|port| is_data(port)).expect("a data port");
        assert_eq!((slowest.name, slowest.width()), ("channel", 4));
        let sweep = ExhaustiveStimulus::new(&ports).expect("2^36 inputs");
        let channel = ports.iter().filter(|port| port.is_driven()).position(|port| port.name == "channel");
        for value in 0..16 {
            let shard = Shard { index: value + 1, count: 16 };
            let chunks = shard.range(sweep.transactions() / sweep.chunk());
            for first in [chunks.start * sweep.chunk(), chunks.end * sweep.chunk() - 8] {
                let driven = ports.iter().filter(|port| port.is_driven());
                let mut columns: Vec<Column> = driven.map(|port| Column::zeros(port.width(), 8)).collect();
                sweep.fill(first, &mut columns);
                let column = &columns[channel.expect("an input")];
                assert!((0..8).all(|row| column.get(row) == u64::from(value)), "{value}");
            }
        }
    }
}
