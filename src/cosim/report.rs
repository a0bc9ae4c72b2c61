//! What a verification found: the one structure of which text, JSON, JUnit and HTML are views.

use super::scoreboard::Mismatch;
use super::shrink::Counterexample;
use crate::catalogue::{Config, Port};
use serde::Serialize;
use std::fmt;
use std::path::PathBuf;

/// The verdict on one config.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Module name: the preset's name when the config is one.
    pub preset: String,
    /// Name of the unit.
    pub unit: String,
    /// The arguments that name the config to any verb.
    pub arguments: String,
    /// Number of input values of a feed-forward unit with at most 2^63 of them; none for larger and
    /// for sequential units.
    pub domain: Option<u64>,
    /// Transactions whose outputs were compared.
    pub compared: u64,
    /// Whether they were the whole domain.
    pub exhaustive: bool,
    /// Cycles compared beside these: random stalls, bubbles and resets where a sweep of a pipelined unit
    /// leaves them out, and sums that are longer than random episodes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_cycles: Option<u64>,
    /// Transactions that differed; the run stops after a few.
    pub mismatches: u64,
    /// Wall time of simulation, reference and comparison, without building the model.
    pub seconds: f64,
    /// Seed of random stimulus; none when exhaustive.
    pub seed: Option<u64>,
    /// Instances that one evaluation stepped.
    pub lanes: u32,
    /// The first mismatch explained; none when there is none.
    pub failure: Option<Failure>,
}

impl Report {
    /// Whether something was compared and nothing differed.
    pub fn passed(&self) -> bool {
        self.compared > 0 && self.mismatches == 0
    }

    /// Compared transactions per second of wall time.
    pub fn rate(&self) -> f64 {
        self.compared as f64 / self.seconds.max(1e-9)
    }
}

/// A mismatch with all that is needed to see it again.
#[derive(Debug, Serialize)]
pub struct Failure {
    /// The first mismatches of the run.
    pub mismatches: Vec<MismatchView>,
    /// The shortest stimulus found that still fails; none when one lane alone does not fail.
    pub shrunk: Option<ShrunkView>,
    /// The command that runs into the same mismatch.
    pub replay: String,
    /// The waveform of the shrunk stimulus, if one was asked for.
    pub wave: Option<PathBuf>,
}

/// A mismatch in the numbers of its port.
#[derive(Debug, Serialize)]
pub struct MismatchView {
    /// Index in the stimulus.
    pub transaction: u64,
    /// Clock cycle since the reset before it; none for feed-forward units.
    pub cycle: Option<u64>,
    /// The inputs presented with the transaction, `name=value`.
    pub inputs: Vec<String>,
    /// The output that differs.
    pub port: String,
    /// What the reference says.
    pub expected: String,
    /// What the RTL gave.
    pub got: String,
}

/// The shrunk stimulus as a table.
#[derive(Debug, Serialize)]
pub struct ShrunkView {
    /// Names of the driven ports.
    pub ports: Vec<String>,
    /// One row a clock cycle, the values in the order of `ports`.
    pub rows: Vec<Vec<String>>,
    /// Row whose output differs.
    pub cycle: u64,
    /// The output that differs.
    pub port: String,
    /// What the reference says.
    pub expected: String,
    /// What the RTL gave.
    pub got: String,
}

impl MismatchView {
    /// A mismatch with the inputs of its own transaction.
    pub(super) fn new(config: &Config, mismatch: &Mismatch, cycle: Option<u64>, inputs: &[Vec<u64>]) -> Self {
        let ports = config.ports();
        let driven = ports.iter().filter(|port| port.is_driven());
        MismatchView {
            transaction: mismatch.transaction,
            cycle,
            inputs: driven
                .zip(inputs)
                .map(|(port, value)| format!("{}={}", port.name, show(port, value)))
                .collect(),
            port: mismatch.port.to_string(),
            expected: show_output(&ports, mismatch.port, &mismatch.expected),
            got: show_output(&ports, mismatch.port, &mismatch.got),
        }
    }
}

impl ShrunkView {
    pub(super) fn new(config: &Config, counterexample: &Counterexample) -> Self {
        let ports = config.ports();
        let driven: Vec<&Port> = ports.iter().filter(|port| port.is_driven()).collect();
        let mismatch = &counterexample.mismatch;
        let columns = counterexample.sequence.inputs();
        let value = |(port, column): (&&Port, &crate::column::Column), row| show(port, &column.words(row));
        ShrunkView {
            ports: driven.iter().map(|port| port.name.to_string()).collect(),
            rows: (0..counterexample.sequence.rows())
                .map(|row| driven.iter().zip(columns).map(|pair| value(pair, row)).collect())
                .collect(),
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

/// A value in the number type of its port; hexadecimal for floats, wide and packed ones.
fn show(port: &Port, words: &[u64]) -> String {
    match (words, port.elements) {
        ([word], 1) if port.float.is_some() => format!("0x{word:0w$x}", w = port.width() as usize / 4),
        ([word], 1) => port.integer.decode(*word).to_string(),
        _ => words.iter().rev().fold("0x".to_string(), |text, word| text + &format!("{word:016x}")),
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for mismatch in &self.mismatches {
            let place = match mismatch.cycle {
                Some(cycle) => format!("transaction {}, cycle {cycle}", mismatch.transaction),
                None => format!("transaction {}", mismatch.transaction),
            };
            let MismatchView { inputs, port, expected, got, .. } = mismatch;
            writeln!(f, "  {place}: {}: {port} expected {expected}, got {got}", inputs.join(" "))?;
        }
        match &self.shrunk {
            Some(shrunk) => write!(f, "{shrunk}")?,
            None => writeln!(f, "  one instance alone does not fail on the same inputs: suspect the lanes")?,
        }
        if let Some(wave) = &self.wave {
            writeln!(f, "  waveform: {}", wave.display())?;
        }
        writeln!(f, "  again: {}", self.replay)
    }
}

impl fmt::Display for ShrunkView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  shrunk to {} row(s):", self.rows.len())?;
        let widths: Vec<usize> = (0..self.ports.len())
            .map(|place| {
                let column = self.rows.iter().map(|row| row[place].len());
                column.chain([self.ports[place].len()]).max().unwrap_or(0)
            })
            .collect();
        let line = |cells: &[String]| -> String {
            cells.iter().zip(&widths).map(|(cell, width)| format!("  {cell:>width$}")).collect()
        };
        writeln!(f, "    cycle{}", line(&self.ports))?;
        for (cycle, row) in self.rows.iter().enumerate() {
            writeln!(f, "    {cycle:>5}{}", line(row))?;
        }
        let ShrunkView { cycle, port, expected, got, .. } = self;
        writeln!(f, "    {port} of cycle {cycle}: expected {expected}, got {got}")
    }
}
