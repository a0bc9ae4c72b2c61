//! What a verification found: the one structure of which text, JSON, JUnit and HTML are views.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::four_state::FourState;
use super::scoreboard::Mismatch;
use super::shrink::Counterexample;
use crate::simulation::{CoverageSummary, SimulationEngine};
use crate::unit::{Config, Port};

/// The verdict on one config.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// Module name: the preset's name when the config is one.
    pub preset: String,
    /// Name of the unit.
    pub unit: String,
    /// The arguments that name the config to any verb.
    pub arguments: String,
    /// 16 hexadecimal digits that stand for the parameters of the config and the Verilog verified.
    pub digest: String,
    /// Number of input values of a feed-forward unit with at most 2^63 of them; none for larger and
    /// for sequential units.
    pub domain: Option<u64>,
    /// Transactions of the stimulus, with those whose outputs say nothing yet.
    pub transactions: u64,
    /// Transactions whose outputs were compared.
    pub compared: u64,
    /// Whether they were the whole domain.
    pub exhaustive: bool,
    /// Cycles compared beside these: random stalls, bubbles and resets where a sweep of a pipelined unit
    /// leaves them out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_cycles: Option<u64>,
    /// Cycles of sums that are longer than random episodes; none for a unit that does not accumulate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub long_sum_cycles: Option<u64>,
    /// Cycles compared after a reset of registers with random values; none for a unit without reset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub random_start_cycles: Option<u64>,
    /// Transactions that differed; the run stops after a few.
    pub mismatches: u64,
    /// Wall time of simulation, reference and comparison, without building the model.
    pub seconds: f64,
    /// Seed of random stimulus; none when exhaustive.
    pub seed: Option<u64>,
    /// Instances that one evaluation stepped.
    pub lanes: u32,
    /// What simulated.
    pub engine: SimulationEngine,
    /// Why it was not the bit-sliced model, where that would have been quicker.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsliced: Option<String>,
    /// What the run covered, if it was to be recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<CoverageSummary>,
    /// What a four-state simulator says, if it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub four_state: Option<FourState>,
    /// The first mismatch explained; none when there is none.
    pub failure: Option<Failure>,
}

impl Report {
    /// Whether something was compared and nothing differed.
    pub fn passed(&self) -> bool {
        self.compared > 0 && self.agrees()
    }

    /// Whether nothing differed, if anything was compared.
    pub fn agrees(&self) -> bool {
        self.mismatches == 0 && self.four_state.as_ref().is_none_or(FourState::passed)
    }

    /// Compared transactions per second of wall time.
    pub fn rate(&self) -> f64 {
        self.compared as f64 / self.seconds.max(1e-9)
    }
}

/// A mismatch with all that is needed to see it again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Failure {
    /// The first mismatches of the run.
    pub mismatches: Vec<MismatchView>,
    /// The shortest stimulus found that still fails; none when one lane alone does not fail.
    pub shrunk: Option<ShrunkView>,
    /// The command that runs into the same mismatch.
    pub replay: String,
    /// The folder with testbench and waveform of the shrunk stimulus, if one was asked for.
    pub folder: Option<PathBuf>,
}

/// A mismatch in the numbers of its port.
#[derive(Clone, Debug, Serialize, Deserialize)]
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
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ShrunkView {
    /// Names of the driven ports.
    pub ports: Vec<String>,
    /// The seed of the random values that registers begin with; 0 where they begin at 0.
    pub start: u32,
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
    pub(crate) fn new(config: &Config, mismatch: &Mismatch, cycle: Option<u64>, inputs: &[Vec<u64>]) -> Self {
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
    pub(crate) fn new(config: &Config, counterexample: &Counterexample, start: u32) -> Self {
        let ports = config.ports();
        let driven: Vec<&Port> = ports.iter().filter(|port| port.is_driven()).collect();
        let mismatch = &counterexample.mismatch;
        let columns = counterexample.sequence.inputs();
        let value = |(port, column): (&&Port, &crate::unit::Column), row| show(port, &column.words(row));
        ShrunkView {
            ports: driven.iter().map(|port| port.name.to_string()).collect(),
            start,
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

impl Failure {
    /// What went wrong, without what leads back to it.
    pub(crate) fn explanation(&self) -> String {
        let mut text = String::new();
        for mismatch in &self.mismatches {
            let place = match mismatch.cycle {
                Some(cycle) => format!("transaction {}, cycle {cycle}", mismatch.transaction),
                None => format!("transaction {}", mismatch.transaction),
            };
            let MismatchView { inputs, port, expected, got, .. } = mismatch;
            text += &format!("  {place}: {}: {port} expected {expected}, got {got}\n", inputs.join(" "));
        }
        match &self.shrunk {
            Some(shrunk) => text + &shrunk.to_string(),
            None => text + "  one instance alone does not fail on the same inputs: suspect the lanes\n",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.explanation())?;
        if let Some(folder) = &self.folder {
            writeln!(f, "  testbench, waveform and more: {}", folder.join("README.txt").display())?;
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
        writeln!(f, "    {port} of cycle {cycle}: expected {expected}, got {got}")?;
        match self.start {
            0 => Ok(()),
            _ => writeln!(f, "    only from random registers: reset leaves one of them as it was"),
        }
    }
}
