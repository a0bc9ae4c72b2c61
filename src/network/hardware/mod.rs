//! Hardware of networks: one module per layer, connected by streams of codes.

mod budget;
mod depth;
mod engine;
mod error;
mod estimate;
mod folding;
mod joins;
mod latency;
mod options;
mod padding;
mod plan;
mod product_layers;
mod realization;
mod report;
mod top;

pub use budget::{Budget, Resource};
pub use error::HardwareError;
pub use estimate::Estimate;
pub use folding::Folding;
pub use latency::FrameLatency;
pub use options::HardwareOptions;
pub use report::{HardwareReport, ModuleReport};
pub use top::{Hardware, NetworkParameters};

pub use crate::circuit::engine::Fold;
