//! A digit classifier, quantized after training and run on any multiply-accumulate engine: how much
//! accuracy does an integer format cost?
//!
//! ```text
//!  Digits ──► Classifier ──► float logits ───────────────┐
//!    │            │                                      ▼
//!    └─ ranges ─► Quantized ── codes ─► MatrixEngine ─► Outcome: accuracy, SQNR, cycles, mismatches
//!                     ▲─────── sums ───────┘
//! ```
//!
//! [`evaluate`] does all of it for a grid of [`Variant`]s. Every multiply-accumulate of a variant goes
//! through one [`MatrixEngine`]; between layers the sums are dequantized and quantized again by
//! [`crate::reference::quantizer`].

mod checked;
mod classifier;
mod digits;
mod engine;
mod error;
mod evaluate;
mod quantized;
mod variant;
mod verilated;

pub use checked::Checked;
pub use classifier::{Classifier, Dense};
pub use digits::{Digits, Samples};
pub use engine::{EngineError, MatrixEngine, Operands, Software};
pub use error::Error;
pub use evaluate::{Evaluation, Outcome, evaluate};
pub use quantized::{Quantized, QuantizedDense};
pub use variant::Variant;
pub use verilated::Verilated;

use std::collections::BTreeMap;

use crate::tensor::{Array, Element, Tensor};

/// Takes an array out of an archive that is part of the program.
///
/// # Panics
/// When it is missing or of another type, which the tests of the embedded files rule out.
fn take<T: Element>(arrays: &mut BTreeMap<String, Array>, name: &str) -> Tensor<T>
where
    Tensor<T>: TryFrom<Array, Error = Array>,
{
    let array = arrays.remove(name).unwrap_or_else(|| panic!("array '{name}' is part of the program"));
    array.into_tensor().unwrap_or_else(|error| panic!("array '{name}' {error}"))
}

#[cfg(test)]
mod tests;
