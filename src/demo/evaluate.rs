//! Evaluation of all variants, rounding rules and 8-bit floats on the test images.

use super::backend::Backends;
use super::checked::CheckedBackend;
use super::classifier::{Classifier, DenseLayer};
use super::digits::{Digits, Samples};
use super::error::DemoError;
use super::float8::{FLOAT8, Float8Classifier};
use super::quantized::QuantizedClassifier;
use super::requantizer;
use super::result::{Evaluation, Float8Result, Logits, RULES, RuleResult, VariantResult};
use super::trained::TrainedClassifiers;
use super::variant::Variant;
use crate::arithmetic::quantizer::Metrics;
use crate::arithmetic::rescale::Rule;
use crate::files::tensor::Tensor;

/// Evaluates every variant of `grid`, all [`RULES`], and 8-bit floats.
///
/// A variant is evaluated twice: the classifier, calibrated on the training images, and the one that was trained for
/// the variant. The rules are applied to [`Variant::INT8`].
/// Each run has separate backends, whose results are compared with the software reference. `progress` is
/// called after each run.
///
/// # Errors
/// [`DemoError`] of the first classifier that cannot be quantized or whose backend fails.
pub fn evaluate(
    classifier: &Classifier,
    trained: &TrainedClassifiers,
    digits: &Digits,
    grid: &[Variant],
    backends: &dyn Backends,
    mut progress: impl FnMut(),
) -> Result<Evaluation, DemoError> {
    let evaluator = Evaluator {
        classifier,
        calibration: classifier.activations(&digits.train.images),
        float: classifier.activations(&digits.test.images).pop().expect("activations hold the input"),
        test: &digits.test,
        backends,
    };
    let (mut outcomes, mut outcomes_trained) =
        (Vec::with_capacity(grid.len()), Vec::with_capacity(grid.len()));
    for &variant in grid {
        outcomes.push(evaluator.calibrated(variant, RULES[0])?.0);
        progress();
        let own = trained.of(variant);
        outcomes_trained.push(evaluator.integer(&own.layers, &own.ranges, variant, RULES[0])?.0);
        progress();
    }
    let rules = evaluator.rules(&mut progress)?;
    let float8 = evaluator.float8()?;
    progress();
    Ok(Evaluation {
        network: classifier.shape(),
        calibration_images: digits.train.labels.len(),
        test_images: digits.test.labels.len(),
        float_correct: digits.test.correct(evaluator.float.data()),
        outcomes,
        trained: outcomes_trained,
        rules,
        float8,
    })
}

/// Number of runs of [`evaluate`] for a grid.
pub fn runs(grid: &[Variant]) -> usize {
    2 * grid.len() + RULES.len() + 1
}

/// Inputs of every run.
struct Evaluator<'a> {
    classifier: &'a Classifier,
    calibration: Vec<Tensor<f32>>,
    float: Tensor<f32>,
    test: &'a Samples,
    backends: &'a dyn Backends,
}

impl Evaluator<'_> {
    /// Runs [`Variant::INT8`] under each of [`RULES`].
    fn rules(&self, progress: &mut impl FnMut()) -> Result<Vec<RuleResult>, DemoError> {
        let mut results: Vec<RuleResult> = Vec::with_capacity(RULES.len());
        let mut baseline: Option<Vec<i32>> = None;
        for rule in RULES {
            let (outcome, hidden) = self.calibrated(Variant::INT8, rule)?;
            let baseline = baseline.get_or_insert_with(|| hidden.clone());
            let changed = hidden.iter().zip(baseline).filter(|(code, base)| code != base).count();
            results.push(RuleResult { rule, hidden: hidden.len(), changed, outcome });
            progress();
        }
        Ok(results)
    }

    /// Runs one variant of the classifier under one rule; also returns the codes between its layers.
    fn calibrated(&self, variant: Variant, rule: Rule) -> Result<(VariantResult, Vec<i32>), DemoError> {
        self.integer(&self.classifier.layers, &self.calibration, variant, rule)
    }

    /// Runs layers with activations in the ranges of `calibration`.
    fn integer(
        &self,
        layers: &[DenseLayer],
        calibration: &[Tensor<f32>],
        variant: Variant,
        rule: Rule,
    ) -> Result<(VariantResult, Vec<i32>), DemoError> {
        let failed = |source| DemoError::Backend { network: variant.to_string(), source };
        let configs = (variant.mac()?, requantizer(rule)?);
        let network = QuantizedClassifier::new(layers, calibration, variant, rule)?;
        let mut mac = CheckedBackend::new(self.backends.mac(&configs.0).map_err(failed)?);
        let mut requantizer = CheckedBackend::new(self.backends.requantizer(&configs.1).map_err(failed)?);
        let mut outputs = network.run(&self.test.images, &mut mac, &mut requantizer)?;
        let codes = outputs.pop().expect("a classifier has a layer");
        let outcome = VariantResult {
            variant,
            mac: configs.0.name().to_string(),
            requantizer: configs.1.name().to_string(),
            logits: self.logits(self.test.correct(&codes), &network.logits(&codes)),
            sums: mac.tally(),
            codes: requantizer.tally(),
        };
        Ok((outcome, outputs.concat()))
    }

    fn float8(&self) -> Result<Float8Result, DemoError> {
        let unit = Float8Classifier::unit()?;
        let failed = |source| DemoError::Backend { network: FLOAT8.to_string(), source };
        let mut dot = CheckedBackend::new(self.backends.dot(&unit).map_err(failed)?);
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
