//! The Verilated dot product of 8-bit floats.

use super::pipeline::Pipeline;
use crate::demo::backend::{Backend, BackendError};
use crate::demo::dot_job::{BLOCK, DotJob};
use crate::simulation::CompiledModel;
use crate::unit::Column;

/// Backend of a dot product unit, one pair of blocks per cycle.
pub(crate) struct VerilatedDot {
    pipeline: Pipeline,
}

impl VerilatedDot {
    pub(crate) fn new(rtl: &CompiledModel) -> Self {
        Self { pipeline: Pipeline::new(rtl) }
    }
}

impl Backend<DotJob> for VerilatedDot {
    fn run(&mut self, job: &DotJob) -> Result<Vec<u32>, BackendError> {
        let sums = self.pipeline.run(&[packed(&job.a), packed(&job.b)])?;
        Ok(sums.into_iter().map(|sum| sum as u32).collect())
    }

    fn cycles(&self) -> u64 {
        self.pipeline.cycles()
    }
}

/// Packs one block per transaction, the first code in the lowest bits.
fn packed(blocks: &[[u8; BLOCK]]) -> Column {
    let mut column = Column::zeros(8 * BLOCK as u32, blocks.len());
    for (index, block) in blocks.iter().enumerate() {
        let words = block.chunks_exact(8).map(|bytes| bytes.try_into().map_or(0, u64::from_le_bytes));
        column.set_words(index, &words.collect::<Vec<_>>());
    }
    column
}
