//! Product by Booth digits, a Dadda tree and one adder: small and fast on every family, without primitives.

use super::bit_heap::{BitHeap, ONE};
use super::body::Body;
use super::digit::{Digit, digits};
use super::net::Factor;
use super::schedule::Schedule;

/// The sum of all digits times `a`, in a bit heap.
pub(crate) fn booth_dadda(body: &mut Body, a: Factor, b: Factor, stages: u32) -> String {
    let swaps = digits(a.bits(), a.signed) < digits(b.bits(), b.signed);
    let (mut a, mut b) = if swaps { (b, a) } else { (a, b) };
    let levels = multiples(&mut Body::default(), &a, &b).levels();
    let schedule = Schedule::new(levels.len() as u32 + 2, stages);
    for _ in 0..schedule.before() {
        body.insert_registers(&mut [&mut a.net, &mut b.net]);
    }
    let mut heap = multiples(body, &a, &b);
    for (step, height) in (1..).zip(&levels) {
        if schedule.registers_after(step) {
            heap.insert_registers(body, step);
        }
        heap.reduce(body, step, *height);
    }
    let last = levels.len() as u32 + 1;
    if schedule.registers_after(last) {
        heap.insert_registers(body, last);
    }
    heap.total(body)
}

/// The steps of the product of these factors.
pub(crate) fn steps(a: &Factor, b: &Factor) -> u32 {
    let (a, b) = if digits(a.bits(), a.signed) < digits(b.bits(), b.signed) { (b, a) } else { (a, b) };
    multiples(&mut Body::default(), a, b).levels().len() as u32 + 2
}

/// The bits of all multiples. A sign bit has negative weight: it is replaced by its complement with positive
/// weight and a constant.
fn multiples(body: &mut Body, a: &Factor, b: &Factor) -> BitHeap {
    let (n, product) = (a.bits(), a.bits() + b.bits());
    let mut heap = BitHeap::new(product);
    let mut constant = 0u64;
    for j in 0..digits(b.bits(), b.signed) {
        let weight = 2 * j;
        let digit = Digit::new(body, b, j);
        let width = (n + 1).min(product - weight);
        let multiple = body.wire(&format!("multiple_{j}"), width, &digit.times(a, width));
        let sign = if a.signed { Some(multiple.bit(width - 1)) } else { digit.negative.clone() };
        let magnitude = if a.signed { width - 1 } else { width };
        for bit in 0..magnitude {
            heap.push(weight + bit, multiple.bit(bit));
        }
        if let Some(sign) = sign {
            heap.push(weight + magnitude, format!("~{sign}"));
            constant = constant.wrapping_sub(1 << (weight + magnitude));
        }
        if let Some(negative) = digit.negative {
            heap.push(weight, negative);
        }
    }
    for weight in (0..product).filter(|weight| constant >> weight & 1 == 1) {
        heap.push(weight, ONE.to_string());
    }
    heap
}
