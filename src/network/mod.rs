//! Quantized networks from .tflite and .onnx files: one graph of integer layers, and its reference.
//!
//! [`Network::open`] reads a file under a [`Profile`], the runtime whose bytes it reproduces;
//! [`Network::infer`] computes a frame.

mod accumulators;
mod analysis;
mod coverage;
mod error;
mod file_format;
mod frames;
mod graph;
pub(crate) mod hardware;
mod inference;
mod listing;
mod onnx;
mod op;
mod operation;
mod profile;
mod read;
mod refusal;
mod rescaling;
mod shape;
mod tflite;

pub use accumulators::{AccumulatorListing, LayerAccumulator};
pub use analysis::LeastAccumulator;
pub use coverage::{LayerCoverage, coverage, file_operators};
pub use error::{NetworkCause, NetworkError};
pub use file_format::FileFormat;
pub use frames::{FramesError, Outputs};
pub use graph::{Boundary, CodeTensor, FloatConversion, Layer, Layout, Network, TensorId};
pub use hardware::{
    Budget, Estimate, Fold, Folding, FrameLatency, Hardware, HardwareError, HardwareOptions, HardwareReport,
    ModuleReport, NetworkParameters, Resource,
};
pub use listing::NetworkListing;
pub use op::OpKind;
pub use operation::{Operand, Operation};
pub use profile::{Profile, UnknownProfile};
pub use refusal::Refusal;
