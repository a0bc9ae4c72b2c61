//! Co-simulation: stimulus through the Verilated RTL and through the reference, compared.
//!
//! ```text
//! Stimulus -> Columns -> Dut   -> Columns \
//!                    \-> Model -> Columns  -> Scoreboard -> Report
//! ```

mod abi;
mod abi_version;
mod dut;
mod source;

pub use dut::{Dut, DutError, Rtl};
pub use source::{Lanes, ModelSource, model_source};
