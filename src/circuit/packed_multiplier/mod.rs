//! Several narrow products packed into one DSP block.

mod block;
mod dsp48e2;
mod fields;
mod packing;
mod sb_mac16;
mod word;

pub use block::Block;
pub use packing::{Packing, Row};

pub(crate) use dsp48e2::{Control, dsp48e2};
pub(crate) use fields::{Registers, biased, fields, next_sum, product, unpacked};
pub(crate) use packing::Side;
pub(crate) use sb_mac16::sb_mac16;
