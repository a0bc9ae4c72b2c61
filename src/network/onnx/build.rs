//! Builder of the graph from the steps of an ONNX file.

use std::collections::{HashMap, HashSet};

use super::constant::OnnxType;
use super::model::OnnxModel;
use super::node::{OnnxCodes, Step};
use super::parameters::Parameters;
use crate::network::error::NetworkCause;
use crate::network::graph::{Boundary, CodeTensor, FloatConversion, Layer, Layout, Network, TensorId};
use crate::network::op::OpKind;
use crate::network::operation::Operation;
use crate::network::profile::Profile;
use crate::network::refusal::Refusal;
use crate::network::shape;

/// The graph of a file under a profile.
pub fn network(model: &OnnxModel, steps: Vec<Step>, profile: Profile) -> Result<Network, NetworkCause> {
    let mut builder = GraphBuilder::new(model, profile);
    builder.begin()?;
    for step in steps {
        builder.add(step)?;
    }
    builder.end()
}

/// A graph under construction.
pub struct GraphBuilder<'m> {
    pub model: &'m OnnxModel,
    pub profile: Profile,
    pub tensors: Vec<CodeTensor>,
    layers: Vec<Layer>,
    known: HashMap<String, TensorId>,
    labels: HashSet<String>,
    /// Tensors without codes: outputs of refused layers.
    refused: HashSet<TensorId>,
    input: Option<Boundary>,
    output: Option<Boundary>,
}

/// A tensor that a layer computes.
pub struct NewTensor {
    pub name: String,
    pub shape: Vec<usize>,
    pub layout: Layout,
    pub parameters: Option<Parameters>,
}

impl<'m> GraphBuilder<'m> {
    fn new(model: &'m OnnxModel, profile: Profile) -> Self {
        Self {
            model,
            profile,
            tensors: Vec::new(),
            layers: Vec::new(),
            known: HashMap::new(),
            labels: HashSet::new(),
            refused: HashSet::new(),
            input: None,
            output: None,
        }
    }

    /// Shape of the input in the file; an open batch is 1.
    fn input_shape(&self) -> Result<Vec<usize>, NetworkCause> {
        let input = &self.model.input;
        let tensor = input.kind.as_ref().and_then(|kind| kind.tensor.as_ref());
        let shape = tensor.and_then(|tensor| tensor.shape.as_ref());
        let unknown = || NetworkCause::UnknownDimension { tensor: input.name.clone(), axis: 0 };
        let dimensions = &shape.ok_or_else(unknown)?.dim;
        let lengths = dimensions.iter().enumerate().map(|(axis, dimension)| match dimension.value {
            Some(length) if length > 0 || axis > 0 => length,
            None if axis > 0 => -1,
            _ => 1,
        });
        shape::lengths(&input.name, &lengths.collect::<Vec<i64>>())
    }

    fn begin(&mut self) -> Result<(), NetworkCause> {
        let tensor = self.model.input.kind.as_ref().and_then(|kind| kind.tensor.as_ref());
        let element = OnnxType::from_number(tensor.map_or(0, |tensor| tensor.element));
        if element.bits() != Some(8) {
            return Ok(());
        }
        let shape = self.input_shape()?;
        let name = self.model.input.name.clone();
        let tensor = self.declare(channels_last(name, shape, None))?;
        self.tensors[tensor].is_unsigned = element == OnnxType::Uint8;
        self.input = Some(Boundary { tensor, conversion: None });
        Ok(())
    }

    /// Adds a tensor.
    pub fn declare(&mut self, new: NewTensor) -> Result<TensorId, NetworkCause> {
        let elements = new.shape.iter().map(|&length| i64::try_from(length).unwrap_or(i64::MAX));
        shape::lengths(&new.name, &elements.collect::<Vec<_>>())?;
        let id = self.tensors.len();
        if self.known.insert(new.name.clone(), id).is_some() {
            return Err(NetworkCause::Twice(new.name));
        }
        let label = self.label(&new.name);
        self.tensors.push(CodeTensor {
            label,
            name: new.name,
            shape: new.shape,
            layout: new.layout,
            quantized: new.parameters.map(|parameters| parameters.quantized),
            is_unsigned: new.parameters.is_some_and(|parameters| parameters.is_unsigned),
            constant: None,
        });
        Ok(id)
    }

    /// A unique name that is legal as a file name.
    fn label(&mut self, name: &str) -> String {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
        let plain: String = name.chars().take(100).map(|c| if is_plain(c) { c } else { '_' }).collect();
        let label =
            if self.labels.contains(&plain) { format!("{plain}.{}", self.tensors.len()) } else { plain };
        self.labels.insert(label.clone());
        label
    }

    fn add(&mut self, step: Step) -> Result<(), NetworkCause> {
        match step {
            Step::Input(codes) => self.add_input(codes),
            Step::Output(codes) => {
                let tensor = self.known.get(&codes.tensor).copied();
                let tensor = tensor.ok_or_else(|| NetworkCause::NoOutput(codes.tensor.clone()))?;
                self.output = Some(Boundary { tensor, conversion: Some(FloatConversion::OnnxRuntime) });
                Ok(())
            }
            Step::Layer(node) => match self.lower(&node) {
                Ok(()) => Ok(()),
                Err(LayerError::Broken(cause)) => Err(cause),
                Err(LayerError::Refused(refusal)) => {
                    let kind = Some(node.operator.kind());
                    self.refuse(node.name, node.file_op, kind, node.output.tensor, refusal)
                }
            },
            Step::Refused { name, file_op, output, refusal } => {
                self.refuse(name, file_op, None, output, refusal)
            }
        }
    }

    fn add_input(&mut self, codes: OnnxCodes) -> Result<(), NetworkCause> {
        if self.input.is_some() {
            return Err(NetworkCause::Ends { side: "quantized input", count: 2 });
        }
        let parameters = self.model.parameters(&codes);
        let node = self.model.input.name.clone();
        let parameters = parameters.map_err(|refusal| NetworkCause::Refused(vec![(node, refusal)]))?;
        let shape = self.input_shape()?;
        let tensor = self.declare(channels_last(codes.tensor, shape, Some(parameters)))?;
        self.input = Some(Boundary { tensor, conversion: Some(FloatConversion::OnnxRuntime) });
        Ok(())
    }

    fn refuse(
        &mut self,
        name: String,
        file_op: String,
        kind: Option<OpKind>,
        output: String,
        refusal: Refusal,
    ) -> Result<(), NetworkCause> {
        let shape = Vec::new();
        let output =
            self.declare(NewTensor { name: output, shape, layout: Layout::Same, parameters: None })?;
        self.refused.insert(output);
        self.layers.push(Layer { name, file_op, kind, inputs: Vec::new(), output, operation: Err(refusal) });
        Ok(())
    }

    /// A constant that is part of the graph already.
    pub fn known_constant(&self, name: &str) -> Option<TensorId> {
        self.known.get(name).copied()
    }

    /// A tensor that an earlier layer computes.
    pub fn source(&self, codes: &OnnxCodes, node: &str) -> Result<TensorId, LayerError> {
        let Some(&id) = self.known.get(&codes.tensor) else {
            let (node, tensor) = (node.to_owned(), codes.tensor.clone());
            return Err(LayerError::Broken(NetworkCause::Order { node, tensor }));
        };
        if self.refused.contains(&id) { Err(Refusal::Upstream.into()) } else { Ok(id) }
    }

    /// Adds a layer and the tensor it computes.
    pub fn push(
        &mut self,
        name: &str,
        file_op: &str,
        kind: OpKind,
        inputs: Vec<TensorId>,
        output: NewTensor,
        operation: Operation,
    ) -> Result<TensorId, LayerError> {
        let output = self.declare(output)?;
        let (name, file_op) = (name.to_owned(), file_op.to_owned());
        let operation = Ok(operation);
        self.layers.push(Layer { name, file_op, kind: Some(kind), inputs, output, operation });
        Ok(output)
    }

    fn end(self) -> Result<Network, NetworkCause> {
        let own = self.known.get(&self.model.output).map(|&tensor| Boundary { tensor, conversion: None });
        let output = self.output.or(own).ok_or_else(|| NetworkCause::NoOutput(self.model.output.clone()))?;
        let float = || NetworkCause::Float { node: self.model.input.name.clone() };
        let input = self.input.ok_or_else(float)?;
        Ok(Network { profile: self.profile, tensors: self.tensors, layers: self.layers, input, output })
    }
}

/// A tensor of a shape of the file; four axes are kept with the channels last.
pub fn channels_last(name: String, shape: Vec<usize>, parameters: Option<Parameters>) -> NewTensor {
    match shape[..] {
        [batch, channels, height, width] => {
            let shape = vec![batch, height, width, channels];
            NewTensor { name, shape, layout: Layout::ChannelsFirst, parameters }
        }
        _ => NewTensor { name, shape, layout: Layout::Same, parameters },
    }
}

/// Error for a node that does not become a layer.
pub enum LayerError {
    /// The node is not supported.
    Refused(Refusal),
    /// The file is damaged.
    Broken(NetworkCause),
}

impl From<Refusal> for LayerError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<NetworkCause> for LayerError {
    fn from(cause: NetworkCause) -> Self {
        Self::Broken(cause)
    }
}
