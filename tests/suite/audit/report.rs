//! Verdict, text, JSON and HTML of an audit.

use std::fs;

use serde_json::Value as Json;

use super::{FLOOR_PIPE, HALF_UP, MUL_UNSIGNED, audit, folder};
use crate::common::command::qrtl;

#[test]
fn expect_decides_verdict_and_exit_code() {
    for arguments in [MUL_UNSIGNED.to_string(), format!("{MUL_UNSIGNED} --expect unsigned")] {
        let text = audit(&["mul_unsigned_p3.v"], &arguments).product();
        assert!(text.ends_with("\n\nmul_unsigned_p3: all equal to unsigned\n"), "{text}");
    }
    let other = audit(&["mul_unsigned_p3.v"], &format!("{MUL_UNSIGNED} --expect signed"));
    assert_eq!((other.code, other.stderr.as_str()), (1, ""));
    assert!(other.stdout.contains("multiplier unsigned\n"), "{}", other.stdout);
    let verdict = "\n\nmul_unsigned_p3 FAILED: it is unsigned, not signed\n";
    assert!(other.stdout.ends_with(verdict), "{}", other.stdout);
    let unknown = audit(&["mul_unsigned_p3.v"], &format!("{MUL_UNSIGNED} --expect singed"));
    unknown.refused_with(&[
        "is not a candidate for a multiplier",
        "did you mean 'signed'?",
        "unsigned_signed",
    ]);
}

#[test]
fn json_has_every_candidate_with_its_first_mismatch() {
    let arguments = format!("{FLOOR_PIPE} --cases 65536 --format json");
    let report: Json = serde_json::from_str(&audit(&["floor_pipe.v"], &arguments).product()).unwrap();
    assert_eq!(report["explaining"], serde_json::json!(["floor"]));
    assert_eq!((&report["transactions"], &report["exhaustive"]), (&Json::from(65536), &Json::from(false)));
    let candidates = report["candidates"].as_array().unwrap();
    let single = candidates.iter().find(|candidate| candidate["name"] == "single").unwrap();
    let (got, expected) = (&single["first"]["got"], &single["first"]["expected"]);
    assert_eq!(got.as_i64().unwrap() + 1, expected.as_i64().unwrap());
    assert!(single["wrong"].as_u64().unwrap() > 1000);
    // Floor is half an LSB low on average, and at most one.
    let error = &report["exactness"];
    assert!((-0.5..-0.4).contains(&error["bias"].as_f64().unwrap()), "{error}");
    assert!(error["least"].as_f64().unwrap() >= -1.0 && error["most"].as_f64().unwrap() <= 0.0, "{error}");
    assert_eq!(report["files"][0]["sha256"].as_str().unwrap().len(), 64);
}

#[test]
fn html_shows_the_verdict_and_is_self_contained() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("audit.html");
    let arguments = format!("{FLOOR_PIPE} --cases 65536 --html {}", path.to_str().unwrap());
    audit(&["floor_pipe.v"], &arguments).product();
    let page = fs::read_to_string(path).unwrap();
    for text in [
        "What does <code>floor_pipe</code> compute?",
        "requantizer: <code>floor</code>",
        "asynchronous",
        "gemmlowp",
        "--top floor_pipe",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert!(page.matches("class=\"bar\"").count() >= 16, "the histogram has too few bars");
    for reference in ["http:", "https:", "src=", "href=", "url(", "@import", "<script"] {
        assert!(!page.contains(reference), "{reference}");
    }
}

#[test]
fn accepts_hexadecimal_numbers_and_spaces_in_lists() {
    let arguments = HALF_UP.replace("805306368,total", "0x3000_0000,total");
    let file = folder().join("half_up.v");
    let mut words = vec!["audit", file.to_str().unwrap()];
    words.extend(arguments.split_whitespace());
    let map = words.iter().position(|word| word.starts_with("acc=")).unwrap();
    words[map] = "acc=x, out=y";
    assert!(qrtl(&words).product().contains("requantizer single"));
}

#[test]
fn junit_has_the_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.xml");
    let verdict = |options: &str, code: i32| {
        let run =
            audit(&["mul_unsigned_p3.v"], &format!("{MUL_UNSIGNED} --junit {} {options}", path.display()));
        assert_eq!(run.code, code, "{}", run.stderr);
        std::fs::read_to_string(&path).unwrap()
    };
    let passed = verdict("", 0);
    assert!(passed.contains("<testcase classname=\"multiplier\" name=\"mul_unsigned_p3\""), "{passed}");
    assert!(passed.contains("failures=\"0\"") && !passed.contains("<failure"), "{passed}");
    let failed = verdict("--expect signed", 1);
    assert!(failed.contains("<failure message=\"signed does not match every result\">"), "{failed}");
}
