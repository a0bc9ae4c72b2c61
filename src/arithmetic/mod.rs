//! Published arithmetic in plain numbers: quantizer, rounding rules, 8-bit floats.

pub mod float8;
mod float_forms;
pub mod quantizer;
mod real;
pub mod rescale;
mod rounding;

pub use float_forms::{dequantize, dequantize_with_bias, quantize_by_reciprocal};
pub use real::Real;
pub use rounding::Rounding;
