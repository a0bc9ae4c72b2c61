//! Dense (fully connected) layers: (T5), (N2).

use multiversion::multiversion;

use super::products::{AccumulatorRange, Products, dot, extreme_code, weight_sum};

/// A matrix times each row of the input.
///
/// Weights are ordered by output and input.
#[derive(Debug, Clone, PartialEq)]
pub struct Dense {
    /// Codes of a row of the input.
    pub inputs: usize,
    /// Weights, biases and rescaling.
    pub products: Products,
}

impl Dense {
    /// Codes of a row of the output.
    pub fn outputs(&self) -> usize {
        self.products.biases.len()
    }

    /// Sums before rescaling.
    pub fn sums(&self, x: &[i8]) -> Vec<i32> {
        sums(self, x)
    }

    /// Output codes.
    pub fn apply(&self, x: &[i8]) -> Vec<i8> {
        self.products.rescale(&self.sums(x)).collect()
    }

    fn weights_of(&self, output: usize) -> &[i8] {
        &self.products.weights[output * self.inputs..][..self.inputs]
    }

    /// Range of the sums of an output.
    pub fn range(&self, output: usize) -> AccumulatorRange {
        let weights = self.weights_of(output).iter().copied();
        AccumulatorRange::new(self.products.biases[output], self.products.input_zero_point, weights)
    }

    /// Row with the largest or smallest sum of an output.
    pub fn extreme_input(&self, output: usize, is_largest: bool) -> Vec<i8> {
        self.weights_of(output).iter().map(|&weight| extreme_code(weight, is_largest)).collect()
    }
}

/// All callees are inlined here, so that each version is vectorised as a whole.
#[multiversion(targets("x86_64+avx2"))]
fn sums(layer: &Dense, x: &[i8]) -> Vec<i32> {
    let outputs = layer.outputs();
    let biases: Vec<i32> = (0..outputs)
        .map(|output| layer.products.folded_bias(output, weight_sum(layer.weights_of(output))))
        .collect();
    let mut sums = Vec::with_capacity(x.len() / layer.inputs * outputs);
    for row in x.chunks_exact(layer.inputs) {
        let rows = layer.products.weights.chunks_exact(layer.inputs);
        sums.extend(biases.iter().zip(rows).map(|(bias, weights)| bias.wrapping_add(dot(weights, row))));
    }
    sums
}
