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
//! [`evaluate`] does all of it for a grid of [`Variant`]s, for each rounding rule, and for [`Float8Network`].
//! Images become codes in `f32`; from there on a variant is integers until its largest logit, and each of them
//! comes out of an [`Engine`] whose results are all [`Checked`].

mod blocks;
mod checked;
mod classifier;
mod digits;
mod engine;
mod error;
mod evaluate;
mod float8;
mod operands;
mod outcome;
mod quantized;
mod requantizer;
mod rescaling;
mod variant;
mod verilated;

pub use blocks::{BLOCK, Blocks};
pub use checked::{Checked, Tally, WrongCount};
pub use classifier::{Classifier, Dense};
pub use digits::{Digits, Samples};
pub use engine::{Engine, EngineError, Job, Software, Units};
pub use error::Error;
pub use evaluate::{evaluate, runs};
pub use float8::{FLOAT8, Float8Network};
pub use operands::Operands;
pub use outcome::{Evaluation, Float8Outcome, Logits, Outcome, RULES, RuleOutcome};
pub use quantized::{LOGIT_BITS, Quantized};
pub use requantizer::requantizer;
pub use rescaling::{Rescaling, factor};
pub use variant::Variant;
pub use verilated::Verilated;

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
