//! Published arithmetic on plain numbers: quantizer, calibration, rounding rules, layers of networks, small floats.
//!
//! Nothing here knows about hardware, files or tools: the only other room it imports is `text`. The equations
//! are numbered in `docs/arithmetic.md`.

pub mod calibration;
mod float_forms;
pub mod network;
pub mod quantizer;
mod real;
pub mod rescale;
mod rounding;
pub mod small_float;

pub use float_forms::{dequantize, dequantize_with_bias, quantize_by_reciprocal};
pub use real::Real;
pub use rounding::Rounding;
