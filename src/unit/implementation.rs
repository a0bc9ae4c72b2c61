//! Implementation parameters: they change the structure of a module, never its function.

use super::choice::{Choice, choice};
use super::config::Values;
use super::definition::Unit;
use super::error::ConfigError;
use super::number::Integer;
use super::parameter::{Kind, Parameter, Value};

choice! {
    /// The FPGA family that a module is built for.
    pub enum Target {
        /// No family in particular.
        Generic = "generic",
        /// Lattice iCE40.
        Ice40 = "ice40",
        /// Lattice ECP5.
        Ecp5 = "ecp5",
        /// Xilinx 7 series.
        Xc7 = "xc7",
        /// Xilinx UltraScale+.
        Xcup = "xcup",
    }
}

choice! {
    /// The structure of a product.
    pub enum Arch {
        /// The operator `*`.
        Inferred = "inferred",
        /// Booth digits, a Dadda tree, one adder.
        BoothDadda = "booth_dadda",
        /// One adder and one multiplexer per bit.
        MuxRows = "mux_rows",
        /// One adder per Booth digit.
        BoothRows = "booth_rows",
        /// One chain of ECP5 cells per bit.
        Ccu2cRows = "ccu2c_rows",
        /// The operator, mapped to the DSP blocks of the target.
        Dsp = "dsp",
    }
}

choice! {
    /// Optimization objective of the choice of a structure.
    pub enum Objective {
        /// Few LUTs.
        Area = "area",
        /// A short critical path.
        Speed = "speed",
        /// A small product of LUTs and critical path.
        Balanced = "balanced",
    }
}

choice! {
    /// Whether DSP blocks may be used.
    pub enum DspUse {
        /// DSP blocks may be used.
        Allow = "allow",
        /// DSP blocks must not be used.
        Avoid = "avoid",
    }
}

/// The word that leaves the structure to target, objective and DSP use.
const AUTO: &str = "auto";

pub(crate) const TARGET: Parameter = Parameter {
    name: "target",
    kind: Kind::Choice(Target::WORDS),
    default: Value::Word(Target::Generic.word()),
    help: "the FPGA family that the module is optimized for",
};
pub(crate) const ARCH: Parameter = Parameter {
    name: "arch",
    kind: Kind::Choice(&[AUTO, "inferred", "booth_dadda", "mux_rows", "booth_rows", "ccu2c_rows", "dsp"]),
    default: Value::Word(AUTO),
    help: "the structure of the product; auto chooses by target, objective and dsp",
};
pub(crate) const OBJECTIVE: Parameter = Parameter {
    name: "objective",
    kind: Kind::Choice(Objective::WORDS),
    default: Value::Word(Objective::Area.word()),
    help: "optimization goal of arch=auto",
};
pub(crate) const DSP: Parameter = Parameter {
    name: "dsp",
    kind: Kind::Choice(DspUse::WORDS),
    default: Value::Word(DspUse::Allow.word()),
    help: "whether DSP blocks may be used",
};

/// Whether this is the name of an implementation parameter.
pub(crate) fn names(parameter: &str) -> bool {
    [TARGET, ARCH, OBJECTIVE, DSP].iter().any(|known| known.name == parameter)
}

/// The family that the parameter `target` names; `stated`, or none in particular, for a unit without it.
pub(crate) fn target(values: &Values, stated: Option<Target>) -> Target {
    let named = match values.iter().find(|(name, _)| *name == TARGET.name) {
        Some((_, Value::Word(word))) => Target::from_word(word),
        _ => stated,
    };
    named.unwrap_or(Target::Generic)
}

/// The user's constraints on the structure of the products of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Implementation {
    /// The FPGA family.
    pub target: Target,
    /// The structure, `None` to choose it by the other fields.
    pub arch: Option<Arch>,
    /// Optimization objective.
    pub objective: Objective,
    /// Whether DSP blocks may be used.
    pub dsp: DspUse,
}

impl Default for Implementation {
    /// No family in particular.
    fn default() -> Self {
        Self { target: Target::Generic, arch: None, objective: Objective::Area, dsp: DspUse::Allow }
    }
}

impl Implementation {
    /// Parses the four parameters.
    ///
    /// # Errors
    /// [`ConfigError::Combination`] when the target lacks what the structure needs, or two parameters
    /// contradict each other.
    pub(crate) fn parse(values: &Values) -> Result<Self, ConfigError> {
        let own = Self {
            target: values.choice(&TARGET),
            arch: values.optional_choice(&ARCH),
            objective: values.choice(&OBJECTIVE),
            dsp: values.choice(&DSP),
        };
        own.check()?;
        Ok(own)
    }

    /// Parses target and use of DSP blocks; the structure is chosen by them, for few LUTs.
    pub(crate) fn parse_target(values: &Values) -> Self {
        Self { target: values.choice(&TARGET), dsp: values.choice(&DSP), ..Self::default() }
    }

    /// The settings of target and use of DSP blocks.
    pub(crate) fn target_settings(self) -> [String; 2] {
        [format!("target={}", self.target.word()), format!("dsp={}", self.dsp.word())]
    }

    /// Whether a product of many bits may be a DSP block; not every iCE40 has them.
    pub(crate) fn has_dsp(self) -> bool {
        self.dsp == DspUse::Allow && self.target != Target::Ice40
    }

    fn check(self) -> Result<(), ConfigError> {
        let Some(arch) = self.arch else { return Ok(()) };
        let target = self.target.word();
        let (reason, fix) = match (arch, self.target) {
            (Arch::Ccu2cRows, target) if target != Target::Ecp5 => (
                format!(
                    "arch=ccu2c_rows is made of the ECP5 cell CCU2C, which target={} does not have",
                    target.word()
                ),
                "set target=ecp5, or leave arch out",
            ),
            (Arch::Dsp, Target::Generic) => (
                format!("arch=dsp needs a family that has DSP blocks, which target={target} does not name"),
                "set target to ice40, ecp5, xc7 or xcup, or use arch=inferred",
            ),
            (Arch::Dsp | Arch::Inferred, _) if self.dsp == DspUse::Avoid => (
                format!("arch={} leaves the product to DSP blocks, which dsp=avoid rules out", arch.word()),
                "leave one of the two out",
            ),
            _ if self.objective != Objective::Area => (
                format!("objective={} has no effect with arch={}", self.objective.word(), arch.word()),
                "leave arch out and let the objective choose, or leave the objective out",
            ),
            _ => return Ok(()),
        };
        Err(ConfigError::Combination { reason, fix: fix.to_string() })
    }

    /// The structure of a product of these factors with `stages` registers.
    pub(crate) fn product(self, a: Integer, b: Integer, stages: u32) -> Arch {
        self.arch.unwrap_or_else(|| self.automatic(a, b, stages))
    }

    fn automatic(self, a: Integer, b: Integer, stages: u32) -> Arch {
        let allows = self.dsp == DspUse::Allow;
        let rows = match self.target {
            Target::Generic if allows => return Arch::Inferred,
            Target::Generic => return Arch::BoothDadda,
            // Not every iCE40 has DSP blocks.
            Target::Ice40 => Arch::MuxRows,
            Target::Ecp5 if allows => return Arch::Dsp,
            Target::Ecp5 => Arch::Ccu2cRows,
            _ if allows && a.bits + b.bits >= XILINX_DSP_BITS => return Arch::Dsp,
            _ => Arch::BoothRows,
        };
        let narrower = a.bits.min(b.bits);
        let adders = if rows == Arch::BoothRows { narrower.div_ceil(2) } else { narrower - 1 };
        let in_series = match self.objective {
            Objective::Area => return rows,
            // Chained rows have a long critical path unless a register follows every second row.
            Objective::Speed => 2,
            // Longer chains are slower than a tree, and smaller by more; those of the ECP5 always are.
            Objective::Balanced if rows == Arch::MuxRows => 4,
            Objective::Balanced => return rows,
        };
        if adders > in_series * stages.max(1) { Arch::BoothDadda } else { rows }
    }

    /// The line of the header that states the structure; `None` for the operator without a family.
    pub(crate) fn fact(self, arch: Arch) -> Option<String> {
        match (arch, self.target) {
            (Arch::Inferred, Target::Generic) => None,
            (_, Target::Generic) => Some(format!("Architecture: {}.", arch.word())),
            (_, target) => Some(format!("Architecture: {}, for {}.", arch.word(), target.word())),
        }
    }
}

impl Arch {
    /// The cells that it instantiates by name.
    pub(crate) fn primitives(self) -> &'static [&'static str] {
        if self == Self::Ccu2cRows { &["CCU2C"] } else { &[] }
    }

    /// Whether the product is the operator `*`, which has the sign of its operands; other products are unsigned
    /// vectors.
    pub(crate) fn is_operator(self) -> bool {
        matches!(self, Self::Inferred | Self::Dsp)
    }

    /// Whether the structure is bit-level logic rather than vector operators.
    pub(crate) fn is_bitwise(self) -> bool {
        matches!(self, Self::BoothDadda | Self::Ccu2cRows)
    }
}

/// Minimum product width that Xilinx flows map to DSP blocks.
const XILINX_DSP_BITS: u32 = 9;

/// Suffix of a module name: every implementation parameter that is not at its default.
pub(crate) fn suffix(unit: &dyn Unit, values: &Values) -> String {
    let chosen = values.iter().filter(|(name, value)| {
        unit.is_implementation(name)
            && [TARGET, ARCH, OBJECTIVE, DSP]
                .iter()
                .any(|known| known.name == *name && known.default != *value)
    });
    let words =
        chosen.map(|(name, value)| if name == DSP.name { "_fabric".into() } else { format!("_{value}") });
    words.collect()
}
