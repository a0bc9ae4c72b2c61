//! The classifier trained for each variant.

use std::collections::BTreeMap;

use super::classifier::DenseLayer;
use super::take;
use super::variant::Variant;
use crate::files::tensor::{Array, Tensor, read_npz_bytes};

/// Classifiers whose training rounded as a variant rounds.
#[derive(Debug, Clone)]
pub struct TrainedClassifiers {
    arrays: BTreeMap<String, Array>,
}

/// A classifier that was trained for a variant.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainedClassifier {
    /// Layers from the pixels to the logits.
    pub layers: Vec<DenseLayer>,
    /// Smallest and largest value of the pixels, of the activations after each layer, and of the logits.
    pub ranges: Vec<Tensor<f32>>,
}

impl TrainedClassifiers {
    /// Loads the weights of `data/trained.npz`, which is embedded in the program.
    pub fn embedded() -> Self {
        let bytes = include_bytes!("../../data/trained.npz");
        let arrays = read_npz_bytes("data/trained.npz", bytes).expect("the file is part of the program");
        Self { arrays }
    }

    /// Returns the classifier that was trained for a variant.
    ///
    /// # Panics
    /// For a variant that [`Variant::grid`] does not have.
    pub fn of(&self, variant: Variant) -> TrainedClassifier {
        let start = format!(
            "w{}a{}_{}_{}.",
            variant.weight_bits,
            variant.activation_bits,
            variant.scheme,
            if variant.per_channel { "channel" } else { "tensor" }
        );
        let own = self.arrays.range(start.clone()..).take_while(|(name, _)| name.starts_with(&start));
        let mut own: BTreeMap<String, Array> =
            own.map(|(name, array)| (name[start.len()..].to_string(), array.clone())).collect();
        // Weights and bias of each layer, and one range more than layers.
        let layers = own.len() / 3;
        let ranges = (0..=layers).map(|index| take(&mut own, &format!("range_{index}"))).collect();
        let layers = (0..layers).map(|index| DenseLayer {
            weights: take(&mut own, &format!("weight_{index}")),
            bias: take(&mut own, &format!("bias_{index}")).into_data(),
        });
        TrainedClassifier { layers: layers.collect(), ranges }
    }
}
