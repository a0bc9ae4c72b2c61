//! Claims of a mac: `mult_result <= a * b.
//!
//! Accum <= accum + mult_result`, step by step from any state.

use super::claim::Claim;
use super::signals::{Signals, and, constant, extended, field, not};
use super::specification::Specification;
use crate::catalogue::{MacParameters, Overflow};
use crate::unit::Integer;

pub(crate) fn specification(_: &MacParameters) -> Result<Specification, &'static str> {
    Ok(Specification::Claims {
        inner: |_| ["mult_result", "start"].map(String::from).to_vec(),
        alternatives: |signals| vec![claims(signals)],
    })
}

fn claims(signals: Signals) -> Vec<Claim> {
    let registers = registers(signals);
    vec![product(signals), sum(signals), stall(signals, &registers), reset(signals, &registers)]
}

fn parameters(signals: Signals<'_>) -> &MacParameters {
    signals.config.parameters()
}

/// Width of `mult_result`.
fn product_bits(signals: Signals) -> u32 {
    signals.circuit.width("mult_result").expect("a register of the mac")
}

/// The `clear` of the pair whose product is in `mult_result`.
fn start(signals: Signals, cycle: u32) -> String {
    signals.bit("start", parameters(signals).stages - 2, cycle)
}

/// Registers that hold during a stall and are cleared by reset.
fn registers(signals: Signals) -> Vec<&'static str> {
    let optional = ["live", "low", "carry", "rest", "start_high"];
    let present = optional.into_iter().filter(|name| signals.circuit.width(name).is_some());
    let mut registers: Vec<&str> = ["mult_result", "start", "accum"].into_iter().chain(present).collect();
    registers.extend(parameters(signals).overflow_flag.then_some("overflow"));
    registers
}

fn product(signals: Signals) -> Claim {
    let &MacParameters { a, b, stages, .. } = parameters(signals);
    let (latency, bits) = (stages - 1, product_bits(signals));
    let zero_points = [a, b].map(|operand| signals.zero_point(operand, bits));
    let expected = signals.product(0, bits, zero_points);
    let goal = and(&[
        format!("(= {} {expected})", signals.raw("mult_result", latency)),
        format!("(= {} {})", start(signals, latency), signals.raw("clear", 0)),
    ]);
    Claim::running("the product and its start bit", signals, latency, goal)
}

fn sum(signals: Signals) -> Claim {
    let &MacParameters { overflow, overflow_flag, .. } = parameters(signals);
    let accumulator = signals.port("accum").integer;
    let product = Integer { bits: product_bits(signals), ..accumulator };
    // One bit more than the accumulator, so that the sum of two values fits.
    let bits = accumulator.bits + 1;
    let (min, max) = (constant(accumulator.min(), bits), constant(accumulator.max(), bits));
    let less = if accumulator.signed { "bvslt" } else { "bvult" };
    // A product enters the high half of a split accumulator one cycle after the low half.
    let is_split = signals.circuit.width("high_sum").is_some();
    let cycles = 1 + u32::from(is_split);
    let accum = extended(&signals.raw("accum", cycles - 1), accumulator, bits);
    let addend = extended(&signals.raw("mult_result", 0), product, bits);
    let sum = format!("(bvadd (ite {} {} {accum}) {addend})", start(signals, 0), constant(0, bits));
    let (below, above) = (format!("({less} {sum} {min})"), format!("({less} {max} {sum})"));
    // With one bit more, an unsigned sum is never below the range.
    let outside = if accumulator.signed { format!("(or {below} {above})") } else { above.clone() };
    let expected = match (overflow, accumulator.signed) {
        (Overflow::Saturate, true) => format!("(ite {below} {min} (ite {above} {max} {sum}))"),
        (Overflow::Saturate, false) => format!("(ite {above} {max} {sum})"),
        (Overflow::Wrap, _) => sum,
    };
    let expected = field(&expected, 0, accumulator.bits);
    let mut goals = vec![format!("(= {} {expected})", signals.raw("accum", cycles))];
    if overflow_flag {
        let before = format!("(and {} {})", signals.raw("overflow", 0), not(&start(signals, 0)));
        goals.push(format!("(= {} (or {outside} {before}))", signals.raw("overflow", 1)));
    }
    let mut claim = Claim::running("the sum and its overflow", signals, cycles, and(&goals));
    if let Some(width) = signals.circuit.width("live") {
        claim.assumptions.extend((0..width).map(|stage| signals.bit("live", stage, 0)));
    }
    claim
}

fn stall(signals: Signals, registers: &[&str]) -> Claim {
    let held: Vec<String> = registers.iter().map(|name| signals.holds(name, 0, 1)).collect();
    Claim {
        assumptions: vec![not(&signals.raw("en", 0)), not(&signals.raw("rst", 0))],
        ..Claim::running("every register holds during a stall", signals, 1, and(&held))
    }
}

fn reset(signals: Signals, registers: &[&str]) -> Claim {
    let cleared: Vec<String> = registers.iter().map(|name| signals.is_zero(name, 1)).collect();
    Claim {
        assumptions: vec![signals.raw("rst", 0)],
        ..Claim::running("reset clears every register", signals, 1, and(&cleared))
    }
}
