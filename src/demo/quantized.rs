//! The classifier on integer codes, quantized by the smallest and the largest value.

use super::checked::CheckedBackend;
use super::classifier::DenseLayer;
use super::error::DemoError;
use super::mac_job::MacJob;
use super::requantizer_job::{ACC_BITS, RequantizerJob, layer_scale};
use super::variant::Variant;
use crate::arithmetic::Rounding;
use crate::arithmetic::quantizer::{
    CodeFormat, Division, Granularity, QuantizerConfig, Scheme, TensorQuantizer, Zero, quantize_bias,
};
use crate::arithmetic::rescale::{OutputStage, Rescaler, Rule};
use crate::files::tensor::Tensor;

/// Width of the logits.
///
/// All classes share one scale, so that codes compare as logits do.
pub const LOGIT_BITS: u32 = 16;

/// A fully connected layer on codes.
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

/// A classifier on codes.
#[derive(Debug, Clone, PartialEq)]
pub struct QuantizedClassifier {
    input: TensorQuantizer<f32>,
    layers: Vec<QuantizedDense>,
    logits: TensorQuantizer<f32>,
    variant: Variant,
}

impl QuantizedClassifier {
    /// Quantizes the weights and the bias of each layer.
    ///
    /// Sums are rescaled under `rule`.
    ///
    /// Ranges of activations are measured on `calibration`, which is as the result of
    /// [`Classifier::activations`](super::Classifier::activations), or has the ends of the ranges only.
    ///
    /// # Errors
    /// [`DemoError::Quantizer`] for widths without codes or a range without a scale; [`DemoError::Offset`];
    /// [`DemoError::Rescale`] for a scale that the rule cannot apply.
    pub fn new(
        layers: &[DenseLayer],
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
            division: Division::Exact,
        };
        let logits = logits.derive(reals.data(), reals.shape())?;
        let activations = variant.activations()?;
        let entering = entering.iter().map(|reals| activations.derive(reals.data(), reals.shape()));
        let entering = entering.collect::<Result<Vec<_>, _>>()?;
        let layers = layers.iter().enumerate().map(|(index, layer)| {
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

    /// Runs images and returns the output codes of each layer.
    ///
    /// Images have shape [images, pixels], output codes [images, outputs].
    /// The last codes are those of the logits. Images are quantized in `f32`; everything else is computed by
    /// the backends.
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
        let mut outputs = Vec::with_capacity(self.layers.len());
        for layer in &self.layers {
            let sums = mac.run(&layer.mac_job(x)).map_err(failed)?;
            x = requantizer.run(&layer.requantizer_job(sums)).map_err(failed)?;
            outputs.push(x.clone());
        }
        Ok(outputs)
    }

    /// Dequantizes codes of logits.
    pub fn logits(&self, codes: &[i32]) -> Vec<f32> {
        codes.iter().map(|&code| code as f32 * self.logits.scales()[0]).collect()
    }
}

/// Quantization of the outputs of a layer.
#[derive(Clone, Copy)]
pub(crate) struct LayerOutput<'a> {
    /// Scale and zero point of the outputs.
    pub parameters: &'a TensorQuantizer<f32>,
    /// Whether the layer ends with a ReLU.
    pub relu: bool,
}

impl QuantizedDense {
    /// Quantizes one layer, from codes of `input` to codes of `output`.
    ///
    /// # Errors
    /// As [`QuantizedClassifier::new`].
    pub fn new(
        layer: &DenseLayer,
        input: &TensorQuantizer<f32>,
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
            outputs.clone().map(|index| layer_scale(rule, x_scale, weights.scales()[part(index)], y_scale));
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

    /// Job that sums the products of input codes and weights.
    pub fn mac_job(&self, x: Vec<i32>) -> MacJob {
        MacJob {
            x,
            w: self.codes.data().to_vec(),
            terms: self.codes.shape()[1],
            x_zero: self.x_zero,
            w_zeros: self.zeros.clone(),
            bias: self.bias.clone(),
        }
    }

    /// Job that rescales sums to output codes.
    pub fn requantizer_job(&self, sums: Vec<i64>) -> RequantizerJob {
        RequantizerJob { sums, rescaler: self.rescaler.clone() }
    }
}

fn zero_points(parameters: &TensorQuantizer<f32>) -> Result<&[i32], DemoError> {
    match parameters.zero() {
        Zero::Points(points) => Ok(points),
        Zero::Offsets(_) => Err(DemoError::Offset),
    }
}
