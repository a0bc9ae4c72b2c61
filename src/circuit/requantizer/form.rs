//! Structure of a requantizer: the steps of its rule, or a line with the same thresholds.

use serde_json::Value as Json;

use super::datapath;
use super::requantization::Requantization;
use super::thresholds::{
    ChannelForm, ComparisonForm, Constants, LineForm, Staircase, bounds, channel_context, line_context,
    product_stages,
};
use crate::circuit::Body;
use crate::unit::{Arch, DspUse, Implementation, Objective, Target, choice};

choice! {
    /// The structure of a requantizer.
    pub enum RequantizerArch {
        /// The steps of the rule, with the operator `*`.
        Inferred = "inferred",
        /// A line with the same thresholds, by additions.
        Adders = "adders",
        /// A line with the same thresholds, by the operator `*` with a short constant.
        ShortMultiplier = "short_multiplier",
        /// Comparisons with the thresholds, one per bit of the code.
        SuccessiveApproximation = "successive_approximation",
    }
}

/// Parameters that choose the structure of a requantizer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequantizerImplementation {
    /// The FPGA family.
    pub target: Target,
    /// The structure, `None` to choose it by the other fields.
    pub arch: Option<RequantizerArch>,
    /// Optimization objective of a product by channel.
    pub objective: Objective,
    /// Whether DSP blocks may be used.
    pub dsp: DspUse,
}

/// Chosen structure of a requantizer.
#[derive(Clone, Debug)]
pub(crate) enum Form {
    /// The steps of the rule.
    Inferred,
    /// One code for every accumulator.
    Constant { code: i64 },
    /// A line with the thresholds.
    Line { arch: RequantizerArch, staircase: Staircase, line: Box<LineForm> },
    /// A line for each channel of a table, and the structure of their product.
    Channels { product: Arch, lines: Box<ChannelForm> },
    /// Comparisons with the thresholds of each channel.
    Comparisons(Box<ComparisonForm>),
}

impl Form {
    /// The form of a requantizer.
    ///
    /// It is the steps of the rule if a number is not constant, or if no line has the thresholds. A rule without a
    /// datapath then takes comparisons.
    pub(crate) fn choose(
        requantization: &Requantization,
        implementation: RequantizerImplementation,
        stages: u32,
    ) -> Self {
        if implementation.arch == Some(RequantizerArch::Inferred) {
            return Self::Inferred;
        }
        let is_by_channel = requantization.channels().is_some();
        let constants = match is_by_channel {
            true => Constants::by_channel(requantization),
            false => Constants::of(requantization).map(|constants| vec![constants]),
        };
        let staircase = |constants: &Constants| Staircase::of_rule(requantization, constants);
        let staircases = constants.and_then(|all| all.iter().map(staircase).collect::<Option<Vec<_>>>());
        let Some(staircases) = staircases else { return Self::Inferred };
        let line = match &staircases[..] {
            _ if implementation.arch == Some(RequantizerArch::SuccessiveApproximation) => None,
            [staircase] if !is_by_channel && staircase.thresholds.is_empty() => {
                Some(Self::Constant { code: staircase.first })
            }
            [staircase] if !is_by_channel => Self::line(staircase.clone(), implementation),
            all => Self::channels(all, requantization, implementation, stages),
        };
        match line {
            Some(line) => line,
            None if implementation.arch != Some(RequantizerArch::SuccessiveApproximation)
                && requantization.rule.has_datapath() =>
            {
                Self::Inferred
            }
            None => Self::Comparisons(Box::new(ComparisonForm::new(staircases))),
        }
    }

    fn channels(
        staircases: &[Staircase],
        requantization: &Requantization,
        implementation: RequantizerImplementation,
        stages: u32,
    ) -> Option<Self> {
        let bounds = bounds(requantization);
        let continued = || {
            let channels = Constants::by_channel(requantization)?;
            let continued = |constants| Staircase::past_the_ends(requantization, constants);
            ChannelForm::find(&channels.iter().map(continued).collect::<Option<Vec<_>>>()?, bounds)
        };
        let lines = ChannelForm::find(staircases, bounds).or_else(continued)?;
        let RequantizerImplementation { target, objective, dsp, .. } = implementation;
        let factors = Implementation { target, arch: None, objective, dsp };
        let product = factors.product(lines.x(), lines.multiplier(), product_stages(stages));
        Some(Self::Channels { product, lines: Box::new(lines) })
    }

    fn line(staircase: Staircase, implementation: RequantizerImplementation) -> Option<Self> {
        let RequantizerImplementation { target, arch, dsp, .. } = implementation;
        let has_dsp = dsp == DspUse::Allow && !matches!(target, Target::Generic | Target::Ice40);
        let adders = || LineForm::additions(&staircase, target);
        let short = || LineForm::short_multiplier(&staircase, target);
        let (arch, line) = match arch {
            Some(RequantizerArch::ShortMultiplier) => (RequantizerArch::ShortMultiplier, short()?),
            None if has_dsp => {
                let [short, adders] = [short()?, adders()?];
                // A DSP block for the product pays off only if fewer LUTs remain.
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
            Self::Channels { .. } => Some(RequantizerArch::ShortMultiplier),
            Self::Comparisons(_) => Some(RequantizerArch::SuccessiveApproximation),
        }
    }

    /// Structure of the product, if a circuit of rows can implement it.
    pub(crate) fn product(&self) -> Option<Arch> {
        match self {
            Self::Channels { product, .. } => Some(*product),
            _ => None,
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
            Self::Channels { product, lines } => Some(format!(
                "Architecture: short_multiplier of {} bits by channel, as {}, with the thresholds of the rule.",
                lines.multiplier().bits,
                product.word()
            )),
            Self::Comparisons(_) => Some(
                "Architecture: successive_approximation. Each bit of the code is a comparison with a threshold of the rule."
                    .to_string(),
            ),
        }
    }

    /// Context of `templates/requantizer.v.tera` with `stages` registers from input to output.
    pub(crate) fn context(&self, requantization: &Requantization, stages: u32, target: Target) -> Json {
        match self {
            Self::Inferred => datapath::context(requantization, stages),
            Self::Line { staircase, line, .. } => {
                line_context(requantization, staircase, line, target, stages)
            }
            Self::Channels { product, lines } => channel_context(requantization, lines, *product, stages),
            Self::Comparisons(form) => form.context(requantization, stages),
            Self::Constant { code } => constant_context(requantization, *code, stages),
        }
    }
}

/// Context of a requantizer that maps every accumulator to the same code.
fn constant_context(requantization: &Requantization, code: i64, stages: u32) -> Json {
    let out = requantization.out;
    let pattern = format!("{}'d{}", out.bits, out.encode(code.into()));
    let clamped = if out.signed { format!("$signed({pattern})") } else { pattern };
    datapath::statements_context(Body::default(), Vec::new(), clamped, vec!["acc".to_string()], stages)
}
