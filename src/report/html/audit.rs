//! An audit in the order and the words of its page.

use serde::Serialize;

use super::axis::{Axis, Tick};
use crate::audit::{Audit, Exactness, Finding, MappedPort, Score, SourceFile};

/// What the template sees.
#[derive(Serialize)]
pub(crate) struct Page<'a> {
    version: &'a str,
    verilator: &'a str,
    top: &'a str,
    unit: &'a str,
    matched: Option<&'a Score>,
    /// The other candidates that explain the results.
    same: &'a [String],
    transactions: u64,
    exhaustive: bool,
    seed: u64,
    seconds: f64,
    findings: &'a [Finding],
    ports: &'a [MappedPort],
    ties: &'a [String],
    settings: &'a [String],
    files: &'a [SourceFile],
    warnings: &'a [String],
    exactness: Option<Errors>,
    others: Vec<Other<'a>>,
    inapplicable: &'a [(String, String)],
    command: &'a str,
}

/// A candidate that does not explain the results.
#[derive(Serialize)]
struct Other<'a> {
    name: &'a str,
    describes: &'a str,
    differ: String,
    bias: f64,
    largest: f64,
    first: String,
    got: String,
    expected: String,
}

/// The errors against the exact real numbers, and their histogram.
#[derive(Serialize)]
struct Errors {
    compared: u64,
    bias: f64,
    least: f64,
    most: f64,
    width: f64,
    height: f64,
    base: f64,
    bars: Vec<Bar>,
    ticks: Vec<Tick>,
    mean: f64,
}

#[derive(Serialize)]
struct Bar {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    title: String,
}

pub(crate) fn page(audit: &Audit) -> Page<'_> {
    Page {
        version: audit.version,
        verilator: &audit.verilator,
        top: &audit.top,
        unit: audit.unit,
        matched: audit.matched(),
        same: audit.explaining.get(1..).unwrap_or_default(),
        transactions: audit.transactions,
        exhaustive: audit.exhaustive,
        seed: audit.seed,
        seconds: audit.seconds,
        findings: &audit.findings,
        ports: &audit.ports,
        ties: &audit.ties,
        settings: &audit.settings,
        files: &audit.files,
        warnings: &audit.warnings,
        exactness: audit.exactness.as_ref().map(errors),
        others: audit.others().into_iter().map(other).collect(),
        inapplicable: &audit.inapplicable,
        command: &audit.command,
    }
}

fn other(score: &Score) -> Other<'_> {
    let first = score.first.as_ref();
    Other {
        name: &score.name,
        describes: &score.describes,
        differ: format!("{:.4} %", 100.0 * score.wrong as f64 / score.compared.max(1) as f64),
        bias: score.bias,
        largest: score.largest,
        first: first.map(|first| first.inputs.join(", ")).unwrap_or_default(),
        got: first.map(|first| first.got.to_string()).unwrap_or_default(),
        expected: first.map(|first| first.expected.to_string()).unwrap_or_default(),
    }
}

const WIDTH: f64 = 960.0;
const BASE: f64 = 150.0;
const HEIGHT: f64 = 182.0;

fn errors(exactness: &Exactness) -> Errors {
    let last = Exactness::FIRST + Exactness::BIN * Exactness::BINS as f64;
    let x = Axis { values: [Exactness::FIRST, last], pixels: [8.0, WIDTH - 8.0] };
    let highest = exactness.histogram.iter().copied().max().unwrap_or(0).max(1);
    let y = Axis { values: [0.0, highest as f64], pixels: [BASE, 16.0] };
    let bar = |(bin, &count): (usize, &u64)| {
        let left = Exactness::FIRST + Exactness::BIN * bin as f64;
        let (start, end) = (x.at(left), x.at(left + Exactness::BIN));
        Bar {
            x: start,
            y: y.at(count as f64),
            width: end - start - 1.0,
            height: BASE - y.at(count as f64),
            title: format!("from {left} LSB: {count}"),
        }
    };
    let bars = exactness.histogram.iter().enumerate().filter(|(_, count)| **count > 0).map(bar).collect();
    let inside = exactness.bias.clamp(Exactness::FIRST, last);
    Errors {
        compared: exactness.compared,
        bias: exactness.bias,
        least: exactness.least,
        most: exactness.most,
        width: WIDTH,
        height: HEIGHT,
        base: BASE,
        bars,
        ticks: x.ticks(6),
        mean: x.at(inside),
    }
}
