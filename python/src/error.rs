//! The exception of the package.

use std::fmt::Display;

use pyo3::prelude::*;

pyo3::create_exception!(
    qrtl,
    QrtlError,
    pyo3::exceptions::PyValueError,
    "An input, a file or a tool that cannot be used; the text names the cause and the fix."
);

/// The exception with the text of an error.
pub fn raise(error: impl Display) -> PyErr {
    QrtlError::new_err(error.to_string())
}
