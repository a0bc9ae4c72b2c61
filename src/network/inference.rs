//! Reference inference: one frame of codes through every layer.

use super::graph::{Network, TensorId};
use super::operation::Operand;

impl Network {
    /// Computes a frame: codes of the input to codes of the output.
    ///
    /// `visit` is called with the codes of every computed tensor, in the order of execution. Every layer must be
    /// supported ([`Network::require_supported`]) and `x` as long as the input.
    pub fn infer(&self, x: &[i8], visit: impl FnMut(TensorId, &[i8])) -> Vec<i8> {
        self.infer_layers(self.layers.len(), self.output.tensor, x, visit)
    }

    /// Computes the first layers of a frame like [`Network::infer`]; returns the codes of `output`, the output of
    /// one of them.
    pub(super) fn infer_layers(
        &self,
        layers: usize,
        output: TensorId,
        x: &[i8],
        mut visit: impl FnMut(TensorId, &[i8]),
    ) -> Vec<i8> {
        self.infer_range(0..layers, self.input.tensor, output, x, &mut visit)
    }

    /// Computes a range of layers from the codes of the single tensor that they read.
    pub(super) fn infer_range(
        &self,
        range: std::ops::Range<usize>,
        input: TensorId,
        output: TensorId,
        x: &[i8],
        visit: &mut dyn FnMut(TensorId, &[i8]),
    ) -> Vec<i8> {
        let last_uses = self.last_uses();
        let mut values: Vec<Option<Vec<i8>>> = vec![None; self.tensors.len()];
        values[input] = Some(x.to_vec());
        for (index, layer) in self.layers.iter().enumerate().take(range.end).skip(range.start) {
            let operand = |&id: &TensorId| {
                let tensor = &self.tensors[id];
                let codes = values[id].as_deref().or(tensor.constant.as_deref());
                Operand { codes: codes.expect("layers are in order"), shape: &tensor.shape }
            };
            let operands: Vec<Operand> = layer.inputs.iter().map(operand).collect();
            let operation = layer.operation.as_ref().expect("every layer is supported");
            let codes = operation.apply(&operands, &self.tensors[layer.output].shape);
            visit(layer.output, &codes);
            values[layer.output] = Some(codes);
            let is_done = |input: &&TensorId| last_uses[**input] == Some(index) && **input != output;
            for &input in layer.inputs.iter().filter(is_done) {
                values[input] = None;
            }
        }
        values[output].take().expect("a layer computes the output")
    }

    /// Index of the last layer that reads each tensor; `None` for the output and for unread tensors.
    fn last_uses(&self) -> Vec<Option<usize>> {
        let mut last = vec![None; self.tensors.len()];
        for (index, layer) in self.layers.iter().enumerate() {
            layer.inputs.iter().for_each(|&input| last[input] = Some(index));
        }
        last[self.output.tensor] = None;
        last
    }
}
