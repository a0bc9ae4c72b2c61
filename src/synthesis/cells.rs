//! Simulation models of the cells in a netlist.

use std::fs;
use std::path::Path;

use super::error::SynthesisError;
use super::family::Family;
use crate::toolchain::ToolError;

/// Verilator warnings disabled for the cell models.
const WAIVED: [&str; 10] = [
    "CASEINCOMPLETE",
    "COMBDLY",
    "INITIALDLY",
    "MODDUP",
    "MULTIDRIVEN",
    "PINMISSING",
    "SPECIFYIGN",
    "TIMESCALEMOD",
    // The carries of a CARRY4 are bits of one vector that feed each other through LUTs.
    "UNOPTFLAT",
    "WIDTH",
];

/// Models of cells for which Yosys declares ports only, each with the text that marks its use in a netlist.
///
/// A DSP48E2 instantiated by name uses its adder; one inferred from an operator does not.
const OWN: [(&str, &str); 3] = [
    ("MULT18X18D", include_str!("../../templates/synthesis/MULT18X18D.v")),
    (".AMULTSEL(\"AD\")", include_str!("../../templates/primitives/DSP48E2.v")),
    (".AMULTSEL(\"A\")", include_str!("../../templates/synthesis/DSP48E2.v")),
];

/// Appends the models to a netlist, with all includes resolved.
pub(crate) fn with_models(netlist: &str, share: &Path, family: Family) -> Result<String, SynthesisError> {
    let mut text: String = WAIVED.map(|name| format!("// verilator lint_off {name}\n")).concat();
    text += netlist;
    inline(&share.join(family.cells()), &mut text)?;
    let own = OWN.iter().filter(|(mark, _)| netlist.contains(mark));
    own.for_each(|(_, model)| text += model);
    Ok(text)
}

/// Appends a file, with its `include` directives replaced by the files.
fn inline(path: &Path, text: &mut String) -> Result<(), SynthesisError> {
    let unreadable = |problem: String| ToolError::Unreadable { tool: "Yosys", file: path.into(), problem };
    for line in fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?.lines() {
        match line.trim().strip_prefix("`include \"").and_then(|rest| rest.strip_suffix('"')) {
            Some(name) => inline(&path.with_file_name(name), text)?,
            None => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    Ok(())
}
