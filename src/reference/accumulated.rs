//! Accumulators behind a pipeline, as defined in `docs/units/dot_product.md`.

use super::model::Model;
use super::pipelined::PipelinedModel;
use crate::unit::Column;

/// A pipelined unit and the accumulator behind it, for all lanes.
pub(crate) struct AccumulatingModel {
    addends: PipelinedModel,
    mask: u64,
    accum: Vec<u64>,
    valid: Vec<u64>,
    /// Scratch: the pipeline outputs of a batch: valid bit, clear, addend.
    arriving: [Column; 3],
}

impl AccumulatingModel {
    /// Accumulates the results of `addend` modulo 2^`bits`, `stages` enabled edges later. `addend` maps the
    /// operands of a row to one number.
    pub(crate) fn new(addend: Box<dyn Model>, lanes: usize, stages: usize, bits: u32) -> Self {
        Self {
            addends: PipelinedModel::new(Box::new(ClearedAddend(addend)), lanes, stages),
            mask: u64::MAX >> (64 - bits),
            accum: vec![0; lanes],
            valid: vec![0; lanes],
            arriving: [1, 1, 64].map(|bits| Column::zeros(bits, 0)),
        }
    }
}

impl Model for AccumulatingModel {
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]) {
        let ([rst, en, valid_in, ..], [valid_out, accum]) = (inputs, outputs) else {
            unreachable!("three control bits, a valid bit and a sum")
        };
        self.arriving.iter_mut().for_each(|column| column.resize(valid_in.len()));
        self.addends.run(inputs, &mut self.arriving);
        let [valid, clear, addend] = &self.arriving;
        let lanes = self.accum.len();
        for row in 0..rst.len() {
            for (lane, index) in (row * lanes..(row + 1) * lanes).enumerate() {
                valid_out.set(index, self.valid[lane]);
                accum.set(index, self.accum[lane]);
                if rst.get(row) == 1 {
                    (self.valid[lane], self.accum[lane]) = (0, 0);
                } else if en.get(row) == 1 {
                    self.valid[lane] = valid.get(index);
                    if valid.get(index) == 1 {
                        let base = if clear.get(index) == 1 { 0 } else { self.accum[lane] };
                        self.accum[lane] = base.wrapping_add(addend.get(index)) & self.mask;
                    }
                }
            }
        }
    }
}

/// An addend and the clear bit of its operands.
struct ClearedAddend(Box<dyn Model>);

impl Model for ClearedAddend {
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]) {
        let ([clear, operands @ ..], [clears, addends @ ..]) = (inputs, outputs) else {
            unreachable!("clear comes first")
        };
        clears.copy_from(0, clear, 0, clear.len());
        self.0.run(operands, addends);
    }
}
