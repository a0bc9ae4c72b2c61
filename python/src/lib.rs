//! The Rust side of the Python package `qrtl`: arrays, texts and JSON in and out.
//!
//! The classes that users see are written in Python, in `python/qrtl`.

#![allow(missing_docs)]

mod arrays;
mod audit;
mod error;
mod network;
mod numbers;
mod tools;
mod unit;

use std::ffi::OsString;

use pyo3::prelude::*;

/// A result as JSON and as the text of the command line.
type Report = (String, String);

/// Runs a command line, the name of the program first; returns the exit code.
#[pyfunction]
fn run_command_line(py: Python<'_>, words: Vec<OsString>) -> u8 {
    py.detach(|| qrtl::cli::run(words))
}

#[pymodule]
mod _qrtl {
    #[pymodule_export]
    use super::audit::audit;
    #[pymodule_export]
    use super::error::QrtlError;
    #[pymodule_export]
    use super::network::{Hardware, Network};
    #[pymodule_export]
    use super::numbers::{identify, quantize, requantize, rules};
    #[pymodule_export]
    use super::run_command_line;
    #[pymodule_export]
    use super::unit::{Model, Unit, units};
}
