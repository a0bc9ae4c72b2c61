//! The FPGA families that open synthesis knows, and how it is told to make them.

use std::collections::BTreeMap;

use super::resources::Resources;

/// A family that Yosys has a flow for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Lattice iCE40: LUTs of four inputs, a carry beside each.
    Ice40,
    /// Lattice ECP5: LUTs of four inputs, two and their carries in a CCU2C.
    Ecp5,
    /// Xilinx 7 series: LUTs of six inputs, four carries in a CARRY4.
    Xc7,
    /// Xilinx UltraScale+: LUTs of six inputs, eight carries in a CARRY8.
    Xcup,
}

impl Family {
    /// All of them, in the order of tables.
    pub const ALL: [Family; 4] = [Family::Ice40, Family::Ecp5, Family::Xc7, Family::Xcup];

    /// The word of the parameter `target`.
    pub fn name(self) -> &'static str {
        match self {
            Family::Ice40 => "ice40",
            Family::Ecp5 => "ecp5",
            Family::Xc7 => "xc7",
            Family::Xcup => "xcup",
        }
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Family::Ice40 => "iCE40",
            Family::Ecp5 => "ECP5",
            Family::Xc7 => "Xilinx 7 series",
            Family::Xcup => "Xilinx UltraScale+",
        }
    }

    /// The family of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Family::ALL.into_iter().find(|family| family.name() == name)
    }

    /// Whether there is an open place and route for it.
    pub fn is_placeable(self) -> bool {
        matches!(self, Family::Ice40 | Family::Ecp5)
    }

    /// The Yosys command that makes a netlist of a module, with products inferred for DSP blocks or not.
    pub(crate) fn command(self, top: &str, dsp: bool) -> String {
        match (self, dsp) {
            (Family::Ice40, false) => format!("synth_ice40 -top {top}"),
            (Family::Ice40, true) => format!("synth_ice40 -dsp -top {top}"),
            (Family::Ecp5, false) => format!("synth_ecp5 -nodsp -top {top}"),
            (Family::Ecp5, true) => format!("synth_ecp5 -top {top}"),
            (family, dsp) => {
                let nodsp = if dsp { "" } else { "-nodsp " };
                // ABC's check of its own result ends in an assertion of its own where some carry chains
                // are; netlists are simulated here anyway.
                format!(
                    "scratchpad -set abc9.verify 0; synth_xilinx -family {} {nodsp}-noiopad -noclkbuf -top {top}",
                    family.name()
                )
            }
        }
    }

    /// Where Yosys keeps the simulation models of its cells.
    pub(crate) fn cells(self) -> &'static str {
        match self {
            Family::Ice40 => "ice40/cells_sim.v",
            Family::Ecp5 => "ecp5/cells_sim.v",
            Family::Xc7 | Family::Xcup => "xilinx/cells_sim.v",
        }
    }

    /// What a netlist takes, from the number of its cells by type.
    pub(crate) fn resources(self, cells: &BTreeMap<String, u64>) -> Resources {
        let count = |wanted: &dyn Fn(&str) -> bool| -> u64 {
            cells.iter().filter(|(name, _)| wanted(name)).map(|(_, number)| number).sum()
        };
        let named = |wanted: &'static str| count(&|name| name == wanted);
        match self {
            Family::Ice40 => Resources {
                lut: named("SB_LUT4"),
                carry: named("SB_CARRY"),
                ff: count(&|name| name.starts_with("SB_DFF")),
                dsp: named("SB_MAC16"),
            },
            Family::Ecp5 => Resources {
                lut: named("LUT4") + 2 * named("CCU2C"),
                carry: named("CCU2C"),
                ff: named("TRELLIS_FF"),
                dsp: named("MULT18X18D"),
            },
            Family::Xc7 | Family::Xcup => Resources {
                // A shift register is a LUT that keeps bits.
                lut: count(&|name| {
                    let inputs = name.strip_prefix("LUT").and_then(|inputs| inputs.parse().ok());
                    inputs.is_some_and(|inputs: u32| inputs <= 6) || name.starts_with("SRL")
                }),
                carry: count(&|name| name == "CARRY4" || name == "CARRY8"),
                ff: count(&|name| name.starts_with("FD")),
                dsp: count(&|name| name.starts_with("DSP48")),
            },
        }
    }
}
