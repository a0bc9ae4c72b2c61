//! The network on integer codes: post-training quantization with minimum and maximum.

use super::classifier::{matrix, relu};
use super::{Classifier, Dense, Error, MatrixEngine, Operands, Variant};
use crate::reference::quantizer::{Parameters, Zero};
use crate::tensor::Tensor;

/// A fully connected layer of codes.
#[derive(Debug, Clone, PartialEq)]
pub struct QuantizedDense {
    input: Parameters<f32>,
    /// Codes of the weights, shape [outputs, inputs].
    codes: Tensor<i32>,
    /// Zero point of each output.
    zeros: Vec<i32>,
    /// Scale of each output's sum, `sx * sw` of (Q4).
    scales: Vec<f32>,
    bias: Vec<f32>,
}

/// A classifier of codes.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantized {
    layers: Vec<QuantizedDense>,
    variant: Variant,
}

impl Quantized {
    /// Quantizes the weights of each layer, and measures the range of what enters it on `calibration`, the
    /// activations of [`Classifier::activations`].
    ///
    /// # Errors
    /// [`Error::Quantizer`] for widths without codes or a range without a scale; [`Error::Offset`].
    pub fn new(
        classifier: &Classifier,
        calibration: &[Tensor<f32>],
        variant: Variant,
    ) -> Result<Self, Error> {
        let layers = classifier.layers.iter().zip(calibration);
        let layers = layers.map(|(layer, inputs)| QuantizedDense::new(layer, inputs, variant));
        Ok(Self { layers: layers.collect::<Result<_, _>>()?, variant })
    }

    /// Logits, shape [images, classes], of images [images, pixels], every product and sum done by `engine`.
    ///
    /// # Errors
    /// [`Error::Engine`]; [`Error::Quantizer`] for values that are not finite.
    pub fn logits(&self, images: &Tensor<f32>, engine: &mut impl MatrixEngine) -> Result<Tensor<f32>, Error> {
        let mut x = images.clone();
        for (index, layer) in self.layers.iter().enumerate() {
            let codes = layer.quantize(&x)?;
            let sums = engine
                .accumulate(&layer.operands(&codes))
                .map_err(|source| Error::Engine { variant: self.variant, source })?;
            x = layer.dequantize(&sums);
            if index + 1 < self.layers.len() {
                x = relu(x);
            }
        }
        Ok(x)
    }
}

impl QuantizedDense {
    /// Quantizes one layer; `inputs` [images, inputs] show the range of what enters it.
    ///
    /// # Errors
    /// As [`Quantized::new`].
    pub fn new(layer: &Dense, inputs: &Tensor<f32>, variant: Variant) -> Result<Self, Error> {
        let (reals, shape) = (layer.weights.data(), layer.weights.shape());
        let weights = variant.weights()?.derive(reals, shape)?;
        let input = variant.activations()?.derive(inputs.data(), inputs.shape())?;
        let codes = Tensor::new(shape.to_vec(), weights.quantize(reals, shape)?).expect("one code a weight");
        let outputs = layer.bias.len();
        let per_output = |part: usize| part % weights.scales().len();
        let points = zero_points(&weights)?;
        zero_points(&input)?;
        Ok(Self {
            zeros: (0..outputs).map(|output| points[per_output(output)]).collect(),
            scales: (0..outputs).map(|o| input.scales()[0] * weights.scales()[per_output(o)]).collect(),
            bias: layer.bias.clone(),
            input,
            codes,
        })
    }

    /// Codes of what enters the layer, in its order.
    ///
    /// # Errors
    /// [`Error::Quantizer`] for values that are not finite.
    pub fn quantize(&self, x: &Tensor<f32>) -> Result<Vec<i32>, Error> {
        Ok(self.input.quantize(x.data(), x.shape())?)
    }

    /// What an engine needs to sum the products of these codes with the weights.
    pub fn operands<'a>(&'a self, x: &'a [i32]) -> Operands<'a> {
        Operands {
            x,
            w: self.codes.data(),
            terms: self.codes.shape()[1],
            x_zero: zero_points(&self.input).map_or(0, |points| points[0]),
            w_zeros: &self.zeros,
        }
    }

    /// (Q4): reals of the sums [images, outputs], with the bias added in `f32`.
    pub fn dequantize(&self, sums: &[i64]) -> Tensor<f32> {
        let outputs = self.bias.len();
        let scaled = self.scales.iter().zip(&self.bias).cycle();
        let reals = sums.iter().zip(scaled).map(|(&sum, (&scale, &bias))| sum as f32 * scale + bias);
        matrix(sums.len() / outputs, reals.collect())
    }
}

fn zero_points(parameters: &Parameters<f32>) -> Result<&[i32], Error> {
    match parameters.zero() {
        Zero::Points(points) => Ok(points),
        Zero::Offsets(_) => Err(Error::Offset),
    }
}
