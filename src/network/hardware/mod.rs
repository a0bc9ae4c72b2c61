//! Hardware of networks: one module per layer, connected by streams of codes.

mod depth;
mod engine;
mod error;
mod folding;
mod joins;
mod options;
mod padding;
mod plan;
mod product_layers;
mod realization;
mod report;
mod top;

pub use error::HardwareError;
pub use folding::Folding;
pub use options::HardwareOptions;
pub use report::{HardwareReport, ModuleReport};
pub use top::{Hardware, NetworkParameters};

pub use crate::circuit::engine::Fold;
