//! Rounding rules: how many hidden activations each changes, as a table and as bars.

use serde::Serialize;

use super::axis::{PlotAxis, Tick, pixel};
use super::filters::{count, fixed};
use crate::demo::{Evaluation, RuleResult};

const LEFT: f64 = 96.0;
/// Room for the label of the longest bar.
const RIGHT: f64 = 150.0;
const WIDTH: f64 = 960.0;
const PITCH: f64 = 30.0;
const BAR: f64 = 18.0;
const AXIS_HEIGHT: f64 = 24.0;

/// Template context of the section on rounding rules.
#[derive(Debug, Serialize)]
pub(crate) struct RoundingSection {
    /// The variant of the network that all rules run on.
    variant: String,
    first: &'static str,
    hidden: usize,
    rows: Vec<Row>,
    plot: Plot,
}

#[derive(Debug, Serialize)]
struct Row {
    rule: &'static str,
    equation: &'static str,
    used_by: &'static str,
    accuracy: f64,
    drop: f64,
    sqnr_db: f64,
    changed: usize,
    share: f64,
    mismatches: u64,
}

/// Coordinates and texts of the plot.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Plot {
    width: f64,
    height: f64,
    left: f64,
    base: f64,
    ticks: Vec<Tick>,
    bars: Vec<Bar>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Bar {
    y: f64,
    height: f64,
    width: f64,
    end: f64,
    middle: f64,
    rule: &'static str,
    label: String,
}

/// The section on rounding rules; `None` if no rule was run.
pub(crate) fn rounding(evaluation: &Evaluation) -> Option<RoundingSection> {
    let first = evaluation.rules.first()?;
    Some(RoundingSection {
        variant: first.outcome.variant.to_string(),
        first: first.rule.name(),
        hidden: first.hidden,
        rows: evaluation.rules.iter().map(|rule| row(evaluation, rule)).collect(),
        plot: plot(&evaluation.rules),
    })
}

fn row(evaluation: &Evaluation, rule: &RuleResult) -> Row {
    let logits = &rule.outcome.logits;
    Row {
        rule: rule.rule.name(),
        equation: rule.rule.equation(),
        used_by: rule.rule.used_by(),
        accuracy: evaluation.percent(logits.correct),
        drop: evaluation.drop(logits),
        sqnr_db: logits.loss.sqnr_db,
        changed: rule.changed,
        share: rule.percent(),
        mismatches: rule.outcome.tally().mismatches,
    }
}

fn plot(rules: &[RuleResult]) -> Plot {
    let x = PlotAxis { values: [0.0, 100.0], pixels: [LEFT, WIDTH - RIGHT] };
    let base = PITCH * rules.len() as f64;
    let bar = |(index, rule): (usize, &RuleResult)| {
        let top = PITCH * index as f64 + (PITCH - BAR) / 2.0;
        let end = x.at(rule.percent());
        Bar {
            y: top,
            height: BAR,
            width: pixel(end - LEFT),
            end,
            middle: top + BAR / 2.0,
            rule: rule.rule.name(),
            label: format!("{} ({} %)", count(rule.changed as u64), fixed(rule.percent(), 2)),
        }
    };
    Plot {
        width: WIDTH,
        height: base + AXIS_HEIGHT,
        left: LEFT,
        base,
        ticks: x.ticks(5),
        bars: rules.iter().enumerate().map(bar).collect(),
    }
}
