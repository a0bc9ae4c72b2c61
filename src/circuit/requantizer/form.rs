//! How a requantizer is built: by the steps of its rule, or as a line with the same thresholds.

use serde_json::{Value as Json, json};

use super::datapath;
use super::requantization::Requantization;
use super::thresholds::{Constants, LineForm, Staircase, line_context};
use crate::circuit::pipeline;
use crate::unit::{DspUse, Objective, Target, choice};

choice! {
    /// The structure of a requantizer.
    pub enum RequantizerArch {
        /// The steps of the rule, with the operator.
        Inferred = "inferred",
        /// A line with the same thresholds, made of additions.
        Adders = "adders",
        /// A line with the same thresholds, by the operator with a short constant.
        ShortMultiplier = "short_multiplier",
    }
}

/// How the structure of a requantizer is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequantizerImplementation {
    /// The FPGA family.
    pub target: Target,
    /// The structure, `None` to choose it by the other fields.
    pub arch: Option<RequantizerArch>,
    /// What the choice optimizes.
    pub objective: Objective,
    /// Whether DSP blocks may be used.
    pub dsp: DspUse,
}

/// The structure of a requantizer, as chosen.
#[derive(Clone, Debug)]
pub(crate) enum Form {
    /// The steps of the rule.
    Inferred,
    /// One code for every accumulator.
    Constant { code: i64 },
    /// A line with the thresholds.
    Line { arch: RequantizerArch, staircase: Staircase, line: Box<LineForm> },
}

impl Form {
    /// The form of a requantizer.
    ///
    /// Where the numbers are no constants, or no line has the thresholds, that is the steps of the rule.
    pub(crate) fn choose(requantization: &Requantization, implementation: RequantizerImplementation) -> Self {
        if implementation.arch == Some(RequantizerArch::Inferred) {
            return Self::Inferred;
        }
        let constants = Constants::of(requantization);
        let staircase = constants.and_then(|constants| Staircase::of_rule(requantization, &constants));
        match staircase {
            None => Self::Inferred,
            Some(staircase) if staircase.thresholds.is_empty() => Self::Constant { code: staircase.first },
            Some(staircase) => Self::line(staircase, implementation).unwrap_or(Self::Inferred),
        }
    }

    fn line(staircase: Staircase, implementation: RequantizerImplementation) -> Option<Self> {
        let RequantizerImplementation { target, arch, objective, dsp } = implementation;
        let has_dsp = dsp == DspUse::Allow && !matches!(target, Target::Generic | Target::Ice40);
        let adders = || LineForm::additions(&staircase, target, objective);
        let short = || LineForm::short_multiplier(&staircase, target);
        let (arch, line) = match arch {
            Some(RequantizerArch::ShortMultiplier) => (RequantizerArch::ShortMultiplier, short()?),
            None if has_dsp => {
                let [short, adders] = [short()?, adders()?];
                // A block for the product is worth it only where fewer LUTs are left.
                if short.luts(target) < adders.luts(target) {
                    (RequantizerArch::ShortMultiplier, short)
                } else {
                    (RequantizerArch::Adders, adders)
                }
            }
            _ => (RequantizerArch::Adders, adders()?),
        };
        Some(Self::Line { arch, staircase, line: Box::new(line) })
    }

    /// The structure by name; a constant has none.
    pub(crate) fn arch(&self) -> Option<RequantizerArch> {
        match self {
            Self::Inferred => Some(RequantizerArch::Inferred),
            Self::Constant { .. } => None,
            Self::Line { arch, .. } => Some(*arch),
        }
    }

    /// The line of the header that states the structure; `None` for the steps of the rule.
    pub(crate) fn fact(&self) -> Option<String> {
        match self {
            Self::Inferred => None,
            Self::Constant { code } => Some(format!("Every accumulator gives the code {code}.")),
            Self::Line { arch, staircase, line } => Some(format!(
                "Architecture: {}. The {} thresholds of the rule are those of floor((acc * {} + offset) / 2^{}).",
                arch.word(),
                staircase.thresholds.len(),
                line.slope().multiplier,
                line.slope().fraction
            )),
        }
    }

    /// Context of `templates/requantizer.v.tera` with `stages` registers from input to output.
    pub(crate) fn context(&self, requantization: &Requantization, stages: u32, target: Target) -> Json {
        match self {
            Self::Inferred => datapath::context(requantization, stages),
            Self::Line { staircase, line, .. } => {
                line_context(requantization, staircase, line, target, stages)
            }
            Self::Constant { code } => constant_context(requantization, *code, stages),
        }
    }
}

/// Context of a requantizer whose accumulators all give one code.
fn constant_context(requantization: &Requantization, code: i64, stages: u32) -> Json {
    let out = requantization.out;
    let pattern = format!("{}'d{}", out.bits, out.encode(code.into()));
    json!({
        "pipeline": pipeline::context(stages),
        "statements": [],
        "steps": [],
        "tables": [],
        "bounds": [],
        "clamped": if out.signed { format!("$signed({pattern})") } else { pattern },
        "unused": "acc",
    })
}
