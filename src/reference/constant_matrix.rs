//! Exact products of a constant matrix and a vector.

use super::model::Model;
use crate::catalogue::ConstantMatrixParameters;
use crate::unit::{Column, Integer, Matrix};

/// The reference of a constant matrix, which has no state.
pub(crate) fn model(parameters: &ConstantMatrixParameters, _: usize) -> Box<dyn Model> {
    let (weights, x) = (parameters.weights.clone(), parameters.x);
    let (lowest, highest) = (x.min() as i64, x.max() as i64);
    let smallest = |row: &[i64]| row.iter().map(|&w| (w * lowest).min(w * highest)).sum::<i64>();
    let largest = |row: &[i64]| row.iter().map(|&w| (w * lowest).max(w * highest)).sum::<i64>();
    let min = weights.rows().map(smallest).min().expect("a row");
    let max = weights.rows().map(largest).max().expect("a row");
    let holds = |y: &Integer| y.holds(min.into()) && y.holds(max.into());
    let widths = (1..=64).map(|bits| Integer { bits, signed: min < 0 });
    let y = widths.into_iter().find(holds).expect("64 products of 32 bits");
    Box::new(ConstantMatrixModel { weights, x, y })
}

/// (Z2): `y[i] = sum W[i][j] * x[j]` in integers.
struct ConstantMatrixModel {
    weights: Matrix,
    /// The type of an element of `x`.
    x: Integer,
    /// The narrowest type that holds every output.
    y: Integer,
}

impl Model for ConstantMatrixModel {
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]) {
        let ([x], [y]) = (inputs, outputs) else { unreachable!("a vector in, a vector out") };
        let (rows, columns) = (self.weights.rows().len() as u32, self.weights.columns() as u32);
        for index in 0..x.len() {
            let words = x.words(index);
            let elements: Vec<i64> =
                (0..columns).map(|column| self.x.element(&words, column) as i64).collect();
            let mut results = vec![0; (rows * self.y.bits).div_ceil(64) as usize];
            for (row, weights) in (0..).zip(self.weights.rows()) {
                let sum: i64 = weights.iter().zip(&elements).map(|(weight, element)| weight * element).sum();
                self.y.set_element(&mut results, row, sum.into());
            }
            y.set_words(index, &results);
        }
    }
}
