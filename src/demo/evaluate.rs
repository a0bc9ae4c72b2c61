//! Runs every variant, every rounding rule and 8-bit floats over the test part.

use super::backend::Backends;
use super::checked::CheckedBackend;
use super::classifier::Classifier;
use super::digits::{Digits, Samples};
use super::error::DemoError;
use super::float8::{FLOAT8, Float8Classifier};
use super::quantized::QuantizedClassifier;
use super::requantizer;
use super::result::{Evaluation, Float8Result, Logits, RULES, RuleResult, VariantResult};
use super::variant::Variant;
use crate::arithmetic::quantizer::Metrics;
use crate::arithmetic::rescale::Rule;
use crate::files::tensor::Tensor;

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
    units: &dyn Backends,
    mut progress: impl FnMut(),
) -> Result<Evaluation, DemoError> {
    let study = Evaluator {
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
    let mut rules: Vec<RuleResult> = Vec::with_capacity(RULES.len());
    let mut first: Option<Vec<i32>> = None;
    for rule in RULES {
        let (outcome, hidden) = study.integer(Variant::INT8, rule)?;
        let first = first.get_or_insert_with(|| hidden.clone());
        let changed = hidden.iter().zip(first).filter(|(code, first)| code != first).count();
        rules.push(RuleResult { rule, hidden: hidden.len(), changed, outcome });
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
struct Evaluator<'a> {
    classifier: &'a Classifier,
    calibration: Vec<Tensor<f32>>,
    float: Tensor<f32>,
    test: &'a Samples,
    units: &'a dyn Backends,
}

impl Evaluator<'_> {
    /// One variant under one rule, and the codes between its layers.
    fn integer(&self, variant: Variant, rule: Rule) -> Result<(VariantResult, Vec<i32>), DemoError> {
        let failed = |source| DemoError::Backend { network: variant.to_string(), source };
        let configs = (variant.mac()?, requantizer(rule)?);
        let network = QuantizedClassifier::new(self.classifier, &self.calibration, variant, rule)?;
        let mut mac = CheckedBackend::new(self.units.mac(&configs.0).map_err(failed)?);
        let mut requantizer = CheckedBackend::new(self.units.requantizer(&configs.1).map_err(failed)?);
        let mut leaving = network.run(&self.test.images, &mut mac, &mut requantizer)?;
        let codes = leaving.pop().expect("a classifier has a layer");
        let outcome = VariantResult {
            variant,
            mac: configs.0.name().to_string(),
            requantizer: configs.1.name().to_string(),
            logits: self.logits(self.test.correct(&codes), &network.logits(&codes)),
            sums: mac.tally(),
            codes: requantizer.tally(),
        };
        Ok((outcome, leaving.concat()))
    }

    fn float8(&self) -> Result<Float8Result, DemoError> {
        let unit = Float8Classifier::unit()?;
        let failed = |source| DemoError::Backend { network: FLOAT8.to_string(), source };
        let mut dot = CheckedBackend::new(self.units.dot(&unit).map_err(failed)?);
        let network = Float8Classifier::new(self.classifier, &self.calibration);
        let logits = network.logits(&self.test.images, &mut dot)?;
        Ok(Float8Result {
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
