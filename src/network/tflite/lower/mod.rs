//! Lowering of a node of the file to the arithmetic of a layer.

mod binary;
mod pooling;
mod products;
mod shapes;
mod unary;

use super::context::{Context, Lower};
use super::schema::Operator;
use crate::arithmetic::network::Activation;
use crate::network::coverage;
use crate::network::op::OpKind;
use crate::network::operation::Operation;

/// Operation of a node, and the positions of the inputs that it reads at run time.
pub struct LoweredNode {
    pub operation: Operation,
    pub inputs: Vec<usize>,
}

impl LoweredNode {
    /// An operation on the first input.
    fn unary(operation: Operation) -> Self {
        Self { operation, inputs: vec![0] }
    }
}

/// Derives the operation of a node.
pub fn lower(context: &Context, operator: Operator, kind: OpKind) -> Lower<LoweredNode> {
    coverage::require(kind, context.profile)?;
    match operator {
        Operator::Conv2d => products::convolution(context),
        Operator::DepthwiseConv2d => products::depthwise(context),
        Operator::FullyConnected => products::dense(context),
        Operator::Add => binary::sum(context, false),
        Operator::Sub => binary::sum(context, true),
        Operator::Mul => binary::product(context),
        Operator::AveragePool2d => pooling::average(context),
        Operator::MaxPool2d => pooling::max(context),
        Operator::Mean => pooling::mean(context),
        Operator::Softmax => unary::softmax(context),
        Operator::Relu => unary::rectifier(context, Activation::Relu),
        Operator::ReluN1To1 => unary::rectifier(context, Activation::ReluN1To1),
        Operator::Relu6 => unary::rectifier(context, Activation::Relu6),
        Operator::Logistic => unary::logistic(context),
        Operator::Tanh => unary::tanh(context),
        Operator::HardSwish => unary::hard_swish(context),
        Operator::LeakyRelu => unary::leaky_relu(context),
        Operator::Prelu => unary::prelu(context),
        Operator::Quantize | Operator::Dequantize => unary::quantize(context),
        Operator::Pad | Operator::PadV2 => shapes::pad(context),
        Operator::Concatenation => shapes::concatenation(context),
        Operator::Reshape | Operator::Squeeze | Operator::ExpandDims => shapes::reshape(context),
        Operator::Transpose => shapes::transpose(context),
    }
}
