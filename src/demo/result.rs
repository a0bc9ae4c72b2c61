//! What became of a network: accuracy, loss, and what was compared on the way.

use super::checked::ComparisonTally;
use super::variant::Variant;
use crate::arithmetic::quantizer::Metrics;
use crate::arithmetic::rescale::Rule;

/// The rounding rules that the requantizer offers. The first is what the grid of variants runs, and what
/// the others are compared with.
pub const RULES: [Rule; 7] =
    [Rule::Gemmlowp, Rule::Ruy, Rule::Single, Rule::F32, Rule::Floor, Rule::Pow2, Rule::Pow2Floor];

/// What became of the logits of the whole test part.
#[derive(Debug, Clone, PartialEq)]
pub struct Logits {
    /// Images classified correctly.
    pub correct: usize,
    /// Loss against the logits of the float network.
    pub loss: Metrics,
    /// Logit minus float logit, for each image and class.
    pub errors: Vec<f32>,
}

/// What became of one variant under one rounding rule.
#[derive(Debug, Clone, PartialEq)]
pub struct VariantResult {
    /// How the network was quantized.
    pub variant: Variant,
    /// The unit that did the multiply-accumulates.
    pub mac: String,
    /// The unit that made codes of the sums.
    pub requantizer: String,
    /// The integer logits.
    pub logits: Logits,
    /// The sums.
    pub sums: ComparisonTally,
    /// The codes made of them.
    pub codes: ComparisonTally,
}

/// The 8-bit variant under one rounding rule.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleResult {
    /// The rule.
    pub rule: Rule,
    /// Codes between the layers.
    pub hidden: usize,
    /// How many of them are others than under the first of [`RULES`].
    pub changed: usize,
    /// Everything else.
    pub outcome: VariantResult,
}

/// The network on 8-bit floats.
#[derive(Debug, Clone, PartialEq)]
pub struct Float8Result {
    /// The unit that did the dot products.
    pub dot: String,
    /// The logits.
    pub logits: Logits,
    /// The dot products.
    pub dots: ComparisonTally,
}

/// A float network beside all that was made of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// Widths of the layers, such as `64-32-10`.
    pub network: String,
    /// Images that ranges were measured on.
    pub calibration_images: usize,
    /// Images that accuracy was measured on.
    pub test_images: usize,
    /// Images the float network classifies correctly.
    pub float_correct: usize,
    /// One entry per variant, in the order of the grid, under the first of [`RULES`].
    pub outcomes: Vec<VariantResult>,
    /// [`Variant::INT8`] under each of [`RULES`].
    pub rules: Vec<RuleResult>,
    /// On 8-bit floats.
    pub float8: Float8Result,
}

impl VariantResult {
    /// Sums and codes together.
    pub fn tally(&self) -> ComparisonTally {
        self.sums + self.codes
    }
}

impl RuleResult {
    /// Share of the hidden codes that are others, in percent.
    pub fn percent(&self) -> f64 {
        100.0 * self.changed as f64 / self.hidden as f64
    }
}

impl Evaluation {
    /// Share of the test images in percent.
    pub fn percent(&self, correct: usize) -> f64 {
        100.0 * correct as f64 / self.test_images as f64
    }

    /// Percentage points that logits lose against the float network; negative where they gain.
    pub fn drop(&self, logits: &Logits) -> f64 {
        100.0 * (self.float_correct as f64 - logits.correct as f64) / self.test_images as f64
    }

    /// What each run compared: every variant, every rule, the 8-bit floats.
    pub fn tallies(&self) -> impl Iterator<Item = ComparisonTally> {
        let rules = self.rules.iter().map(|rule| &rule.outcome);
        let integer = self.outcomes.iter().chain(rules).map(VariantResult::tally);
        integer.chain([self.float8.dots])
    }
}
