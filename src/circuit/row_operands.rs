//! Operands of a product with one row per bit of the narrower factor.

use super::body::Body;
use super::net::{Factor, Net};
use super::schedule::Schedule;

/// Operands of a product in rows, behind the registers before the first row.
pub(crate) struct RowOperands {
    /// The wider factor, which the rows add.
    pub(crate) a: Factor,
    /// The narrower factor; each bit selects one row.
    pub(crate) b: Net,
    /// Index of the last row.
    pub(crate) last: u32,
    /// Whether the last row is subtracted, because `b` is signed.
    pub(crate) subtracts: bool,
    /// Positions of the remaining registers.
    pub(crate) schedule: Schedule,
}

impl RowOperands {
    /// Orders the factors by width, and adds the registers before the first row to the body.
    pub(crate) fn new(body: &mut Body, a: Factor, b: Factor, stages: u32) -> Self {
        let (mut a, b) = if a.bits() < b.bits() { (b, a) } else { (a, b) };
        let (last, subtracts, mut b) = (b.bits() - 1, b.signed, b.net);
        let schedule = Schedule::new(last, stages);
        for _ in 0..schedule.before() {
            body.insert_registers(&mut [&mut a.net, &mut b]);
        }
        Self { a, b, last, subtracts, schedule }
    }
}
