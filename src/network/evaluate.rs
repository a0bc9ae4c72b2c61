//! What each variant costs in accuracy.

use serde::Serialize;

use super::{Checked, Classifier, Digits, EngineError, Error, MatrixEngine, Quantized, Variant};
use crate::catalogue::Config;
use crate::reference::quantizer::Metrics;

/// What became of one variant on the whole test part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    /// How the network was quantized.
    pub variant: Variant,
    /// The unit that did the multiply-accumulates.
    pub mac: String,
    /// Images classified correctly.
    pub correct: usize,
    /// Loss of the logits against those of the float network.
    pub logits: Metrics,
    /// Quantized minus float logit, for each image and class.
    pub errors: Vec<f32>,
    /// Clock cycles the engine ran.
    pub cycles: u64,
    /// Accumulators compared with the software reference.
    pub compared: u64,
    /// Accumulators that differed.
    pub mismatches: u64,
}

/// A float network beside its quantized variants.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// Widths of the layers, such as `64-32-10`.
    pub network: String,
    /// Images that ranges were measured on.
    pub calibration_images: usize,
    /// Images that accuracy was measured on.
    pub test_images: usize,
    /// Images the float network classifies correctly.
    pub float_correct: usize,
    /// One entry per variant, in the order of the grid.
    pub outcomes: Vec<Outcome>,
}

impl Evaluation {
    /// Share of the test images in percent.
    pub fn percent(&self, correct: usize) -> f64 {
        100.0 * correct as f64 / self.test_images as f64
    }

    /// Percentage points that a variant loses against the float network; negative where it gains.
    pub fn drop(&self, outcome: &Outcome) -> f64 {
        100.0 * (self.float_correct as f64 - outcome.correct as f64) / self.test_images as f64
    }
}

/// Runs the test part through every variant of `grid`, each on an engine of its own that `engine` makes for
/// the variant's multiply-accumulate unit. Every sum is compared with the software reference. `progress` is
/// told the results so far after each variant.
///
/// # Errors
/// The first of a variant that cannot be quantized or whose engine fails.
pub fn evaluate<E: MatrixEngine>(
    classifier: &Classifier,
    digits: &Digits,
    grid: &[Variant],
    mut engine: impl FnMut(&Config) -> Result<E, EngineError>,
    mut progress: impl FnMut(&Evaluation),
) -> Result<Evaluation, Error> {
    let calibration = classifier.activations(&digits.train.images);
    let float = classifier.activations(&digits.test.images).pop().expect("activations hold the input");
    let mut evaluation = Evaluation {
        network: classifier.shape(),
        calibration_images: digits.train.labels.len(),
        test_images: digits.test.labels.len(),
        float_correct: digits.test.correct(&float),
        outcomes: Vec::with_capacity(grid.len()),
    };
    for &variant in grid {
        let mac = variant.mac()?;
        let engine = engine(&mac).map_err(|source| Error::Engine { variant, source })?;
        let mut engine = Checked::new(engine);
        let network = Quantized::new(classifier, &calibration, variant)?;
        let logits = network.logits(&digits.test.images, &mut engine)?;
        evaluation.outcomes.push(Outcome {
            variant,
            mac: mac.name().to_string(),
            correct: digits.test.correct(&logits),
            logits: Metrics::of_restored(float.data(), logits.data()),
            errors: logits.data().iter().zip(float.data()).map(|(logit, float)| logit - float).collect(),
            cycles: engine.cycles(),
            compared: engine.compared(),
            mismatches: engine.mismatches(),
        });
        progress(&evaluation);
    }
    Ok(evaluation)
}
