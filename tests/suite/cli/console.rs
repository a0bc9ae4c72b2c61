//! `--quiet` and `--color`, and the line with the verdict.

use std::fs;

use super::text;
use crate::common::command::{command, qrtl, run};

const GREEN: &str = "\u{1b}[1m\u{1b}[32mall equal\u{1b}[0m";

#[test]
fn verdicts_are_coloured_on_request_and_never_in_json() {
    let verify = ["verify", "int2_multiplier"];
    let with = |options: &[&str]| qrtl(&[&verify[..], options].concat()).product();
    let plain = with(&[]);
    assert!(!plain.contains('\u{1b}') && plain.contains("all equal"), "{plain}");
    assert!(with(&["--color", "always"]).contains(GREEN));
    assert!(!with(&["--color", "always", "--format", "json"]).contains('\u{1b}'));
    let forced = |options: &[&str], variable: &str| {
        let mut command = command(&[&verify[..], options].concat());
        run(command.env("CLICOLOR_FORCE", "1").env(variable, "1")).product()
    };
    assert!(forced(&[], "CLICOLOR_FORCE").contains(GREEN), "as on a terminal");
    assert!(!forced(&[], "NO_COLOR").contains('\u{1b}'));
    assert!(!forced(&["--color", "never"], "CLICOLOR_FORCE").contains('\u{1b}'));
    qrtl(&["verify", "int2_multiplier", "--color", "sometimes"]).refused_with(&["auto, always, never"]);
    let wrong = qrtl(&["verify", "--color", "always", "--case", "1"]);
    assert!(wrong.stderr.starts_with('\u{1b}'), "errors about the command line too: {}", wrong.stderr);
}

#[test]
fn quiet_keeps_only_results_verdicts_and_errors() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["generate", "int2_multiplier", "-o", text(folder.path())];
    let reported = qrtl(&arguments);
    assert!(reported.stderr.contains("wrote "), "{}", reported.stderr);
    fs::write(folder.path().join("int2_multiplier.v"), "edited").unwrap();
    let quiet = qrtl(&[&arguments[..], &["--quiet"]].concat());
    assert_eq!((quiet.stderr.as_str(), quiet.code), ("", 0));
    fs::write(folder.path().join("int2_multiplier.v"), "edited").unwrap();
    let drift = qrtl(&[&arguments[..], &["--check", "-q"]].concat());
    assert_eq!(drift.code, 1);
    assert!(drift.stderr.contains("changed: int2_multiplier.v"), "{}", drift.stderr);

    let rtl = folder.path().join("own.v");
    let verilog =
        include_str!("../../../rtl/multiplier/int2_multiplier.v").replace("* b;", "* $signed({1'b0, b});");
    fs::write(&rtl, verilog).unwrap();
    let failed = qrtl(&["verify", "int2_multiplier", "--rtl", text(&rtl), "-q"]);
    assert_eq!(failed.code, 1);
    assert!(failed.stderr.starts_with("int2_multiplier: FAILED\n"), "{}", failed.stderr);
    assert!(failed.stdout.contains("MISMATCHES"), "{}", failed.stdout);
    qrtl(&["verify", "int2", "-q"]).refused_with(&["error: unknown unit or preset 'int2'"]);
}

#[test]
fn last_line_states_the_verdict_over_several_configs() {
    let passed = qrtl(&["verify", "int2_multiplier", "int4_multiplier"]).product();
    assert_eq!(passed.lines().last(), Some("2 configs passed, 2 exhaustively: 272 transactions compared"));
    let results = qrtl::verification::Results::new(None, {
        let json = qrtl(&["verify", "int2_multiplier", "int4_multiplier", "--format", "json"]).product();
        let mut results = super::json(&json)["results"].clone();
        results[1]["mismatches"] = 3.into();
        serde_json::from_value(results).unwrap()
    });
    assert_eq!(results.verdict().as_deref(), Some("1 of 2 configs FAILED: int4_multiplier\n"));
    let doctor = qrtl(&["doctor"]).product();
    assert_eq!(doctor.lines().last(), Some("ok: co-simulation has its tools"));
    let sick = run(command(&["doctor"]).env("CXX", "/bin/false"));
    assert_eq!(sick.stdout.lines().last(), Some("FAILED: co-simulation lacks c++"));
}
