//! Reference inference: one frame of codes through every layer.

use super::graph::{Network, TensorId};
use super::operation::Operand;

impl Network {
    /// Computes a frame: codes of the input to codes of the output.
    ///
    /// `visit` sees the codes of every tensor that is computed, in the order of execution. Every layer must be
    /// supported ([`Network::require_supported`]) and `x` as long as the input.
    pub fn infer(&self, x: &[i8], mut visit: impl FnMut(TensorId, &[i8])) -> Vec<i8> {
        let last_uses = self.last_uses();
        let mut values: Vec<Option<Vec<i8>>> = vec![None; self.tensors.len()];
        values[self.input.tensor] = Some(x.to_vec());
        for (index, layer) in self.layers.iter().enumerate() {
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
            for &input in layer.inputs.iter().filter(|&&input| last_uses[input] == Some(index)) {
                values[input] = None;
            }
        }
        values[self.output.tensor].take().expect("a layer computes the output")
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
