//! Template context of the page of a rule comparison.

use serde::Serialize;

use super::filters::count;
use crate::arithmetic::rescale::Rule;
use crate::rules::{Difference, RuleComparison, RulePair};

/// Template context of the page.
#[derive(Debug, Serialize)]
pub(crate) struct RulesPage {
    version: &'static str,
    scale: String,
    zero_point: i32,
    min: i32,
    max: i32,
    compared: u64,
    exhaustive: bool,
    rules: Vec<Row>,
    pairs: Vec<PairRow>,
    inapplicable: Vec<Inapplicable>,
    steps: Vec<Step>,
}

/// A rule, and its row of the matrix.
#[derive(Debug, Serialize)]
struct Row {
    name: &'static str,
    equation: &'static str,
    formula: &'static str,
    used_by: &'static str,
    cells: Vec<Cell>,
}

#[derive(Debug, Serialize)]
struct Cell {
    class: String,
    text: String,
    title: String,
}

#[derive(Debug, Serialize)]
struct PairRow {
    a: &'static str,
    b: &'static str,
    differing: u64,
    share: String,
    first: Option<Difference>,
    largest: u32,
}

#[derive(Debug, Serialize)]
struct Inapplicable {
    name: &'static str,
    reason: String,
}

/// An entry of the legend.
#[derive(Debug, Serialize)]
struct Step {
    class: String,
    label: &'static str,
}

/// Upper bounds of the shares of each shade, and their labels in the legend.
const SHADES: [(f64, &str); 5] = [
    (0.0, "none"),
    (1e-6, "below 1 in 10⁶"),
    (1e-4, "below 1 in 10⁴"),
    (1e-2, "below 1 %"),
    (1.0, "1 % and more"),
];

pub(crate) fn page(compared: &RuleComparison) -> RulesPage {
    let rules = compared.rules();
    let total = compared.comparison.compared;
    let row = |&rule: &Rule| Row {
        name: rule.name(),
        equation: rule.equation(),
        formula: rule.formula(),
        used_by: rule.used_by(),
        cells: rules.iter().map(|&other| cell(compared.pair(rule, other), total)).collect(),
    };
    let pair = |pair: &RulePair| PairRow {
        a: pair.rules.0.name(),
        b: pair.rules.1.name(),
        differing: pair.differing,
        share: percent(pair.differing, total),
        first: pair.first,
        largest: pair.largest,
    };
    let inapplicable = compared.inapplicable.iter();
    let inapplicable =
        inapplicable.map(|(rule, reason)| Inapplicable { name: rule.name(), reason: reason.to_string() });
    let steps = SHADES.iter().enumerate();
    let steps = steps.map(|(shade, &(_, label))| Step { class: format!("s{shade}"), label });
    RulesPage {
        version: env!("CARGO_PKG_VERSION"),
        scale: compared.scale_text(),
        zero_point: compared.output.zero_point(),
        min: compared.output.min(),
        max: compared.output.max(),
        compared: total,
        exhaustive: compared.exhaustive,
        rules: rules.iter().map(row).collect(),
        pairs: compared.comparison.pairs.iter().map(pair).collect(),
        inapplicable: inapplicable.collect(),
        steps: steps.collect(),
    }
}

/// The cell of a pair of rules; empty for a rule with itself.
fn cell(pair: Option<&RulePair>, total: u64) -> Cell {
    let Some(RulePair { rules: (a, b), differing, largest, .. }) = pair else {
        return Cell { class: "own".into(), text: String::new(), title: String::new() };
    };
    Cell {
        class: format!("s{}", shade(*differing, total)),
        text: count(*differing),
        title: format!("{a} and {b}: {}, largest distance {largest}", percent(*differing, total)),
    }
}

fn shade(differing: u64, total: u64) -> usize {
    let share = differing as f64 / total.max(1) as f64;
    match differing {
        0 => 0,
        _ => {
            SHADES.iter().skip(1).position(|&(below, _)| share < below).map_or(SHADES.len() - 1, |at| at + 1)
        }
    }
}

/// A share in percent, with more digits for small shares.
fn percent(differing: u64, total: u64) -> String {
    let percent = 100.0 * differing as f64 / total.max(1) as f64;
    match percent {
        _ if differing == 0 => "0 %".into(),
        0.01.. => format!("{percent:.2} %"),
        _ => format!("{percent:.1e} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arithmetic::quantizer::CodeFormat;
    use crate::quantization::quantize::NumberSource;
    use crate::quantization::requantize::{RescaleSources, ScaleSource};
    use crate::report::html::html_of_rules;
    use crate::rules::compare_rules;

    #[test]
    fn shares_map_to_the_shades_of_the_legend() {
        let shades = [0, 1, 99, 100, 9_999, 10_000, 999_999, 1_000_000].map(|n| shade(n, 100_000_000));
        assert_eq!(shades, [0, 1, 1, 2, 2, 3, 3, 4]);
        assert_eq!(shade(1, 1), 4);
        assert_eq!(
            [(0, 7), (1, 8), (1, 1 << 32)].map(|(a, b)| percent(a, b)),
            ["0 %", "12.50 %", "2.3e-8 %"]
        );
    }

    #[test]
    fn page_shows_every_pair_and_loads_no_resources() {
        let number = |word: &str| NumberSource::Number(word.into());
        let given = RescaleSources {
            scale: ScaleSource::Fixed { multiplier: number("1185020333"), shift: number("-2") },
            zero_point: number("0"),
            bias: None,
            min: None,
            max: None,
        };
        let format = CodeFormat::new(8, true).unwrap();
        let compared = compare_rules(&given, format, false, |_| (), |_| ()).unwrap();
        let page = html_of_rules(&compared);
        // Nine rules multiply without a float bias, so there are 36 pairs, each twice in the matrix.
        assert_eq!(page.matches("<td class=\"cell s").count(), 72);
        assert_eq!(page.matches("<td class=\"cell own\"").count(), 9);
        for text in [
            "gemmlowp",
            "multiplier 1185020333, shift -2",
            "pow2_floor",
            "not 2^-r",
            &count(compared.comparison.compared),
        ] {
            assert!(page.contains(text), "{text}");
        }
        for loading in ["http:", "https:", "src=", "href=", "url(", "@import", "<script"] {
            assert!(!page.contains(loading), "{loading}");
        }
    }
}
