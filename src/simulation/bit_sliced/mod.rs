//! Bit-sliced models: the gates of a module as straight-line C++ that evaluates hundreds of instances at once.
//!
//! Every net is a word with one bit per lane. The C++ compiler cannot vectorise bit-level Verilog across
//! instances; as a bit-sliced model it becomes `&`, `|`, `^` and `~` on the widest words of the processor.
//! Yosys maps the Verilog to gates, and the model is compared with the Verilated one before it is used.

mod gate;
mod gates;
mod slicer;
#[cfg(test)]
mod tests;
mod text;

pub use slicer::YosysSlicer;
