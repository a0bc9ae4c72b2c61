//! Golden models of the units: plain integer Rust, written from the numbered equations of
//! `docs/arithmetic.md`, never from a template.

mod accumulated;
mod constant_matrix;
mod delayed;
mod dequantizer;
mod dot_product;
mod fp8_decoder;
mod fp8_dot;
mod fp8_encoder;
mod fp8_format;
mod fp8_multiplier;
mod mac;
mod model;
mod multi_precision_dot;
mod multiplier;
mod mx_dot;
mod packed_multiplier;
mod pipelined;
mod quantizer;
mod requantizer;
mod serial_requantizer;

pub use model::{Model, model, steady_model};
