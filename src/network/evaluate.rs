//! What each variant, each rounding rule and 8-bit floats cost in accuracy.

use super::checked::{Checked, Tally};
use super::float8::Float8Network;
use super::{Classifier, Digits, Error, Quantized, Samples, Units, Variant, requantizer};
use crate::reference::quantizer::Metrics;
use crate::reference::rescale::Rule;
use crate::tensor::Tensor;

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
pub struct Outcome {
    /// How the network was quantized.
    pub variant: Variant,
    /// The unit that did the multiply-accumulates.
    pub mac: String,
    /// The unit that made codes of the sums.
    pub requantizer: String,
    /// The integer logits.
    pub logits: Logits,
    /// The sums.
    pub sums: Tally,
    /// The codes made of them.
    pub codes: Tally,
}

/// The 8-bit variant under one rounding rule.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleOutcome {
    /// The rule.
    pub rule: Rule,
    /// Codes between the layers.
    pub hidden: usize,
    /// How many of them are others than under the first of [`RULES`].
    pub changed: usize,
    /// Everything else.
    pub outcome: Outcome,
}

/// The network on 8-bit floats.
#[derive(Debug, Clone, PartialEq)]
pub struct Float8Outcome {
    /// The unit that did the dot products.
    pub dot: String,
    /// The logits.
    pub logits: Logits,
    /// The dot products.
    pub dots: Tally,
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
    pub outcomes: Vec<Outcome>,
    /// [`Variant::INT8`] under each of [`RULES`].
    pub rules: Vec<RuleOutcome>,
    /// On 8-bit floats.
    pub float8: Float8Outcome,
}

impl Outcome {
    /// Sums and codes together.
    pub fn tally(&self) -> Tally {
        self.sums + self.codes
    }
}

impl RuleOutcome {
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
    pub fn tallies(&self) -> impl Iterator<Item = Tally> {
        let rules = self.rules.iter().map(|rule| &rule.outcome);
        let integer = self.outcomes.iter().chain(rules).map(Outcome::tally);
        integer.chain([self.float8.dots])
    }
}

/// Runs the test part through every variant of `grid`, through [`Variant::INT8`] under each of [`RULES`] and
/// through the network on 8-bit floats, each on engines of its own. Every result of an engine is compared
/// with the software reference. `progress` is told after each run.
///
/// # Errors
/// The first of a network that cannot be quantized or whose engine fails.
pub fn evaluate(
    classifier: &Classifier,
    digits: &Digits,
    grid: &[Variant],
    units: &dyn Units,
    mut progress: impl FnMut(),
) -> Result<Evaluation, Error> {
    let study = Study {
        classifier,
        calibration: classifier.activations(&digits.train.images),
        float: classifier.activations(&digits.test.images).pop().expect("activations hold the input"),
        test: &digits.test,
        units,
    };
    let mut outcomes = Vec::with_capacity(grid.len());
    for &variant in grid {
        outcomes.push(study.integer(variant, RULES[0])?.0);
        progress();
    }
    let mut rules: Vec<RuleOutcome> = Vec::with_capacity(RULES.len());
    let mut first: Option<Vec<i32>> = None;
    for rule in RULES {
        let (outcome, hidden) = study.integer(Variant::INT8, rule)?;
        let first = first.get_or_insert_with(|| hidden.clone());
        let changed = hidden.iter().zip(first).filter(|(code, first)| code != first).count();
        rules.push(RuleOutcome { rule, hidden: hidden.len(), changed, outcome });
        progress();
    }
    let float8 = study.float8()?;
    progress();
    Ok(Evaluation {
        network: classifier.shape(),
        calibration_images: digits.train.labels.len(),
        test_images: digits.test.labels.len(),
        float_correct: digits.test.correct(study.float.data()),
        outcomes,
        rules,
        float8,
    })
}

/// How many runs [`evaluate`] makes of a grid.
pub fn runs(grid: &[Variant]) -> usize {
    grid.len() + RULES.len() + 1
}

/// What every run needs.
struct Study<'a> {
    classifier: &'a Classifier,
    calibration: Vec<Tensor<f32>>,
    float: Tensor<f32>,
    test: &'a Samples,
    units: &'a dyn Units,
}

impl Study<'_> {
    /// One variant under one rule, and the codes between its layers.
    fn integer(&self, variant: Variant, rule: Rule) -> Result<(Outcome, Vec<i32>), Error> {
        let failed = |source| Error::Engine { network: variant.to_string(), source };
        let configs = (variant.mac()?, requantizer(rule)?);
        let network = Quantized::new(self.classifier, &self.calibration, variant, rule)?;
        let mut mac = Checked::new(self.units.mac(&configs.0).map_err(failed)?);
        let mut requantizer = Checked::new(self.units.requantizer(&configs.1).map_err(failed)?);
        let mut leaving = network.run(&self.test.images, &mut mac, &mut requantizer)?;
        let codes = leaving.pop().expect("a classifier has a layer");
        let outcome = Outcome {
            variant,
            mac: configs.0.name().to_string(),
            requantizer: configs.1.name().to_string(),
            logits: self.logits(self.test.correct(&codes), &network.logits(&codes)),
            sums: mac.tally(),
            codes: requantizer.tally(),
        };
        Ok((outcome, leaving.concat()))
    }

    fn float8(&self) -> Result<Float8Outcome, Error> {
        let unit = Float8Network::unit()?;
        let failed = |source| Error::Engine { network: super::FLOAT8.to_string(), source };
        let mut dot = Checked::new(self.units.dot(&unit).map_err(failed)?);
        let network = Float8Network::new(self.classifier, &self.calibration);
        let logits = network.logits(&self.test.images, &mut dot)?;
        Ok(Float8Outcome {
            dot: unit.name().to_string(),
            logits: self.logits(self.test.correct(logits.data()), logits.data()),
            dots: dot.tally(),
        })
    }

    fn logits(&self, correct: usize, logits: &[f32]) -> Logits {
        Logits {
            correct,
            loss: Metrics::of_restored(self.float.data(), logits),
            errors: logits.iter().zip(self.float.data()).map(|(logit, float)| logit - float).collect(),
        }
    }
}
