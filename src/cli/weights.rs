//! Reads a matrix of weights from an npy file.

use std::path::Path;

use super::CliError;
use crate::files::tensor::{Array, NpyFile, Tensor};
use crate::unit::{Matrix, MatrixError};

/// Reads a matrix of any integer type.
pub(super) fn read(path: &Path) -> Result<Matrix, CliError> {
    let file = NpyFile::open(path)?;
    let in_file = |error: WeightsError| format!("{}: {error}", path.display());
    let (rows, columns) = dimensions(file.shape()).map_err(in_file)?;
    Ok(matrix(rows, columns, &file.read()?).map_err(in_file)?)
}

/// Checks the shape before any data is read, because the file may be of any size.
fn dimensions(shape: &[usize]) -> Result<(usize, usize), WeightsError> {
    let &[rows, columns] = shape else {
        return Err(WeightsError::NotTwoAxes { shape: shape.to_vec() });
    };
    Matrix::check(rows, columns)?;
    Ok((rows, columns))
}

fn matrix(rows: usize, columns: usize, array: &Array) -> Result<Matrix, WeightsError> {
    let Some(integers) = array.integers() else {
        return Err(match array {
            Array::Float32(tensor) => float_error(tensor, columns),
            Array::Float64(tensor) => float_error(tensor, columns),
            _ => unreachable!("all other elements are integers"),
        });
    };
    let entries: Result<Vec<i64>, MatrixError> = integers
        .enumerate()
        .map(|(index, entry)| {
            let (row, column) = (index / columns, index % columns);
            entry.try_into().map_err(|_| MatrixError::NotWhole { row, column, entry: entry.to_string() })
        })
        .collect();
    Ok(Matrix::new(rows, columns, entries?)?)
}

/// Error for an array of floats: its first fraction if there is one, else its type.
fn float_error<T: Copy + Into<f64>>(tensor: &Tensor<T>, columns: usize) -> WeightsError {
    let mut reals = tensor.data().iter().map(|&real| real.into()).enumerate();
    match reals.find(|(_, real): &(usize, f64)| real.fract() != 0.0) {
        Some((index, value)) => {
            WeightsError::NotInteger { row: index / columns, column: index % columns, value }
        }
        None => WeightsError::FloatType,
    }
}

/// Error for an array that is not an integer matrix.
#[derive(Debug, thiserror::Error)]
enum WeightsError {
    /// The array does not have two axes.
    #[error(
        "has shape {shape:?}, but a matrix has two axes, outputs and inputs: save array.reshape(outputs, inputs)"
    )]
    NotTwoAxes { shape: Vec<usize> },
    /// An entry is a fraction, infinite or NaN.
    #[error(
        "row {row}, column {column} is {value}, not an integer: quantize the weights first, \
         `qrtl quantize weights.npy --bits 8 -o codes.npy`"
    )]
    NotInteger { row: usize, column: usize, value: f64 },
    /// All entries are integers, but the type is a float.
    #[error("holds integers of a float type: save array.astype(np.int16)")]
    FloatType,
    /// The matrix is illegal.
    #[error(transparent)]
    Matrix(#[from] MatrixError),
}
