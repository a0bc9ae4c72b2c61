//! Enable, valid bits and reset, the same for every pipelined unit.

use super::model::Model;
use crate::unit::Column;

/// Driven control ports, which precede the operands: `rst`, `en`, `valid_in`.
const CONTROL: usize = 3;

/// A cycle-accurate pipelined unit around a model that maps operands to results in place.
pub(crate) struct PipelinedModel {
    arithmetic: Box<dyn Model>,
    lanes: usize,
    latency: usize,
    /// Per output, `latency` stages of all lanes side by side; the next enabled edge replaces the oldest.
    stages: Vec<Column>,
    oldest: usize,
    /// Scratch: the results of a batch.
    results: Vec<Column>,
}

impl PipelinedModel {
    pub(crate) fn new(arithmetic: Box<dyn Model>, lanes: usize, latency: usize) -> Self {
        Self { arithmetic, lanes, latency, stages: Vec::new(), oldest: 0, results: Vec::new() }
    }
}

impl Model for PipelinedModel {
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]) {
        let ([rst, en, valid_in], operands) = inputs.split_first_chunk::<CONTROL>().expect("control first");
        if self.stages.is_empty() {
            self.stages = outputs.to_vec();
            self.stages.iter_mut().for_each(|stages| stages.resize(self.latency * self.lanes));
            self.results = self.stages.clone();
        }
        self.results.iter_mut().for_each(|results| results.resize(valid_in.len()));
        self.results[0].copy_from(0, valid_in, 0, valid_in.len());
        self.arithmetic.run(operands, &mut self.results[1..]);
        for row in 0..rst.len() {
            let (here, oldest) = (row * self.lanes, self.oldest * self.lanes);
            for (output, stages) in outputs.iter_mut().zip(&self.stages) {
                output.copy_from(here, stages, oldest, self.lanes);
            }
            if en.get(row) == 1 {
                for (stages, results) in self.stages.iter_mut().zip(&self.results) {
                    stages.copy_from(oldest, results, here, self.lanes);
                }
                self.oldest = (self.oldest + 1) % self.latency;
            }
            if rst.get(row) == 1 {
                self.stages[0].fill(|_| 0);
            }
        }
    }
}

/// The same unit with idle control inputs: each result in the row of its operands.
pub(crate) struct SteadyModel(pub(crate) Box<dyn Model>);

impl Model for SteadyModel {
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]) {
        let (valid_out, results) = outputs.split_first_mut().expect("valid_out first");
        valid_out.fill(|_| 1);
        self.0.run(&inputs[CONTROL..], results);
    }
}
