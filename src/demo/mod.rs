//! A digit classifier, quantized after training and run on any engines: how much accuracy does a number format
//! cost, and does the rounding rule matter?
//!
//! ```text
//!  Digits ──► Classifier ──► float logits ─────────────────────────────┐
//!    │            │                                                    ▼
//!    └─ ranges ─► Quantized ── Operands ─► mac ─────────────┐        Outcome: accuracy, SQNR,
//!                     ▲                                     ▼          cycles, mismatches
//!                     └─ codes ── requantizer ◄─ Rescaling ─┘            ▲
//!                            └─ codes of the logits ─────────────────────┘
//! ```
//!
//! [`evaluate`] does all of it for a grid of [`Variant`]s, for each rounding rule, and for [`Float8Classifier`].
//! Images become codes in `f32`; from there on a variant is integers until its largest logit, and each of them
//! comes out of an [`Backend`] whose results are all [`CheckedBackend`].

mod backend;
mod blocks;
mod checked;
mod classifier;
mod digits;
mod error;
mod evaluate;
mod float8;
mod operands;
mod quantized;
mod requantizer;
mod rescaling;
mod result;
mod variant;
mod verilated;

pub use backend::{Backend, BackendError, Backends, Job, SoftwareBackend};
pub use blocks::{BLOCK, DotJob};
pub use checked::{CheckedBackend, ComparisonTally, WrongCount};
pub use classifier::{Classifier, Dense};
pub use digits::{Digits, Samples};
pub use error::DemoError;
pub use evaluate::{evaluate, runs};
pub use float8::{FLOAT8, Float8Classifier};
pub use operands::MacJob;
pub use quantized::{LOGIT_BITS, QuantizedClassifier};
pub use requantizer::requantizer;
pub use rescaling::{RequantizerJob, factor};
pub use result::{Evaluation, Float8Result, Logits, RULES, RuleResult, VariantResult};
pub use variant::Variant;
pub use verilated::VerilatedBackends;

use std::collections::BTreeMap;

use crate::files::tensor::{Array, Element, Tensor};

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
