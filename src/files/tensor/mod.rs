//! Tensors, and their files in the formats of numpy.
//!
//! [`read_npy`] and [`read_npz`] return an [`Array`] of the type that the file holds;
//! [`Array::into_tensor`] asks for one type. Tensors are row-major; files in Fortran order are transposed, and
//! float16 and bfloat16 become float32, which holds each of their values.

mod array;
mod element;
mod error;
mod half;
mod header;
mod memory;
mod npy;
mod npz;
mod order;
mod source;

pub use array::{Array, Integers, WrongType};
pub use element::{Dtype, Element};
pub use error::{Cause, Error};
pub use memory::require_memory;
pub use npy::{NpyFile, read_npy, write_npy};
pub use npz::{read_npz, read_npz_bytes, write_npz};
pub use source::{ArraySource, read_array};

/// A row-major tensor; the number of its elements is the product of its shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor<T> {
    shape: Vec<usize>,
    data: Vec<T>,
}

/// Error for a shape whose product is not the number of elements.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("shape {shape:?} does not describe {elements} elements: give the tensor's own shape")]
pub struct WrongShape {
    /// Shape as given.
    pub shape: Vec<usize>,
    /// Number of elements as given.
    pub elements: usize,
}

impl<T> Tensor<T> {
    /// A tensor of these elements in row-major order; the empty shape is that of a scalar.
    ///
    /// # Errors
    /// [`WrongShape`] when the product of `shape` is not the length of `data`.
    pub fn new(shape: Vec<usize>, data: Vec<T>) -> Result<Self, WrongShape> {
        if elements(&shape) == Some(data.len()) {
            Ok(Self { shape, data })
        } else {
            Err(WrongShape { shape, elements: data.len() })
        }
    }

    /// Length of each axis, the slowest first.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The elements in row-major order.
    pub fn data(&self) -> &[T] {
        &self.data
    }

    /// The elements in row-major order.
    pub fn into_data(self) -> Vec<T> {
        self.data
    }
}

/// The product of a shape, unless it overflows.
fn elements(shape: &[usize]) -> Option<usize> {
    // A length of 0 anywhere makes the tensor empty even if the other lengths overflow.
    if shape.contains(&0) {
        return Some(0);
    }
    shape.iter().try_fold(1usize, |product, &length| product.checked_mul(length))
}

#[cfg(test)]
mod tests;
