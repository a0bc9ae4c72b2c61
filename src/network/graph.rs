//! The graph of integer layers.

use std::sync::Arc;

use super::op::OpKind;
use super::operation::Operation;
use super::profile::Profile;
use super::refusal::Refusal;
use crate::arithmetic::network::Quantization;

/// Index of a tensor in [`Network::tensors`].
pub type TensorId = usize;

/// Maximum number of elements of a tensor.
pub const LARGEST_TENSOR: usize = 1 << 26;

/// A quantized network under a profile, whose layers are in the order of execution.
#[derive(Debug, Clone)]
pub struct Network {
    /// Runtime whose bytes the network reproduces.
    pub profile: Profile,
    /// Tensors of codes: the input, constants, and the output of each layer.
    pub tensors: Vec<CodeTensor>,
    /// Layers; each reads the input, constants and outputs of layers before it.
    pub layers: Vec<Layer>,
    /// The input.
    pub input: Boundary,
    /// The output.
    pub output: Boundary,
}

/// A tensor of codes.
#[derive(Debug, Clone)]
pub struct CodeTensor {
    /// Name that is unique in the network and fit for a file name: the index in a .tflite file.
    pub label: String,
    /// Name in the file.
    pub name: String,
    /// Length of each axis, channels last.
    pub shape: Vec<usize>,
    /// Order of the axes in the file.
    pub layout: Layout,
    /// Scale and zero point, if the tensor has one of each.
    pub quantized: Option<Quantization>,
    /// Whether codes are 0 to 255 in the file; here they are stored minus 128.
    pub is_unsigned: bool,
    /// Codes of a constant.
    pub constant: Option<Arc<[i8]>>,
}

impl CodeTensor {
    /// Number of elements.
    pub fn elements(&self) -> usize {
        self.shape.iter().product()
    }

    /// Shape in the order of the file.
    pub fn file_shape(&self) -> Vec<usize> {
        match (self.layout, &self.shape[..]) {
            (Layout::ChannelsFirst, &[batch, height, width, channels]) => {
                vec![batch, channels, height, width]
            }
            _ => self.shape.clone(),
        }
    }
}

/// Order of a tensor's axes in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// The order of this graph.
    Same,
    /// Batch, channels, height, width; this graph has the channels last.
    ChannelsFirst,
}

/// The input or output of a network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Boundary {
    /// Tensor of codes.
    pub tensor: TensorId,
    /// Conversion between the codes and the floats of the file; `None` for codes.
    pub conversion: Option<FloatConversion>,
}

/// Conversion between floats and codes at a boundary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FloatConversion {
    /// TFLite Micro and LiteRT's reference kernels: divided by the scale, half away from zero.
    Tflite,
    /// LiteRT's optimized kernels: times the reciprocal of the scale, half to even in whole runs of 8.
    LitertOptimized,
    /// ONNX Runtime: divided by the scale, half to even, (N6).
    OnnxRuntime,
}

/// A layer.
#[derive(Debug, Clone)]
pub struct Layer {
    /// Name of the node, or of its output if nodes have no names.
    pub name: String,
    /// Operator in the file.
    pub file_op: String,
    /// Kind of layer; `None` for an unknown operator.
    pub kind: Option<OpKind>,
    /// Tensors that the operation reads, in its order; weights and biases are part of the operation.
    pub inputs: Vec<TensorId>,
    /// Tensor that the operation computes.
    pub output: TensorId,
    /// The arithmetic, or the reason why it is not supported.
    pub operation: Result<Operation, Refusal>,
}

impl Network {
    /// Names of the refused layers and the reasons.
    pub fn refusals(&self) -> Vec<(String, Refusal)> {
        let refused = |layer: &Layer| Some((layer.name.clone(), layer.operation.as_ref().err()?.clone()));
        self.layers.iter().filter_map(refused).collect()
    }
}
