//! Errors of network files, each with its fix.

use std::io;
use std::path::{Path, PathBuf};

use super::profile::Profile;
use super::refusal::Refusal;

/// Error for a network file.
#[derive(Debug, thiserror::Error)]
#[error("{}: {cause}", .path.display())]
pub struct NetworkError {
    /// Path of the file.
    pub path: PathBuf,
    /// Problem of the file.
    pub cause: NetworkCause,
}

impl NetworkError {
    /// Error of the file at `path`.
    pub fn new(path: &Path, cause: NetworkCause) -> Self {
        Self { path: path.into(), cause }
    }
}

/// Problem of a network file.
#[derive(Debug, thiserror::Error)]
pub enum NetworkCause {
    /// The file cannot be read.
    #[error("cannot be read ({0}): check the name and the permissions")]
    Read(io::Error),
    /// The content is of neither format.
    #[error("is not a network: give a .tflite file (flatbuffer 'TFL3') or an .onnx file")]
    NotNetwork,
    /// The content contradicts itself.
    #[error("is damaged or truncated ({0}): copy or export the file again")]
    Damaged(&'static str),
    /// The version of the format is not known.
    #[error("has {format} version {version}, supported: {known}: convert it with a current converter")]
    Version {
        /// Name of the format or operator set.
        format: &'static str,
        /// Version of the file.
        version: i64,
        /// Known versions.
        known: &'static str,
    },
    /// The vectors of the file overlap, so that they are far larger than the file.
    #[error("unpacks to far more data than the file size allows: export the file again")]
    Unpacked,
    /// The file holds several graphs.
    #[error("has {0} subgraphs, that is, control flow: export one graph without IF, WHILE or CALL")]
    Subgraphs(usize),
    /// The graph has no input or several.
    #[error("has {count} {side}s, but one is supported: split the network, or concatenate them outside")]
    Ends {
        /// `input` or `output`.
        side: &'static str,
        /// Number of them.
        count: usize,
    },
    /// The file names a tensor that does not exist.
    #[error("node {node} names a tensor that does not exist: export the file again")]
    NoTensor {
        /// Name of the node.
        node: String,
    },
    /// A tensor is read before it is computed.
    #[error("node {node} reads tensor '{tensor}', which no earlier node computes: export the file again")]
    Order {
        /// Name of the node.
        node: String,
        /// Name of the tensor.
        tensor: String,
    },
    /// Nothing computes the output.
    #[error("no node computes the output '{0}': export the file again")]
    NoOutput(String),
    /// A tensor is computed twice.
    #[error("two nodes compute tensor '{0}': export the file again")]
    Twice(String),
    /// A tensor has no fixed size.
    #[error("tensor '{tensor}' has an unknown dimension {axis}: export the network with a fixed input shape")]
    UnknownDimension {
        /// Name of the tensor.
        tensor: String,
        /// Axis without a length.
        axis: usize,
    },
    /// A tensor has an axis of length 0 or an illegal length.
    #[error("tensor '{tensor}' has shape {shape:?}: export the network with lengths of 1 or more")]
    Dimension {
        /// Name of the tensor.
        tensor: String,
        /// Lengths as in the file.
        shape: Vec<i64>,
    },
    /// A tensor is too large.
    #[error(
        "tensor '{tensor}' has {elements} elements, the limit is {limit}: split the network or its input"
    )]
    Large {
        /// Name of the tensor.
        tensor: String,
        /// Number of elements.
        elements: u128,
        /// Maximum number of elements.
        limit: usize,
    },
    /// A frame takes too long.
    #[error("takes {steps} products per frame, the limit is {limit}: use a smaller input")]
    Work {
        /// Products per frame.
        steps: u64,
        /// Maximum number of products.
        limit: u64,
    },
    /// Activations are floats.
    #[error(
        "is a float network (node {node} computes in float): quantize it to int8, in TensorFlow with \
         converter.optimizations = [tf.lite.Optimize.DEFAULT], a representative_dataset and \
         target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8], in ONNX Runtime with \
         quantize_static"
    )]
    Float {
        /// Name of the node.
        node: String,
    },
    /// Weights are integers, activations floats.
    #[error(
        "is quantized in its weights only (node {node} has int8 weights and float activations, 'dynamic \
         range'): convert it with a representative_dataset and \
         target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8], or with quantize_static"
    )]
    DynamicRange {
        /// Name of the node.
        node: String,
    },
    /// The profile is of a runtime that does not read this format.
    #[error(
        "profile {profile} is defined for .{expected} files only: omit --profile, or convert the network"
    )]
    Profile {
        /// The profile.
        profile: Profile,
        /// Extension of the files it is defined for.
        expected: &'static str,
    },
    /// Some nodes are not supported.
    #[error("{}", refusals(.0))]
    Refused(Vec<(String, Refusal)>),
}

/// One sentence per refused node.
fn refusals(nodes: &[(String, Refusal)]) -> String {
    let lines: Vec<String> = nodes.iter().map(|(node, refusal)| format!("node {node}: {refusal}")).collect();
    lines.join("\n  ")
}
