//! How a product is made on a target: parameters that change the structure of a module and never
//! what it computes.

use super::config::Values;
use super::definition::Unit;
use super::error::ConfigError;
use super::number::Integer;
use super::parameter::{Kind, Parameter, Value};

pub(crate) const TARGET: Parameter = Parameter {
    name: "target",
    kind: Kind::Choice(&["generic", "ice40", "ecp5", "xc7", "xcup"]),
    default: Value::Word("generic"),
    help: "the FPGA family to make it for",
};
pub(crate) const ARCH: Parameter = Parameter {
    name: "arch",
    kind: Kind::Choice(&["auto", "inferred", "booth_dadda", "mux_rows", "booth_rows", "ccu2c_rows", "dsp"]),
    default: Value::Word("auto"),
    help: "the structure of the product; auto chooses by target, objective and dsp",
};
pub(crate) const OBJECTIVE: Parameter = Parameter {
    name: "objective",
    kind: Kind::Choice(&["area", "speed"]),
    default: Value::Word("area"),
    help: "what auto prefers",
};
pub(crate) const DSP: Parameter = Parameter {
    name: "dsp",
    kind: Kind::Choice(&["allow", "avoid"]),
    default: Value::Word("allow"),
    help: "whether DSP blocks may be used",
};

/// Whether the parameter is one of these.
pub(crate) fn names(parameter: &str) -> bool {
    [TARGET, ARCH, OBJECTIVE, DSP].iter().any(|known| known.name == parameter)
}

/// A structure of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arch {
    /// The operator.
    Inferred,
    /// Booth digits, a Dadda tree, one adder.
    BoothDadda,
    /// An adder and a multiplexer a bit.
    MuxRows,
    /// An adder a Booth digit.
    BoothRows,
    /// A chain of ECP5 cells a bit.
    Ccu2cRows,
    /// The operator, for the DSP blocks of the target.
    Dsp,
}

impl Arch {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Arch::Inferred => "inferred",
            Arch::BoothDadda => "booth_dadda",
            Arch::MuxRows => "mux_rows",
            Arch::BoothRows => "booth_rows",
            Arch::Ccu2cRows => "ccu2c_rows",
            Arch::Dsp => "dsp",
        }
    }

    /// The structure of a product of these factors with that many registers.
    pub(crate) fn of(values: &Values, a: Integer, b: Integer, stages: u32) -> Arch {
        match values.word("arch") {
            "inferred" => Arch::Inferred,
            "booth_dadda" => Arch::BoothDadda,
            "mux_rows" => Arch::MuxRows,
            "booth_rows" => Arch::BoothRows,
            "ccu2c_rows" => Arch::Ccu2cRows,
            "dsp" => Arch::Dsp,
            _ => Arch::automatic(values, a, b, stages),
        }
    }

    fn automatic(values: &Values, a: Integer, b: Integer, stages: u32) -> Arch {
        let target = values.word("target");
        let allows = values.word("dsp") == "allow";
        let rows = match target {
            "generic" if allows => return Arch::Inferred,
            "generic" => return Arch::BoothDadda,
            // Not every iCE40 has DSP blocks.
            "ice40" => Arch::MuxRows,
            "ecp5" if allows => return Arch::Dsp,
            "ecp5" => Arch::Ccu2cRows,
            _ if allows && a.bits + b.bits >= XILINX_DSP_BITS => return Arch::Dsp,
            _ => Arch::BoothRows,
        };
        let narrower = a.bits.min(b.bits);
        let adders = if rows == Arch::BoothRows { narrower.div_ceil(2) } else { narrower - 1 };
        // Rows are slow one after another, and quick with a register after every second.
        let slow = adders > 2 * stages.max(1);
        if values.word("objective") == "speed" && slow { Arch::BoothDadda } else { rows }
    }

    /// The cells that it instantiates by name.
    pub(crate) fn primitives(self) -> &'static [&'static str] {
        if self == Arch::Ccu2cRows { &["CCU2C"] } else { &[] }
    }

    /// Whether the product is the operator, whose sign is that of its operands; else it is a vector
    /// without a sign.
    pub(crate) fn is_operator(self) -> bool {
        matches!(self, Arch::Inferred | Arch::Dsp)
    }

    /// Whether it is written bit by bit rather than in vectors.
    pub(crate) fn is_bitwise(self) -> bool {
        matches!(self, Arch::BoothDadda | Arch::Ccu2cRows)
    }

    /// The line of the header that states it; none for the operator and no family.
    pub(crate) fn fact(self, values: &Values) -> Option<String> {
        match (self, values.word("target")) {
            (Arch::Inferred, "generic") => None,
            (_, "generic") => Some(format!("Architecture: {}.", self.name())),
            (_, target) => Some(format!("Architecture: {}, for {target}.", self.name())),
        }
    }
}

/// Xilinx flows leave a product of fewer bits to LUTs, DSP blocks or not.
const XILINX_DSP_BITS: u32 = 9;

/// Refuses what a target does not have and what contradicts itself.
pub(crate) fn check(values: &Values) -> Result<(), ConfigError> {
    let (arch, target) = (values.word("arch"), values.word("target"));
    let refuse = |reason: String, fix: &str| Err(ConfigError::Combination { reason, fix: fix.to_string() });
    match arch {
        "ccu2c_rows" if target != "ecp5" => refuse(
            format!("arch=ccu2c_rows is made of the ECP5 cell CCU2C, which target={target} does not have"),
            "set target=ecp5, or leave arch out",
        ),
        "dsp" if target == "generic" => refuse(
            "arch=dsp needs a family that has DSP blocks, which target=generic does not name".to_string(),
            "set target to ice40, ecp5, xc7 or xcup, or use arch=inferred",
        ),
        "dsp" | "inferred" if values.word("dsp") == "avoid" => refuse(
            format!("arch={arch} leaves the product to DSP blocks, which dsp=avoid rules out"),
            "leave one of the two out",
        ),
        "auto" => Ok(()),
        _ if values.word("objective") == "speed" => refuse(
            format!("objective=speed has no effect beside arch={arch}"),
            "leave arch out and let the objective choose, or leave the objective out",
        ),
        _ => Ok(()),
    }
}

/// What a module name ends in: whatever is not at its default.
pub(crate) fn suffix(unit: &dyn Unit, values: &Values) -> String {
    let chosen = values.iter().filter(|(name, value)| {
        unit.is_implementation(name)
            && [TARGET, ARCH, OBJECTIVE, DSP]
                .iter()
                .any(|known| known.name == *name && known.default != *value)
    });
    let words =
        chosen.map(|(name, value)| if name == "dsp" { "_fabric".into() } else { format!("_{value}") });
    words.collect()
}
