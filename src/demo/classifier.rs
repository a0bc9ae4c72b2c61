//! The classifier in floating point.

use super::take;
use crate::files::tensor::{Tensor, read_npz_bytes};

/// A fully connected layer, `y = x * weights^T + bias`.
#[derive(Debug, Clone, PartialEq)]
pub struct DenseLayer {
    /// One row per output, shape [outputs, inputs].
    pub weights: Tensor<f32>,
    /// One entry per output.
    pub bias: Vec<f32>,
}

/// A classifier of fully connected layers with ReLU between them.
#[derive(Debug, Clone, PartialEq)]
pub struct Classifier {
    /// Layers from the pixels to the logits.
    pub layers: Vec<DenseLayer>,
    /// Test images that the training script classified correctly.
    pub trained_correct: u32,
    /// Test images of the training script.
    pub trained_total: u32,
}

impl Classifier {
    /// Loads the weights of `data/classifier.npz`, which is embedded in the program.
    pub fn embedded() -> Self {
        let bytes = include_bytes!("../../data/classifier.npz");
        let mut arrays =
            read_npz_bytes("data/classifier.npz", bytes).expect("the file is part of the program");
        let mut count = |name| take::<u32>(&mut arrays, name).data()[0];
        let (trained_correct, trained_total) = (count("test_correct"), count("test_total"));
        let layers = (0..arrays.len() / 2).map(|index| DenseLayer {
            weights: take(&mut arrays, &format!("weight_{index}")),
            bias: take(&mut arrays, &format!("bias_{index}")).into_data(),
        });
        Self { layers: layers.collect(), trained_correct, trained_total }
    }

    /// Computes the inputs of each layer and then the logits.
    ///
    /// Each is a tensor of shape [images, width].
    pub fn activations(&self, images: &Tensor<f32>) -> Vec<Tensor<f32>> {
        let mut activations = vec![images.clone()];
        for (index, layer) in self.layers.iter().enumerate() {
            let sums = layer.forward(&activations[index]);
            let last = index + 1 == self.layers.len();
            activations.push(if last { sums } else { relu(sums) });
        }
        activations
    }

    /// Widths of the layers from pixels to classes, such as `64-32-10`.
    pub fn shape(&self) -> String {
        let widths = self.layers.iter().take(1).map(|layer| layer.weights.shape()[1]);
        let widths = widths.chain(self.layers.iter().map(|layer| layer.weights.shape()[0]));
        widths.map(|width| width.to_string()).collect::<Vec<_>>().join("-")
    }
}

impl DenseLayer {
    /// Applies the layer in `f32`.
    ///
    /// Inputs have shape [images, inputs], outputs [images, outputs].
    fn forward(&self, x: &Tensor<f32>) -> Tensor<f32> {
        let rows = x.data().chunks_exact(self.weights.shape()[1]);
        let outputs = rows.flat_map(|row| {
            let weights = self.weights.data().chunks_exact(row.len());
            weights.zip(&self.bias).map(|(weights, bias)| dot(row, weights) + bias)
        });
        matrix(x.shape()[0], outputs.collect())
    }
}

/// Replaces negative values by 0.
pub(crate) fn relu(x: Tensor<f32>) -> Tensor<f32> {
    matrix(x.shape()[0], x.into_data().into_iter().map(|value| value.max(0.0)).collect())
}

/// Arranges values in `rows` rows of equal length.
pub(crate) fn matrix(rows: usize, data: Vec<f32>) -> Tensor<f32> {
    Tensor::new(vec![rows, data.len() / rows.max(1)], data).expect("rows are of equal length")
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
