//! The classifier demo: a quantized digit classifier on simulated units.
//!
//! It answers how much accuracy a number format costs and whether the rounding rule matters.
//!
//! ```text
//!  Digits ──► Classifier ──► float logits ────────────────────────────────────┐
//!    │            │                                                           ▼
//!    └─ ranges ─► QuantizedClassifier ── MacJob ─► mac ──────────┐   VariantResult: accuracy,
//!                     ▲                                          ▼     SQNR, cycles, mismatches
//!                     └─ codes ── requantizer ◄── RequantizerJob ┘            ▲
//!                            └─ codes of the logits ──────────────────────────┘
//! ```
//!
//! [`run_network`] simulates a whole convolutional network as one RTL top and compares its outputs with the
//! recorded bytes of TFLite Micro.
//!
//! [`evaluate`] runs a grid of [`Variant`]s, calibrated and trained for it, each rounding rule, and [`Float8Classifier`]. Images are quantized
//! in `f32`; from there to the largest logit a variant computes in integers only, by a [`Backend`] whose results
//! are compared with the reference by [`CheckedBackend`].

mod backend;
mod checked;
mod classifier;
mod digits;
mod digits_network;
mod dot_job;
mod error;
mod evaluate;
mod float8;
mod mac_job;
mod quantized;
mod requantizer;
mod requantizer_job;
mod result;
#[cfg(test)]
mod software_backend;
mod trained;
mod variant;
mod verilated;

#[cfg(test)]
pub(crate) use software_backend::SoftwareBackend;

pub use backend::{Backend, BackendError, Backends, Job};
pub use checked::{CheckedBackend, ComparisonTally, ResultCountError};
pub use classifier::{Classifier, DenseLayer};
pub use digits::{Digits, Samples};
pub use digits_network::{
    NetworkResult, checked_in_figures, digits_hardware, measured_networks, network_config, run_network,
};
pub use dot_job::{BLOCK, DotJob};
pub use error::DemoError;
pub use evaluate::{evaluate, runs};
pub use float8::{FLOAT8, Float8Classifier};
pub use mac_job::MacJob;
pub use quantized::{LOGIT_BITS, QuantizedClassifier};
pub use requantizer::requantizer;
pub use requantizer_job::{RequantizerJob, layer_scale};
pub use result::{Evaluation, Float8Result, Logits, RULES, RuleResult, VariantResult};
pub use trained::{TrainedClassifier, TrainedClassifiers};
pub use variant::Variant;
pub use verilated::VerilatedBackends;

use std::collections::BTreeMap;

use crate::files::tensor::{Array, Element, Tensor};

/// Removes an array from an embedded archive.
///
/// # Panics
/// If the array is missing or of another type, which the tests of the embedded files rule out.
fn take<T: Element>(arrays: &mut BTreeMap<String, Array>, name: &str) -> Tensor<T>
where
    Tensor<T>: TryFrom<Array, Error = Array>,
{
    let array = arrays.remove(name).unwrap_or_else(|| panic!("array '{name}' is part of the program"));
    array.into_tensor().unwrap_or_else(|error| panic!("array '{name}' {error}"))
}

#[cfg(test)]
mod tests;
