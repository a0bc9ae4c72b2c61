//! The waveform of a failure, and its GTKWave save file.

use super::testbench::is_number;
use super::{ReproducerError, Window};
use crate::files::output::OutputError;
use crate::simulation::CompiledModel;
use crate::unit::{Config, Port};

/// Time units per clock cycle; outputs are sampled at its beginning.
const CYCLE: u64 = 10;

/// Approximate width of GTKWave's wave window.
const PIXELS: f64 = 800.0;

/// Runs the window plus one row, which shows the last outputs, and returns the VCD.
pub(crate) fn waves(model: &CompiledModel, window: &mut Window) -> Result<Vec<u8>, ReproducerError> {
    let rows = window.rows + 1;
    let columns = window.inputs.iter().chain(&window.outputs);
    let mut columns: Vec<_> = columns.cloned().collect();
    columns.iter_mut().for_each(|column| column.resize(rows));
    let (inputs, outputs) = columns.split_at_mut(window.inputs.len());
    let failed = |source| OutputError::Write { path: std::env::temp_dir(), source };
    let scratch = tempfile::NamedTempFile::new().map_err(failed)?;
    let mut dut = model.instance();
    dut.trace(scratch.path())?;
    dut.run(rows, inputs, outputs)?;
    // The simulator completes the file when the instance is dropped.
    drop(dut);
    Ok(std::fs::read(scratch.path()).map_err(failed)?)
}

/// A GTKWave save file: every port in the radix of its type, the marker at the failing cycle.
pub(crate) fn view(config: &Config, waves: &[u8], cycle: u64) -> String {
    let declared = signals(&String::from_utf8_lossy(waves));
    let marker = cycle * CYCLE;
    let zoom = (PIXELS / (marker + 2 * CYCLE) as f64).log2();
    let mut text = format!(
        "[*] Written by qrtl {}\n[dumpfile] \"failure.vcd\"\n[timestart] 0\n*{zoom:.6} {marker}{}\n[sst_expanded] 1\n",
        env!("CARGO_PKG_VERSION"),
        " -1".repeat(26),
    );
    for port in config.ports() {
        let Some(signal) = declared.iter().find(|signal| signal.name == port.name) else { continue };
        text += &format!("@{:x}\n{}\n", radix(&port), signal.path);
    }
    text
}

/// GTKWave's trace flags: radix, sign and right justification.
fn radix(port: &Port) -> u32 {
    const RIGHT: u32 = 0x20;
    RIGHT
        | match port {
            _ if port.width() == 1 => 0x8,
            _ if !is_number(port) => 0x2,
            _ if port.integer.signed => 0x400,
            _ => 0x4,
        }
}

/// A signal declared in a VCD.
struct Signal {
    name: String,
    /// Name with scopes and range, as in GTKWave.
    path: String,
}

/// Reads lines such as `$scope module top $end` and `$var wire 8 # a [7:0] $end`.
fn signals(vcd: &str) -> Vec<Signal> {
    let (mut scopes, mut found): (Vec<&str>, Vec<Signal>) = (Vec::new(), Vec::new());
    for line in vcd.lines().take_while(|line| !line.contains("$enddefinitions")) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["$scope", _, name, ..] => scopes.push(name),
            ["$upscope", ..] => drop(scopes.pop()),
            ["$var", _, _, _, name, rest @ ..] => {
                let range: String = rest.iter().take_while(|word| **word != "$end").copied().collect();
                let path = scopes.iter().chain([name]).copied().collect::<Vec<_>>().join(".");
                found.push(Signal { name: name.to_string(), path: path + &range });
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_path_and_range_of_declared_signals() {
        let vcd = "$scope module top $end\n $var wire 1 $ clk $end\n $scope module unit $end\n  $var wire 8 # a \
                   [7:0] $end\n $upscope $end\n $var reg 2 % s [1:0] $end\n$upscope $end\n$enddefinitions $end\n";
        let paths: Vec<String> = signals(vcd).into_iter().map(|signal| signal.path).collect();
        assert_eq!(paths, ["top.clk", "top.unit.a[7:0]", "top.s[1:0]"]);
    }
}
