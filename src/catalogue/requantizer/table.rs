//! The table of multipliers and shifts by channel, as a function that synthesis makes a ROM of.

use serde_json::{Value as Json, json};

use super::datapath::Live;
use super::parameters::Source;
use super::registers::{Signal, net_type};
use super::{output, parameters};
use crate::unit::{Integer, Values};

/// A table for each number that differs by channel; later steps read what was looked up as if it
/// came from a port.
pub(crate) fn look_up(values: &Values, live: &mut Live) -> Json {
    let Some(channel) = live.channel.take() else { return json!([]) };
    let mut tables = Vec::new();
    for name in ["multiplier", "shift"] {
        let Source::Table(numbers) = Source::of(values, name) else { continue };
        let integer = if name == "shift" { parameters::shift(values) } else { Integer::unsigned(31) };
        let literal = |number: i64| match integer.signed {
            true => output::literal(number, integer.bits),
            false => format!("{}'d{number}", integer.bits),
        };
        let (last, others) = numbers.split_last().expect("a list has two numbers at least");
        let entries: Vec<Json> = others
            .iter()
            .enumerate()
            .map(|(index, &number)| json!({ "channel": format!("{}'d{index}", channel.integer.bits), "number": literal(number) }))
            .collect();
        tables.push(json!({
            "name": name,
            "type": net_type(integer),
            "channel_type": net_type(channel.integer),
            "channel": channel.name,
            "entries": entries,
            "last": literal(*last),
        }));
        let looked_up = Some(Signal::new(if name == "shift" { "shift" } else { "multiplier" }, integer));
        if name == "shift" { live.shift = looked_up } else { live.multiplier = looked_up }
    }
    tables.into()
}
