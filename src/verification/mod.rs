//! Verification: RTL compared with its reference over a stimulus, and failures explained.
//!
//! ```text
//! Stimulus -> Columns -> Dut   -> Columns \
//!                    \-> Model -> Columns  -> Scoreboard -> Report
//! ```

mod agreement;
mod alignment;
mod comparator;
mod comparison_result;
mod effort;
mod engine_choice;
mod explain;
mod four_state;
mod frame_driver;
mod job;
pub mod merge;
mod plan;
mod progress;
mod report;
mod reproducer;
mod results;
mod scoreboard;
mod shrink;
mod stream_checker;
pub mod sweep;
mod verify;
mod verify_error;
mod wrong_module;

pub use comparison_result::{ComparisonResult, Mismatch};
pub use effort::Effort;
pub use four_state::{FourState, FourStateError, Icarus};
pub use job::Verification;
pub use progress::Progress;
pub use report::{Failure, MismatchView, RecordedFrames, Report, ShrunkView};
pub use results::{Results, VerbResults};
pub use scoreboard::compare;
pub use verify::differs;
pub use verify_error::VerifyError;
pub use wrong_module::wrong_module;
