//! Runs Verilator and reads what it generated.

use super::error::{BuildError, excerpt};
use super::verilator::Verilator;
use std::fs;
use std::path::Path;

/// What a model can record of its run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trace {
    /// Nothing, at no cost.
    Off,
    /// The waveform as VCD; an idle tracer costs up to 15 % of the speed.
    On,
    /// How often each branch was taken and each bit changed; costs half of the speed or more.
    Coverage,
}

impl Trace {
    /// The options of Verilator that it takes.
    pub fn options(self) -> &'static [&'static str] {
        match self {
            Trace::Off => &[],
            Trace::On => &["--trace"],
            Trace::Coverage => &["--coverage-line", "--coverage-toggle", "--coverage-max-width", "1024"],
        }
    }
}

/// The C++ files of one Verilated top, by stem: each is `<stem>.cpp`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Generated {
    /// Belong to the model; in the folder it was generated into.
    pub model: Vec<String>,
    /// Belong to Verilator's runtime; in its `include` folder.
    pub runtime: Vec<String>,
    /// The ports of the module, members of its C++ class.
    pub ports: Vec<String>,
}

/// How Verilator is run, apart from names: optimised, two-valued, registers in the initial state that
/// an instance is created with, assertions checked, every warning fatal.
pub const FLAGS: [&str; 7] = ["--cc", "-O3", "--x-assign", "fast", "--x-initial", "unique", "--assert"];

/// The C++ class that stands for a module, and the folder and files it is generated into.
pub fn prefix(module: &str) -> String {
    format!("V{module}")
}

/// Verilates `module` of `files`, both relative to `folder`, into the folder named by [`prefix`].
///
/// # Errors
/// [`BuildError::Verilate`] with Verilator's message, [`BuildError::Run`], [`BuildError::Cache`].
pub fn verilate(
    verilator: &Verilator,
    folder: &Path,
    module: &str,
    files: &[&str],
    trace: Trace,
) -> Result<Generated, BuildError> {
    let prefix = prefix(module);
    let mut command = verilator.command();
    command.current_dir(folder).args(FLAGS).args(trace.options());
    command.args(["--top-module", module, "--prefix", &prefix, "--Mdir", &prefix]).args(files);
    let output = command
        .output()
        .map_err(|source| BuildError::Run { program: verilator.executable.clone(), source })?;
    if !output.status.success() {
        return Err(BuildError::Verilate { module: module.to_string(), message: excerpt(&output.stderr) });
    }
    let read = |name: String| {
        let path = folder.join(&prefix).join(name);
        fs::read_to_string(&path).map_err(BuildError::cache(&path))
    };
    let generated = parse_classes(&read(format!("{prefix}_classes.mk"))?);
    Ok(Generated { ports: parse_ports(&read(format!("{prefix}.h"))?), ..generated })
}

/// Reads the ports in `V<top>.h`: lines such as `VL_IN8(&clk,0,0);`, and for one of several lanes
/// `VL_OUT((&sum)[64],31,0);` or, of a newer Verilator, `VlUnpacked<IData/*31:0*/, 64> &sum;`.
fn parse_ports(text: &str) -> Vec<String> {
    let is_port =
        |line: &&str| ["VL_IN", "VL_OUT", "VlUnpacked<"].iter().any(|start| line.starts_with(start));
    let name = |line: &str| {
        let (_, rest) = line.split_once('&')?;
        rest.split_once([',', ')', ';']).map(|(name, _)| name.to_string())
    };
    text.lines().map(str::trim).filter(is_port).filter_map(name).collect()
}

/// Reads the lists of `V<top>_classes.mk`: `NAME += \`, then one stem a line up to an empty one.
fn parse_classes(text: &str) -> Generated {
    let mut generated = Generated::default();
    let mut list = None;
    for line in text.lines() {
        let word = line.trim_end_matches('\\').trim();
        if let Some((name, "")) = word.split_once("+=").map(|(name, rest)| (name.trim(), rest.trim())) {
            list = Some(name.to_string());
        } else if word.is_empty() {
            list = None;
        } else if let Some(name) = &list {
            let stems =
                if name.starts_with("VM_GLOBAL") { &mut generated.runtime } else { &mut generated.model };
            stems.push(word.to_string());
        }
    }
    generated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_of_one_lane_and_of_many_are_read() {
        let header = "class Vtop {\n    // PORTS\n    VL_IN8(&clk,0,0);\n    VL_INW(&wide,255,0,8);\n    \
                      VL_OUT((&sum)[64],31,0);\n    VlUnpacked<CData/*0:0*/, 64> &valid_in;\n\n    \
                      Vtop___024root* const rootp;\n};\n";
        assert_eq!(parse_ports(header), ["clk", "wide", "sum", "valid_in"]);
    }
}
