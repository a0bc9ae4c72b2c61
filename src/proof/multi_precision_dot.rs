//! Claims of a multi-precision dot product, in two halves cut between products and adder tree.

use super::claim::Claim;
use super::signals::{Signals, and, constant, extended, field};
use super::specification::Specification;
use crate::catalogue::MultiPrecisionDotParameters;
use crate::unit::Integer;

/// Width of the product of a lane in bits.
const PRODUCT_BITS: u32 = 16;

/// Values of the input `mode`, and the width of the numbers that each selects.
const MODES: [(u32, u32); 4] = [(0, 8), (1, 4), (2, 2), (3, 2)];

pub(crate) fn specification(_: &MultiPrecisionDotParameters) -> Result<Specification, &'static str> {
    Ok(Specification::Claims { inner: |_| vec!["products".to_string()], alternatives })
}

/// Claims for each possible number of registers before the products.
fn alternatives(signals: Signals) -> Vec<Vec<Claim>> {
    let parameters: &MultiPrecisionDotParameters = signals.config.parameters();
    (0..=parameters.stages).map(|cut| claims(signals, parameters, cut)).collect()
}

/// Claims for `cut` registers before the products.
///
/// If all hold, they hold for the whole module: the product of a lane is its dot product times 2^(8 - width), and the
/// sum is that of all lanes divided by it.
fn claims(signals: Signals, parameters: &MultiPrecisionDotParameters, cut: u32) -> Vec<Claim> {
    let &MultiPrecisionDotParameters { lanes, stages, .. } = parameters;
    let operands = [("a", "x"), ("b", "y")].map(|(name, inner)| {
        let lane = |lane: u32| {
            let word =
                if lanes == 1 { signals.raw(name, 0) } else { field(&signals.raw(name, 0), 8 * lane, 8) };
            format!("(= {} {word})", signals.raw(&format!("gen_lane[{lane}].{inner}"), 0))
        };
        and(&(0..lanes).map(lane).collect::<Vec<_>>())
    });
    let products = signals.raw("products", cut);
    let leaves = MODES.map(|(mode, width)| {
        let weighted = format!(
            "(bvshl {} {})",
            dot_product(signals, parameters, width),
            constant((8 - width).into(), PRODUCT_BITS)
        );
        when(signals, mode, &format!("(= {} {weighted})", field(&products, 0, PRODUCT_BITS)))
    });

    let bits = signals.port("sum").integer.bits;
    let own = Integer { bits: PRODUCT_BITS, signed: true };
    let terms =
        (0..lanes).map(|lane| extended(&field(&products, PRODUCT_BITS * lane, PRODUCT_BITS), own, bits));
    let total = sum(terms.collect());
    let sums = MODES.map(|(mode, width)| {
        let value = format!("(bvashr {total} {})", constant((8 - width).into(), bits));
        when(signals, mode, &format!("(= {} {value})", signals.raw("sum", stages)))
    });
    let valid = format!("(= {} {})", signals.raw("valid_out", stages), signals.raw("valid_in", 0));
    let tree = Claim::running(
        "the sum of any products, and its valid bit",
        signals,
        stages,
        and(&[valid, and(&sums)]),
    );
    vec![
        Claim { cuts: vec!["products".to_string()], ..tree },
        Claim::running("every lane has its own words", signals, 0, and(&operands)),
        Claim::running("the dot product of the words of a lane in every mode", signals, cut, and(&leaves)),
    ]
}

/// Formula that a goal holds in a mode.
fn when(signals: Signals, mode: u32, goal: &str) -> String {
    format!("(=> (= {} {}) {goal})", signals.raw("mode", 0), constant(mode.into(), 2))
}

/// Dot product of the first words of both vectors as numbers of `width` bits.
fn dot_product(signals: Signals, parameters: &MultiPrecisionDotParameters, width: u32) -> String {
    let number = |name: &str, index: u32, signed: bool| {
        extended(
            &field(&signals.raw(name, 0), width * index, width),
            Integer { bits: width, signed },
            PRODUCT_BITS,
        )
    };
    let product = |index: u32| {
        format!("(bvmul {} {})", number("a", index, parameters.a_signed), number("b", index, true))
    };
    sum((0..8 / width).map(product).collect())
}

/// Sum of one or more terms.
fn sum(terms: Vec<String>) -> String {
    match &terms[..] {
        [only] => only.clone(),
        _ => format!("(bvadd {})", terms.join(" ")),
    }
}
