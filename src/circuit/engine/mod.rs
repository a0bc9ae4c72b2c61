//! Engines of network layers: streams of codes in, streams of codes out.

mod fold;
mod memory;
mod products;
mod walk;

pub use fold::Fold;
pub use products::{ProductEngine, ProductLayer};
pub use walk::{Reading, Walk};

pub(crate) use memory::{bits_of, memory, word};
pub(crate) use products::counter;
