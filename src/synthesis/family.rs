//! FPGA families supported by open synthesis.

use std::collections::BTreeMap;

use super::resources::Resources;

/// An FPGA family with a Yosys flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Lattice iCE40: 4-input LUTs, each with a carry cell.
    Ice40,
    /// Lattice ECP5: 4-input LUTs, two with their carries in a CCU2C.
    Ecp5,
    /// Xilinx 7 series: 6-input LUTs, four carries in a CARRY4.
    Xc7,
    /// Xilinx UltraScale+: 6-input LUTs, eight carries in a CARRY8.
    Xcup,
}

/// LUTs of the distributed RAMs of Xilinx.
const DISTRIBUTED_RAMS: [(&str, u64); 11] = [
    ("RAM32X1S", 1),
    ("RAM64X1S", 1),
    ("RAM32X1D", 2),
    ("RAM64X1D", 2),
    ("RAM128X1S", 2),
    ("RAM128X1D", 4),
    ("RAM256X1S", 4),
    ("RAM32M", 4),
    ("RAM64M", 4),
    ("RAM32M16", 8),
    ("RAM64M8", 8),
];

impl Family {
    /// All families, in the order of tables.
    pub const ALL: [Self; 4] = [Self::Ice40, Self::Ecp5, Self::Xc7, Self::Xcup];

    /// Value of the parameter `target`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ice40 => "ice40",
            Self::Ecp5 => "ecp5",
            Self::Xc7 => "xc7",
            Self::Xcup => "xcup",
        }
    }

    /// Name in tables and messages.
    pub fn title(self) -> &'static str {
        match self {
            Self::Ice40 => "iCE40",
            Self::Ecp5 => "ECP5",
            Self::Xc7 => "Xilinx 7 series",
            Self::Xcup => "Xilinx UltraScale+",
        }
    }

    /// Looks a family up by its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.name() == name)
    }

    /// Whether nextpnr supports the family.
    pub fn is_placeable(self) -> bool {
        matches!(self, Self::Ice40 | Self::Ecp5)
    }

    /// Yosys command that synthesizes a module, with or without DSP inference.
    pub(crate) fn command(self, top: &str, dsp: bool) -> String {
        match (self, dsp) {
            (Self::Ice40, false) => format!("synth_ice40 -top {top}"),
            (Self::Ice40, true) => format!("synth_ice40 -dsp -top {top}"),
            (Self::Ecp5, false) => format!("synth_ecp5 -nodsp -top {top}"),
            (Self::Ecp5, true) => format!("synth_ecp5 -top {top}"),
            (family, dsp) => {
                let nodsp = if dsp { "" } else { "-nodsp " };
                // ABC9's self-check fails with an assertion on some carry chains; netlists are co-simulated
                // instead.
                format!(
                    "scratchpad -set abc9.verify 0; synth_xilinx -family {} {nodsp}-noiopad -noclkbuf -top {top}",
                    family.name()
                )
            }
        }
    }

    /// Path of the cell models in Yosys's share folder.
    pub(crate) fn cells(self) -> &'static str {
        match self {
            Self::Ice40 => "ice40/cells_sim.v",
            Self::Ecp5 => "ecp5/cells_sim.v",
            Self::Xc7 | Self::Xcup => "xilinx/cells_sim.v",
        }
    }

    /// Converts cell counts by type to resources.
    pub(crate) fn resources(self, cells: &BTreeMap<String, u64>) -> Resources {
        let count = |wanted: &dyn Fn(&str) -> bool| -> u64 {
            cells.iter().filter(|(name, _)| wanted(name)).map(|(_, number)| number).sum()
        };
        let named = |wanted: &'static str| count(&|name| name == wanted);
        match self {
            Self::Ice40 => Resources {
                lut: named("SB_LUT4"),
                carry: named("SB_CARRY"),
                ff: count(&|name| name.starts_with("SB_DFF")),
                dsp: named("SB_MAC16"),
                ram: count(&|name| name.starts_with("SB_RAM40_4K")),
            },
            Self::Ecp5 => Resources {
                // A distributed RAM of 16 words of four bits occupies three slices of two LUTs.
                lut: named("LUT4") + 2 * named("CCU2C") + 6 * named("TRELLIS_DPR16X4"),
                carry: named("CCU2C"),
                ff: named("TRELLIS_FF"),
                dsp: named("MULT18X18D"),
                ram: named("DP16KD") + named("PDPW16KD"),
            },
            Self::Xc7 | Self::Xcup => Resources {
                // A shift register (SRL) occupies a LUT.
                lut: count(&|name| {
                    let inputs = name.strip_prefix("LUT").and_then(|inputs| inputs.parse().ok());
                    inputs.is_some_and(|inputs: u32| inputs <= 6) || name.starts_with("SRL")
                }) + DISTRIBUTED_RAMS.iter().map(|(name, luts)| luts * named(name)).sum::<u64>(),
                carry: count(&|name| name == "CARRY4" || name == "CARRY8"),
                ff: count(&|name| name.starts_with("FD")),
                dsp: count(&|name| name.starts_with("DSP48")),
                ram: count(&|name| name.starts_with("RAMB18"))
                    + 2 * count(&|name| name.starts_with("RAMB36")),
            },
        }
    }
}
