//! Networks as hardware: one module a layer, streams of codes between them.

mod depth;
mod engine;
mod error;
mod plan;
mod report;
mod top;

pub use error::HardwareError;
pub use report::{HardwareReport, ModuleReport};
pub use top::{Hardware, HardwareOptions, NetworkParameters};
