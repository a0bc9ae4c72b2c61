//! Elaboration: Verilog to a flat netlist of word-level operators, by Yosys.

use std::fs;
use std::time::Duration;

use super::flat::Netlist;
use crate::generator::primitives;
use crate::toolchain::error::BuildError;
use crate::toolchain::{ToolError, Yosys};
use crate::unit::Config;

/// Elaborates the module of a config from `verilog`, including models of FPGA cells.
pub(crate) fn elaborate(
    yosys: &Yosys,
    config: &Config,
    verilog: &str,
    limit: Duration,
) -> Result<Netlist, ToolError> {
    let scratch = yosys.scratch()?;
    let mut files = vec![("unit.v".to_string(), verilog.to_string())];
    files.extend(primitives(config));
    for (name, text) in &files {
        let path = scratch.path().join(name);
        fs::write(&path, text).map_err(|source| BuildError::Cache { path, source })?;
    }
    let (module, names) = (config.name(), files.iter().map(|(name, _)| name.as_str()));
    let script = format!(
        "read_verilog {}; hierarchy -top {module}; proc; flatten; memory -nordff; opt_expr; opt_clean; \
         write_json unit.json",
        names.collect::<Vec<_>>().join(" ")
    );
    yosys.run(scratch.path(), &script, module, limit)?;
    let file = scratch.path().join("unit.json");
    let unreadable = |problem| ToolError::Unreadable { tool: "Yosys", file: file.clone(), problem };
    let text = fs::read_to_string(&file).map_err(|error| unreadable(error.to_string()))?;
    Netlist::read(&text, module).map_err(unreadable)
}
