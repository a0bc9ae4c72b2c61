//! Designs that run commands or C code, or write files, are refused before they run.

use std::path::Path;
use std::process::Command;

use crate::common::command::{Run, command, qrtl, run};
#[cfg(unix)]
use crate::common::script::executable;
#[cfg(unix)]
use qrtl::toolchain::builder::Builder;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/audit/host_code.v");

/// Audits a module of the file; a command of it makes the file at `path`, and so do its written files.
fn audit(top: &str, path: &Path, options: &[&str]) -> Run {
    run(&mut audit_command(top, path, options))
}

fn audit_command(top: &str, path: &Path, options: &[&str]) -> Command {
    let shell = format!("COMMAND=\"touch {}\"", path.display());
    let file = format!("FILE=\"{}\"", path.display());
    let map = ["--unit", "multiplier", "--map", "a=a,b=b,out=p", "-D", &shell, "-D", &file];
    command(&[&["audit", FILE, "--top", top], &map[..], options].concat())
}

#[test]
fn refuses_designs_that_act_on_the_host() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made");
    for (top, texts) in [
        ("commands", ["commands has $system at line 6", "--allow-host-code"]),
        ("hidden", ["hidden has $system at line ", "--allow-host-code"]),
        ("foreign", ["foreign has $c at line 15", "--allow-host-code"]),
        ("imported", ["imported has a DPI import at line 19", "--allow-host-code"]),
        ("opened", ["opened has $fopen at line 26", "--allow-host-code"]),
        ("written", ["written has $writememb or $writememh at line 32", "--allow-host-code"]),
    ] {
        audit(top, &path, &[]).refused_with(&texts);
        assert!(!path.exists(), "{top}");
    }
}

#[test]
fn runs_them_if_they_are_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made");
    let run = audit("commands", &path, &["--allow-host-code"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(path.exists());
}

#[test]
fn modules_that_are_not_used_and_files_that_are_read_do_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let run = audit("harmless", &folder.path().join("made"), &["-I", path]);
    assert_eq!(run.code, 0, "{}", run.stderr);
}

#[test]
#[cfg(unix)]
fn reads_the_preprocessed_text_if_verilator_prints_no_tree() {
    let folder = tempfile::tempdir().unwrap();
    let (made, script) = (folder.path().join("made"), folder.path().join("verilator_bin"));
    let environment = qrtl::toolchain::environment::Environment::of_process();
    let verilator = Builder::discover(&environment, &|_| ()).unwrap().toolchain.verilator;
    // Verilator without some of its options.
    let audit_without = |options: &str, top: &str| {
        let refuse = format!("for option; do case $option in {options}) exit 1;; esac; done");
        executable(&script, &format!("{refuse}\nexec '{}' \"$@\"", verilator.executable.display()));
        run(audit_command(top, &made, &[]).env("VERILATOR", &script).env("VERILATOR_ROOT", &verilator.root))
    };
    // Without a tree, a module of the file that is not used counts too.
    let words = ["harmless has $system, which runs code", "--allow-host-code"];
    audit_without("--json-only", "harmless").refused_with(&words);
    // What cannot be checked does not run.
    audit_without("--json-only|-E", "commands").refused_with(&["Verilator rejected commands"]);
    assert!(!made.exists());
}

#[test]
fn verify_refuses_an_edited_file_that_runs_commands() {
    let folder = tempfile::tempdir().unwrap();
    let (rtl, made) = (folder.path().join("own.v"), folder.path().join("made"));
    let shipped = include_str!("../../../rtl/multiplier/int2_multiplier.v");
    let edited = shipped
        .replace("endmodule", &format!("    initial $system(\"touch {}\");\nendmodule", made.display()));
    assert_ne!(edited, shipped);
    std::fs::write(&rtl, edited).unwrap();
    let arguments = ["verify", "int2_multiplier", "--rtl", rtl.to_str().unwrap()];
    qrtl(&arguments).refused_with(&["int2_multiplier has $system at line ", "--allow-host-code"]);
    assert!(!made.exists());
    let trusted = qrtl(&[&arguments[..], &["--allow-host-code"]].concat());
    assert!(trusted.code == 0 && made.exists(), "{}", trusted.stderr);
    // What was built under permission does not serve a run without it.
    qrtl(&arguments).refused_with(&["int2_multiplier has $system"]);
}
