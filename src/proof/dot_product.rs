//! Claims of a dot product, in two halves cut between products and adder tree.

use super::claim::Claim;
use super::signals::{Signals, and, constant, extended, field};
use super::specification::Specification;
use crate::catalogue::DotProductParameters;
use crate::unit::Integer;

pub(crate) fn specification(_: &DotProductParameters) -> Result<Specification, &'static str> {
    Ok(Specification::Claims { inner: |_| vec!["products".to_string()], alternatives })
}

/// Claims for each possible number of registers before the products.
fn alternatives(signals: Signals) -> Vec<Vec<Claim>> {
    let parameters: &DotProductParameters = signals.config.parameters();
    (0..=parameters.stages).map(|cut| claims(signals, parameters, cut)).collect()
}

/// Claims for `cut` registers before the products.
///
/// If all hold, they hold for the whole module.
fn claims(signals: Signals, parameters: &DotProductParameters, cut: u32) -> Vec<Claim> {
    let &DotProductParameters { a, b, lanes, stages, acc_bits, .. } = parameters;
    let accumulates = acc_bits.is_some();
    let bits = signals.circuit.width("products").expect("a vector of the dot product") / lanes;
    let is_corrected = signals.circuit.width("correction").is_some();
    let operands = [("a", "x"), ("b", "y")].map(|(name, inner)| {
        let own = signals.port(name).integer.bits;
        let lane = |lane: u32| {
            let slice = field(&signals.raw(name, 0), own * lane, own);
            format!("(= {} {slice})", signals.raw(&format!("gen_lane[{lane}].{inner}"), 0))
        };
        and(&(0..lanes).map(lane).collect::<Vec<_>>())
    });
    let product = if is_corrected {
        format!("(bvmul {} {})", signals.element("a", 0, 0, bits), signals.element("b", 0, 0, bits))
    } else {
        signals.product(0, bits, [a, b].map(|operand| signals.zero_point(operand, bits)))
    };
    let products = signals.raw("products", cut);
    let leaf = format!("(= {} {product})", field(&products, 0, bits));

    let (output, last) = if accumulates { ("accum", stages + 1) } else { ("sum", stages) };
    let result = signals.port(output).integer;
    let own = Integer { bits, signed: result.signed };
    let terms = (0..lanes).map(|lane| extended(&field(&products, bits * lane, bits), own, result.bits));
    let mut total = sum(terms);
    if is_corrected {
        total = format!("(bvsub {total} {})", correction(signals, parameters, result.bits));
    }
    if accumulates {
        let before = signals.raw("accum", stages);
        let base = format!("(ite {} {} {before})", signals.raw("clear", 0), constant(0, result.bits));
        total = format!("(ite {} (bvadd {base} {total}) {before})", signals.raw("valid_in", 0));
    }
    let summed = and(&[
        format!("(= {} {})", signals.raw("valid_out", last), signals.raw("valid_in", 0)),
        format!("(= {} {total})", signals.raw(output, last)),
    ]);
    let tree = Claim::running("the sum of any products, and its valid bit", signals, last, summed);
    vec![
        Claim { cuts: vec!["products".to_string()], ..tree },
        Claim::running("every lane has its own elements", signals, 0, and(&operands)),
        Claim::running("the product of a lane", signals, cut, leaf),
    ]
}

/// Correction of the products of raw codes by (Z1).
fn correction(signals: Signals, parameters: &DotProductParameters, bits: u32) -> String {
    let &DotProductParameters { a, b, lanes, .. } = parameters;
    let row = |vector: &str| sum((0..lanes).map(|lane| signals.element(vector, lane, 0, bits)));
    match signals.zero_point(a, bits) {
        Some(zero) => format!("(bvmul {zero} {})", row("b")),
        None => {
            let zero = signals.zero_point(b, bits).expect("a correction is for a zero point");
            format!("(bvmul {zero} {})", row("a"))
        }
    }
}

fn sum(terms: impl Iterator<Item = String>) -> String {
    format!("(bvadd {})", terms.collect::<Vec<_>>().join(" "))
}
