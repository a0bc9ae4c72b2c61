//! Errors of planning the hardware of a network, each with its fix.

use crate::circuit::engine::Fold;
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
    /// The number of multipliers is not reachable.
    #[error(
        "{asked} multipliers are too few: the network needs {least}; set --multipliers to {least} or more"
    )]
    Multipliers {
        /// Requested multipliers.
        asked: usize,
        /// Multipliers of the slowest hardware.
        least: usize,
    },
    /// A fold is given for a layer that does not exist.
    #[error(
        "a fold is given for layer {index}, and the network has {layers} layers; remove it from the file"
    )]
    NoLayer {
        /// Index in the file.
        index: usize,
        /// Layers of the network.
        layers: usize,
    },
    /// A layer cannot have the given fold.
    #[error("layer {index}, node {node}, cannot be folded {asked}; use {}", legal_folds(legal))]
    Fold {
        /// Index of the layer.
        index: usize,
        /// Name of the node.
        node: String,
        /// The given fold.
        asked: Fold,
        /// Folds of the layer; none if it computes one code at a time.
        legal: Vec<Fold>,
    },
    /// The module name is not an identifier.
    #[error("{0}; name the module with --name")]
    Name(Box<ConfigError>),
}

fn legal_folds(legal: &[Fold]) -> String {
    match legal {
        [] => "no fold: it computes one code at a time".to_string(),
        _ => format!("one of {}", legal.iter().map(Fold::to_string).collect::<Vec<_>>().join(", ")),
    }
}
