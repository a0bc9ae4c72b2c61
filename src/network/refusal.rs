//! Reasons why a layer is not supported, each with the nearest supported form.

use super::profile::Profile;
use crate::arithmetic::rescale::RescaleError;

/// Reason why a layer is refused under a profile.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// The operator is not known.
    #[error("operator {op} is not supported: {remedy}")]
    Operator {
        /// Name in the file format.
        op: String,
        /// Nearest supported form.
        remedy: &'static str,
    },
    /// The profile does not define the operator exactly.
    #[error("profile {profile} does not define {op} exactly: {remedy}")]
    Profile {
        /// The profile.
        profile: Profile,
        /// Name of the kind of layer.
        op: &'static str,
        /// Nearest supported form.
        remedy: &'static str,
    },
    /// A tensor has another element type.
    #[error("tensor '{tensor}' holds {found}, supported: {expected}: quantize the network to int8")]
    Type {
        /// Name of the tensor.
        tensor: String,
        /// Element type of the file.
        found: &'static str,
        /// Supported element types.
        expected: &'static str,
    },
    /// A tensor has no scale, or its scale is not a positive number.
    #[error("tensor '{tensor}' has no usable scale: quantize the network with a representative data set")]
    Scale {
        /// Name of the tensor.
        tensor: String,
    },
    /// A tensor has the wrong number of scales.
    #[error("tensor '{tensor}' has {found} scales, supported: {expected}: quantize it per tensor{hint}")]
    Scales {
        /// Name of the tensor.
        tensor: String,
        /// Number of scales.
        found: usize,
        /// Supported number of scales.
        expected: usize,
        /// Alternative, for weights.
        hint: &'static str,
    },
    /// A zero point is not one of the codes that are supported.
    #[error("tensor '{tensor}' has zero point {found}, supported: {expected}: {remedy}")]
    ZeroPoint {
        /// Name of the tensor.
        tensor: String,
        /// Zero point of the file.
        found: i64,
        /// Supported zero points.
        expected: &'static str,
        /// The fix.
        remedy: &'static str,
    },
    /// Input and output must share scale and zero point.
    #[error(
        "tensors '{input}' and '{output}' have different scales or zero points, and the operator does not \
         rescale: quantize them alike, or insert a QUANTIZE node between them"
    )]
    UnequalScales {
        /// Name of the input.
        input: String,
        /// Name of the output.
        output: String,
    },
    /// Bias and sum of products have different scales.
    #[error(
        "the scale of bias '{bias}' is not the product of the scales of input and weights: quantize again"
    )]
    BiasScale {
        /// Name of the bias.
        bias: String,
    },
    /// The output has a scale that the operator does not define.
    #[error(
        "the output of {op} needs scale 1/{steps} and zero point {zero_point}: quantize with a current converter"
    )]
    OutputQuantization {
        /// Name of the operator.
        op: &'static str,
        /// Reciprocal of the only scale.
        steps: u32,
        /// The only zero point.
        zero_point: i32,
    },
    /// The runtime does not quantize the operator.
    #[error(
        "{op} computes in float: put DequantizeLinear before its inputs and QuantizeLinear after its only \
         output, as quantize_static does"
    )]
    LeftInFloat {
        /// Name of the operator.
        op: String,
    },
    /// LiteRT requires a bias.
    #[error("LiteRT runs no convolution without a bias: add a bias of zeros, or use profile tflm")]
    NoBias,
    /// Shapes contradict each other or the options.
    #[error("the shapes of its tensors do not fit together ({what}): export the network again")]
    Shape {
        /// The contradiction.
        what: &'static str,
    },
    /// The batch is larger than 1.
    #[error(
        "tensor '{tensor}' has a batch of {batch}: export the network with batch size 1; frames are given as rows of the input"
    )]
    Batch {
        /// Name of the tensor.
        tensor: String,
        /// Length of the first axis.
        batch: usize,
    },
    /// An operand must be a constant of the file.
    #[error("{what} is computed by the network, but must be a constant: fold it in the converter")]
    NotConstant {
        /// Name of the operand.
        what: &'static str,
    },
    /// An operand must be computed by the network.
    #[error("its operands are constants: fold them in the converter")]
    AllConstant,
    /// An option has an unsupported value.
    #[error("option {option} = {value} is not supported: {remedy}")]
    Option {
        /// Name of the option.
        option: &'static str,
        /// Value of the file.
        value: i64,
        /// Nearest supported form.
        remedy: &'static str,
    },
    /// The number of inputs or outputs is not that of the operator.
    #[error("it has {found} {side}s instead of {expected}: export the network again")]
    Arity {
        /// `input` or `output`.
        side: &'static str,
        /// Number in the file.
        found: usize,
        /// Supported number.
        expected: &'static str,
    },
    /// The scales of the layer cannot be applied under the rule of the profile.
    #[error("its scales cannot be applied: {0}")]
    Rescale(#[from] RescaleError),
    /// The scales of the layer are outside the range of the runtime.
    #[error(
        "its scales are outside the range of the runtime ({what}): quantize with a representative data set"
    )]
    Range {
        /// The scale that is out of range.
        what: &'static str,
    },
    /// A tensor that it reads was refused.
    #[error("it reads a tensor that is not quantized: see the node that computes it")]
    Upstream,
}
