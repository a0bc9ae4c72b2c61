//! Claim of a multiplier: `product = a * b` after its latency.

use super::claim::Claim;
use super::signals::Signals;
use super::specification::Specification;
use crate::catalogue::MultiplierParameters;

pub(crate) fn specification(_: &MultiplierParameters) -> Result<Specification, &'static str> {
    Ok(Specification::Claims { inner: |_| Vec::new(), alternatives: |signals| vec![claims(signals)] })
}

fn claims(signals: Signals) -> Vec<Claim> {
    let latency = signals.config.behaviour().latency() as u32;
    let expected = signals.product(0, signals.port("product").width(), [None, None]);
    let goal = format!("(= {} {expected})", signals.raw("product", latency));
    vec![Claim::running("product = a * b", signals, latency, goal)]
}
