//! The product of two factors, in the structure that was chosen.

use super::body::Body;
use super::net::Factor;
use super::{booth_dadda, booth_rows, ccu2c_rows, inferred, mux_rows};
use crate::unit::Arch;

/// The names that modules with a product declare; numbers follow them.
#[rustfmt::skip]
pub(crate) const SIGNALS: &[&str] = &[
    "a", "b", "row", "high", "sign", "low", "one", "two", "multiple", "heap", "sum", "carry", "upper",
    "lower", "total", "product", "product_q", "carry_row", "cell_row", "unused_row", "unused_sum_row",
    // Those of the mac and of the dot product around it.
    "valid", "live", "rest", "addend", "start_high", "low_sum", "high_sum", "products", "row_sum", "correction", "za", "zb", "x", "y", "gen_lane", "lane_sum", "tree", "i",
    "a_diff", "b_diff", "x_diff", "y_diff", "mult_result", "start", "base", "outside", "unused", "carry_sum", "cell_sum",
    "unused_sum", "unused_sum_sum",
];

/// The product of two factors as an expression, after what it needs was added to the body. With
/// `stages`, all its registers but the last, which holds the product, are in the body.
pub(crate) fn product(body: &mut Body, arch: Arch, [a, b]: [Factor; 2], stages: u32) -> String {
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
