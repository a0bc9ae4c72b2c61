//! Several narrow products packed into one DSP block.

mod block;
mod dsp48e2;
mod fields;
mod packing;
mod sb_mac16;
mod word;

pub use block::Block;
pub use packing::{FactorRow, Packing};

pub(crate) use dsp48e2::{Control, dsp48e2};
pub(crate) use fields::{RegisterPositions, biased, fields, next_sum, product, unpacked};
pub(crate) use packing::FactorSide;
pub(crate) use sb_mac16::sb_mac16;
