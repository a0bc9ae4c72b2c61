//! Product with one adder per Booth digit.
//!
//! Encoder, selector and adder of a bit fit one 6-input LUT with its carry.

use super::body::Body;
use super::digit::{Digit, digits};
use super::low::LowBits;
use super::net::{Factor, Net, concatenation, repeated};
use super::schedule::Schedule;

/// Rows of `(row >> 2) + digit * a`.
pub(crate) fn booth_rows(body: &mut Body, a: Factor, b: Factor, stages: u32) -> String {
    let cost = |a: &Factor, b: &Factor| digits(b.bits(), b.signed) * (a.bits() + 2);
    let (mut a, mut b) = if cost(&b, &a) < cost(&a, &b) { (b, a) } else { (a, b) };
    let (n, product) = (a.bits(), a.bits() + b.bits());
    let rows = digits(b.bits(), b.signed);
    let schedule = Schedule::new(rows, stages);
    for _ in 0..schedule.before() {
        body.insert_registers(&mut [&mut a.net, &mut b.net]);
    }
    let mut low = LowBits::default();
    let mut row: Option<Net> = None;
    for j in 0..rows {
        let width = if j + 1 < rows { n + 2 } else { product - 2 * j };
        let digit = Digit::new(body, &b, j);
        let mut now = self::row(body, row.take(), &mut low, &digit, &a, (j, width));
        if j + 1 < rows && schedule.registers_after(j + 1) {
            b.net = b.net.above(2 * j + 1);
            let mut live = vec![&mut a.net, &mut b.net, &mut now];
            let mut bits = (j > 0).then(|| low.net(body, j));
            live.extend(&mut bits);
            body.insert_registers(&mut live);
            low = bits.map_or_else(LowBits::default, LowBits::of);
        }
        row = Some(now);
    }
    low.below(&row.expect("a number has a digit"))
}

/// Row `index`, of `width` bits: the digit times `a`, plus the row before without its two lowest bits, which are
/// complete.
pub(crate) fn row(
    body: &mut Body,
    before: Option<Net>,
    low: &mut LowBits,
    digit: &Digit,
    a: &Factor,
    (index, width): (u32, u32),
) -> Net {
    let n = a.bits();
    let mut sum = Vec::new();
    if let Some(before) = before {
        low.push(before.slice(before.lo + 1, before.lo), 2);
        let sign = repeated(&before.bit(n + 1), width - n);
        sum.push(concatenation(&[sign, before.slice(n + 1, 2)]));
    }
    let multiple = body.wire(&format!("multiple_{index}"), width, &digit.times(a, width));
    sum.push(multiple.name);
    if let Some(negative) = &digit.negative {
        sum.push(format!("{{{}'d0, {negative}}}", width - 1));
    }
    body.wire(&format!("row_{index}"), width, &sum.join(" + "))
}
