//! Engines of network layers: streams of codes in, streams of codes out.

mod addition;
mod division;
mod fold;
mod leaving;
mod memory;
mod pool;
mod products;
mod row_counts;
mod softmax;
mod walk;

pub use addition::{AdditionTables, TieRounding};
pub use fold::Fold;
pub use pool::{PoolEngine, PoolLayer};
pub use products::{ProductEngine, ProductLayer};
pub use softmax::SoftmaxEngine;
pub use walk::{TapChannels, Walk};

pub(crate) use addition::{entry_bits, sum_bits};
pub(crate) use memory::{bits_of, memory, word};
pub(crate) use products::counter;
