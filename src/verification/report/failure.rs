//! Failure of a verification: the mismatch and how to reproduce it.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::unit::{Column, Config, Port};
use crate::verification::comparison_result::Mismatch;
use crate::verification::shrink::Counterexample;

/// Failure: the mismatches, the shrunk stimulus and the command that reproduces them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Failure {
    /// The first mismatches of the run.
    pub mismatches: Vec<MismatchView>,
    /// The shortest failing stimulus found; `None` when a model of one lane does not fail.
    pub shrunk: Option<ShrunkView>,
    /// The command that reproduces the mismatch.
    pub replay: String,
    /// The folder with testbench and waveform of the shrunk stimulus, if one was requested.
    pub folder: Option<PathBuf>,
}

/// A mismatch, with values in the number format of their ports.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MismatchView {
    /// Index of the transaction in the stimulus.
    pub transaction: u64,
    /// Clock cycle since the last reset; `None` for feed-forward units.
    pub cycle: Option<u64>,
    /// Inputs of the transaction, each `name=value`.
    pub inputs: Vec<String>,
    /// The output port that differs.
    pub port: String,
    /// Output of the reference.
    pub expected: String,
    /// Output of the RTL.
    pub got: String,
}

/// The shrunk stimulus as a table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ShrunkView {
    /// Names of the driven ports.
    pub ports: Vec<String>,
    /// Seed of the initial register values; 0 when registers begin at 0.
    pub start: u32,
    /// One row per clock cycle, with values in the order of `ports`.
    pub rows: Vec<Vec<String>>,
    /// Row whose output differs.
    pub cycle: u64,
    /// The output port that differs.
    pub port: String,
    /// Output of the reference.
    pub expected: String,
    /// Output of the RTL.
    pub got: String,
}

impl MismatchView {
    /// A mismatch with the inputs of its own transaction.
    pub(crate) fn new(config: &Config, mismatch: &Mismatch, cycle: Option<u64>, inputs: &[Vec<u64>]) -> Self {
        let ports = config.ports();
        let driven = ports.iter().filter(|port| port.is_driven()).zip(inputs);
        Self {
            transaction: mismatch.transaction,
            cycle,
            inputs: driven.map(|(port, value)| format!("{}={}", port.name, show(port, value))).collect(),
            port: mismatch.port.to_string(),
            expected: show_output(&ports, mismatch.port, &mismatch.expected),
            got: show_output(&ports, mismatch.port, &mismatch.got),
        }
    }
}

impl ShrunkView {
    /// View of a counterexample and of the seed of its initial register values.
    pub(crate) fn new(config: &Config, counterexample: &Counterexample, start: u32) -> Self {
        let ports = config.ports();
        let driven: Vec<&Port> = ports.iter().filter(|port| port.is_driven()).collect();
        let mismatch = &counterexample.mismatch;
        let columns = counterexample.sequence.inputs();
        let value = |(port, column): (&&Port, &Column), row| show(port, &column.words(row));
        let rows = 0..counterexample.sequence.rows();
        Self {
            ports: driven.iter().map(|port| port.name.to_string()).collect(),
            start,
            rows: rows.map(|row| driven.iter().zip(columns).map(|pair| value(pair, row)).collect()).collect(),
            cycle: mismatch.transaction,
            port: mismatch.port.to_string(),
            expected: show_output(&ports, mismatch.port, &mismatch.expected),
            got: show_output(&ports, mismatch.port, &mismatch.got),
        }
    }
}

fn show_output(ports: &[Port], name: &str, words: &[u64]) -> String {
    ports.iter().find(|port| port.name == name).map_or_else(String::new, |port| show(port, words))
}

/// A value in the number format of its port; hexadecimal for floats and for wide and packed ports.
fn show(port: &Port, words: &[u64]) -> String {
    match (words, port.elements) {
        ([word], 1) if port.float.is_some() => format!("0x{word:0w$x}", w = port.width() as usize / 4),
        ([word], 1) => port.integer.decode(*word).to_string(),
        _ => words.iter().rev().fold("0x".to_string(), |text, word| text + &format!("{word:016x}")),
    }
}
