//! Training and test images of the classifier.

use super::take;
use crate::files::tensor::{Tensor, read_npz_bytes};

/// Grey level of a fully inked pixel.
const WHITE: f32 = 16.0;

/// Images with labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Samples {
    /// Pixels from 0 to 1, shape [images, 64].
    pub images: Tensor<f32>,
    /// Digit of each image, 0 to 9.
    pub labels: Vec<u8>,
}

/// The 1,797 handwritten digits of 8x8 pixels from scikit-learn (`data/README.md`).
#[derive(Debug, Clone, PartialEq)]
pub struct Digits {
    /// Images for training and for the calibration of ranges.
    pub train: Samples,
    /// Images for the measurement of accuracy.
    pub test: Samples,
}

impl Digits {
    /// Loads the images of `data/digits.npz`, which is embedded in the program.
    pub fn embedded() -> Self {
        let bytes = include_bytes!("../../data/digits.npz");
        let mut arrays = read_npz_bytes("data/digits.npz", bytes).expect("the file is part of the program");
        let (images, labels) = (take::<u8>(&mut arrays, "images"), take::<u8>(&mut arrays, "labels"));
        let test = take::<u8>(&mut arrays, "test");
        let part = |wanted| {
            let chosen = || (0..labels.data().len()).filter(|&index| test.data()[index] == wanted);
            let pixels = images.shape()[1];
            let rows = chosen().flat_map(|index| &images.data()[index * pixels..][..pixels]);
            let data: Vec<f32> = rows.map(|&level| f32::from(level) / WHITE).collect();
            Samples {
                images: Tensor::new(vec![data.len() / pixels, pixels], data).expect("rows are whole"),
                labels: chosen().map(|index| labels.data()[index]).collect(),
            }
        };
        Self { train: part(0), test: part(1) }
    }
}

impl Samples {
    /// Counts the images whose largest logit is that of their label.
    ///
    /// `logits` has shape [images, classes], reals or codes of one scale. Of equal logits the first is taken.
    pub fn correct<T: PartialOrd>(&self, logits: &[T]) -> usize {
        let rows = logits.chunks_exact(logits.len() / self.labels.len());
        rows.zip(&self.labels).filter(|(row, label)| largest(row) == usize::from(**label)).count()
    }
}

/// Index of the largest element, the first of equals.
pub(super) fn largest<T: PartialOrd>(row: &[T]) -> usize {
    (1..row.len()).fold(0, |best, index| if row[index] > row[best] { index } else { best })
}
