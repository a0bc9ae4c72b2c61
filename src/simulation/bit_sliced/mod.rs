//! Bit-sliced models: the gates of a module as straight-line C++, every net a word with one bit of each
//! of many lanes.
//!
//! Logic that is written bit by bit leaves the C++ compiler nothing to vectorise across instances; cut into
//! bits it is nothing but `&`, `|`, `^` and `~` on the widest words there are. Yosys flattens the text as it
//! ships into gates, and what comes of it has to agree with the Verilated model before it counts.

mod gate;
mod netlist;
mod slicer;
#[cfg(test)]
mod tests;
mod text;

pub use slicer::YosysSlicer;
