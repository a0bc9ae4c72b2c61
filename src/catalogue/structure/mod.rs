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
mod row_sum;
mod schedule;
mod tree;

pub(super) use body::Body;
pub(super) use ccu2c::{Function, adder};
pub(super) use net::{Factor, Net, concatenation, repeated};
pub(super) use row_sum::RowSum;
pub(super) use schedule::Schedule;
pub(super) use tree::Tree;

use super::implementation::Arch;

/// The names that modules with a product declare; numbers follow them.
#[rustfmt::skip]
pub(super) const SIGNALS: &[&str] = &[
    "a", "b", "row", "high", "sign", "low", "one", "two", "multiple", "heap", "sum", "carry", "upper",
    "lower", "total", "product", "product_q", "carry_row", "cell_row", "unused_row", "unused_sum_row",
    // Those of the mac and of the dot product around it.
    "valid", "live", "rest", "addend", "start_high", "low_sum", "high_sum", "products", "row_sum", "correction", "za", "zb", "x", "y", "gen_lane", "lane_sum", "tree", "i",
    "a_diff", "b_diff", "x_diff", "y_diff", "mult_result", "start", "base", "outside", "unused", "carry_sum", "cell_sum",
    "unused_sum", "unused_sum_sum",
];

/// The product of two factors as an expression, after what it needs was added to the body. With
/// `stages`, all its registers but the last, which holds the product, are in the body.
pub(super) fn product(body: &mut Body, arch: Arch, [a, b]: [Factor; 2], stages: u32) -> String {
    let product = match arch {
        Arch::Inferred | Arch::Dsp => inferred::inferred(body, a, b, stages),
        Arch::BoothDadda => booth_dadda::booth_dadda(body, a, b, stages),
        Arch::MuxRows => mux_rows::mux_rows(body, a, b, stages),
        Arch::BoothRows => booth_rows::booth_rows(body, a, b, stages),
        Arch::Ccu2cRows => ccu2c_rows::ccu2c_rows(body, a, b, stages),
    };
    body.paragraph();
    product
}

/// The factors in the order in which the narrower one makes the rows.
fn wider_first(a: Factor, b: Factor) -> (Factor, Factor) {
    if a.bits() < b.bits() { (b, a) } else { (a, b) }
}
