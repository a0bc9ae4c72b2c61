//! Nodes of the QOperator form.

use super::message::NodeMessage;
use super::model::Attributes;
use super::node::{OnnxCodes, OnnxNode, OnnxOperator, Step};
use crate::network::error::NetworkCause;
use crate::network::op::OpKind;
use crate::network::refusal::Refusal;

/// Name of a node in messages: its own, or that of its output.
pub fn node_name(node: &NodeMessage) -> String {
    let output = || node.output.first().cloned().unwrap_or_default();
    if node.name.is_empty() { output() } else { node.name.clone() }
}

/// Input at a position; empty if omitted.
pub fn input(node: &NodeMessage, position: usize) -> String {
    node.input.get(position).cloned().unwrap_or_default()
}

/// Codes from three inputs: tensor, scale, zero point.
fn codes(node: &NodeMessage, position: usize) -> OnnxCodes {
    let [tensor, scale, zero_point] = [0, 1, 2].map(|offset| input(node, position + offset));
    OnnxCodes { tensor, scale, zero_point }
}

/// Output from its name and two inputs: scale, zero point.
fn output(node: &NodeMessage, position: usize) -> OnnxCodes {
    let tensor = node.output.first().cloned().unwrap_or_default();
    OnnxCodes { tensor, scale: input(node, position), zero_point: input(node, position + 1) }
}

/// The quantized node of a node in QOperator form; `None` for all other operators.
pub fn quantized(node: &NodeMessage) -> Option<OnnxNode> {
    let operands = |positions: &[usize]| positions.iter().map(|&position| codes(node, position)).collect();
    let (operator, inputs, extra, output): (_, Vec<OnnxCodes>, _, _) = match &node.op_type[..] {
        "QLinearConv" => (OnnxOperator::Conv, operands(&[0, 3]), input(node, 8), output(node, 6)),
        "QLinearMatMul" => (OnnxOperator::MatMul, operands(&[0, 3]), String::new(), output(node, 6)),
        "QGemm" => (OnnxOperator::Gemm, operands(&[0, 3]), input(node, 6), output(node, 7)),
        "QLinearAdd" => (OnnxOperator::Add, operands(&[0, 3]), String::new(), output(node, 6)),
        "QLinearMul" => (OnnxOperator::Mul, operands(&[0, 3]), String::new(), output(node, 6)),
        "QLinearGlobalAveragePool" => {
            (OnnxOperator::GlobalAveragePool, operands(&[0]), String::new(), output(node, 3))
        }
        "QLinearSoftmax" => (OnnxOperator::Softmax, operands(&[0]), String::new(), output(node, 3)),
        "QLinearConcat" => {
            let positions: Vec<usize> = (2..node.input.len()).step_by(3).collect();
            (OnnxOperator::Concat, operands(&positions), String::new(), output(node, 0))
        }
        _ => return None,
    };
    let (name, file_op) = (node_name(node), node.op_type.clone());
    let attributes = Attributes::new(node.attribute.clone());
    Some(OnnxNode { name, file_op, operator, inputs, extra, output, attributes })
}

/// A node that moves codes and has no scale.
pub fn moving(node: &NodeMessage, operator: OnnxOperator, source: OnnxCodes, target: String) -> OnnxNode {
    OnnxNode {
        name: node_name(node),
        file_op: node.op_type.clone(),
        operator,
        inputs: vec![source],
        extra: input(node, 1),
        output: OnnxCodes { tensor: target, ..OnnxCodes::default() },
        attributes: Attributes::new(node.attribute.clone()),
    }
}

/// Names of the operators of a kind of layer, in QOperator form and in QDQ form.
pub fn names(kind: OpKind) -> &'static [&'static str] {
    match kind {
        OpKind::Convolution | OpKind::Depthwise => &["QLinearConv", "Conv"],
        OpKind::Dense => &["QLinearMatMul", "QGemm", "MatMul", "Gemm"],
        OpKind::Add => &["QLinearAdd", "Add"],
        OpKind::Multiply => &["QLinearMul", "Mul"],
        OpKind::GlobalAveragePool => &["QLinearGlobalAveragePool", "GlobalAveragePool"],
        OpKind::MaxPool => &["MaxPool"],
        OpKind::Softmax => &["QLinearSoftmax", "Softmax"],
        OpKind::Concatenation => &["QLinearConcat", "Concat"],
        OpKind::Reshape => &["Flatten", "Reshape", "Squeeze", "Unsqueeze", "Identity"],
        OpKind::Transpose => &["Transpose"],
        _ => &[],
    }
}

/// Remedies for common unsupported operators.
const UNSUPPORTED: [(&str, &str); 11] = [
    ("QLinearSigmoid", "use Relu, which is fused"),
    ("QLinearLeakyRelu", "use Relu, which is fused"),
    ("QLinearAveragePool", "use GlobalAveragePool or MaxPool"),
    ("QLinearReduceMean", "use GlobalAveragePool"),
    ("QAttention", "use convolutions and dense layers"),
    ("If", "export one graph without control flow"),
    ("Loop", "export one graph without control flow"),
    ("Scan", "export one graph without control flow"),
    ("LSTM", "use convolutions over time instead"),
    ("GRU", "use convolutions over time instead"),
    ("BatchNormalization", "fold it into the convolution before it, and quantize again"),
];

/// The step of a node that is not a quantized operator.
///
/// # Errors
/// [`NetworkCause::DynamicRange`] for operators that quantize at run time.
pub fn unsupported(node: &NodeMessage) -> Result<Step, NetworkCause> {
    let dynamic = ["DynamicQuantizeLinear", "MatMulInteger", "ConvInteger", "DynamicQuantizeMatMul"];
    if dynamic.contains(&&node.op_type[..]) {
        return Err(NetworkCause::DynamicRange { node: node_name(node) });
    }
    let op = node.op_type.clone();
    let known = UNSUPPORTED.iter().find(|(name, _)| *name == op);
    let refusal = match known {
        Some((_, remedy)) => Refusal::Operator { op, remedy },
        None if OnnxOperator::of_float(&op).is_some() => Refusal::LeftInFloat { op },
        None => Refusal::Operator { op, remedy: "docs/networks.md lists those that are" },
    };
    let output = node.output.first().cloned().unwrap_or_default();
    Ok(Step::Refused { name: node_name(node), file_op: node.op_type.clone(), output, refusal })
}
