//! Reader of .tflite files.

mod build;
mod context;
mod cursor;
mod lower;
mod model;
mod schema;

pub use schema::names;

use super::error::NetworkCause;
use super::graph::Network;
use super::profile::Profile;

/// Whether the bytes have the file identifier of a .tflite file.
pub fn claims(bytes: &[u8]) -> bool {
    bytes.get(4..8) == Some(schema::IDENTIFIER)
}

/// Reads a network.
///
/// # Errors
/// [`NetworkCause`] if the file is damaged or is not a quantized network with one input and one output. Layers
/// that are not supported are part of the result.
pub fn read(bytes: &[u8], profile: Profile) -> Result<Network, NetworkCause> {
    let buffer = cursor::Buffer::new(bytes);
    build::network(&model::TfliteModel::read(&buffer)?, profile)
}
