//! The command line: stdout carries only results, the exit code the outcome, and errors the fix.

mod cache;
mod console;
mod doctor;
mod generate;
mod invocations;
mod json_schema;
mod project;
mod verify;

use std::io::Read;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value as Json;

use crate::common::command::{command, qrtl};

const SUBCOMMANDS: [&str; 18] = [
    "list",
    "generate",
    "verify",
    "sweep",
    "audit",
    "ports",
    "report",
    "simulate",
    "quantize",
    "requantize",
    "rules",
    "synth",
    "prove",
    "mutate",
    "demo",
    "doctor",
    "cache",
    "completions",
];

fn json(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn every_subcommand_has_help_with_examples() {
    let all = qrtl(&["--help"]).product();
    for verb in SUBCOMMANDS {
        assert!(all.contains(&format!("\n  {verb} ")), "{all}");
        let help = qrtl(&[verb, "--help"]).product();
        assert!(help.contains(&format!("Examples:\n  qrtl {verb}")), "{help}");
    }
}

#[test]
fn subcommands_reject_unknown_names_with_suggestion() {
    let cases: [(&[&str], &[&str]); 13] = [
        (&["generate", "multiplyer"], &["unknown unit", "did you mean 'multiplier'?", "qrtl list"]),
        (&["generate", "int8_multiplyer"], &["did you mean 'int8_multiplier'?", "qrtl list"]),
        (&["generate", "mac", "--preset", "int8_mak"], &["unknown preset", "'int8_mac'"]),
        (&["generate", "mac", "--preset", "int8_multiplier"], &["is a multiplier, not a mac"]),
        (&["generate", "mac", "--set", "acc_bit=20"], &["no parameter 'acc_bit'", "'acc_bits'"]),
        (&["generate", "mac", "--set", "a_bits=17"], &["a_bits=17 is out of range", "2..=16"]),
        (&["generate", "mac", "--set", "a_bits"], &["'a_bits' is not a setting", "a_bits=8"]),
        (&["verify", "mac", "--set", "acc_bits=12"], &["narrower than one product", "at least 16"]),
        (&["verify", "fp8"], &["names that start with it: fp8_decoder, "]),
        (&["verify", "x*"], &["no preset matches 'x*'", "qrtl list"]),
        (&["list", "mack"], &["did you mean 'mac'?"]),
        (&["list", "int8_mac"], &["is a preset of the unit mac", "give `mac`"]),
        (
            &["sweep", "int8_mac", "--set", "a_bits=2"],
            &["is a preset of the unit mac", "shows its parameters"],
        ),
    ];
    for (arguments, texts) in cases {
        qrtl(arguments).refused_with(texts);
    }
    qrtl(&["simulat"]).refused_with(&["simulate"]);
    qrtl(&["generate"]).refused_with(&["nothing to generate", "qrtl list", "multiplier, mac"]);
}

#[test]
fn rejects_settings_that_contradict_a_preset() {
    let conflict = ["preset int8_mac fixes acc_bits=32", "acc_bits=20", "drop one"];
    qrtl(&["generate", "mac", "--preset", "int8_mac", "--set", "acc_bits=20"]).refused_with(&conflict);
    qrtl(&["generate", "int8_mac", "--set", "acc_bits=20"]).refused_with(&conflict);
    qrtl(&["generate", "int8_mac", "--preset", "int4_mac"]).refused_with(&["keep one of them"]);
    qrtl(&["generate", "int8_mac", "--set", "acc_bits=32"]).product();
}

#[test]
fn list_shows_every_preset_as_text_and_as_json() {
    let listed = json(&qrtl(&["list", "--format", "json"]).product());
    let text = qrtl(&["list"]).product();
    let mut presets = 0;
    for unit in listed["units"].as_array().unwrap() {
        for preset in unit["presets"].as_array().unwrap() {
            assert!(text.contains(preset["name"].as_str().unwrap()));
            presets += 1;
        }
    }
    assert_eq!(presets, qrtl::catalogue::presets().count());
    let mac = qrtl(&["list", "mac"]).product();
    assert!(mac.contains("acc_bits") && !mac.contains("int8_multiplier"), "{mac}");
}

#[test]
fn closed_pipe_is_not_an_error() {
    for arguments in [&["list"][..], &["generate", "int8_mac"], &["list", "--format", "json"]] {
        let mut child = command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""), "{arguments:?}");
    }
    let folder = tempfile::tempdir().unwrap();
    let mut child =
        command(&["generate", "--all", "-o", text(folder.path())]).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
