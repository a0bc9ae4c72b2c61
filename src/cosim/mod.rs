//! Co-simulation: stimulus through the Verilated RTL and through the reference, compared.
//!
//! ```text
//! Stimulus -> Columns -> Dut   -> Columns \
//!                    \-> Model -> Columns  -> Scoreboard -> Outcome
//! ```

mod abi;
mod abi_version;
mod dut;
mod report;
mod scoreboard;
mod shrink;
mod source;
pub mod stimulus;
mod verify;

pub use dut::{Dut, DutError, Rtl};
pub use report::{Failure, MismatchView, Report, ShrunkView};
pub use scoreboard::{Mismatch, Outcome, compare};
pub use shrink::{Counterexample, shrink};
pub use source::{Lanes, ModelSource, model_source};
pub use verify::{Effort, ModelError, Models, VerifyError, verify};
