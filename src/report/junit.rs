//! Results as JUnit XML, for CI servers.

use serde_json::{Value as Json, json};
use tera::{Context, Tera};

use crate::audit::AuditReport;
use crate::verification::{Report, VerbResults};

/// Results as JUnit XML: one test case per config, in a suite named after the subcommand.
///
/// # Panics
/// When template and context disagree, which no user input can cause.
pub fn junit(results: &dyn VerbResults) -> String {
    let reports = results.reports();
    render(&json!({
        "verb": results.verb(),
        "failures": reports.iter().filter(|report| !report.passed()).count(),
        "seconds": reports.iter().map(|report| report.seconds).sum::<f64>(),
        "reports": reports.iter().copied().map(test_case).collect::<Vec<Json>>(),
    }))
}

/// An audit as JUnit XML: one test case, which fails unless the expected candidate, or any without one, matches.
///
/// # Panics
/// When template and context disagree, which no user input can cause.
pub fn junit_of_audit(report: &AuditReport, expected: Option<&str>) -> String {
    let passed = report.is_explained_by(expected);
    let message = match expected {
        _ if passed => String::new(),
        Some(name) => format!("{name} does not match every result"),
        None => "no candidate matches every result".to_string(),
    };
    render(&json!({
        "verb": "audit",
        "failures": usize::from(!passed),
        "seconds": report.seconds,
        "reports": [{
            "unit": report.unit,
            "preset": report.top,
            "seconds": report.seconds,
            "compared": report.transactions,
            "exhaustive": report.exhaustive,
            "arguments": report.command,
            "message": message,
            "details": report.to_string(),
        }],
    }))
}

fn render(context: &Json) -> String {
    let context = Context::from_serialize(context).expect("a JSON object");
    let mut tera = Tera::new();
    // Tera escapes templates whose names end in .xml.
    tera.add_raw_template("junit.xml", include_str!("../../templates/junit.xml.tera"))
        .and_then(|()| tera.render("junit.xml", &context))
        .unwrap_or_else(|error| panic!("template junit.xml: {error}"))
        .replace(is_invalid_in_xml, "\u{fffd}")
}

fn test_case(report: &Report) -> Json {
    let message = match (report.passed(), report.compared, report.mismatches) {
        (true, ..) => String::new(),
        (false, 0, _) => "nothing was compared".to_string(),
        (false, _, 0) => "the four-state simulation differs".to_string(),
        (false, ..) => format!("{} mismatches", report.mismatches),
    };
    let four_state = report.four_state.as_ref().and_then(|four_state| four_state.failure.as_deref());
    let failure = report.failure.as_ref().map_or_else(String::new, ToString::to_string);
    json!({
        "unit": report.unit,
        "preset": report.preset,
        "seconds": report.seconds,
        "compared": report.compared,
        "exhaustive": report.exhaustive,
        "arguments": report.arguments,
        "message": message,
        "details": failure + four_state.unwrap_or_default(),
    })
}

/// Whether XML cannot represent a character, even escaped; paths may contain such characters.
fn is_invalid_in_xml(c: char) -> bool {
    (c < ' ' && !"\t\n\r".contains(c)) || matches!(c, '\u{fffe}' | '\u{ffff}')
}
