//! Fusion of DequantizeLinear, float node and QuantizeLinear to a quantized node, as in ONNX Runtime.

use std::collections::HashMap;

use super::constant::Constant;
use super::message::NodeMessage;
use super::model::{Attributes, OnnxModel};
use super::node::{OnnxCodes, OnnxNode, OnnxOperator, Step};
use super::operators::{input, moving, node_name, quantized, unsupported};
use crate::network::error::NetworkCause;
use crate::network::refusal::Refusal;

/// The steps of a graph, in the order of its nodes.
pub fn steps(model: &OnnxModel) -> Result<Vec<Step>, NetworkCause> {
    let fusion = Fusion::new(model);
    let is_quantized = |node: &NodeMessage| fusion.is_boundary(node) || quantized(node).is_some();
    if !model.nodes.iter().any(is_quantized) {
        let dynamic = model.nodes.iter().try_for_each(|node| unsupported(node).map(drop));
        return Err(dynamic.err().unwrap_or_else(|| NetworkCause::Float {
            node: model.nodes.first().map(node_name).unwrap_or_default(),
        }));
    }
    let mut steps = Vec::new();
    for node in &model.nodes {
        steps.extend(fusion.step(node)?);
    }
    Ok(steps)
}

struct Fusion<'m> {
    model: &'m OnnxModel,
    /// Float outputs of DequantizeLinear nodes, with their codes.
    dequantized: HashMap<&'m str, OnnxCodes>,
    /// Nodes that read each tensor.
    readers: HashMap<&'m str, Vec<&'m NodeMessage>>,
}

impl<'m> Fusion<'m> {
    fn new(model: &'m OnnxModel) -> Self {
        let mut fusion = Self { model, dequantized: HashMap::new(), readers: HashMap::new() };
        for node in &model.nodes {
            for name in &node.input {
                fusion.readers.entry(name).or_default().push(node);
            }
            if let ("DequantizeLinear", Some(output)) = (&node.op_type[..], node.output.first()) {
                fusion.dequantized.insert(output, boundary_codes(node));
            }
        }
        fusion
    }

    fn is_boundary(&self, node: &NodeMessage) -> bool {
        matches!(&node.op_type[..], "QuantizeLinear" | "DequantizeLinear")
    }

    fn constant(&self, name: &str) -> Option<&Constant> {
        self.model.constants.get(name)
    }

    /// The only reader of a tensor.
    fn only_reader(&self, tensor: &str) -> Option<&'m NodeMessage> {
        match self.readers.get(tensor)?[..] {
            [reader] if tensor != self.model.output => Some(reader),
            _ => None,
        }
    }

    fn step(&self, node: &NodeMessage) -> Result<Option<Step>, NetworkCause> {
        match &node.op_type[..] {
            "QuantizeLinear" if input(node, 0) == self.model.input.name => {
                let codes = boundary_codes(node);
                let tensor = node.output.first().cloned().unwrap_or_default();
                Ok(Some(Step::Input(OnnxCodes { tensor, ..codes })))
            }
            "DequantizeLinear" if node.output.first() == Some(&self.model.output) => {
                Ok(Some(Step::Output(boundary_codes(node))))
            }
            // All other conversions are part of a fused node.
            "QuantizeLinear" if self.dequantized.contains_key(&input(node, 0)[..]) => {
                let refusal =
                    Refusal::Operator { op: "QuantizeLinear of codes".into(), remedy: "use one scale" };
                let output = node.output.first().cloned().unwrap_or_default();
                let (name, file_op) = (node_name(node), node.op_type.clone());
                Ok(Some(Step::Refused { name, file_op, output, refusal }))
            }
            "QuantizeLinear" | "DequantizeLinear" => Ok(None),
            "Relu" if self.relu_is_fused(node) => Ok(None),
            _ => self.layer(node).map(Some),
        }
    }

    fn layer(&self, node: &NodeMessage) -> Result<Step, NetworkCause> {
        if let Some(quantized) = quantized(node) {
            return Ok(Step::Layer(quantized));
        }
        if let Some(fused) =
            OnnxOperator::of_float(&node.op_type).and_then(|operator| self.fuse(node, operator))
        {
            return Ok(Step::Layer(fused));
        }
        let first = input(node, 0);
        let is_float = self.dequantized.contains_key(&first[..]) || first == self.model.input.name;
        match OnnxOperator::moving(&node.op_type) {
            Some(operator) if !is_float => {
                let source = OnnxCodes { tensor: first, ..OnnxCodes::default() };
                let target = node.output.first().cloned().unwrap_or_default();
                Ok(Step::Layer(moving(node, operator, source, target)))
            }
            _ => unsupported(node),
        }
    }

    /// The quantized node of a float node whose operands are dequantized and whose only reader quantizes.
    fn fuse(&self, node: &NodeMessage, operator: OnnxOperator) -> Option<OnnxNode> {
        let output = self.quantized_output(node.output.first()?)?;
        let operand = |name: &String| self.dequantized.get(&name[..]).cloned();
        if OnnxOperator::moving(&node.op_type).is_some() {
            let source = operand(node.input.first()?)?;
            let mut fused = moving(node, operator, source, output.tensor.clone());
            fused.output = output;
            return Some(fused);
        }
        let count = match operator {
            OnnxOperator::Concat => node.input.len(),
            OnnxOperator::Conv
            | OnnxOperator::Gemm
            | OnnxOperator::MatMul
            | OnnxOperator::Add
            | OnnxOperator::Mul => 2,
            _ => 1,
        };
        let inputs = node.input.get(..count)?.iter().map(operand).collect::<Option<Vec<OnnxCodes>>>()?;
        let extra = match node.input.get(count).filter(|name| !name.is_empty()) {
            Some(bias) => operand(bias)?.tensor,
            None => String::new(),
        };
        let (name, file_op) = (node_name(node), node.op_type.clone());
        let attributes = Attributes::new(node.attribute.clone());
        Some(OnnxNode { name, file_op, operator, inputs, extra, output, attributes })
    }

    /// Codes of a quantized float tensor, also behind a Relu that the clamp of the codes replaces.
    fn quantized_output(&self, tensor: &str) -> Option<OnnxCodes> {
        let mut reader = self.only_reader(tensor)?;
        if reader.op_type == "Relu" && self.relu_is_fused(reader) {
            reader = self.only_reader(reader.output.first()?)?;
        }
        if reader.op_type != "QuantizeLinear" {
            return None;
        }
        let codes = boundary_codes(reader);
        Some(OnnxCodes { tensor: reader.output.first()?.clone(), ..codes })
    }

    /// Whether the zero point of the quantization after a Relu is the smallest code.
    fn relu_is_fused(&self, relu: &NodeMessage) -> bool {
        let reader = relu.output.first().and_then(|output| self.only_reader(output));
        let Some(reader) = reader.filter(|reader| reader.op_type == "QuantizeLinear") else { return false };
        let zero_point = self.constant(&input(reader, 2)).and_then(|constant| constant.codes().ok());
        // An unsigned zero point of 0 is the code -128 here.
        zero_point.is_some_and(|codes| codes == [-128])
    }
}

/// Operand, scale and zero point of a QuantizeLinear or DequantizeLinear.
fn boundary_codes(node: &NodeMessage) -> OnnxCodes {
    OnnxCodes { tensor: input(node, 0), scale: input(node, 1), zero_point: input(node, 2) }
}
