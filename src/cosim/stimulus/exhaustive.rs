//! Every value of the input space of a feed-forward unit, once.

use super::{Stimulus, domain_bits, is_data};
use crate::catalogue::Port;
use crate::column::Column;

/// All input values: the index is cut into fields, the first data port taking the lowest bits.
/// Control inputs rest at their idle value.
pub struct Exhaustive {
    ports: Vec<Field>,
    bits: u32,
}

enum Field {
    Data { offset: u32, mask: u64 },
    Idle(u64),
}

impl Exhaustive {
    /// The largest input space that can be counted through: at 10^9 a second, 2^40 take 20 minutes.
    pub const MAX_BITS: u32 = 40;

    /// All inputs of a unit with these ports; nothing when they are more than 2^40.
    pub fn new(ports: &[Port]) -> Option<Exhaustive> {
        let mut offset = 0;
        let bits = domain_bits(ports);
        if bits > Self::MAX_BITS {
            return None;
        }
        let field = |port: &Port| {
            if !is_data(port) {
                return Field::Idle(port.idle());
            }
            let start = offset;
            offset += port.width();
            Field::Data { offset: start, mask: (1 << port.width()) - 1 }
        };
        Some(Exhaustive { ports: ports.iter().filter(|port| port.is_driven()).map(field).collect(), bits })
    }
}

impl Stimulus for Exhaustive {
    fn transactions(&self) -> u64 {
        1 << self.bits
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
                Field::Idle(value) => column.fill(|_| value),
            }
        }
    }
}
