//! Graph, constants and attributes of an ONNX file.

use std::collections::HashMap;

use prost::Message;

use super::constant::Constant;
use super::message::{AttributeMessage, GraphMessage, ModelMessage, NodeMessage, ValueMessage};
use crate::network::error::NetworkCause;

/// Supported versions of the default operator set.
const OPSETS: std::ops::RangeInclusive<i64> = 10..=24;

/// The graph of a file.
pub struct OnnxModel {
    pub opset: i64,
    pub nodes: Vec<NodeMessage>,
    pub constants: HashMap<String, Constant>,
    pub input: ValueMessage,
    pub output: String,
}

impl OnnxModel {
    /// Decodes a file.
    pub fn read(bytes: &[u8]) -> Result<Self, NetworkCause> {
        let model = ModelMessage::decode(bytes).map_err(|_| NetworkCause::Damaged("it is no ONNX model"))?;
        let graph = model.graph.ok_or(NetworkCause::Damaged("it has no graph"))?;
        if graph.node.is_empty() {
            return Err(NetworkCause::Damaged("it has no nodes"));
        }
        let default =
            model.opset_import.iter().find(|opset| opset.domain.is_empty() || opset.domain == "ai.onnx");
        let opset = default.map_or(0, |opset| opset.version);
        if !OPSETS.contains(&opset) {
            return Err(NetworkCause::Version { format: "operator set", version: opset, known: "10 to 24" });
        }
        Self::from_graph(opset, graph)
    }

    fn from_graph(opset: i64, graph: GraphMessage) -> Result<Self, NetworkCause> {
        let mut constants: HashMap<String, Constant> = graph
            .initializer
            .into_iter()
            .map(|message| (message.name.clone(), Constant::new(message.name.clone(), message)))
            .collect();
        let mut nodes = Vec::new();
        for mut node in graph.node {
            let value = node.attribute.iter_mut().find(|attribute| attribute.name == "value");
            match (&node.op_type[..], value.and_then(|attribute| attribute.t.take()), node.output.first()) {
                ("Constant", Some(message), Some(name)) => {
                    constants.insert(name.clone(), Constant::new(name.clone(), message));
                }
                _ => nodes.push(node),
            }
        }
        // Old files list constants among the inputs.
        let is_computed = |value: &ValueMessage| !constants.contains_key(&value.name);
        let mut inputs: Vec<ValueMessage> = graph.input.into_iter().filter(is_computed).collect();
        let count = |side, count| NetworkCause::Ends { side, count };
        let input = match inputs.len() {
            1 => inputs.remove(0),
            other => return Err(count("input", other)),
        };
        match &graph.output[..] {
            [output] => Ok(Self { opset, nodes, input, output: output.name.clone(), constants }),
            other => Err(count("output", other.len())),
        }
    }
}

/// Attributes of a node.
#[derive(Clone, Default)]
pub struct Attributes(Vec<AttributeMessage>);

impl Attributes {
    pub fn new(attributes: Vec<AttributeMessage>) -> Self {
        Self(attributes)
    }

    fn get(&self, name: &str) -> Option<&AttributeMessage> {
        self.0.iter().find(|attribute| attribute.name == name)
    }

    pub fn integer(&self, name: &str, default: i64) -> i64 {
        self.get(name).map_or(default, |attribute| attribute.i)
    }

    pub fn float(&self, name: &str, default: f32) -> f32 {
        self.get(name).map_or(default, |attribute| attribute.f)
    }

    pub fn integers(&self, name: &str) -> Option<&[i64]> {
        self.get(name).map(|attribute| &attribute.ints[..])
    }

    pub fn text(&self, name: &str) -> &[u8] {
        self.get(name).map_or(b"", |attribute| &attribute.s)
    }
}
