//! Adds the layers of nodes that move codes to the graph.

use super::build::{GraphBuilder, LayerError, NewTensor, channels_last};
use super::node::OnnxNode;
use super::parameters::Parameters;
use crate::network::graph::{Layout, TensorId};
use crate::network::op::OpKind;
use crate::network::operation::Operation;
use crate::network::refusal::Refusal;

/// Axis of a tensor with channels last for each axis of the file, and so the permutation to the order of the file.
const TO_CHANNELS_FIRST: [usize; 4] = [0, 3, 1, 2];

/// The inverse permutation.
pub const TO_CHANNELS_LAST: [usize; 4] = [0, 2, 3, 1];

impl GraphBuilder<'_> {
    pub fn concatenation(&mut self, node: &OnnxNode) -> Result<(), LayerError> {
        let output = self.model.parameters(&node.output)?;
        let mut ids = Vec::new();
        for codes in &node.inputs {
            let id = self.source(codes, &node.name)?;
            let parameters = self.model.parameters(codes)?;
            self.record_parameters(id, parameters)?;
            if parameters != output {
                let (input, output) = (codes.tensor.clone(), node.output.tensor.clone());
                return Err(Refusal::UnequalScales { input, output }.into());
            }
            ids.push(id);
        }
        let found = ids.len();
        let first = *ids.first().ok_or(Refusal::Arity { side: "input", found, expected: "more" })?;
        let rank = self.tensors[first].shape.len();
        let axis = axis(node.attributes.integer("axis", 0), rank)?;
        let axis = if rank == 4 { TO_CHANNELS_FIRST[axis] } else { axis };
        let mut shape = self.tensors[first].shape.clone();
        shape[axis] = 0;
        for &id in &ids {
            let own = &self.tensors[id].shape;
            let fits =
                own.len() == rank && (0..rank).all(|other| other == axis || own[other] == shape[other]);
            if !fits {
                return Err(Refusal::Shape { what: "the inputs of a concatenation differ" }.into());
            }
            shape[axis] += own[axis];
        }
        self.add_layer(node, OpKind::Concatenation, ids, (Operation::Concatenation(axis), shape), output)
    }

    pub fn transpose(&mut self, node: &OnnxNode) -> Result<(), LayerError> {
        let (id, parameters) = self.moved(node)?;
        let shape = self.tensors[id].file_shape();
        let rank = shape.len();
        let reversed: Vec<i64> = (0..rank as i64).rev().collect();
        let numbers = node.attributes.integers("perm").unwrap_or(&reversed);
        let order = numbers.iter().map(|&number| axis(number, rank)).collect::<Result<Vec<_>, _>>()?;
        let mut sorted = order.clone();
        sorted.sort_unstable();
        if !sorted.into_iter().eq(0..rank) {
            return Err(Refusal::Shape { what: "the permutation does not fit the input" }.into());
        }
        let moved: Vec<usize> = order.iter().map(|&axis| shape[axis]).collect();
        let own: Vec<usize> = match rank {
            4 => TO_CHANNELS_LAST.iter().map(|&axis| TO_CHANNELS_FIRST[order[axis]]).collect(),
            _ => order,
        };
        let output = channels_last(node.output.tensor.clone(), moved, parameters);
        let operation = Operation::Transpose(own);
        self.push(&node.name, &node.file_op, OpKind::Transpose, vec![id], output, operation)?;
        Ok(())
    }

    /// Adds a reshape. It keeps the order of the file, so codes move if channels are stored last.
    pub fn reshape(&mut self, node: &OnnxNode) -> Result<(), LayerError> {
        let (id, parameters) = self.moved(node)?;
        let from = self.tensors[id].file_shape();
        let to = self.new_shape(node, &from)?;
        let source = self.in_file_order(node, id)?;
        let name = node.output.tensor.clone();
        let moves = to.len() == 4 && to[1] > 1 && to[2] * to[3] > 1;
        if !moves {
            let output = channels_last(name, to, parameters);
            self.push(&node.name, &node.file_op, OpKind::Reshape, vec![source], output, Operation::Reshape)?;
            return Ok(());
        }
        let middle = format!("{name}.channels_first");
        let output = NewTensor { name: middle, shape: to.clone(), layout: Layout::Same, parameters };
        let reshaped =
            self.push(&node.name, &node.file_op, OpKind::Reshape, vec![source], output, Operation::Reshape)?;
        let output = channels_last(name, to, parameters);
        let operation = Operation::Transpose(TO_CHANNELS_LAST.to_vec());
        self.push(&node.name, &node.file_op, OpKind::Transpose, vec![reshaped], output, operation)?;
        Ok(())
    }

    /// A tensor with the codes in the order of the file; the tensor itself if the order is the same.
    fn in_file_order(&mut self, node: &OnnxNode, id: TensorId) -> Result<TensorId, LayerError> {
        let tensor = &self.tensors[id];
        let [_, height, width, channels] = tensor.shape[..] else { return Ok(id) };
        if tensor.layout == Layout::Same || channels == 1 || height * width == 1 {
            return Ok(id);
        }
        let parameters =
            tensor.quantized.map(|quantized| Parameters { quantized, is_unsigned: tensor.is_unsigned });
        let name = format!("{}.channels_first", tensor.name);
        let output = NewTensor { name, shape: tensor.file_shape(), layout: Layout::Same, parameters };
        let operation = Operation::Transpose(TO_CHANNELS_FIRST.to_vec());
        self.push(&node.name, &node.file_op, OpKind::Transpose, vec![id], output, operation)
    }

    /// Shape that a reshape gives, in the file.
    fn new_shape(&self, node: &OnnxNode, from: &[usize]) -> Result<Vec<usize>, Refusal> {
        let elements: usize = from.iter().product();
        let wrong = Refusal::Shape { what: "a reshape changes the number of elements" };
        let shape: Vec<usize> = match &node.file_op[..] {
            "Flatten" => {
                let number = node.attributes.integer("axis", 1);
                let end = from.len();
                let axis = if number == end as i64 { end } else { axis(number, end)? };
                vec![from[..axis].iter().product(), from[axis..].iter().product()]
            }
            "Identity" => from.to_vec(),
            "Squeeze" => {
                let axes = self.axes(node, from.len())?;
                let kept = from.iter().enumerate().filter(|&(axis, &length)| match &axes {
                    Some(axes) => !axes.contains(&axis),
                    None => length != 1,
                });
                kept.map(|(_, &length)| length).collect()
            }
            "Unsqueeze" => {
                let count = self.axis_numbers(node)?.map_or(0, |numbers| numbers.len());
                let axes = self.axes(node, from.len() + count)?.unwrap_or_default();
                let mut lengths = from.iter();
                let length =
                    |axis: usize| if axes.contains(&axis) { Some(1) } else { lengths.next().copied() };
                (0..from.len() + count).map(length).collect::<Option<_>>().ok_or(wrong.clone())?
            }
            _ => {
                let numbers = self.model.constant(&node.extra, "the shape of a reshape")?.integers()?;
                return requested_shape(&numbers, from, elements).ok_or(wrong);
            }
        };
        if shape.iter().product::<usize>() == elements { Ok(shape) } else { Err(wrong) }
    }

    /// Axes of a squeeze: an attribute up to operator set 12, an input after it.
    fn axis_numbers(&self, node: &OnnxNode) -> Result<Option<Vec<i64>>, Refusal> {
        if let Some(numbers) = node.attributes.integers("axes") {
            return Ok(Some(numbers.to_vec()));
        }
        if node.extra.is_empty() {
            return Ok(None);
        }
        self.model.constant(&node.extra, "the list of axes")?.integers().map(Some)
    }

    fn axes(&self, node: &OnnxNode, rank: usize) -> Result<Option<Vec<usize>>, Refusal> {
        let numbers = self.axis_numbers(node)?;
        numbers.map(|numbers| numbers.into_iter().map(|number| axis(number, rank)).collect()).transpose()
    }
}

/// An axis that may count from the end.
fn axis(number: i64, rank: usize) -> Result<usize, Refusal> {
    let from_start = if number < 0 { number.saturating_add(rank as i64) } else { number };
    let axis = usize::try_from(from_start).ok().filter(|&axis| axis < rank);
    axis.ok_or(Refusal::Shape { what: "an axis is outside the tensor" })
}

/// Resolves a requested shape: 0 copies a length, and a single -1 takes the remaining elements.
fn requested_shape(numbers: &[i64], from: &[usize], elements: usize) -> Option<Vec<usize>> {
    let known = numbers.iter().enumerate().map(|(axis, &number)| match number {
        0 => from.get(axis).copied(),
        -1 => Some(1),
        _ => usize::try_from(number).ok(),
    });
    let mut shape = known.collect::<Option<Vec<usize>>>()?;
    let product = shape.iter().try_fold(1usize, |product, &length| product.checked_mul(length))?;
    let open: Vec<usize> = (0..numbers.len()).filter(|&axis| numbers[axis] == -1).collect();
    match open[..] {
        [] => (product == elements).then_some(shape),
        [axis] if product > 0 && elements.is_multiple_of(product) => {
            shape[axis] = elements / product;
            Some(shape)
        }
        _ => None,
    }
}
