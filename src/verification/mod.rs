//! Verification: stimulus through the RTL and through the reference, compared, and failures explained.
//!
//! ```text
//! Stimulus -> Columns -> Dut   -> Columns \
//!                    \-> Model -> Columns  -> Scoreboard -> ComparisonResult
//! ```

mod agreement;
mod alignment;
mod effort;
mod engine_choice;
mod explain;
mod four_state;
pub mod merge;
mod plan;
mod report;
mod reproducer;
mod results;
mod scoreboard;
mod shrink;
pub mod sweep;
mod verify;
mod verify_error;

pub use effort::Effort;
pub use four_state::{FourState, FourStateError, Icarus};
pub use report::{Failure, Report};
pub use results::Results;
pub use scoreboard::{ComparisonResult, compare};
pub use verify::{differs, verify};
pub use verify_error::VerifyError;
