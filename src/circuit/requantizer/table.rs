//! Tables of multipliers and shifts by channel, which synthesis maps to ROM.

use serde_json::{Value as Json, json};

use super::datapath::Live;
use super::output;
use super::registers::{Signal, net_type};
use super::requantization::{MULTIPLIER_TYPE, Requantization, Source};

/// A table for each number that differs by channel.
///
/// Later steps read the result as if it came from a port.
pub(super) fn look_up(requantization: &Requantization, live: &mut Live) -> Json {
    let Some(channel) = live.channel.take() else { return json!([]) };
    let mut tables = Vec::new();
    if let Some(Source::Table(numbers)) = &requantization.multiplier {
        let multiplier = live.multiplier.insert(Signal::new("multiplier", MULTIPLIER_TYPE));
        tables.push(table(multiplier, &channel, numbers));
    }
    if let Some(Source::Table(numbers)) = &requantization.shift {
        let shift = live.shift.insert(Signal::new("shift", requantization.rule.shift_type()));
        tables.push(table(shift, &channel, numbers));
    }
    tables.into()
}

/// The function that looks up a number by channel.
fn table(number: &Signal, channel: &Signal, numbers: &[i64]) -> Json {
    let (bits, channel_bits) = (number.integer.bits, channel.integer.bits);
    let literal = |value: i64| {
        if number.integer.signed { output::literal(value, bits) } else { format!("{bits}'d{value}") }
    };
    let (last, others) = numbers.split_last().expect("a table has at least two numbers");
    let entries = others.iter().enumerate();
    let entries: Vec<Json> = entries
        .map(|(index, &value)| {
            json!({ "channel": format!("{channel_bits}'d{index}"), "number": literal(value) })
        })
        .collect();
    json!({
        "name": number.name,
        "type": net_type(number.integer),
        "channel_type": net_type(channel.integer),
        "channel": channel.name,
        "entries": entries,
        "last": literal(*last),
    })
}
