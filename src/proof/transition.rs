//! Transition relation of a module in SMT-LIB, written by Yosys.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::error::ProofError;
use crate::generator::primitives;
use crate::toolchain::{ToolError, Yosys};
use crate::unit::Config;

/// SMT-LIB text of a transition relation.
#[derive(Debug)]
pub(crate) struct TransitionRelation {
    pub(crate) text: String,
}

impl TransitionRelation {
    /// Translates a module with Yosys; signals in `cuts` become free inputs.
    pub(crate) fn read(
        yosys: &Yosys,
        config: &Config,
        verilog: &str,
        cuts: &[String],
        limit: Duration,
    ) -> Result<Self, ProofError> {
        let scratch = yosys.scratch()?;
        let folder = scratch.path();
        let mut read = "read_verilog unit.v; ".to_string();
        write(&folder.join("unit.v"), verilog)?;
        // Cell models reject their default parameters, so they are elaborated with those of their instances.
        for (name, text) in primitives(config) {
            write(&folder.join(&name), &text)?;
            read += &format!("read_verilog -defer {name}; ");
        }
        let cut: String = cuts.iter().map(|cut| format!("cutpoint w:{cut}; ")).collect();
        let script = format!(
            "{read}prep -flatten -top {}; {cut}async2sync; dffunmap; write_smt2 -wires unit.smt2",
            config.name()
        );
        yosys.run(folder, &script, config.name(), limit)?;
        let path = folder.join("unit.smt2");
        let text = fs::read_to_string(&path).map_err(|error| ToolError::Unreadable {
            tool: "Yosys",
            file: path,
            problem: error.to_string(),
        })?;
        Ok(Self { text })
    }

    /// Width of an internal signal; `None` if the module does not have it.
    pub(crate) fn width(&self, name: &str) -> Option<u32> {
        self.text.lines().find_map(|line| {
            let rest = line.strip_prefix("; yosys-smt2-wire ")?.strip_prefix(name)?;
            rest.strip_prefix(' ')?.trim().parse().ok()
        })
    }

    /// Names of all named registers.
    pub(crate) fn registers(&self) -> Vec<&str> {
        let named = self.text.lines().filter_map(|line| line.strip_prefix("; yosys-smt2-register "));
        named.filter_map(|line| line.split(' ').next()).collect()
    }
}

fn write(path: &Path, text: &str) -> Result<(), ToolError> {
    fs::write(path, text).map_err(|source| {
        crate::toolchain::error::BuildError::Cache { path: path.to_path_buf(), source }.into()
    })
}
