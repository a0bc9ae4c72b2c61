//! Product with one carry chain of ECP5 cells per bit of the multiplier.
//!
//! The cell itself ANDs the operand with that bit, and the first chain handles two bits.

use super::body::Body;
use super::ccu2c::{Ccu2cFunction, Inputs, adder};
use super::low::LowBits;
use super::net::Factor;
use super::row_operands::RowOperands;

/// Rows of `(row >> 1) + (b[j] & a)`.
pub(crate) fn ccu2c_rows(body: &mut Body, a: Factor, b: Factor, stages: u32) -> String {
    let RowOperands { mut a, mut b, last, subtracts, schedule } = RowOperands::new(body, a, b, stages);
    let n = a.bits();
    let function = |j: u32| if j == last && subtracts { Ccu2cFunction::Subtract } else { Ccu2cFunction::Add };
    let zero = || "1'b0".to_string();
    // The lowest bit of the product fills the cell of the first chain that would be half empty.
    let spare = n % 2 == 0;
    let lowest: Option<Inputs> = spare.then(|| [zero(), zero(), a.net.bit(0), b.bit(0)]);
    let first = (0..=n).map(|i| [a.bit(i), b.bit(1), a.bit(i + 1), b.bit(0)]);
    let bits: Vec<Inputs> = lowest.into_iter().chain(first).collect();
    let mut row = adder(body, "row_1", function(1), &bits);
    let mut low = LowBits::default();
    if !spare {
        low.push(format!("({} & {})", a.net.bit(0), b.bit(0)), 1);
    } else if last > 1 {
        low.push(row.bit(0), 1);
        row = row.above(1);
    }
    for j in 2..=last {
        if schedule.registers_after(j - 1) {
            b = b.above(j);
            let mut bits = low.net(body, j - 1);
            body.insert_registers(&mut [&mut a.net, &mut b, &mut row, &mut bits]);
            low = LowBits::of(bits);
        }
        low.push(row.bit(row.lo), 1);
        let above = |i: u32| match i {
            _ if i < n => row.bit(row.lo + 1 + i),
            _ if a.signed => row.bit(row.hi),
            _ => zero(),
        };
        let bits: Vec<Inputs> = (0..=n).map(|i| [a.bit(i), b.bit(j), above(i), "1'b1".to_string()]).collect();
        row = adder(body, &format!("row_{j}"), function(j), &bits);
    }
    low.below(&row)
}
