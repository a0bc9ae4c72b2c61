//! Co-simulation: stimulus through the Verilated RTL and through the reference, compared.
//!
//! ```text
//! Stimulus -> Columns -> Dut   -> Columns \
//!                    \-> Model -> Columns  -> Scoreboard -> Outcome
//! ```
//!
//! The build half ([`builder`] and what it calls, and the texts a model is made of) is mounted by
//! `build.rs` as well: it uses no `crate::` path and links nothing that a build script has no use
//! for.

mod abi;
mod abi_version;
mod agreement;
mod alignment;
mod arrays;
pub mod builder;
mod built;
mod choice;
mod covering;
mod effort;
mod models;
mod verify_error;
pub mod cache;
pub mod compiler;
mod coverage;
mod design;
mod dut;
mod engine;
pub mod environment;
pub mod error;
mod explain;
pub mod fetch;
mod four_state;
mod group;
#[cfg(feature = "linked-models")]
mod linked;
pub mod parallel;
mod plan;
mod report;
mod reproducer;
mod runtime;
mod scoreboard;
mod shard;
mod shrink;
mod simulate;
mod source;
pub mod stimulus;
mod sweep;
pub mod toolchain;
mod verify;
pub mod verilate;
pub mod verilator;
pub mod wheel;

pub(crate) use abi_version::ABI_VERSION;
pub use arrays::{ArrayError, arrays_from_outputs, column_from_array, sequence_from_arrays};
pub use built::Built;
pub use coverage::{Coverage, Covered, Point, Summary};
pub use covering::Covering;
pub use design::{Design, DesignInstance};
pub use dut::{Dut, DutError, Rtl};
pub use engine::{Engine, Slicer};
pub use four_state::{FourState, FourStateError, Icarus};
pub use group::Group;
#[cfg(feature = "linked-models")]
pub use linked::Linked;
pub use report::{Failure, MismatchView, Report, ShrunkView};
pub use scoreboard::{Mismatch, Outcome, compare};
pub use shard::{Shard, ShardError};
pub use shrink::{Counterexample, shrink};
pub use simulate::{simulate_reference, simulate_rtl};
pub use source::{Lanes, model_source};
pub(crate) use source::{Pin, Tie, design_shim};
pub(crate) use source::{data_ports, digest as source_digest, is_per_lane};
pub use sweep::sweep;
pub use effort::Effort;
pub use models::{ModelError, Models};
pub use verify_error::VerifyError;
pub use verify::{differs, verify};
