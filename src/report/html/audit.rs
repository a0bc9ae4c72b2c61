//! The context of the HTML page of an audit.

use serde::Serialize;

use super::axis::{PlotAxis, Tick};
use crate::audit::{AuditReport, CandidateScore, ErrorStatistics};

/// Context of the template.
#[derive(Serialize)]
pub(crate) struct AuditPage<'a> {
    /// The report itself, as in JSON.
    #[serde(flatten)]
    report: &'a AuditReport,
    /// Best known candidate that matches every result.
    matched: Option<&'a CandidateScore>,
    /// Other candidates that match every result.
    equivalent: &'a [String],
    /// Histogram of the errors against exact values.
    histogram: Option<Histogram>,
    /// Candidates with mismatches.
    mismatching: Vec<MismatchRow<'a>>,
}

/// A row of the table of candidates.
#[derive(Serialize)]
struct MismatchRow<'a> {
    #[serde(flatten)]
    score: &'a CandidateScore,
    /// Mismatches in percent.
    rate: String,
    /// Operands of the first mismatch.
    inputs: String,
    /// Result of the design for these operands.
    design: String,
    /// Result of the candidate for these operands.
    candidate: String,
}

/// Histogram with its geometry in pixels.
#[derive(Serialize)]
struct Histogram {
    width: f64,
    height: f64,
    /// Vertical position of the axis.
    base: f64,
    bars: Vec<HistogramBar>,
    ticks: Vec<Tick>,
    /// Horizontal position of the mean.
    mean: f64,
}

#[derive(Serialize)]
struct HistogramBar {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    title: String,
}

pub(crate) fn page(report: &AuditReport) -> AuditPage<'_> {
    AuditPage {
        report,
        matched: report.matched(),
        equivalent: report.equivalent(),
        histogram: report.exactness.as_ref().map(histogram),
        mismatching: report.mismatching().into_iter().map(mismatch_row).collect(),
    }
}

fn mismatch_row(score: &CandidateScore) -> MismatchRow<'_> {
    let first = score.first.as_ref();
    MismatchRow {
        score,
        rate: format!("{:.4} %", 100.0 * score.mismatch_rate()),
        inputs: first.map(|first| first.inputs.join(", ")).unwrap_or_default(),
        design: first.map(|first| first.got.to_string()).unwrap_or_default(),
        candidate: first.map(|first| first.expected.to_string()).unwrap_or_default(),
    }
}

const WIDTH: f64 = 960.0;
const BASE: f64 = 150.0;
const HEIGHT: f64 = 182.0;

fn histogram(errors: &ErrorStatistics) -> Histogram {
    let last = ErrorStatistics::FIRST + ErrorStatistics::BIN * ErrorStatistics::BINS as f64;
    let x = PlotAxis { values: [ErrorStatistics::FIRST, last], pixels: [8.0, WIDTH - 8.0] };
    let highest = errors.histogram.iter().copied().max().unwrap_or(0).max(1);
    let y = PlotAxis { values: [0.0, highest as f64], pixels: [BASE, 16.0] };
    let bar = |(bin, &count): (usize, &u64)| {
        let left = ErrorStatistics::FIRST + ErrorStatistics::BIN * bin as f64;
        let (start, end) = (x.at(left), x.at(left + ErrorStatistics::BIN));
        HistogramBar {
            x: start,
            y: y.at(count as f64),
            width: end - start - 1.0,
            height: BASE - y.at(count as f64),
            title: format!("from {left} LSB: {count}"),
        }
    };
    let bars = errors.histogram.iter().enumerate().filter(|(_, count)| **count > 0).map(bar).collect();
    let inside = errors.bias.clamp(ErrorStatistics::FIRST, last);
    Histogram { width: WIDTH, height: HEIGHT, base: BASE, bars, ticks: x.ticks(6), mean: x.at(inside) }
}
