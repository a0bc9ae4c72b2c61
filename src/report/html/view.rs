//! Template context of the page of the demo.

use serde::Serialize;

use super::{accuracy, digits, errors, formats, rounding};
use crate::demo::{ComparisonTally, Evaluation, LOGIT_BITS, NetworkResult, VariantResult};
use crate::verification::Report;

/// Template context of the page.
#[derive(Debug, Serialize)]
pub(crate) struct Page<'a> {
    version: &'static str,
    cosimulation: Vec<PresetRow<'a>>,
    network: Network<'a>,
    costs: Vec<digits::Cost>,
    digits: digits::DigitsSection<'a>,
}

#[derive(Debug, Serialize)]
struct PresetRow<'a> {
    preset: &'a str,
    unit: &'a str,
    /// Number of input values; `None` for units with state.
    domain: Option<u64>,
    compared: u64,
    exhaustive: bool,
    mismatches: u64,
    rate: f64,
    /// Explanation of a failure.
    failure: Option<String>,
}

#[derive(Debug, Serialize)]
struct Network<'a> {
    shape: &'a str,
    variants: usize,
    calibration_images: usize,
    test_images: usize,
    float_correct: usize,
    float_accuracy: f64,
    /// Percentage points per test image.
    resolution: f64,
    compared: u64,
    mismatches: u64,
    cycles: u64,
    /// The requantizer of the variants.
    requantizer: &'a str,
    logit_bits: u32,
    groups: Vec<Group<'a>>,
    accuracy_plot: accuracy::AccuracyPlot,
    errors_plot: errors::ErrorPlot,
    rounding: Option<rounding::RoundingSection>,
    formats: Vec<formats::FormatRow<'a>>,
}

/// The variants of the same widths.
#[derive(Debug, Serialize)]
pub(crate) struct Group<'a> {
    pub widths: String,
    pub rows: Vec<VariantRow<'a>>,
}

/// One variant, calibrated and trained for it.
#[derive(Debug, Serialize)]
pub(crate) struct VariantRow<'a> {
    pub method: String,
    /// Style class of the method.
    pub class: String,
    mac: &'a str,
    pub accuracy: f64,
    drop: f64,
    trained: f64,
    trained_drop: f64,
    pub sqnr_db: f64,
    cycles: u64,
    compared: u64,
    mismatches: u64,
    #[serde(skip)]
    pub errors: &'a [f32],
}

/// A quantization method, independent of the widths.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Method {
    pub name: String,
    pub class: String,
}

/// The whole page.
pub(crate) fn page<'a>(
    cosimulation: &'a [Report],
    evaluation: &'a Evaluation,
    digits: &'a NetworkResult,
) -> Page<'a> {
    Page {
        costs: digits::costs(evaluation),
        digits: digits::digits(digits),
        version: env!("CARGO_PKG_VERSION"),
        cosimulation: cosimulation.iter().map(preset_row).collect(),
        network: network(evaluation),
    }
}

fn network(evaluation: &Evaluation) -> Network<'_> {
    let methods = methods(&evaluation.outcomes);
    let groups = groups(evaluation, &methods);
    let float_accuracy = evaluation.percent(evaluation.float_correct);
    let total: ComparisonTally = evaluation.tallies().sum();
    Network {
        shape: &evaluation.network,
        variants: evaluation.outcomes.len(),
        calibration_images: evaluation.calibration_images,
        test_images: evaluation.test_images,
        float_correct: evaluation.float_correct,
        float_accuracy,
        resolution: evaluation.percent(1),
        compared: total.compared,
        mismatches: total.mismatches,
        cycles: total.cycles,
        requantizer: evaluation.outcomes.first().map_or("", |outcome| &outcome.requantizer),
        logit_bits: LOGIT_BITS,
        accuracy_plot: accuracy::plot(float_accuracy, &groups, &methods),
        errors_plot: errors::plot(&groups, &methods),
        groups,
        rounding: rounding::rounding(evaluation),
        formats: formats::rows(evaluation),
    }
}

/// The variants, grouped by widths.
fn groups<'a>(evaluation: &'a Evaluation, methods: &[Method]) -> Vec<Group<'a>> {
    let mut groups: Vec<Group> = Vec::new();
    for (outcome, trained) in evaluation.variants() {
        let tally = outcome.tally() + trained.tally();
        let (widths, method) = (outcome.variant.widths(), outcome.variant.method());
        let row = VariantRow {
            class: class(methods, &method),
            method,
            mac: &outcome.mac,
            accuracy: evaluation.percent(outcome.logits.correct),
            drop: evaluation.drop(&outcome.logits),
            trained: evaluation.percent(trained.logits.correct),
            trained_drop: evaluation.drop(&trained.logits),
            sqnr_db: outcome.logits.loss.sqnr_db,
            cycles: tally.cycles,
            compared: tally.compared,
            mismatches: tally.mismatches,
            errors: &outcome.logits.errors,
        };
        match groups.iter_mut().find(|group| group.widths == widths) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group { widths, rows: vec![row] }),
        }
    }
    groups
}

fn preset_row(report: &Report) -> PresetRow<'_> {
    PresetRow {
        preset: &report.preset,
        unit: &report.unit,
        domain: report.domain,
        compared: report.compared,
        exhaustive: report.exhaustive,
        mismatches: report.mismatches,
        rate: report.rate(),
        failure: report.failure.as_ref().map(ToString::to_string),
    }
}

/// Each method once, in the order of its first occurrence.
fn methods(outcomes: &[VariantResult]) -> Vec<Method> {
    let mut methods: Vec<Method> = Vec::new();
    for outcome in outcomes {
        let name = outcome.variant.method();
        if methods.iter().all(|method| method.name != name) {
            methods.push(Method { name, class: format!("m{}", methods.len()) });
        }
    }
    methods
}

fn class(methods: &[Method], name: &str) -> String {
    methods.iter().find(|method| method.name == name).map(|method| method.class.clone()).unwrap_or_default()
}
