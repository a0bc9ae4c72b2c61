//! Bit-sliced models: the gates of a module as straight-line C++ that evaluates hundreds of instances at once.
//!
//! Every net is a word with one bit per lane. Verilog that is written bit by bit leaves the C++ compiler
//! nothing to vectorise across instances; in bits it is `&`, `|`, `^` and `~` on the widest words that the
//! processor has. Yosys maps the shipped text to gates, and the model is compared with the Verilated one
//! before it is used.

mod gate;
mod gates;
mod slicer;
#[cfg(test)]
mod tests;
mod text;

pub use slicer::YosysSlicer;
