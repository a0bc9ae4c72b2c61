//! Results as JUnit XML, which every CI server reads.

use serde_json::{Value as Json, json};
use tera::{Context, Tera};

use crate::verification::Report;

/// One test case a report, in a suite named after the verb that made them.
pub fn junit<'a>(verb: &str, reports: impl Iterator<Item = &'a Report> + Clone) -> String {
    let cases: Vec<Json> = reports
        .clone()
        .map(|report| {
            let opinion = report.four_state.as_ref().and_then(|opinion| opinion.failure.as_deref());
            let message = match (report.passed(), report.compared, report.mismatches) {
                (true, ..) => String::new(),
                (false, 0, _) => "nothing was compared".to_string(),
                (false, _, 0) => "the four-state simulation differs".to_string(),
                (false, ..) => format!("{} mismatches", report.mismatches),
            };
            let explained = report.failure.as_ref().map_or_else(String::new, ToString::to_string);
            json!({
                "unit": report.unit,
                "preset": report.preset,
                "seconds": report.seconds,
                "compared": report.compared,
                "exhaustive": report.exhaustive,
                "arguments": report.arguments,
                "message": message,
                "details": explained + opinion.unwrap_or_default(),
            })
        })
        .collect();
    let context = json!({
        "verb": verb,
        "failures": reports.clone().filter(|report| !report.passed()).count(),
        "seconds": reports.map(|report| report.seconds).sum::<f64>(),
        "reports": cases,
    });
    let context = Context::from_serialize(&context).expect("a JSON object");
    let mut tera = Tera::new();
    // Names ending in .xml are escaped by default.
    tera.add_raw_template("junit.xml", include_str!("../../templates/junit.xml.tera"))
        .and_then(|()| tera.render("junit.xml", &context))
        .unwrap_or_else(|error| panic!("template junit.xml: {error}"))
        .replace(is_no_xml, "\u{fffd}")
}

/// Characters that XML has no spelling for, escaped or not; a path may hold them.
fn is_no_xml(c: char) -> bool {
    (c < ' ' && !"\t\n\r".contains(c)) || matches!(c, '\u{fffe}' | '\u{ffff}')
}
