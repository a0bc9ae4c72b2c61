//! Multipliers as structures of LUTs and carries, made for a target: which vectors and cells there
//! are, in the order in which they are declared. `templates/structure.v.tera` renders them.
//!
//! Each takes a factor of `n` and one of `m` bits and gives all `n + m` bits of their product.

mod body;
mod booth_dadda;
mod booth_rows;
mod ccu2c;
mod ccu2c_rows;
mod digit;
mod heap;
mod inferred;
mod low;
mod mux_rows;
mod net;
mod product;
mod wider;
mod row_sum;
mod schedule;
mod tree;

pub(super) use body::Body;
pub(super) use ccu2c::{Function, adder};
pub(super) use net::{Factor, Net, concatenation, repeated};
pub(super) use product::{SIGNALS, product};
pub(super) use row_sum::RowSum;
pub(super) use schedule::Schedule;
pub(super) use tree::Tree;

