//! Table of number formats: INT8 and FP8.

use serde::Serialize;

use crate::demo::{ComparisonTally, Evaluation, FLOAT8, Logits};

/// One number format.
#[derive(Debug, Serialize)]
pub(crate) struct FormatRow<'a> {
    format: &'static str,
    network: String,
    unit: &'a str,
    accuracy: f64,
    drop: f64,
    sqnr_db: f64,
    cycles: u64,
    compared: u64,
    mismatches: u64,
}

/// The rows for INT8 and FP8.
pub(crate) fn rows(evaluation: &Evaluation) -> Vec<FormatRow<'_>> {
    let row = |format, network, unit, logits: &Logits, tally: ComparisonTally| FormatRow {
        format,
        network,
        unit,
        accuracy: evaluation.percent(logits.correct),
        drop: evaluation.drop(logits),
        sqnr_db: logits.loss.sqnr_db,
        cycles: tally.cycles,
        compared: tally.compared,
        mismatches: tally.mismatches,
    };
    let int8 = evaluation.rules.first().map(|rule| &rule.outcome);
    let int8 = int8.map(|int8| row("INT8", int8.variant.to_string(), &*int8.mac, &int8.logits, int8.tally()));
    let float8 = &evaluation.float8;
    let float8 = row("FP8", FLOAT8.to_string(), &float8.dot, &float8.logits, float8.dots);
    int8.into_iter().chain([float8]).collect()
}
