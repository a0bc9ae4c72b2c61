//! Lowering of a node of the file to the arithmetic of a layer.

mod binary;
mod pooling;
mod products;
mod shapes;
mod unary;

use super::context::{Context, Lower};
use super::schema::TfliteOperator;
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
pub fn lower(context: &Context, operator: TfliteOperator, kind: OpKind) -> Lower<LoweredNode> {
    coverage::require(kind, context.profile)?;
    match operator {
        TfliteOperator::Conv2d => products::convolution(context),
        TfliteOperator::DepthwiseConv2d => products::depthwise(context),
        TfliteOperator::FullyConnected => products::dense(context),
        TfliteOperator::Add => binary::sum(context, false),
        TfliteOperator::Sub => binary::sum(context, true),
        TfliteOperator::Mul => binary::product(context),
        TfliteOperator::AveragePool2d => pooling::average(context),
        TfliteOperator::MaxPool2d => pooling::max(context),
        TfliteOperator::Mean => pooling::mean(context),
        TfliteOperator::Softmax => unary::softmax(context),
        TfliteOperator::Relu => unary::rectifier(context, Activation::Relu),
        TfliteOperator::ReluN1To1 => unary::rectifier(context, Activation::ReluN1To1),
        TfliteOperator::Relu6 => unary::rectifier(context, Activation::Relu6),
        TfliteOperator::Logistic => unary::logistic(context),
        TfliteOperator::Tanh => unary::tanh(context),
        TfliteOperator::HardSwish => unary::hard_swish(context),
        TfliteOperator::LeakyRelu => unary::leaky_relu(context),
        TfliteOperator::Prelu => unary::prelu(context),
        TfliteOperator::Quantize | TfliteOperator::Dequantize => unary::quantize(context),
        TfliteOperator::Pad | TfliteOperator::PadV2 => shapes::pad(context),
        TfliteOperator::Concatenation => shapes::concatenation(context),
        TfliteOperator::Reshape | TfliteOperator::Squeeze | TfliteOperator::ExpandDims => {
            shapes::reshape(context)
        }
        TfliteOperator::Transpose => shapes::transpose(context),
    }
}
