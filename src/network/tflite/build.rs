//! Builder of the graph from the tables of a .tflite file.

use std::sync::Arc;

use super::context::{Context, LowerError, quantized};
use super::lower::{LoweredNode, lower};
use super::model::{TfliteModel, TfliteNode};
use super::schema::{TfliteOperator, TfliteType, operator, unsupported};
use crate::network::error::NetworkCause;
use crate::network::graph::{Boundary, CodeTensor, FloatConversion, Layer, Layout, Network, TensorId};
use crate::network::profile::Profile;
use crate::network::refusal::Refusal;
use crate::network::shape;

/// The graph of a file under a profile.
pub fn network(model: &TfliteModel, profile: Profile) -> Result<Network, NetworkCause> {
    let input = only(&model.inputs, "input")?;
    let output = only(&model.outputs, "output")?;
    let mut builder = GraphBuilder {
        model,
        profile,
        tensors: Vec::new(),
        layers: Vec::new(),
        known: vec![None; model.tensors.len()],
        float_input: None,
        input: None,
        output: None,
    };
    builder.begin(input)?;
    for node in &model.operators {
        builder.add(node, output)?;
    }
    builder.end(output)
}

/// The only tensor at an end of the graph.
fn only(indices: &[i32], side: &'static str) -> Result<i32, NetworkCause> {
    match indices {
        &[index] => Ok(index),
        _ => Err(NetworkCause::Ends { side, count: indices.len() }),
    }
}

struct GraphBuilder<'m, 'a> {
    model: &'m TfliteModel<'a>,
    profile: Profile,
    tensors: Vec<CodeTensor>,
    layers: Vec<Layer>,
    /// Tensors of the graph by index in the file.
    known: Vec<Option<TensorId>>,
    /// Index in the file of an input of floats.
    float_input: Option<usize>,
    input: Option<Boundary>,
    output: Option<Boundary>,
}

impl GraphBuilder<'_, '_> {
    fn index(&self, index: i32, node: &str) -> Result<usize, NetworkCause> {
        let found = usize::try_from(index).ok().filter(|&index| index < self.model.tensors.len());
        found.ok_or_else(|| NetworkCause::NoTensor { node: node.to_owned() })
    }

    fn begin(&mut self, input: i32) -> Result<(), NetworkCause> {
        let index = self.index(input, "input")?;
        if self.model.tensors[index].element == TfliteType::Float32 {
            self.float_input = Some(index);
            return Ok(());
        }
        let tensor = self.declare(index)?;
        self.input = Some(Boundary { tensor, conversion: None });
        Ok(())
    }

    /// Adds a tensor that is computed or is the input.
    fn declare(&mut self, index: usize) -> Result<TensorId, NetworkCause> {
        let tensor = &self.model.tensors[index];
        if self.known[index].is_some() {
            return Err(NetworkCause::Twice(tensor.name.clone()));
        }
        // The batch may be open: frames are computed one at a time.
        let open = tensor.signature.iter().skip(1).position(|&length| length == -1);
        if let Some(axis) = open {
            return Err(NetworkCause::UnknownDimension { tensor: tensor.name.clone(), axis: axis + 1 });
        }
        let shape: Vec<i64> = tensor.shape.iter().map(|&length| length.into()).collect();
        let shape = shape::lengths(&tensor.name, &shape)?;
        self.push(index, shape, None)
    }

    /// Adds a tensor to the graph.
    fn push(
        &mut self,
        index: usize,
        shape: Vec<usize>,
        constant: Option<Arc<[i8]>>,
    ) -> Result<TensorId, NetworkCause> {
        let tensor = &self.model.tensors[index];
        self.model.buffer.charge(size_of::<CodeTensor>() + tensor.name.len())?;
        self.tensors.push(CodeTensor {
            label: index.to_string(),
            name: tensor.name.clone(),
            shape,
            layout: Layout::Same,
            quantized: quantized(tensor).ok(),
            is_unsigned: tensor.element == TfliteType::Uint8,
            constant,
        });
        self.known[index] = Some(self.tensors.len() - 1);
        Ok(self.tensors.len() - 1)
    }

    fn add(&mut self, node: &TfliteNode, network_output: i32) -> Result<(), NetworkCause> {
        let first = node.outputs.first().copied().unwrap_or(-1);
        let output = self.index(first, &format!("number {}", self.layers.len()))?;
        let name = self.model.tensors[output].name.clone();
        let inputs = node.inputs.iter().filter(|&&index| index != -1);
        let inputs: Vec<usize> = inputs.map(|&index| self.index(index, &name)).collect::<Result<_, _>>()?;
        if self.converts_floats(node, &inputs, output, network_output, &name)? {
            return Ok(());
        }
        for &index in &inputs {
            let tensor = &self.model.tensors[index];
            if tensor.data.is_empty() && self.known[index].is_none() && !tensor.shape.contains(&0) {
                return Err(NetworkCause::Order { node: name, tensor: tensor.name.clone() });
            }
        }
        let layer = self.layer(node, name, &inputs)?;
        self.layers.push(layer);
        for &other in node.outputs.iter().skip(1) {
            let index = self.index(other, "output")?;
            self.declare(index)?;
        }
        Ok(())
    }

    /// Handles QUANTIZE of a float input and DEQUANTIZE to a float output, and refuses all other floats.
    fn converts_floats(
        &mut self,
        node: &TfliteNode,
        inputs: &[usize],
        output: usize,
        network_output: i32,
        name: &str,
    ) -> Result<bool, NetworkCause> {
        let element = |index: usize| self.model.tensors[index].element;
        let reads_float = inputs.iter().any(|&index| element(index).is_float());
        if !reads_float && !element(output).is_float() {
            return Ok(false);
        }
        let conversion = Some(match self.profile {
            Profile::LitertOptimized => FloatConversion::LitertOptimized,
            _ => FloatConversion::Tflite,
        });
        match (operator(node.code).map(|(operator, ..)| operator), inputs) {
            (Some(TfliteOperator::Quantize), &[input])
                if Some(input) == self.float_input && element(output) == TfliteType::Int8 =>
            {
                let tensor = self.declare(output)?;
                self.input = Some(Boundary { tensor, conversion });
                Ok(true)
            }
            (Some(TfliteOperator::Dequantize), &[input])
                if usize::try_from(network_output) == Ok(output) && self.known[input].is_some() =>
            {
                self.output = self.known[input].map(|tensor| Boundary { tensor, conversion });
                Ok(true)
            }
            _ => {
                let is_weight = |&index: &usize| {
                    let tensor = &self.model.tensors[index];
                    tensor.element == TfliteType::Int8 && !tensor.data.is_empty()
                };
                let node = name.to_owned();
                let has_weights = inputs.iter().any(is_weight);
                Err(if has_weights {
                    NetworkCause::DynamicRange { node }
                } else {
                    NetworkCause::Float { node }
                })
            }
        }
    }

    fn layer(&mut self, node: &TfliteNode, name: String, inputs: &[usize]) -> Result<Layer, NetworkCause> {
        let context = Context { model: self.model, node, profile: self.profile };
        let found = operator(node.code);
        let lowered = match found {
            Some((operator, _, kind)) => lower(&context, operator, kind),
            None => {
                let (op, remedy) = unsupported(node.code);
                Err(Refusal::Operator { op, remedy }.into())
            }
        };
        let file_op = found.map_or_else(|| unsupported(node.code).0, |(_, name, _)| name.to_owned());
        let (operation, inputs) = match lowered {
            Ok(LoweredNode { operation, inputs }) => {
                let ids = inputs.iter().map(|&position| self.operand(&context, position));
                (Ok(operation), ids.collect::<Result<_, _>>()?)
            }
            Err(LowerError::Refused(refusal)) => {
                (Err(refusal), inputs.iter().filter_map(|&index| self.known[index]).collect())
            }
            Err(LowerError::Broken(cause)) => return Err(cause),
        };
        let output = self.index(node.outputs[0], &name)?;
        let output = self.declare(output)?;
        Ok(Layer { name, file_op, kind: found.map(|(_, _, kind)| kind), inputs, output, operation })
    }

    /// Tensor of the graph for an input of a node, which may be a constant of codes.
    fn operand(&mut self, context: &Context, position: usize) -> Result<TensorId, NetworkCause> {
        let index = self.index(context.node.inputs[position], "operand")?;
        if let Some(known) = self.known[index] {
            return Ok(known);
        }
        let tensor = &self.model.tensors[index];
        let constant = match context.constant(tensor) {
            Ok(constant) => constant,
            Err(LowerError::Broken(cause)) => return Err(cause),
            Err(LowerError::Refused(_)) => {
                return Err(NetworkCause::Damaged("a constant operand has more or less data than its shape"));
            }
        };
        let shape = tensor.shape.iter().map(|&length| length as usize).collect();
        self.push(index, shape, Some(constant))
    }

    fn end(self, output: i32) -> Result<Network, NetworkCause> {
        let index = self.index(output, "output")?;
        let own = self.known[index].map(|tensor| Boundary { tensor, conversion: None });
        let missing = || NetworkCause::NoOutput(self.model.tensors[index].name.clone());
        let output = self.output.or(own).ok_or_else(missing)?;
        let input = self.input.ok_or_else(|| NetworkCause::Float { node: "input".to_owned() })?;
        Ok(Network { profile: self.profile, tensors: self.tensors, layers: self.layers, input, output })
    }
}
