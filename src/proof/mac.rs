//! `mult_result <= a * b; accum <= accum + mult_result`: each step, from any state.

use super::claim::Claim;
use super::signals::{Signals, and, constant, extended, field, not};
use super::specification::Specification;
use crate::catalogue::{MacParameters, Overflow};
use crate::unit::Integer;

pub(crate) fn specification(_: &MacParameters) -> Result<Specification, &'static str> {
    Ok(Specification::Claims { alternatives: |signals| vec![claims(signals)], is_whole: false })
}

fn claims(signals: Signals) -> Vec<Claim> {
    let &MacParameters { a, b, stages, overflow, overflow_flag, .. } = signals.config.parameters();
    let accumulator = signals.port("accum").integer;
    let product_bits = signals.circuit.width("mult_result").expect("a register of the mac");
    let product = Integer { bits: product_bits, ..accumulator };
    let before = stages - 1;
    let start = |cycle| signals.bit("start", before - 1, cycle);
    let zero_points = [a, b].map(|operand| signals.zero_point(operand, product_bits));
    let multiplied = and(&[
        format!(
            "(= {} {})",
            signals.raw("mult_result", before),
            signals.product(0, product_bits, zero_points)
        ),
        format!("(= {} {})", start(before), signals.raw("clear", 0)),
    ]);

    // One bit more than the accumulator: the sum of two values fits.
    let bits = accumulator.bits + 1;
    let (min, max) = (constant(accumulator.min(), bits), constant(accumulator.max(), bits));
    let less = if accumulator.signed { "bvslt" } else { "bvult" };
    // Where the accumulator is split, a product enters its high half one cycle after the low one.
    let is_split = signals.circuit.width("high_sum").is_some();
    let cycles = 1 + u32::from(is_split);
    let accum = extended(&signals.raw("accum", cycles - 1), accumulator, bits);
    let addend = extended(&signals.raw("mult_result", 0), product, bits);
    let sum = format!("(bvadd (ite {} {} {accum}) {addend})", start(0), constant(0, bits));
    let (below, above) = (format!("({less} {sum} {min})"), format!("({less} {max} {sum})"));
    // An unsigned sum of one bit more is never below.
    let outside = if accumulator.signed { format!("(or {below} {above})") } else { above.clone() };
    let result = match (overflow, accumulator.signed) {
        (Overflow::Saturate, true) => format!("(ite {below} {min} (ite {above} {max} {sum}))"),
        (Overflow::Saturate, false) => format!("(ite {above} {max} {sum})"),
        (Overflow::Wrap, _) => sum,
    };
    let result = field(&result, 0, accumulator.bits);
    let mut step = vec![format!("(= {} {result})", signals.raw("accum", cycles))];
    let mut registers = vec!["mult_result", "start", "accum"];
    registers.extend(
        ["live", "low", "carry", "rest", "start_high"]
            .iter()
            .filter(|name| signals.circuit.width(name).is_some()),
    );
    if overflow_flag {
        let before = format!("(and {} {})", signals.raw("overflow", 0), not(&start(0)));
        step.push(format!("(= {} (or {outside} {before}))", signals.raw("overflow", 1)));
        registers.push("overflow");
    }
    let held: Vec<String> = registers.iter().map(|name| signals.holds(name, 0, 1)).collect();
    let stall = Claim {
        assumptions: vec![not(&signals.raw("en", 0)), not(&signals.raw("rst", 0))],
        ..Claim::running("every register holds without enable", signals, 1, and(&held))
    };
    let reset: Vec<String> = registers.iter().map(|name| signals.is_zero(name, 1)).collect();
    let reset = Claim {
        assumptions: vec![signals.raw("rst", 0)],
        ..Claim::running("reset empties every register", signals, 1, and(&reset))
    };
    let mut sum =
        Claim::running("the sum, and what it does when it does not fit", signals, cycles, and(&step));
    if let Some(width) = signals.circuit.width("live") {
        sum.assumptions.extend((0..width).map(|stage| signals.bit("live", stage, 0)));
    }
    vec![Claim::running("the product and its start bit", signals, before, multiplied), sum, stall, reset]
}
