//! Where the registers of a requantizer stand.

use serde_json::{Value as Json, json};

use crate::circuit::verilog::vector_type;
use crate::unit::Integer;

/// A place between two steps that may have registers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Input,
    Significand,
    Product,
    High,
    Scaled,
    Offset,
}

/// A value on its way: its name changes with each register.
#[derive(Clone)]
pub(crate) struct Signal {
    base: &'static str,
    pub(crate) name: String,
    pub(crate) integer: Integer,
}

impl Signal {
    pub(crate) fn new(base: &'static str, integer: Integer) -> Signal {
        Signal { base, name: base.to_string(), integer }
    }
}

/// What stands before a name; nothing for a single bit.
pub(crate) fn net_type(integer: Integer) -> String {
    if integer.bits == 1 { String::new() } else { format!("{} ", vector_type(integer)) }
}

/// Hands out registers place by place.
pub(crate) struct Registers {
    places: Vec<Place>,
    stage: u32,
}

impl Registers {
    /// The last register is that of the output; the others go where they shorten the longest path.
    pub(crate) fn new(rule: &str, stages: u32) -> Registers {
        use Place::*;
        let order = match rule {
            "gemmlowp" | "ruy" => [Product, Scaled, High, Input, Offset],
            "f32" => [Product, Scaled, Input, High, Significand],
            "pow2" | "pow2_floor" => [Scaled, Input, Offset, Input, Input],
            _ => [Product, Scaled, Input, Offset, Input],
        };
        Registers { places: order[..stages as usize - 1].to_vec(), stage: 0 }
    }

    /// The registers of one place for everything that later steps read: a list of banks.
    pub(crate) fn at(&mut self, place: Place, live: &mut [&mut Option<Signal>]) -> Json {
        let banks = self.places.iter().filter(|&&other| other == place).count();
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
