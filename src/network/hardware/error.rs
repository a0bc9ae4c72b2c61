//! Errors of planning the hardware of a network, each with its fix.

use super::budget::Resource;
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
    /// A budget that no fold meets.
    #[error(
        "{asked} {resource} are too few: the network needs {about}{least}; set --{option} to {least} or more",
        about = if *resource == Resource::Multipliers { "" } else { "about " },
        option = resource.option()
    )]
    Budget {
        /// The resource.
        resource: Resource,
        /// Its limit.
        asked: usize,
        /// What the slowest hardware takes of it.
        least: usize,
    },
    /// A budget of resources of a family, without a family.
    #[error("{resource} are those of an FPGA family; name it with --target, or limit --multipliers")]
    NoFamily {
        /// The resource.
        resource: Resource,
    },
    /// Weights and rows that do not fit into the memory of a family.
    #[error(
        "its weights and rows take {bytes} bytes, and the largest device of {target} has {most} bytes of block RAM; \
         choose another --target, or a smaller network"
    )]
    Memory {
        /// Bytes of weights and of buffered rows.
        bytes: usize,
        /// Bytes of block RAM of the largest device.
        most: usize,
        /// The family.
        target: &'static str,
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
