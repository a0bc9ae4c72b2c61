//! numpy arrays to arrays of the library and back.

use std::collections::BTreeMap;

use numpy::{Element, PyArray1, PyArrayDyn, PyArrayMethods, PyUntypedArray, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use qrtl::{Array, ArraySource, Tensor};

use crate::error::raise;

/// Copies a numpy array in row-major order.
pub fn array(name: &str, numbers: &Bound<'_, PyAny>) -> PyResult<Array> {
    fn copy<T: Element + Copy>(numbers: &Bound<'_, PyAny>) -> Option<Array>
    where
        Array: From<Tensor<T>>,
    {
        let numbers = numbers.cast::<PyArrayDyn<T>>().ok()?.readonly();
        let data = match numbers.as_slice() {
            Ok(row_major) if numbers.is_c_contiguous() => row_major.to_vec(),
            _ => numbers.as_array().iter().copied().collect(),
        };
        Some(Tensor::new(numbers.shape().to_vec(), data).expect("an array has its shape").into())
    }
    let copies = [
        copy::<i8>,
        copy::<u8>,
        copy::<i32>,
        copy::<i64>,
        copy::<f32>,
        copy::<f64>,
        copy::<i16>,
        copy::<u16>,
        copy::<u32>,
        copy::<u64>,
        copy::<bool>,
    ];
    copies.into_iter().find_map(|copy| copy(numbers)).ok_or_else(|| {
        let found = match numbers.cast::<PyUntypedArray>() {
            Ok(array) => array.dtype().to_string(),
            Err(_) => numbers.get_type().to_string(),
        };
        raise(format!(
            "{name}: holds {found}, which has no counterpart here: convert it with array.astype(np.int32) or another \
             integer or float type of numpy"
        ))
    })
}

/// An array with a name for error texts.
pub fn source(name: &str, numbers: &Bound<'_, PyAny>) -> PyResult<ArraySource> {
    Ok(ArraySource::Memory { name: name.to_string(), array: array(name, numbers)? })
}

/// Arrays by name.
pub fn arrays(numbers: &Bound<'_, PyDict>) -> PyResult<BTreeMap<String, Array>> {
    let named = numbers.iter().map(|(name, numbers)| {
        let name: String = name.extract()?;
        let array = array(&name, &numbers)?;
        Ok((name, array))
    });
    named.collect()
}

/// A numpy array that takes over the elements.
pub fn numpy<'py>(py: Python<'py>, array: Array) -> PyResult<Bound<'py, PyAny>> {
    fn own<'py, T: Element>(py: Python<'py>, tensor: Tensor<T>) -> PyResult<Bound<'py, PyAny>> {
        let shape = tensor.shape().to_vec();
        Ok(PyArray1::from_vec(py, tensor.into_data()).reshape(shape)?.into_any())
    }
    match array {
        Array::Bool(tensor) => own(py, tensor),
        Array::Int8(tensor) => own(py, tensor),
        Array::Int16(tensor) => own(py, tensor),
        Array::Int32(tensor) => own(py, tensor),
        Array::Int64(tensor) => own(py, tensor),
        Array::Uint8(tensor) => own(py, tensor),
        Array::Uint16(tensor) => own(py, tensor),
        Array::Uint32(tensor) => own(py, tensor),
        Array::Uint64(tensor) => own(py, tensor),
        Array::Float32(tensor) => own(py, tensor),
        Array::Float64(tensor) => own(py, tensor),
    }
}

/// A dictionary of numpy arrays that take over the elements.
pub fn dictionary<'py>(
    py: Python<'py>,
    arrays: impl IntoIterator<Item = (String, Array)>,
) -> PyResult<Bound<'py, PyDict>> {
    let dictionary = PyDict::new(py);
    for (name, array) in arrays {
        dictionary.set_item(name, numpy(py, array)?)?;
    }
    Ok(dictionary)
}
