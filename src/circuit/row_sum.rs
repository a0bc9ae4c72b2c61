//! Correction (Z1) of raw products for a zero point: the zero point times the sum of the other factors.

use super::body::Body;
use super::mux_rows::mux_rows;
use super::net::Factor;
use super::schedule::Schedule;
use super::tree::Tree;
use crate::unit::Integer;

/// A zero point, and the vector whose elements it multiplies.
#[derive(Debug)]
pub(crate) struct RowSum {
    /// The vector.
    pub(crate) vector: &'static str,
    /// The type of an element.
    pub(crate) element: Integer,
    /// The number of elements.
    pub(crate) count: u32,
    /// The zero point.
    pub(crate) zero: Factor,
    /// The value of a constant zero point; `None` for a port.
    pub(crate) constant: Option<String>,
}

impl RowSum {
    /// The product, aligned with the last level of the tree of the raw products: the additions begin in the
    /// first step of the schedule, and the multiplication is the step after them.
    pub(crate) fn product(self, body: &mut Body, schedule: Schedule) -> Factor {
        let Self { vector, element, count, mut zero, constant } = self;
        let mut moving = Vec::new();
        match constant {
            Some(value) => drop(body.wire(&zero.net.name, zero.bits(), &value)),
            None => moving.push(&mut zero.net),
        }
        let tree = Tree::new(vector, element, count);
        let steps = tree.levels() + 1;
        let mut sum = tree.sum(body, "row_sum", schedule, 1, &mut moving);
        // The products have more registers than steps; after the tree they take the fewest bits.
        moving.push(&mut sum.net);
        for _ in 0..schedule.before() {
            body.insert_registers(&mut moving);
        }
        let signed = sum.signed || zero.signed;
        body.blank_line();
        let bits = sum.bits() + zero.bits();
        let value = mux_rows(body, sum, zero, 0);
        let net = body.wire("correction", bits, &value);
        let mut product = Factor { net, signed };
        if schedule.registers_after(steps) {
            body.insert_registers(&mut [&mut product.net]);
        }
        product
    }
}
