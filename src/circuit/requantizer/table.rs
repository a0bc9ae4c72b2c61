//! Tables of multipliers and shifts by channel, which synthesis maps to ROM.

use serde_json::{Value as Json, json};

use super::datapath::LiveSignals;
use super::output;
use super::registers::{Signal, net_type};
use super::requantization::{MULTIPLIER_TYPE, Requantization, Source};
use crate::unit::Integer;

/// A table for each number that differs by channel.
///
/// Later steps read the result like a port.
pub(super) fn look_up(requantization: &Requantization, live: &mut LiveSignals) -> Json {
    let Some(channel) = live.channel.take() else { return json!([]) };
    let address = Address { text: channel.name, bits: channel.integer.bits };
    let mut tables = Vec::new();
    if let Some(Source::Table(numbers)) = &requantization.multiplier {
        let multiplier = live.multiplier.insert(Signal::new("multiplier", MULTIPLIER_TYPE));
        tables.push(table(multiplier.base(), BY_CHANNEL, multiplier.integer, &address, numbers));
    }
    if let Some(Source::Table(numbers)) = &requantization.shift {
        let shift = live.shift.insert(Signal::new("shift", requantization.rule.shift_type()));
        tables.push(table(shift.base(), BY_CHANNEL, shift.integer, &address, numbers));
    }
    tables.into()
}

/// Address of a table entry.
pub(super) struct Address {
    /// The address as an expression.
    pub(super) text: String,
    pub(super) bits: u32,
}

/// Comment on a table whose address is a channel.
pub(super) const BY_CHANNEL: &str = "By channel; past the end, the last.";

/// The function that looks up a number, and the wire of its name.
pub(super) fn table(name: &str, why: &str, integer: Integer, address: &Address, numbers: &[i64]) -> Json {
    let bits = integer.bits;
    let literal =
        |value: i64| if integer.signed { output::literal(value, bits) } else { format!("{bits}'d{value}") };
    let (last, others) = numbers.split_last().expect("a table has a number");
    let entries = others.iter().enumerate();
    let entries: Vec<Json> = entries
        .map(|(index, &value)| {
            json!({ "address": format!("{}'d{index}", address.bits), "number": literal(value) })
        })
        .collect();
    json!({
        "name": name,
        "why": why,
        "is_separated": false,
        "type": net_type(integer),
        "address_type": net_type(Integer::unsigned(address.bits)),
        "address": address.text,
        "entries": entries,
        "last": literal(*last),
    })
}
