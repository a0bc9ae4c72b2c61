//! Reader of .onnx files.

mod build;
mod constant;
mod fusion;
mod layers;
mod lower;
mod message;
mod model;
mod moves;
mod node;
mod operators;
mod parameters;

pub use operators::names;

use super::error::NetworkCause;
use super::graph::Network;
use super::profile::Profile;

/// Reads a network.
///
/// # Errors
/// [`NetworkCause`] if the file is damaged or is not a quantized network with one input and one output. Layers
/// that are not supported are part of the result.
pub fn read(bytes: &[u8], profile: Profile) -> Result<Network, NetworkCause> {
    let model = model::OnnxModel::read(bytes)?;
    build::network(&model, fusion::steps(&model)?, profile)
}
