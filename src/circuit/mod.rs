//! Circuits that units are built from: rows, compressor trees, carry chains, shared adders, registers.
//!
//! Each product circuit takes factors of `n` and `m` bits and returns all `n + m` bits of their product;
//! `templates/structure.v.tera` renders the vectors and cells in the order of their declaration.

pub mod accumulator;
mod bit_heap;
mod body;
mod booth_dadda;
mod booth_rows;
mod ccu2c;
mod ccu2c_rows;
pub mod constant_matrix;
mod delay_line;
mod digit;
pub mod engine;
pub(crate) mod float;
mod inferred;
mod lanes;
mod low;
pub(crate) mod multi_precision;
mod mux_rows;
mod net;
pub mod normalize;
pub mod packed_multiplier;
pub mod pipeline;
mod product;
pub mod requantizer;
mod row_operands;
mod row_sum;
mod schedule;
mod split_product;
mod tree;
pub mod verilog;

pub(crate) use body::Body;
pub(crate) use ccu2c::{Ccu2cFunction, adder};
pub(crate) use delay_line::DelayLine;
pub(crate) use net::{Factor, Net, concatenation, repeated};
pub(crate) use product::{product, product_steps};
pub(crate) use row_sum::RowSum;
pub(crate) use schedule::{PipelinePart, Schedule, distribute};
pub(crate) use split_product::{split_product, split_steps};
pub(crate) use tree::Tree;
