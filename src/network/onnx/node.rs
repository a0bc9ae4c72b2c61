//! Quantized nodes, in QOperator form or fused from QDQ form.

use super::model::Attributes;
use crate::network::op::OpKind;
use crate::network::refusal::Refusal;

/// A tensor of codes with the names of its scale and zero point.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OnnxCodes {
    pub tensor: String,
    pub scale: String,
    /// Name of the zero point; empty for 0.
    pub zero_point: String,
}

/// A quantized operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnnxOperator {
    Conv,
    Gemm,
    MatMul,
    Add,
    Mul,
    GlobalAveragePool,
    Softmax,
    Concat,
    MaxPool,
    Flatten,
    Reshape,
    Transpose,
}

impl OnnxOperator {
    /// Kind of layer; of a convolution, that of one group.
    pub fn kind(self) -> OpKind {
        match self {
            Self::Conv => OpKind::Convolution,
            Self::Gemm | Self::MatMul => OpKind::Dense,
            Self::Add => OpKind::Add,
            Self::Mul => OpKind::Multiply,
            Self::GlobalAveragePool => OpKind::GlobalAveragePool,
            Self::Softmax => OpKind::Softmax,
            Self::Concat => OpKind::Concatenation,
            Self::MaxPool => OpKind::MaxPool,
            Self::Flatten | Self::Reshape => OpKind::Reshape,
            Self::Transpose => OpKind::Transpose,
        }
    }

    /// Operator of a float node.
    pub fn of_float(op: &str) -> Option<Self> {
        Some(match op {
            "Conv" => Self::Conv,
            "Gemm" => Self::Gemm,
            "MatMul" => Self::MatMul,
            "Add" => Self::Add,
            "Mul" => Self::Mul,
            "GlobalAveragePool" => Self::GlobalAveragePool,
            "Softmax" => Self::Softmax,
            "Concat" => Self::Concat,
            _ => return Self::moving(op),
        })
    }

    /// Operator that moves codes and has no scales.
    pub fn moving(op: &str) -> Option<Self> {
        Some(match op {
            "MaxPool" => Self::MaxPool,
            "Flatten" => Self::Flatten,
            "Reshape" | "Squeeze" | "Unsqueeze" | "Identity" => Self::Reshape,
            "Transpose" => Self::Transpose,
            _ => return None,
        })
    }
}

/// A quantized node.
#[derive(Clone)]
pub struct OnnxNode {
    pub name: String,
    /// Operator in the file.
    pub file_op: String,
    pub operator: OnnxOperator,
    /// Operands; the second one of a convolution or product is its weights.
    pub inputs: Vec<OnnxCodes>,
    /// Name of the bias, or of the shape of a reshape; empty if there is none.
    pub extra: String,
    /// The output; an operator that moves codes has no names of scale and zero point.
    pub output: OnnxCodes,
    pub attributes: Attributes,
}

/// Result of the translation of a node.
pub enum Step {
    /// A layer.
    Layer(OnnxNode),
    /// The float input becomes codes.
    Input(OnnxCodes),
    /// Codes become the float output.
    Output(OnnxCodes),
    /// A node that is not supported.
    Refused { name: String, file_op: String, output: String, refusal: Refusal },
}
