//! The software truth: plain integer Rust, written from the numbered equations of
//! `docs/arithmetic.md`, never from a template.

mod mac;
mod model;
mod multiplier;
mod pipelined;
pub mod quantizer;
mod real;
mod rounding;

pub use model::{Model, model, steady_model};
pub use real::Real;
pub use rounding::Rounding;
