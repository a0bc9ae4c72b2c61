//! Why a network has no hardware, with the fix.

use crate::unit::ConfigError;

/// Error of making hardware of a network.
#[derive(Debug, thiserror::Error)]
pub enum HardwareError {
    /// A layer has no engine.
    #[error(
        "layer {index}, node {node}, has no engine: {reason}; {fix}, or compute it with --engine reference"
    )]
    Layer {
        /// Index of the layer.
        index: usize,
        /// Name of the node.
        node: String,
        /// What is missing.
        reason: String,
        /// Nearest form that works.
        fix: String,
    },
    /// The engine of a layer cannot be made.
    #[error("layer {index}, node {node}: {source}")]
    Engine {
        /// Index of the layer.
        index: usize,
        /// Name of the node.
        node: String,
        /// The reason and the fix.
        source: Box<ConfigError>,
    },
    /// Nothing is left for the hardware.
    #[error("the network has no layer to compute in hardware; compute it with --engine reference")]
    Empty,
    /// A number of cycles that cannot be reached.
    #[error(
        "{asked} cycles per frame are not reachable: layer {index}, node {node}, takes at least {least}; set \
         --cycles to {least} or more"
    )]
    Cycles {
        /// Cycles that were asked for.
        asked: usize,
        /// Cycles that the layer takes.
        least: usize,
        /// Index of the layer.
        index: usize,
        /// Name of the node.
        node: String,
    },
    /// The module name is no identifier.
    #[error("{0}; name the module with --name")]
    Name(Box<ConfigError>),
}
