//! The network on integer codes from its input to its largest logit: post-training quantization with minimum
//! and maximum.

use super::checked::CheckedBackend;
use super::classifier::{Classifier, Dense};
use super::error::DemoError;
use super::operands::MacJob;
use super::rescaling::{ACC_BITS, RequantizerJob, factor};
use super::variant::Variant;
use crate::arithmetic::Rounding;
use crate::arithmetic::quantizer::{
    CodeFormat, Granularity, QuantizerConfig, QuantizerParameters, Scheme, Zero, quantize_bias,
};
use crate::arithmetic::rescale::{OutputStage, Rescaler, Rule};
use crate::files::tensor::Tensor;

/// Bits of the logits: one scale for all classes, so that their codes compare as the logits do.
pub const LOGIT_BITS: u32 = 16;

/// A fully connected layer of codes, from those that enter it to those that leave it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct QuantizedDense {
    x_zero: i32,
    /// Codes of the weights, shape [outputs, inputs].
    codes: Tensor<i32>,
    /// Zero point of each output.
    zeros: Vec<i32>,
    bias: Vec<i32>,
    rescaler: Rescaler,
}

/// A classifier of codes.
#[derive(Debug, Clone, PartialEq)]
pub struct QuantizedClassifier {
    input: QuantizerParameters<f32>,
    layers: Vec<QuantizedDense>,
    logits: QuantizerParameters<f32>,
    variant: Variant,
}

impl QuantizedClassifier {
    /// Quantizes the weights and the bias of each layer, and measures the ranges of what enters and leaves it
    /// on `calibration`, the activations of [`Classifier::activations`]. Sums are rescaled under `rule`.
    ///
    /// # Errors
    /// [`DemoError::Quantizer`] for widths without codes or a range without a scale; [`DemoError::Offset`];
    /// [`DemoError::Rescale`] for a scale that the rule cannot apply.
    pub fn new(
        classifier: &Classifier,
        calibration: &[Tensor<f32>],
        variant: Variant,
        rule: Rule,
    ) -> Result<Self, DemoError> {
        let (reals, entering) = calibration.split_last().expect("activations end with the logits");
        let logits = QuantizerConfig {
            format: CodeFormat::new(LOGIT_BITS, true)?,
            scheme: Scheme::Symmetric,
            granularity: Granularity::Tensor,
            rounding: Rounding::HalfEven,
        };
        let logits = logits.derive(reals.data(), reals.shape())?;
        let activations = variant.activations()?;
        let entering = entering.iter().map(|reals| activations.derive(reals.data(), reals.shape()));
        let entering = entering.collect::<Result<Vec<_>, _>>()?;
        let layers = classifier.layers.iter().enumerate().map(|(index, layer)| {
            let side = match entering.get(index + 1) {
                Some(next) => LayerOutput { parameters: next, relu: true },
                None => LayerOutput { parameters: &logits, relu: false },
            };
            QuantizedDense::new(layer, &entering[index], side, variant, rule)
        });
        let layers = layers.collect::<Result<_, _>>()?;
        let input = entering.into_iter().next().expect("a classifier has a layer");
        Ok(Self { input, layers, logits, variant })
    }

    /// The codes that leave each layer, shape [images, outputs], of images [images, pixels]; the last are
    /// those of the logits. The images become codes in `f32`; from there on all is done by the engines.
    ///
    /// # Errors
    /// [`DemoError::Backend`]; [`DemoError::Quantizer`] for values that are not finite.
    pub fn run(
        &self,
        images: &Tensor<f32>,
        mac: &mut CheckedBackend<MacJob>,
        requantizer: &mut CheckedBackend<RequantizerJob>,
    ) -> Result<Vec<Vec<i32>>, DemoError> {
        let failed = |source| DemoError::Backend { network: self.variant.to_string(), source };
        let mut x = self.input.quantize(images.data(), images.shape())?;
        let mut leaving = Vec::with_capacity(self.layers.len());
        for layer in &self.layers {
            let sums = mac.run(&layer.operands(x)).map_err(failed)?;
            x = requantizer.run(&layer.rescaling(sums)).map_err(failed)?;
            leaving.push(x.clone());
        }
        Ok(leaving)
    }

    /// The reals that codes of logits stand for.
    pub fn logits(&self, codes: &[i32]) -> Vec<f32> {
        codes.iter().map(|&code| code as f32 * self.logits.scales()[0]).collect()
    }
}

/// What the codes that leave a layer stand for.
#[derive(Clone, Copy)]
pub(crate) struct LayerOutput<'a> {
    /// Their one scale and zero point.
    pub parameters: &'a QuantizerParameters<f32>,
    /// Whether a ReLU comes before them.
    pub relu: bool,
}

impl QuantizedDense {
    /// Quantizes one layer, from codes of `input` to codes of `output`.
    ///
    /// # Errors
    /// As [`QuantizedClassifier::new`].
    pub fn new(
        layer: &Dense,
        input: &QuantizerParameters<f32>,
        output: LayerOutput,
        variant: Variant,
        rule: Rule,
    ) -> Result<Self, DemoError> {
        let (reals, shape) = (layer.weights.data(), layer.weights.shape());
        let weights = variant.weights()?.derive(reals, shape)?;
        let codes = Tensor::new(shape.to_vec(), weights.quantize(reals, shape)?).expect("one code a weight");
        let outputs = 0..layer.bias.len();
        let part = |output: usize| output % weights.scales().len();
        let points = zero_points(&weights)?;
        let (x_scale, y_scale) = (input.scales()[0], output.parameters.scales()[0]);
        let scales =
            outputs.clone().map(|index| factor(rule, x_scale, weights.scales()[part(index)], y_scale));
        let codes_out = OutputStage::new(output.parameters.format(), zero_points(output.parameters)?[0])?;
        let codes_out = if output.relu { codes_out.relu()? } else { codes_out };
        Ok(Self {
            x_zero: zero_points(input)?[0],
            zeros: outputs.map(|index| points[part(index)]).collect(),
            bias: quantize_bias(&layer.bias, x_scale, weights.scales(), Rounding::HalfEven)?,
            rescaler: Rescaler::per_channel(
                rule,
                ACC_BITS,
                &scales.collect::<Result<Vec<_>, _>>()?,
                &[codes_out],
            )?,
            codes,
        })
    }

    /// What an engine needs to sum the products of these codes with the weights.
    pub fn operands(&self, x: Vec<i32>) -> MacJob {
        MacJob {
            x,
            w: self.codes.data().to_vec(),
            terms: self.codes.shape()[1],
            x_zero: self.x_zero,
            w_zeros: self.zeros.clone(),
            bias: self.bias.clone(),
        }
    }

    /// What an engine needs to make codes of these sums.
    pub fn rescaling(&self, sums: Vec<i64>) -> RequantizerJob {
        RequantizerJob { sums, rescaler: self.rescaler.clone() }
    }
}

fn zero_points(parameters: &QuantizerParameters<f32>) -> Result<&[i32], DemoError> {
    match parameters.zero() {
        Zero::Points(points) => Ok(points),
        Zero::Offsets(_) => Err(DemoError::Offset),
    }
}
