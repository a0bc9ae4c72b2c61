//! Engines of network layers: streams of codes in, streams of codes out.

mod fold;
mod memory;
mod products;
mod softmax;
mod walk;

pub use fold::Fold;
pub use products::{ProductEngine, ProductLayer};
pub use softmax::SoftmaxEngine;
pub use walk::{Reading, Walk};

pub(crate) use memory::{memory, word};
