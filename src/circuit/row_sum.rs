//! The correction of raw products for a zero point of one factor, (Z1): the zero point times the sum
//! of the other factors.

use super::body::Body;
use super::mux_rows::mux_rows;
use super::net::Factor;
use super::schedule::Schedule;
use super::tree::Tree;
use crate::unit::Integer;

/// A zero point, and the vector whose elements it multiplies.
#[derive(Debug)]
pub(crate) struct RowSum {
    pub(crate) vector: &'static str,
    pub(crate) element: Integer,
    pub(crate) count: u32,
    pub(crate) zero: Factor,
    /// Its value, if it is no port.
    pub(crate) constant: Option<String>,
}

impl RowSum {
    /// The product, in step with the last level of the tree of the raw products: adding the elements
    /// begins in the first step of the schedule, and the multiplication is the step after it.
    pub(crate) fn product(self, body: &mut Body, schedule: Schedule) -> Factor {
        let RowSum { vector, element, count, mut zero, constant } = self;
        let mut moving = Vec::new();
        match constant {
            Some(value) => drop(body.wire(&zero.net.name, zero.bits(), &value)),
            None => moving.push(&mut zero.net),
        }
        let tree = Tree::new(vector, element, count);
        let steps = tree.levels() + 1;
        let mut sum = tree.sum(body, "row_sum", schedule, 1, &mut moving);
        // The registers that the products have more than there are steps: fewest behind the tree.
        moving.push(&mut sum.net);
        for _ in 0..schedule.before() {
            body.cut(&mut moving);
        }
        let signed = sum.signed || zero.signed;
        body.paragraph();
        let bits = sum.bits() + zero.bits();
        let value = mux_rows(body, sum, zero, 0);
        let net = body.wire("correction", bits, &value);
        let mut product = Factor { net, signed };
        if schedule.cuts_after(steps) {
            body.cut(&mut [&mut product.net]);
        }
        product
    }
}
