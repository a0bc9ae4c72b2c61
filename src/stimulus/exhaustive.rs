//! Every value of the input space of a feed-forward unit, once.

use super::{Stimulus, domain, is_data};
use crate::unit::{Column, Port};

/// All input values: the index is cut into fields, the first data port taking the lowest bits. Ports
/// whose elements leave out a value come after the others, and count in digits. Control inputs rest at
/// their idle value.
pub struct Exhaustive {
    ports: Vec<Field>,
    size: u64,
}

enum Field {
    Data {
        offset: u32,
        mask: u64,
    },
    /// One digit an element, that of the first the lowest.
    Digits {
        stride: u64,
        port: Port,
    },
    Idle(u64),
}

impl Exhaustive {
    /// The largest input space that can be counted through: at 10^9 a second, 2^40 take 20 minutes.
    pub const MAX_BITS: u32 = 40;

    /// All inputs of a unit with these ports; nothing when they are more than 2^40.
    pub fn new(ports: &[Port]) -> Option<Exhaustive> {
        let size = domain(ports).filter(|&size| size <= 1 << Self::MAX_BITS)?;
        let mut offset = 0;
        let whole: u32 = ports.iter().filter(|port| is_data(port) && !port.narrow).map(Port::width).sum();
        let mut stride = 1 << whole;
        let field = |port: &Port| match port {
            _ if !is_data(port) => Field::Idle(port.idle()),
            _ if port.narrow => {
                let own = stride;
                stride *= values(port);
                Field::Digits { stride: own, port: port.clone() }
            }
            _ => {
                let start = offset;
                offset += port.width();
                Field::Data { offset: start, mask: (1 << port.width()) - 1 }
            }
        };
        Some(Exhaustive { ports: ports.iter().filter(|port| port.is_driven()).map(field).collect(), size })
    }

    /// The port that changes slowest: as many shards as it has values take one of them each. None where
    /// it has not as many values as patterns.
    pub fn slowest(ports: &[Port]) -> Option<&Port> {
        let mut data = ports.iter().filter(|port| is_data(port));
        data.all(|port| !port.narrow).then(|| ports.iter().rfind(|port| is_data(port)))?
    }
}

/// How many values a port of few bits may have.
fn values(port: &Port) -> u64 {
    element_values(port).pow(port.elements)
}

fn element_values(port: &Port) -> u64 {
    (port.integer.max() - port.min() + 1) as u64
}

/// The pattern of a port from the digits of a number.
fn from_digits(port: &Port, mut number: u64) -> u64 {
    let base = element_values(port);
    (0..port.elements).fold(0, |pattern, place| {
        let value = port.min() + i128::from(number % base);
        number /= base;
        pattern | port.integer.encode(value) << (port.integer.bits * place)
    })
}

impl Stimulus for Exhaustive {
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
                Field::Data { offset, mask } => column.fill(|i| (first + i as u64) >> offset & mask),
                Field::Digits { stride, ref port } => {
                    column.fill(|i| from_digits(port, (first + i as u64) / stride));
                }
                Field::Idle(value) => column.fill(|_| value),
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
    fn a_shard_for_each_value_of_the_slowest_port_has_that_value() {
        let ports = catalogue::preset("requantizer_per_channel").expect("a preset").ports();
        let slowest = Exhaustive::slowest(&ports).expect("no port is narrow");
        assert_eq!((slowest.name, slowest.width()), ("channel", 4));
        let sweep = Exhaustive::new(&ports).expect("2^36 inputs");
        let place = ports.iter().filter(|port| port.is_driven()).position(|port| port.name == "channel");
        for value in 0..16 {
            let shard = Shard { index: value + 1, count: 16 };
            let chunks = shard.range(sweep.transactions() / sweep.chunk());
            for first in [chunks.start * sweep.chunk(), chunks.end * sweep.chunk() - 8] {
                let driven = ports.iter().filter(|port| port.is_driven());
                let mut columns: Vec<Column> = driven.map(|port| Column::zeros(port.width(), 8)).collect();
                sweep.fill(first, &mut columns);
                let channel = &columns[place.expect("an input")];
                assert!((0..8).all(|row| channel.get(row) == u64::from(value)), "{value}");
            }
        }
    }
}
