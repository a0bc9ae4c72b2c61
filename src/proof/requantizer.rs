//! Claim of a requantizer: its rule in SMT-LIB.
//!
//! The rule is written from the equations of `docs/arithmetic.md` alone.

use super::claim::Claim;
use super::signals::Signals;
use super::specification::Specification;
use crate::catalogue::RequantizerParameters;
use crate::unit::{Port, Value};

/// Rules with a specification, and the definition of `rescale` for each.
const RULES: [(&str, &str); 3] = [
    ("single", include_str!("../../templates/proof/single.smt2")),
    ("gemmlowp", include_str!("../../templates/proof/gemmlowp.smt2")),
    ("f32", include_str!("../../templates/proof/f32.smt2")),
];

/// Output stage, the definition of `code`.
const OUTPUT: &str = include_str!("../../templates/proof/output.smt2");

/// Configs with a specification.
const STATED: &str = "the rules single, gemmlowp and f32 with signed 8-bit codes clamped to their type, \
    accumulators of at most 32 bits and one channel (f32: a constant multiplier and no zero point)";

pub(crate) fn specification(parameters: &RequantizerParameters) -> Result<Specification, &'static str> {
    definitions(parameters).ok_or(STATED)?;
    Ok(Specification::Claims { alternatives: |signals| vec![claims(signals)], is_whole: false })
}

/// Specification in SMT-LIB; `None` for parameters without one.
fn definitions(parameters: &RequantizerParameters) -> Option<String> {
    let values = &parameters.values;
    let rule = values.word("rule");
    let (_, rescale) = RULES.iter().find(|(known, _)| *known == rule)?;
    let is_float = rule == "f32";
    let is_stated = values.iter().all(|(name, value)| match (name, value) {
        ("out_bits", value) => value == Value::Integer(8),
        ("out_signed", value) => value == Value::Flag(true),
        ("clamp_min" | "clamp_max", value) => value == Value::Word("type"),
        ("acc_bits", Value::Integer(bits)) => bits <= 32,
        ("multiplier", value) if is_float => matches!(value, Value::Integer(_)),
        ("zero_point", value) if is_float => value == Value::Integer(0),
        ("multiplier" | "shift" | "zero_point", value) => {
            matches!(value, Value::Integer(_) | Value::Word("port"))
        }
        _ => true,
    });
    is_stated.then(|| format!("{rescale}{OUTPUT}"))
}

fn claims(signals: Signals) -> Vec<Claim> {
    let latency = signals.config.behaviour().latency() as u32;
    let acc = signals.element("acc", 0, 0, 64);
    let [multiplier, shift, zero_point] = ["multiplier", "shift", "zero_point"].map(|name| {
        match signals.config.values().value(name) {
            Value::Integer(number) => format!("#x{number:016x}"),
            // A multiplier is an unsigned number of 31 bits, or the bit pattern of a float.
            _ => unsigned_if(name == "multiplier", signals, name),
        }
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
    claim.definitions = definitions(signals.config.parameters()).expect("a specified config");
    vec![claim]
}

fn unsigned_if(unsigned: bool, signals: Signals, name: &str) -> String {
    let port: Port = signals.port(name);
    let kind = if unsigned { "zero_extend" } else { "sign_extend" };
    format!("((_ {kind} {}) {})", 64 - port.width(), signals.raw(name, 0))
}
