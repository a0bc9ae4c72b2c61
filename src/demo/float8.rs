//! The classifier on 8-bit floats (E4M3), with dot products of an H100.

use super::checked::CheckedBackend;
use super::classifier::{Classifier, DenseLayer, matrix, relu};
use super::dot_job::{BLOCK, DotJob};
use super::error::DemoError;
use crate::arithmetic::small_float::{SmallFloat, SmallFloatOverflow};
use crate::catalogue;
use crate::files::tensor::Tensor;
use crate::unit::{Config, ConfigError};

/// Name of the classifier in tables.
pub const FLOAT8: &str = "E4M3 per tensor";

/// A classifier on 8-bit floats.
///
/// Weights and activations have one scale per tensor, by which the largest magnitude becomes 448; scales, bias
/// and ReLU are applied in `f32`.
#[derive(Debug, Clone, PartialEq)]
pub struct Float8Classifier {
    layers: Vec<Float8Dense>,
}

#[derive(Debug, Clone, PartialEq)]
struct Float8Dense {
    input_scale: f32,
    weight_scale: f32,
    /// Weights of each output, in blocks.
    weights: Vec<Vec<[u8; BLOCK]>>,
    bias: Vec<f32>,
}

impl Float8Classifier {
    /// Encodes the weights of each layer.
    ///
    /// Scales of activations are measured on `calibration`, the result of [`Classifier::activations`].
    pub fn new(classifier: &Classifier, calibration: &[Tensor<f32>]) -> Self {
        let layers = classifier.layers.iter().zip(calibration);
        Self { layers: layers.map(|(layer, inputs)| Float8Dense::new(layer, inputs)).collect() }
    }

    /// Config of the dot product unit.
    ///
    /// # Errors
    /// [`ConfigError`] if the catalogue does not have the unit.
    pub fn unit() -> Result<Config, ConfigError> {
        Config::new(catalogue::unit("fp8_dot")?, None, &["accumulate=h100"])
    }

    /// Computes logits [images, classes] of images [images, pixels].
    ///
    /// `dot` computes dot products of 32.
    ///
    /// Longer rows are split into blocks, whose sums are added in `f32`; the last block is padded with zeros.
    ///
    /// # Errors
    /// [`DemoError::Backend`].
    pub fn logits(
        &self,
        images: &Tensor<f32>,
        dot: &mut CheckedBackend<DotJob>,
    ) -> Result<Tensor<f32>, DemoError> {
        let mut x = images.clone();
        for (index, layer) in self.layers.iter().enumerate() {
            let sums = dot
                .run(&layer.blocks(&x))
                .map_err(|source| DemoError::Backend { network: FLOAT8.to_string(), source })?;
            x = layer.outputs(&sums);
            if index + 1 < self.layers.len() {
                x = relu(x);
            }
        }
        Ok(x)
    }
}

impl Float8Dense {
    fn new(layer: &DenseLayer, inputs: &Tensor<f32>) -> Self {
        let weight_scale = scale(layer.weights.data());
        let rows = layer.weights.data().chunks_exact(layer.weights.shape()[1]);
        Self {
            input_scale: scale(inputs.data()),
            weight_scale,
            weights: rows.map(|row| encode(row, weight_scale)).collect(),
            bias: layer.bias.clone(),
        }
    }

    /// Job with all blocks of all outputs of all rows of `x`.
    ///
    /// Blocks vary fastest, rows slowest.
    fn blocks(&self, x: &Tensor<f32>) -> DotJob {
        let mut blocks = DotJob { a: Vec::new(), b: Vec::new() };
        for row in x.data().chunks_exact(x.shape()[1]) {
            let row = encode(row, self.input_scale);
            for weights in &self.weights {
                blocks.a.extend(&row);
                blocks.b.extend(weights);
            }
        }
        blocks
    }

    /// Combines the sums of all blocks to outputs, shape [images, outputs].
    fn outputs(&self, sums: &[u32]) -> Tensor<f32> {
        let scale = self.input_scale * self.weight_scale;
        let sums = sums.chunks_exact(self.weights[0].len());
        let outputs = sums.zip(self.bias.iter().cycle()).map(|(parts, bias)| {
            let sum: f32 = parts.iter().map(|&part| f32::from_bits(part)).sum();
            sum * scale + bias
        });
        let outputs: Vec<f32> = outputs.collect();
        matrix(outputs.len() / self.bias.len(), outputs)
    }
}

/// Scale that maps the largest magnitude to the largest code; 1 for zeros.
fn scale(reals: &[f32]) -> f32 {
    let largest = reals.iter().fold(0f32, |largest, real| largest.max(real.abs()));
    if largest == 0.0 { 1.0 } else { largest / SmallFloat::E4M3.decode(SmallFloat::E4M3.largest()) }
}

/// Encodes a row in whole blocks (P1).
///
/// Magnitudes beyond the measured range saturate.
fn encode(row: &[f32], scale: f32) -> Vec<[u8; BLOCK]> {
    let block = |reals: &[f32]| {
        let mut codes = [0; BLOCK];
        let encoded =
            reals.iter().map(|real| SmallFloat::E4M3.encode(real / scale, SmallFloatOverflow::Saturate));
        codes.iter_mut().zip(encoded).for_each(|(slot, code)| *slot = code);
        codes
    };
    row.chunks(BLOCK).map(block).collect()
}
