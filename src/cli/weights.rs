//! A matrix of weights from an npy file.

use std::path::Path;

use super::CliError;
use crate::files::tensor::{Array, NpyFile, Tensor};
use crate::unit::{Matrix, MatrixError};

/// Reads a matrix of integers of any type.
pub(super) fn read(path: &Path) -> Result<Matrix, CliError> {
    let file = NpyFile::open(path)?;
    let in_file = |error: WeightsError| format!("{}: {error}", path.display());
    let (rows, columns) = sides(file.shape()).map_err(in_file)?;
    Ok(matrix(rows, columns, &file.read()?).map_err(in_file)?)
}

/// Rows and columns, before any data is read: a model's other tensors may be of any size.
fn sides(shape: &[usize]) -> Result<(usize, usize), WeightsError> {
    let &[rows, columns] = shape else {
        return Err(WeightsError::NoMatrix { shape: shape.to_vec() });
    };
    Matrix::check(rows, columns)?;
    Ok((rows, columns))
}

fn matrix(rows: usize, columns: usize, array: &Array) -> Result<Matrix, WeightsError> {
    let Some(integers) = array.integers() else {
        return Err(match array {
            Array::Float32(tensor) => real(tensor, columns),
            Array::Float64(tensor) => real(tensor, columns),
            _ => unreachable!("all other elements are integers"),
        });
    };
    let entries: Result<Vec<i64>, MatrixError> = integers
        .enumerate()
        .map(|(place, entry)| {
            let (row, column) = (place / columns, place % columns);
            entry.try_into().map_err(|_| MatrixError::NotWhole { row, column, entry: entry.to_string() })
        })
        .collect();
    Ok(Matrix::new(rows, columns, entries?)?)
}

/// What is wrong with reals: the first that is no whole number, or else their type.
fn real<T: Copy + Into<f64>>(tensor: &Tensor<T>, columns: usize) -> WeightsError {
    let mut reals = tensor.data().iter().map(|&real| real.into()).enumerate();
    match reals.find(|(_, real): &(usize, f64)| real.fract() != 0.0) {
        Some((place, value)) => {
            WeightsError::NotWhole { row: place / columns, column: place % columns, value }
        }
        None => WeightsError::WholeReals,
    }
}

/// Why an array is no matrix of weights.
#[derive(Debug, thiserror::Error)]
enum WeightsError {
    /// One axis, or more than two.
    #[error(
        "has the shape {shape:?}, a matrix has two axes, outputs and inputs: save array.reshape(outputs, inputs)"
    )]
    NoMatrix { shape: Vec<usize> },
    /// A fraction, an infinity or NaN.
    #[error(
        "row {row}, column {column} is {value}, no whole number: quantize the weights first, \
         `qrtl quantize weights.npy --bits 8 -o codes.npy`"
    )]
    NotWhole { row: usize, column: usize, value: f64 },
    /// Whole numbers of the wrong type.
    #[error("holds reals, all of them whole: save array.astype(np.int16)")]
    WholeReals,
    /// What no matrix has.
    #[error(transparent)]
    Matrix(#[from] MatrixError),
}
