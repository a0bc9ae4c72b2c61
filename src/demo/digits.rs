//! The images that the classifier was trained and is tested on.

use super::take;
use crate::files::tensor::{Tensor, read_npz_bytes};

/// Grey level that stands for a fully inked pixel.
const WHITE: f32 = 16.0;

/// Images and what they show.
#[derive(Debug, Clone, PartialEq)]
pub struct Samples {
    /// Pixels from 0 to 1, shape [images, 64].
    pub images: Tensor<f32>,
    /// The digit on each image, 0 to 9.
    pub labels: Vec<u8>,
}

/// The 1,797 handwritten digits of 8x8 pixels that scikit-learn ships (`data/README.md`).
#[derive(Debug, Clone, PartialEq)]
pub struct Digits {
    /// What weights were fitted to and ranges are measured on.
    pub train: Samples,
    /// What accuracy is measured on.
    pub test: Samples,
}

impl Digits {
    /// The images of `data/digits.npz`, which is part of the program.
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
    /// How many images have their largest logit at their label; `logits` has the shape [images, classes],
    /// reals or codes of one scale. Of equal logits the first counts.
    pub fn correct<T: PartialOrd>(&self, logits: &[T]) -> usize {
        let rows = logits.chunks_exact(logits.len() / self.labels.len());
        rows.zip(&self.labels).filter(|(row, label)| largest(row) == usize::from(**label)).count()
    }
}

fn largest<T: PartialOrd>(row: &[T]) -> usize {
    (1..row.len()).fold(0, |best, index| if row[index] > row[best] { index } else { best })
}
