//! The software truth: plain integer Rust, written from the numbered equations of
//! `docs/arithmetic.md`, never from a template.

mod mac;
mod model;
mod multiplier;

pub use model::{Model, model};
