//! The waveform of a failure, and how GTKWave shows it.

use super::testbench::is_number;
use super::{ReproducerError, Window};
use crate::files::output::OutputError;
use crate::simulation::{CompiledModel, DutError};
use crate::unit::{Config, Port};

/// Time units of a clock cycle, whose outputs are sampled at its beginning.
const CYCLE: u64 = 10;

/// What GTKWave's wave window is about as wide as.
const PIXELS: f64 = 800.0;

/// Runs the window, and one row more, in which the last outputs can be seen; returns the VCD.
pub(crate) fn waves(rtl: &CompiledModel, window: &mut Window) -> Result<Vec<u8>, ReproducerError> {
    let rows = window.rows + 1;
    let columns = window.inputs.iter().chain(&window.outputs);
    let mut columns: Vec<_> = columns.cloned().collect();
    columns.iter_mut().for_each(|column| column.resize(rows));
    let (inputs, outputs) = columns.split_at_mut(window.inputs.len());
    let failed = |source| OutputError::Write { path: std::env::temp_dir(), source };
    let scratch = tempfile::NamedTempFile::new().map_err(failed)?;
    let mut dut = rtl.instance();
    dut.trace(scratch.path())?;
    let result: Result<(), DutError> = dut.run(rows, inputs, outputs);
    result?;
    // The simulator completes the file when the instance goes.
    drop(dut);
    Ok(std::fs::read(scratch.path()).map_err(failed)?)
}

/// A save file of GTKWave: every port in the radix of its type, the marker at the cycle that fails.
pub(crate) fn view(config: &Config, waves: &[u8], cycle: u64) -> String {
    let declared = signals(&String::from_utf8_lossy(waves));
    let marker = cycle * CYCLE;
    let zoom = (PIXELS / (marker + 2 * CYCLE) as f64).log2();
    let mut text = format!(
        "[*] Made by qrtl {}\n[dumpfile] \"failure.vcd\"\n[timestart] 0\n*{zoom:.6} {marker}{}\n[sst_expanded] 1\n",
        env!("CARGO_PKG_VERSION"),
        " -1".repeat(26),
    );
    for port in config.ports() {
        let Some(signal) = declared.iter().find(|signal| signal.name == port.name) else { continue };
        text += &format!("@{:x}\n{}\n", radix(&port), signal.path);
    }
    text
}

/// GTKWave's flags for a trace: bits of hexadecimal, decimal, binary, right-justified and signed.
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

/// A signal that a VCD declares.
struct Signal {
    name: String,
    /// With its scopes and its range, as GTKWave names it.
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
    fn signals_have_the_path_and_the_range_of_the_file() {
        let vcd = "$scope module top $end\n $var wire 1 $ clk $end\n $scope module unit $end\n  $var wire 8 # a \
                   [7:0] $end\n $upscope $end\n $var reg 2 % s [1:0] $end\n$upscope $end\n$enddefinitions $end\n";
        let paths: Vec<String> = signals(vcd).into_iter().map(|signal| signal.path).collect();
        assert_eq!(paths, ["top.clk", "top.unit.a[7:0]", "top.s[1:0]"]);
    }
}
