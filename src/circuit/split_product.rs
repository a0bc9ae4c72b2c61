//! Product of two wide unsigned factors from products of their parts.
//!
//! Each part fits a DSP block of ECP5, so that registers can stand between the blocks and the sum of their products.

use super::body::Body;
use super::net::{Net, concatenation, repeated};
use super::schedule::Schedule;

/// Steps of a product of four halves: partial products, sum of the two middle ones, total.
const STEPS: u32 = 3;

/// Steps of a product of two parts: partial products, total.
const STEPS_OF_TWO_PARTS: u32 = 2;

/// Bits of a factor of the blocks.
const BLOCK_BITS: u32 = 18;

/// The steps of a product whose first factor has this many bits.
pub(crate) fn split_steps(bits: u32) -> u32 {
    if bits <= BLOCK_BITS { STEPS_OF_TWO_PARTS } else { STEPS }
}

/// The product of a factor of at most 36 bits and one of 19 to 36, with registers between its steps.
///
/// The last of the `stages` registers, which holds the product, is not in the body.
pub(crate) fn split_product(body: &mut Body, mut a: Net, mut b: Net, stages: u32) -> String {
    let schedule = Schedule::new(split_steps(a.bits()), stages);
    for _ in 0..schedule.before() {
        body.insert_registers(&mut [&mut a, &mut b]);
    }
    if a.bits() <= BLOCK_BITS {
        two_parts(body, schedule, &a, &b)
    } else {
        four_halves(body, schedule, &a, &b)
    }
}

/// The product of a factor that a block takes whole, and of as many low bits of the other one as a block takes.
///
/// The fewest bits are left to add.
fn two_parts(body: &mut Body, schedule: Schedule, a: &Net, b: &Net) -> String {
    let mut product = |name: &str, part: &Net| {
        body.wire(name, a.bits() + part.bits(), &format!("{} * {}", a.text(), part.text()))
    };
    let mut low = product("low", &b.sub(BLOCK_BITS - 1, 0));
    let mut high = product("high", &b.above(BLOCK_BITS));
    if schedule.registers_after(1) {
        body.insert_registers(&mut [&mut low, &mut high]);
    }
    let addend = concatenation(&[repeated("1'b0", high.bits() - a.bits()), low.slice(low.hi, BLOCK_BITS)]);
    let total = body.wire("total", high.bits(), &format!("{} + {addend}", high.text()));
    concatenation(&[total.text(), low.slice(BLOCK_BITS - 1, 0)])
}

/// The product of two factors from the products of their halves; the second one is wider than half of the first.
fn four_halves(body: &mut Body, schedule: Schedule, a: &Net, b: &Net) -> String {
    let half = a.bits() / 2;
    let halves = |factor: &Net| [factor.slice(half - 1, 0), factor.slice(factor.hi, half)];
    let ([a_low, a_high], [b_low, b_high]) = (halves(a), halves(b));
    let (a_bits, b_bits) = (a.bits() - half, b.bits() - half);
    let mut product =
        |name: &str, bits: u32, left: &str, right: &str| body.wire(name, bits, &format!("{left} * {right}"));
    let mut low = product("low_low", 2 * half, &a_low, &b_low);
    let mut low_high = product("low_high", half + b_bits, &a_low, &b_high);
    let mut high_low = product("high_low", a_bits + half, &a_high, &b_low);
    let mut high = product("high_high", a_bits + b_bits, &a_high, &b_high);
    if schedule.registers_after(1) {
        body.insert_registers(&mut [&mut low, &mut low_high, &mut high_low, &mut high]);
    }
    let middle_bits = low_high.bits().max(high_low.bits()) + 1;
    let extended = |net: &Net| concatenation(&[repeated("1'b0", middle_bits - net.bits()), net.text()]);
    let sum = format!("{} + {}", extended(&low_high), extended(&high_low));
    let mut middle = body.wire("middle", middle_bits, &sum);
    if schedule.registers_after(2) {
        body.insert_registers(&mut [&mut low, &mut middle, &mut high]);
    }
    let upper_bits = half + high.bits();
    let upper = concatenation(&[high.text(), low.slice(2 * half - 1, half)]);
    let addend = concatenation(&[repeated("1'b0", upper_bits - middle_bits), middle.text()]);
    let total = body.wire("total", upper_bits, &format!("{upper} + {addend}"));
    concatenation(&[total.text(), low.slice(half - 1, 0)])
}
