//! Results of an evaluation: accuracy, loss and mismatch counts.

use super::checked::ComparisonTally;
use super::variant::Variant;
use crate::arithmetic::quantizer::Metrics;
use crate::arithmetic::rescale::Rule;

/// Rounding rules of the requantizer.
///
/// The grid of variants uses the first; the others are compared with it.
pub const RULES: [Rule; 7] =
    [Rule::Gemmlowp, Rule::Ruy, Rule::Single, Rule::F32, Rule::Floor, Rule::Pow2, Rule::Pow2Floor];

/// Accuracy and loss of the logits of all test images.
#[derive(Debug, Clone, PartialEq)]
pub struct Logits {
    /// Correctly classified images.
    pub correct: usize,
    /// Loss against the logits of the float classifier.
    pub loss: Metrics,
    /// Logit minus float logit, for each image and class.
    pub errors: Vec<f32>,
}

/// Accuracy, loss and mismatch counts of one variant under one rounding rule.
#[derive(Debug, Clone, PartialEq)]
pub struct VariantResult {
    /// Quantization of the classifier.
    pub variant: Variant,
    /// Name of the multiply-accumulate unit.
    pub mac: String,
    /// Name of the requantizer.
    pub requantizer: String,
    /// Integer logits.
    pub logits: Logits,
    /// Counts of the sums.
    pub sums: ComparisonTally,
    /// Counts of the codes.
    pub codes: ComparisonTally,
}

/// The 8-bit variant under one rounding rule.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleResult {
    /// Rounding rule.
    pub rule: Rule,
    /// Number of codes between the layers.
    pub hidden: usize,
    /// Codes between the layers that differ from those under the first of [`RULES`].
    pub changed: usize,
    /// Accuracy, loss and mismatch counts.
    pub outcome: VariantResult,
}

/// The classifier on 8-bit floats.
#[derive(Debug, Clone, PartialEq)]
pub struct Float8Result {
    /// Name of the dot product unit.
    pub dot: String,
    /// Logits.
    pub logits: Logits,
    /// Counts of the dot products.
    pub dots: ComparisonTally,
}

/// Results of all variants, rules and formats.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// Widths of the layers, such as `64-32-10`.
    pub network: String,
    /// Number of images for the calibration of ranges.
    pub calibration_images: usize,
    /// Number of test images.
    pub test_images: usize,
    /// Test images that the float classifier classifies correctly.
    pub float_correct: usize,
    /// One entry per variant, in the order of the grid, under the first of [`RULES`].
    pub outcomes: Vec<VariantResult>,
    /// The same for the classifiers that were trained for their variant.
    pub trained: Vec<VariantResult>,
    /// [`Variant::INT8`] under each of [`RULES`].
    pub rules: Vec<RuleResult>,
    /// The classifier on 8-bit floats.
    pub float8: Float8Result,
}

impl VariantResult {
    /// Total counts of sums and codes.
    pub fn tally(&self) -> ComparisonTally {
        self.sums + self.codes
    }
}

impl RuleResult {
    /// Percentage of the codes between the layers that are changed.
    pub fn percent(&self) -> f64 {
        100.0 * self.changed as f64 / self.hidden as f64
    }
}

impl Evaluation {
    /// Percentage of the test images.
    pub fn percent(&self, correct: usize) -> f64 {
        100.0 * correct as f64 / self.test_images as f64
    }

    /// Accuracy drop against the float classifier in percentage points.
    ///
    /// Negative for a gain.
    pub fn drop(&self, logits: &Logits) -> f64 {
        100.0 * (self.float_correct as f64 - logits.correct as f64) / self.test_images as f64
    }

    /// Each variant, calibrated and trained for it.
    pub fn variants(&self) -> impl Iterator<Item = (&VariantResult, &VariantResult)> {
        self.outcomes.iter().zip(&self.trained)
    }

    /// Counts of each run: every variant twice, every rule and the 8-bit floats.
    pub fn tallies(&self) -> impl Iterator<Item = ComparisonTally> {
        let rules = self.rules.iter().map(|rule| &rule.outcome);
        let integer = self.outcomes.iter().chain(&self.trained).chain(rules).map(VariantResult::tally);
        integer.chain([self.float8.dots])
    }
}
