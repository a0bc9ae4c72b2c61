//! Directed stimulus: operands near rounding boundaries, one file per unit.
//!
//! Uniform random stimulus practically never hits these operands.

mod dequantizer;
mod fp8_encoder;
mod mx_dot;
mod near_ties;
mod quantizer;
mod requantizer;
mod serial_requantizer;

use crate::catalogue::for_each_unit;
use crate::unit::Config;

/// Draws inputs, by port name, from random bits.
type Draw = fn(&Config, u64) -> Vec<(&'static str, u64)>;

/// The entry of a unit that lists directed stimulus among its companions.
macro_rules! entry {
    ($unit:ident directed) => {
        Some((stringify!($unit), |config, random| $unit::directed_inputs(config.parameters(), random)))
    };
    ($unit:ident $companion:ident) => {
        None
    };
}

macro_rules! entries {
    ($($unit:ident: $parameters:ident [$($companion:ident)*],)*) => {
        const ENTRIES: &[Option<(&str, Draw)>] = &[$($(entry!($unit $companion),)*)*];
    };
}

for_each_unit!(entries);

/// The function that draws directed inputs; `None` for a unit without any.
///
/// It gives pairs of port name and bit pattern.
pub(crate) fn directed_inputs(config: &Config) -> Option<Draw> {
    let name = config.unit().name();
    ENTRIES.iter().flatten().find(|(unit, _)| *unit == name).map(|(_, draw)| *draw)
}
