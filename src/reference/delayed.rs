//! Additional output registers of a unit with state.

use super::model::Model;
use crate::unit::Column;

/// A model with `delay` registers behind each output, for all lanes: they shift on enabled edges and reset to
/// 0. `rst` and `en` are the first two inputs, shared by all lanes.
struct DelayedModel {
    model: Box<dyn Model>,
    lanes: usize,
    delay: usize,
    /// Per output, the registers of all lanes side by side; the oldest one drives the output.
    registers: Vec<Column>,
    oldest: usize,
    /// Scratch: the inputs of the registers in a batch.
    entering: Vec<Column>,
}

/// A model whose outputs come `delay` enabled edges later.
pub(crate) fn delayed(model: Box<dyn Model>, lanes: usize, delay: usize) -> Box<dyn Model> {
    if delay == 0 {
        return model;
    }
    let (registers, entering) = (Vec::new(), Vec::new());
    Box::new(DelayedModel { model, lanes, delay, registers, oldest: 0, entering })
}

impl Model for DelayedModel {
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]) {
        let [rst, en, ..] = inputs else { unreachable!("reset and enable come first") };
        if self.registers.is_empty() {
            self.registers = outputs.to_vec();
            self.registers.iter_mut().for_each(|column| {
                column.resize(self.delay * self.lanes);
                column.fill(|_| 0);
            });
            self.entering = outputs.to_vec();
        }
        for (entering, output) in self.entering.iter_mut().zip(outputs.iter()) {
            entering.resize(output.len());
        }
        self.model.run(inputs, &mut self.entering);
        for row in 0..rst.len() {
            let (here, oldest) = (row * self.lanes, self.oldest * self.lanes);
            for (output, registers) in outputs.iter_mut().zip(&self.registers) {
                output.copy_from(here, registers, oldest, self.lanes);
            }
            if rst.get(row) == 1 {
                self.registers.iter_mut().for_each(|column| column.fill(|_| 0));
            } else if en.get(row) == 1 {
                for (registers, entering) in self.registers.iter_mut().zip(&self.entering) {
                    registers.copy_from(oldest, entering, here, self.lanes);
                }
                self.oldest = (self.oldest + 1) % self.delay;
            }
        }
    }
}
