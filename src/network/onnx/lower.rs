//! Adds the layers of a quantized node to the graph.

use super::build::{GraphBuilder, LayerError, NewTensor, channels_last};
use super::constant::OnnxType;
use super::layers;
use super::moves::TO_CHANNELS_LAST;
use super::node::{OnnxCodes, OnnxNode, OnnxOperator};
use super::parameters::Parameters;
use crate::arithmetic::network::transpose;
use crate::network::coverage;
use crate::network::graph::{Layout, TensorId};
use crate::network::op::OpKind;
use crate::network::operation::Operation;
use crate::network::refusal::Refusal;

impl GraphBuilder<'_> {
    /// Adds a node.
    pub fn lower(&mut self, node: &OnnxNode) -> Result<(), LayerError> {
        coverage::require(node.operator.kind(), self.profile)?;
        match node.operator {
            OnnxOperator::Conv => self.convolution(node),
            OnnxOperator::Gemm | OnnxOperator::MatMul => self.dense(node),
            OnnxOperator::Add | OnnxOperator::Mul => self.binary(node),
            OnnxOperator::Concat => self.concatenation(node),
            OnnxOperator::GlobalAveragePool => self.global_average(node),
            OnnxOperator::MaxPool => self.max_pool(node),
            OnnxOperator::Softmax => self.softmax(node),
            OnnxOperator::Flatten | OnnxOperator::Reshape => self.reshape(node),
            OnnxOperator::Transpose => self.transpose(node),
        }
    }

    pub fn first<'n>(&self, node: &'n OnnxNode) -> Result<(TensorId, &'n OnnxCodes), LayerError> {
        let found = node.inputs.len();
        let codes = node.inputs.first().ok_or(Refusal::Arity { side: "input", found, expected: "more" })?;
        Ok((self.source(codes, &node.name)?, codes))
    }

    fn second<'n>(&self, node: &'n OnnxNode) -> Result<&'n OnnxCodes, Refusal> {
        let found = node.inputs.len();
        node.inputs.get(1).ok_or(Refusal::Arity { side: "input", found, expected: "two" })
    }

    /// Height, width and channels of a tensor of a file.
    fn image(&self, id: TensorId) -> Result<layers::Image, Refusal> {
        match self.tensors[id].shape[..] {
            [1, height, width, channels] => Ok([height, width, channels]),
            [batch, _, _, _] => Err(Refusal::Batch { tensor: self.tensors[id].name.clone(), batch }),
            _ => Err(Refusal::Shape { what: "the input needs four axes: batch, channels, rows and columns" }),
        }
    }

    /// Parameters of input and output.
    fn both(
        &mut self,
        id: TensorId,
        codes: &OnnxCodes,
        output: &OnnxCodes,
    ) -> Result<[Parameters; 2], Refusal> {
        let input = self.model.parameters(codes)?;
        self.record_parameters(id, input)?;
        Ok([input, self.model.parameters(output)?])
    }

    /// Records the parameters of a tensor given by its first reader, and checks its element type.
    pub fn record_parameters(&mut self, id: TensorId, parameters: Parameters) -> Result<(), Refusal> {
        let tensor = &mut self.tensors[id];
        if tensor.is_unsigned != parameters.is_unsigned {
            return Err(Refusal::Type {
                tensor: tensor.name.clone(),
                found: if tensor.is_unsigned { "uint8" } else { "int8" },
                expected: "the type of its zero point",
            });
        }
        tensor.quantized.get_or_insert(parameters.quantized);
        Ok(())
    }

    /// Adds a layer whose output has these parameters.
    pub fn add_layer(
        &mut self,
        node: &OnnxNode,
        kind: OpKind,
        inputs: Vec<TensorId>,
        (operation, shape): (Operation, Vec<usize>),
        parameters: Parameters,
    ) -> Result<(), LayerError> {
        let layout = if shape.len() == 4 { Layout::ChannelsFirst } else { Layout::Same };
        let name = node.output.tensor.clone();
        let output = NewTensor { name, shape, layout, parameters: Some(parameters) };
        self.push(&node.name, &node.file_op, kind, inputs, output, operation)?;
        Ok(())
    }

    fn convolution(&mut self, node: &OnnxNode) -> Result<(), LayerError> {
        let (id, codes) = self.first(node)?;
        let parameters = self.both(id, codes, &node.output)?;
        let weights = self.model.weights(self.second(node)?, |shape| shape.first().copied().unwrap_or(0))?;
        let biases = self.model.biases(&node.extra, weights.shape.first().copied().unwrap_or(0))?;
        let layer = layers::convolution(&node.attributes, self.image(id)?, weights, biases, parameters)?;
        let kind = match layer.0 {
            Operation::Depthwise(_) => OpKind::Depthwise,
            _ => OpKind::Convolution,
        };
        self.add_layer(node, kind, vec![id], layer, parameters[1])
    }

    fn dense(&mut self, node: &OnnxNode) -> Result<(), LayerError> {
        let (id, codes) = self.first(node)?;
        let parameters = self.both(id, codes, &node.output)?;
        for (option, expected) in [("transA", 0), ("alpha", 1), ("beta", 1)] {
            let value = match option {
                "transA" => node.attributes.integer(option, 0) as f32,
                _ => node.attributes.float(option, 1.0),
            };
            if value != expected as f32 {
                let remedy = "fold it into the weights";
                return Err(Refusal::Option { option, value: value as i64, remedy }.into());
            }
        }
        let is_transposed = node.attributes.integer("transB", 0) != 0;
        let axis = usize::from(!is_transposed);
        let channels = |shape: &[usize]| shape.get(axis).copied().unwrap_or(0);
        let weights = self.model.weights(self.second(node)?, channels)?;
        let biases = self.model.biases(&node.extra, channels(&weights.shape))?;
        let layer = layers::dense(&self.tensors[id].shape, weights, is_transposed, biases, parameters)?;
        self.add_layer(node, OpKind::Dense, vec![id], layer, parameters[1])
    }

    fn binary(&mut self, node: &OnnxNode) -> Result<(), LayerError> {
        let (found, side) = (node.inputs.len(), "input");
        let [first, second] = &node.inputs[..] else {
            return Err(Refusal::Arity { side, found, expected: "two" }.into());
        };
        let is_constant = |codes: &OnnxCodes| self.model.constants.contains_key(&codes.tensor);
        let computed = match [first, second].map(is_constant) {
            [true, true] => return Err(Refusal::AllConstant.into()),
            [true, false] => self.source(second, &node.name)?,
            _ => self.source(first, &node.name)?,
        };
        let shape = self.tensors[computed].shape.clone();
        let mut operand = |codes: &OnnxCodes| -> Result<(TensorId, Parameters), LayerError> {
            let parameters = self.model.parameters(codes)?;
            let id = self.equal_operand(codes, node, computed)?;
            self.record_parameters(id, parameters)?;
            Ok((id, parameters))
        };
        let [(left, left_parameters), (right, right_parameters)] = [operand(first)?, operand(second)?];
        let output = self.model.parameters(&node.output)?;
        let inputs = [left_parameters, right_parameters];
        let operation = match node.operator {
            OnnxOperator::Mul => layers::product(inputs, output),
            _ => layers::sum(inputs, output),
        };
        self.add_layer(node, node.operator.kind(), vec![left, right], (operation, shape), output)
    }

    /// An operand of a sum or product: a tensor of the shape of another, or a constant of the same size.
    ///
    /// Broadcasting is refused, because ONNX Runtime then adds in another order.
    fn equal_operand(
        &mut self,
        codes: &OnnxCodes,
        node: &OnnxNode,
        other: TensorId,
    ) -> Result<TensorId, LayerError> {
        let differs = || Refusal::Shape { what: "the operands differ in shape" };
        let shape = self.tensors[other].file_shape();
        if let Some(constant) = self.model.constants.get(&codes.tensor) {
            let missing = shape.len().saturating_sub(constant.shape.len());
            let own = [&vec![1; missing], &constant.shape[..]].concat();
            if own != shape {
                return Err(differs().into());
            }
            return self.constant_operand(codes, own);
        }
        let id = self.source(codes, &node.name)?;
        if self.tensors[id].file_shape() == shape { Ok(id) } else { Err(differs().into()) }
    }

    /// Adds a constant of codes to the graph, once.
    fn constant_operand(&mut self, codes: &OnnxCodes, shape: Vec<usize>) -> Result<TensorId, LayerError> {
        if let Some(id) = self.known_constant(&codes.tensor) {
            return Ok(id);
        }
        let constant = self.model.constant(&codes.tensor, "an operand")?;
        let values = constant.codes()?;
        let values = match shape.len() {
            4 => transpose(&values, &shape, &TO_CHANNELS_LAST),
            _ => values,
        };
        let is_unsigned = constant.element == OnnxType::Uint8;
        let id = self.declare(channels_last(codes.tensor.clone(), shape, None))?;
        self.tensors[id].constant = Some(values.into());
        self.tensors[id].is_unsigned = is_unsigned;
        Ok(id)
    }

    fn global_average(&mut self, node: &OnnxNode) -> Result<(), LayerError> {
        let (id, codes) = self.first(node)?;
        let parameters = self.both(id, codes, &node.output)?;
        if node.attributes.integer("channels_last", 0) != 0 {
            let remedy = "use channels first";
            return Err(Refusal::Option { option: "channels_last", value: 1, remedy }.into());
        }
        let image = self.image(id)?;
        let layer = (layers::global_average(image, parameters)?, vec![1, 1, 1, image[2]]);
        self.add_layer(node, OpKind::GlobalAveragePool, vec![id], layer, parameters[1])
    }

    fn softmax(&mut self, node: &OnnxNode) -> Result<(), LayerError> {
        let (id, codes) = self.first(node)?;
        let parameters = self.both(id, codes, &node.output)?;
        let shape = self.tensors[id].shape.clone();
        let operation = layers::softmax(&node.attributes, self.model.opset, &shape, parameters)?;
        self.add_layer(node, OpKind::Softmax, vec![id], (operation, shape), parameters[1])
    }

    /// The input of a node that moves codes, whose output must have the same parameters if it states any.
    pub fn moved(&mut self, node: &OnnxNode) -> Result<(TensorId, Option<Parameters>), LayerError> {
        let (id, codes) = self.first(node)?;
        if codes.scale.is_empty() {
            let tensor = &self.tensors[id];
            let is_unsigned = tensor.is_unsigned;
            return Ok((id, tensor.quantized.map(|quantized| Parameters { quantized, is_unsigned })));
        }
        let [input, output] = self.both(id, codes, &node.output)?;
        if input != output {
            let (input, output) = (codes.tensor.clone(), node.output.tensor.clone());
            return Err(Refusal::UnequalScales { input, output }.into());
        }
        Ok((id, Some(input)))
    }

    fn max_pool(&mut self, node: &OnnxNode) -> Result<(), LayerError> {
        let (id, parameters) = self.moved(node)?;
        let (operation, shape) = layers::max_pool(&node.attributes, self.image(id)?)?;
        let layout = Layout::ChannelsFirst;
        let output = NewTensor { name: node.output.tensor.clone(), shape, layout, parameters };
        self.push(&node.name, &node.file_op, OpKind::MaxPool, vec![id], output, operation)?;
        Ok(())
    }
}
