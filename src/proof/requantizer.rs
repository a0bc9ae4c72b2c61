//! Claim of a requantizer: its rule in SMT-LIB.
//!
//! The rule is written from the equations of `docs/arithmetic.md` alone.

use super::claim::Claim;
use super::signals::Signals;
use super::specification::Specification;
use crate::catalogue::RequantizerParameters;
use crate::circuit::requantizer::{RoundingRule, Source};
use crate::unit::Integer;

/// Rules with a specification, and the definition of `rescale` for each.
const RULES: [(RoundingRule, &str); 3] = [
    (RoundingRule::Single, include_str!("../../templates/proof/single.smt2")),
    (RoundingRule::Gemmlowp, include_str!("../../templates/proof/gemmlowp.smt2")),
    (RoundingRule::F32, include_str!("../../templates/proof/f32.smt2")),
];

/// Output stage, the definition of `code`.
const OUTPUT: &str = include_str!("../../templates/proof/output.smt2");

/// Configs with a specification.
const STATED: &str = "the rules single, gemmlowp and f32 with signed 8-bit codes clamped to their type, \
    accumulators of at most 32 bits and one channel (f32: a constant multiplier and no zero point)";

pub(crate) fn specification(parameters: &RequantizerParameters) -> Result<Specification, &'static str> {
    definitions(parameters).ok_or(STATED)?;
    Ok(Specification::Claims { inner: |_| Vec::new(), alternatives: |signals| vec![claims(signals)] })
}

/// Specification in SMT-LIB; `None` for parameters without one.
fn definitions(parameters: &RequantizerParameters) -> Option<String> {
    let requantization = &parameters.requantization;
    let (_, rescale) = RULES.iter().find(|(rule, _)| *rule == requantization.rule)?;
    let has_specified_numbers = match requantization.rule {
        RoundingRule::F32 => {
            requantization.constant_multiplier().is_some() && requantization.zero_point == Source::Constant(0)
        }
        _ => requantization.channels().is_none(),
    };
    let is_specified = has_specified_numbers
        && requantization.out == Integer::signed(8)
        && requantization.accumulator.bits <= 32
        && requantization.clamp_min.is_none()
        && requantization.clamp_max.is_none();
    is_specified.then(|| format!("{rescale}{OUTPUT}"))
}

fn claims(signals: Signals) -> Vec<Claim> {
    let latency = signals.config.behaviour().latency() as u32;
    let acc = signals.element("acc", 0, 0, 64);
    let parameters: &RequantizerParameters = signals.config.parameters();
    let numbers = parameters.requantization.numbers();
    let [multiplier, shift, zero_point, ..] = numbers.map(|number| match number.source {
        Some(Source::Constant(constant)) => format!("#x{constant:016x}"),
        Some(_) => extended(signals, number.name, number.integer),
        // The specification of f32 also takes a shift, and ignores it.
        None => format!("#x{:016x}", 0),
    });
    let goal = format!(
        "(and (= {} {}) (= {} (code (rescale {acc} {multiplier} {shift}) {zero_point})))",
        signals.raw("valid_out", latency),
        signals.raw("valid_in", 0),
        signals.raw("out", latency),
    );
    let mut claim = Claim::running("out follows the rule", signals, latency, goal);
    // A 6-bit port can carry two shifts outside the range of the rule.
    claim.assumptions.push(format!("(bvsge {shift} (bvneg (_ bv31 64)))"));
    claim.assumptions.push(format!("(bvsle {shift} (_ bv30 64))"));
    claim.definitions = definitions(parameters).expect("a specified config");
    vec![claim]
}

/// A port as a number of 64 bits.
fn extended(signals: Signals, name: &str, integer: Integer) -> String {
    let kind = if integer.signed { "sign_extend" } else { "zero_extend" };
    format!("((_ {kind} {}) {})", 64 - integer.bits, signals.raw(name, 0))
}
