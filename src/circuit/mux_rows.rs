//! Product with one adder and one multiplexer per bit of the multiplier.
//!
//! Both fit one 4-input LUT with its carry.

use super::body::Body;
use super::low::LowBits;
use super::net::{Factor, Net, concatenation, repeated};
use super::row_operands::RowOperands;

/// Rows of `b[j] ? high + a : high`, where `high` is the previous row without its lowest bit.
pub(crate) fn mux_rows(body: &mut Body, a: Factor, b: Factor, stages: u32) -> String {
    let RowOperands { mut a, mut b, last, subtracts, schedule } = RowOperands::new(body, a, b, stages);
    let n = a.bits();
    let mut row = body.wire("row_0", n, &format!("{} ? {} : {n}'d0", b.bit(0), a.net.text()));
    let mut low = LowBits::default();
    // The bit above those of a row in the next row: the sign of a signed sum, which needs no adder, or the
    // carry of an unsigned sum, which is the highest bit of its row.
    let mut top = if a.signed { row.bit(n - 1) } else { "1'b0".to_string() };
    let mut registered_sign: Option<Net> = None;
    for j in 1..=last {
        low.push(row.bit(row.lo), 1);
        let width = if a.signed && j < last { n } else { n + 1 };
        let fill = if a.signed { top.clone() } else { "1'b0".to_string() };
        let value = concatenation(&[repeated(&fill, width - n), top, row.slice(n - 1, 1)]);
        let high = body.wire(&format!("high_{j}"), width, &value).name;
        let addend = a.extended(width);
        let sum = if j == last && subtracts {
            // high - a, with the inversions in the LUTs at both sides.
            format!("~(~{high} + {addend})")
        } else {
            format!("{high} + {addend}")
        };
        row = body.wire(&format!("row_{j}"), width, &format!("{} ? {sum} : {high}", b.bit(j)));
        if j == last {
            break;
        }
        let mut sign = a.signed.then(|| {
            // Negative once a is negative and a bit of b is set.
            let seen = format!("{} & {}", a.net.bit(n - 1), any(&b, j));
            let value = match &registered_sign {
                Some(sign) => format!("{} | ({seen})", sign.text()),
                None => seen,
            };
            body.wire(&format!("sign_{j}"), 1, &value)
        });
        if schedule.registers_after(j) {
            b = b.above(j + 1);
            let mut live = vec![&mut a.net, &mut b, &mut row];
            live.extend(&mut sign);
            let mut bits = low.net(body, j);
            live.push(&mut bits);
            body.insert_registers(&mut live);
            low = LowBits::of(bits);
            registered_sign = sign.clone();
        }
        top = sign.map_or_else(|| row.bit(n), |sign| sign.text());
    }
    low.below(&row)
}

/// Whether any bit of `b` up to `last` is set.
fn any(b: &Net, last: u32) -> String {
    let bits = b.slice(last, b.lo);
    if last == b.lo { bits } else { format!("|{bits}") }
}
