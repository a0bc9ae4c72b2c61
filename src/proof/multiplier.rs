//! `product = a * b`, as many clock edges later as there are registers.

use super::claim::Claim;
use super::signals::Signals;

pub(crate) fn claims(signals: Signals) -> Vec<Claim> {
    let latency = signals.config.behaviour().latency() as u32;
    let expected = signals.product(0, signals.port("product").width());
    let goal = format!("(= {} {expected})", signals.raw("product", latency));
    vec![Claim::running("product = a * b", signals, latency, goal)]
}
