//! `qrtl audit` on designs in many styles: verdicts, reports and rejected designs.

mod accumulators;
mod changes;
mod host_code;
#[cfg(unix)]
mod isolation;
mod multipliers;
mod ports;
mod ranges;
mod refusals;
mod report;
mod requantizers;
mod timing;

use std::path::{Path, PathBuf};

use crate::common::command::{Run, qrtl};

const FLOOR_PIPE: &str = "--top floor_pipe --unit requantizer \
    --map acc=s_data,multiplier=s_mult,total_shift=s_shift,clk=aclk,rst=aresetn,out=m_data";
const HALF_UP: &str = "--top half_up --unit requantizer --map acc=x,out=y \
    --set multiplier=805306368,total_shift=35,zero_point=131";
const HALF_AWAY: &str = "--top half_away --unit requantizer \
    --map acc=sum,multiplier=scale,total_shift=right,clk=clock,rst=reset,en=stall_n,out=code";
const MAC_SATURATING: &str =
    "--top mac_saturating --unit mac --map clk=clk,en=ce,first=first,a=x,b=w,out=sum";
const MUL_UNSIGNED: &str =
    "--top mul_unsigned_p3 -G N=8 --unit multiplier --map clk=clk,en=en,a=op_a,b=op_b,out=res";

/// The folder of the audited designs.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/audit")
}

/// Random transactions of an audit that names no number: a sixteenth of what users get, enough for these designs.
const CASES: &str = "65536";

/// Audits files of the folder, or absolute paths; the argument of -I is also in the folder.
fn audit(files: &[&str], arguments: &str) -> Run {
    let path = |name: &str| folder().join(name).to_str().unwrap().to_string();
    let mut words = vec!["audit".to_string()];
    words.extend(files.iter().map(|file| path(file)));
    let mut is_folder = false;
    for word in arguments.split_whitespace() {
        words.push(if is_folder { path(word) } else { word.to_string() });
        is_folder = word == "-I";
    }
    if !arguments.contains("--cases") {
        words.extend(["--cases", CASES].map(String::from));
    }
    qrtl(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Requires a positive verdict and each of these texts in the report, which it returns.
#[track_caller]
fn assert_reports(files: &[&str], arguments: &str, texts: &[&str]) -> String {
    let run = audit(files, arguments);
    assert_eq!(run.code, 0, "{arguments}: {}{}", run.stdout, run.stderr);
    for text in texts {
        assert!(run.stdout.contains(text), "no '{text}' in:\n{}", run.stdout);
    }
    run.stdout
}

/// Requires that the audit names this candidate first, and each of these texts in the report.
#[track_caller]
fn assert_identifies(files: &[&str], arguments: &str, candidate: &str, texts: &[&str]) {
    let report = assert_reports(files, arguments, texts);
    let verdict = report.lines().next().unwrap();
    assert!(verdict.ends_with(&format!(" {candidate}")), "{report}");
}

/// Requires a negative verdict and each of these texts in the report.
#[track_caller]
fn assert_rejects(files: &[&str], arguments: &str, texts: &[&str]) {
    let run = audit(files, arguments);
    assert_eq!(run.code, 1, "{arguments}: {}{}", run.stdout, run.stderr);
    for text in ["no candidate"].iter().chain(texts) {
        assert!(run.stdout.contains(text), "no '{text}' in:\n{}", run.stdout);
    }
    assert!(run.stdout.ends_with(" FAILED: no candidate matches every result\n"), "{}", run.stdout);
}
