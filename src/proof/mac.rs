//! `mult_result <= a * b; accum <= accum + mult_result`: each step, from any state.

use super::claim::Claim;
use super::signals::{Signals, and, constant, extended, field, not};
use crate::catalogue::Integer;

pub(super) fn claims(signals: Signals) -> Vec<Claim> {
    let flag = signals.config.values().flag("overflow_flag");
    let accumulator = signals.port("accum").integer;
    let product_bits = signals.circuit.width("mult_result").expect("a register of the mac");
    let product = Integer { bits: product_bits, ..accumulator };
    let multiplied = and(&[
        format!("(= {} {})", signals.raw("mult_result", 1), signals.product(0, product_bits)),
        format!("(= {} {})", signals.raw("start", 1), signals.raw("clear", 0)),
    ]);

    // One bit more than the accumulator: the sum of two values fits.
    let bits = accumulator.bits + 1;
    let (min, max) = (constant(accumulator.min(), bits), constant(accumulator.max(), bits));
    let less = if accumulator.signed { "bvslt" } else { "bvult" };
    let start = signals.raw("start", 0);
    let accum = extended(&signals.raw("accum", 0), accumulator, bits);
    let addend = extended(&signals.raw("mult_result", 0), product, bits);
    let sum = format!("(bvadd (ite {start} {} {accum}) {addend})", constant(0, bits));
    let (below, above) = (format!("({less} {sum} {min})"), format!("({less} {max} {sum})"));
    // An unsigned sum of one bit more is never below.
    let outside = if accumulator.signed { format!("(or {below} {above})") } else { above.clone() };
    let result = match (signals.config.values().word("overflow"), accumulator.signed) {
        ("saturate", true) => format!("(ite {below} {min} (ite {above} {max} {sum}))"),
        ("saturate", false) => format!("(ite {above} {max} {sum})"),
        _ => sum,
    };
    let result = field(&result, 0, accumulator.bits);
    let mut step = vec![format!("(= {} {result})", signals.raw("accum", 1))];
    let mut registers = vec!["mult_result", "start", "accum"];
    if flag {
        let before = format!("(and {} {})", signals.raw("overflow", 0), not(&start));
        step.push(format!("(= {} (or {outside} {before}))", signals.raw("overflow", 1)));
        registers.push("overflow");
    }
    let held: Vec<String> = registers.iter().map(|name| signals.holds(name, 0, 1)).collect();
    let stall = Claim {
        assumptions: vec![not(&signals.raw("en", 0)), not(&signals.raw("rst", 0))],
        ..Claim::running("every register holds without enable", signals, 1, and(&held))
    };
    vec![
        Claim::running("the product and its start bit", signals, 1, multiplied),
        Claim::running("the sum, and what it does when it does not fit", signals, 1, and(&step)),
        stall,
    ]
}
