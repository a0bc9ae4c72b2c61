//! A module as a transition relation in SMT-LIB, made by Yosys.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::error::ProofError;
use crate::generator::primitives;
use crate::toolchain::{ToolError, Yosys};
use crate::unit::Config;

/// The relation, and what it declares.
#[derive(Debug)]
pub(crate) struct TransitionRelation {
    pub(crate) text: String,
}

impl TransitionRelation {
    /// Lets Yosys read a module; whatever drives a cut signal is taken away, and leaves it free.
    pub(crate) fn read(
        yosys: &Yosys,
        config: &Config,
        verilog: &str,
        cuts: &[String],
        limit: Duration,
    ) -> Result<TransitionRelation, ProofError> {
        let scratch = yosys.scratch()?;
        let folder = scratch.path();
        let mut read = "read_verilog unit.v; ".to_string();
        write(&folder.join("unit.v"), verilog)?;
        // Models of cells refuse parameters that nobody gives them, the defaults among them.
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
        Ok(TransitionRelation { text })
    }

    /// The width of a signal inside the module, if there is one of that name.
    pub(crate) fn width(&self, name: &str) -> Option<u32> {
        self.text.lines().find_map(|line| {
            let rest = line.strip_prefix("; yosys-smt2-wire ")?.strip_prefix(name)?;
            rest.strip_prefix(' ')?.trim().parse().ok()
        })
    }

    /// The registers that have a name.
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
