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

/// Every name that a requantizer of some config declares.
pub(crate) const SIGNALS: &[&str] = &[
    "acc_1",
    "acc_2",
    "acc_3",
    "multiplier_1",
    "multiplier_2",
    "shift_1",
    "shift_2",
    "shift_3",
    "zero_point_1",
    "zero_point_2",
    "zero_point_3",
    "zero_point_4",
    "zero_point_5",
    "clamp_min_1",
    "clamp_min_2",
    "clamp_min_3",
    "clamp_min_4",
    "clamp_min_5",
    "clamp_max_1",
    "clamp_max_2",
    "clamp_max_3",
    "clamp_max_4",
    "clamp_max_5",
    "left",
    "right",
    "right_1",
    "right_2",
    "right_3",
    "right_4",
    "legal_shift",
    "multiplicand",
    "product",
    "product_1",
    "product_2",
    "product_3",
    "high",
    "high_2",
    "high_3",
    "nudged",
    "shifted",
    "scaled",
    "scaled_1",
    "scaled_2",
    "scaled_3",
    "scaled_4",
    "fits",
    "is_code",
    "near",
    "offset",
    "offset_3",
    "offset_4",
    "offset_5",
    "low_bound",
    "high_bound",
    "negative",
    "negative_1",
    "negative_2",
    "negative_3",
    "negative_4",
    "magnitude",
    "aligned",
    "zeros_32",
    "zeros_16",
    "zeros_8",
    "zeros_4",
    "zeros_2",
    "zeros_1",
    "aligned_32",
    "aligned_16",
    "aligned_8",
    "aligned_4",
    "aligned_2",
    "aligned_1",
    "acc_up",
    "significand",
    "significand_1",
    "significand_2",
    "kept",
    "half",
    "rest",
    "places",
    "places_2",
    "places_3",
    "places_4",
    "fixed",
    "int_up",
    "vanishes",
    "exceeds",
    "rounded",
    "fraction",
    "fraction_1",
    "fraction_2",
    "multiplier",
    "shift",
    "multiplier_of",
    "shift_of",
    "channel_1",
    "channel_2",
    "channel_3",
    "unused",
    crate::circuit::pipeline::SIGNAL,
];
