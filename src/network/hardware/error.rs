//! Errors of planning the hardware of a network, each with its fix.

use crate::unit::ConfigError;

/// Error that prevents generating the hardware of a network.
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
        /// Reason.
        reason: String,
        /// Nearest supported form.
        fix: String,
    },
    /// The engine of a layer cannot be generated.
    #[error("layer {index}, node {node}: {source}")]
    Engine {
        /// Index of the layer.
        index: usize,
        /// Name of the node.
        node: String,
        /// The reason and the fix.
        source: Box<ConfigError>,
    },
    /// No layer is computed in hardware.
    #[error("the network has no layer to compute in hardware; compute it with --engine reference")]
    Empty,
    /// The number of cycles is not reachable.
    #[error(
        "{asked} cycles per frame are not reachable: layer {index}, node {node}, takes at least {least}; set \
         --cycles to {least} or more"
    )]
    Cycles {
        /// Requested cycles.
        asked: usize,
        /// Cycles that the layer takes.
        least: usize,
        /// Index of the layer.
        index: usize,
        /// Name of the node.
        node: String,
    },
    /// The module name is not an identifier.
    #[error("{0}; name the module with --name")]
    Name(Box<ConfigError>),
}
