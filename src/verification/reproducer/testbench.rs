//! Template context of the testbench: the stimulus of a failure and the outputs of the reference.

use serde_json::{Value as Json, json};

use super::Window;
use crate::model::is_clocked;
use crate::unit::{Column, Config, Direction, Port};
use crate::verification::comparison_result::Mismatch;

/// The template context; the first `transactions` rows of the window have results.
pub(crate) fn context(
    config: &Config,
    window: &Window,
    transactions: usize,
    mismatch: &Mismatch,
    files: &[&str],
    standard: &str,
) -> Json {
    let ports = config.ports();
    let inputs: Vec<&Port> = ports.iter().filter(|port| port.is_driven()).collect();
    let outputs: Vec<&Port> = ports.iter().filter(|port| port.direction == Direction::Output).collect();
    let type_width = ports.iter().map(|port| port.net_type().len()).max().unwrap_or(0);
    let entry = |port: &&Port| {
        json!({
            "name": port.name,
            "type": format!("{:<type_width$}", port.net_type()),
            "format": if is_number(port) { "%0d" } else { "%h" },
        })
    };
    let is_stream = config.behaviour().is_stream();
    let mut expected: Vec<Column> = window.outputs.clone();
    if !is_stream {
        window.alignment.reference(config, 1).run(&window.inputs, &mut expected);
    }
    let rows = (0..window.rows).map(|row| {
        let result = row.checked_sub(window.alignment.latency);
        let result = result.filter(|result| (window.alignment.warm_up..transactions).contains(result));
        let checks = match result {
            // The latency of a stream is free: only the row of the mismatch has an expected value.
            _ if is_stream => {
                (row as u64 == mismatch.transaction).then(|| check(&outputs, mismatch)).into_iter().collect()
            }
            Some(result) => checks(window, &outputs, &expected, result),
            None => Vec::new(),
        };
        json!({ "inputs": literals(&inputs, &window.inputs, row), "checks": checks })
    });
    json!({
        "name": config.name(),
        "version": env!("CARGO_PKG_VERSION"),
        "digest": config.digest(),
        "files": files,
        "standard": standard,
        "clocked": is_clocked(config),
        "blank": " ".repeat(type_width),
        "ports": ports.iter().map(|port| port.name).collect::<Vec<_>>(),
        "rows": rows.collect::<Vec<_>>(),
        "inputs": inputs.iter().map(entry).collect::<Vec<_>>(),
        "outputs": outputs.iter().map(entry).collect::<Vec<_>>(),
    })
}

/// The check of the output that differs.
fn check(outputs: &[&Port], mismatch: &Mismatch) -> Json {
    let port = outputs.iter().find(|port| port.name == mismatch.port).expect("mismatches name outputs");
    json!({ "port": port.name, "value": literal(port, &mismatch.expected) })
}

/// The checks of the outputs that belong to a row of the reference.
fn checks(window: &Window, outputs: &[&Port], expected: &[Column], row: usize) -> Vec<Json> {
    let is_valid = !window.alignment.has_valid || expected[0].get(row) == 1;
    let checked = if is_valid { outputs } else { &outputs[..1] };
    let values = literals(checked, expected, row);
    let check = |(port, value): (&&Port, String)| json!({ "port": port.name, "value": value });
    checked.iter().zip(values).map(check).collect()
}

/// The constants of a row.
fn literals(ports: &[&Port], columns: &[Column], row: usize) -> Vec<String> {
    ports.iter().zip(columns).map(|(port, column)| literal(port, &column.words(row))).collect()
}

/// Whether a port carries one integer.
pub(crate) fn is_number(port: &Port) -> bool {
    port.elements == 1 && port.float.is_none()
}

/// A Verilog constant of the port's type: decimal for integers, hexadecimal for others.
fn literal(port: &Port, words: &[u64]) -> String {
    let width = port.width();
    if width == 1 {
        return format!("1'b{}", words[0]);
    }
    if is_number(port) {
        let (number, sign) = (port.integer.decode(words[0]), if port.integer.signed { "s" } else { "" });
        // The magnitude of the smallest number wraps to that number itself.
        return match number {
            ..0 => format!("-{width}'{sign}d{}", number.unsigned_abs()),
            0.. => format!("{width}'{sign}d{number}"),
        };
    }
    let digits: String = words.iter().rev().map(|word| format!("{word:016x}")).collect();
    let digits = digits.trim_start_matches('0');
    format!("{width}'h{}", if digits.is_empty() { "0" } else { digits })
}
