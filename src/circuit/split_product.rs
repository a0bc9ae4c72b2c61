//! Product of two wide unsigned factors from four products of their halves.
//!
//! Each half fits a DSP block of ECP5, so that registers can stand between the blocks and the sum of their products.

use super::body::Body;
use super::net::{Net, concatenation, repeated};
use super::schedule::Schedule;

/// Partial products, sum of the two middle ones, total.
const STEPS: u32 = 3;

/// The product of two factors of the same even number of bits, with registers between its steps.
///
/// The last of the `stages` registers, which holds the product, is not in the body.
pub(crate) fn split_product(body: &mut Body, mut a: Net, mut b: Net, stages: u32) -> String {
    let (bits, half) = (a.bits(), a.bits() / 2);
    assert!(bits == b.bits() && bits % 2 == 0, "factors of {bits} and {} bits", b.bits());
    let schedule = Schedule::new(STEPS, stages);
    for _ in 0..schedule.before() {
        body.insert_registers(&mut [&mut a, &mut b]);
    }
    let halves = |factor: &Net| [factor.slice(half - 1, 0), factor.slice(bits - 1, half)];
    let ([a_low, a_high], [b_low, b_high]) = (halves(&a), halves(&b));
    let mut product =
        |name: &str, left: &str, right: &str| body.wire(name, bits, &format!("{left} * {right}"));
    let mut low = product("low_low", &a_low, &b_low);
    let mut low_high = product("low_high", &a_low, &b_high);
    let mut high_low = product("high_low", &a_high, &b_low);
    let mut high = product("high_high", &a_high, &b_high);
    if schedule.registers_after(1) {
        body.insert_registers(&mut [&mut low, &mut low_high, &mut high_low, &mut high]);
    }
    let mut middle = body.wire(
        "middle",
        bits + 1,
        &format!("{{1'b0, {}}} + {{1'b0, {}}}", low_high.text(), high_low.text()),
    );
    if schedule.registers_after(2) {
        body.insert_registers(&mut [&mut low, &mut middle, &mut high]);
    }
    let upper = concatenation(&[high.text(), low.slice(bits - 1, half)]);
    let addend = concatenation(&[repeated("1'b0", half - 1), middle.text()]);
    let total = body.wire("total", bits + half, &format!("{upper} + {addend}"));
    concatenation(&[total.text(), low.slice(half - 1, 0)])
}
