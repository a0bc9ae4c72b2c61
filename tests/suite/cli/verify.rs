//! `qrtl verify`: results, failures and rejected requests.

use std::fs;
use std::io::Read;
use std::process::Stdio;

use serde_json::Value as Json;

use super::{json, text};
use crate::common::command::{command, qrtl, run};

#[test]
fn unit_with_target_selects_all_presets() {
    let run = qrtl(&["verify", "multiplier", "--target", "ice40", "--cases", "1000"]);
    let verified = run.product();
    assert_eq!(verified.matches("_ice40 ").count(), 8, "{verified}");
    assert_eq!(verified.matches("all equal").count(), 8, "{verified}");
}

#[test]
fn pattern_selects_presets_and_counts_have_units() {
    let run = qrtl(&["verify", "int?_multiplier", "-j", "1", "--cases", "1e3"]);
    let verified = run.product();
    let names: Vec<&str> =
        verified.lines().filter_map(|line| line.split_whitespace().next()).take(3).collect();
    assert_eq!(names, ["int8_multiplier", "int4_multiplier", "int2_multiplier"], "{verified}");
    qrtl(&["verify", "int8_mac", "--cases", "1.5M"]).refused_with(&["not a count", "1M, 1e6 or 2^20"]);
}

#[test]
fn closed_pipe_keeps_the_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let (rtl, junit) = (folder.path().join("own.v"), folder.path().join("junit.xml"));
    let verilog =
        include_str!("../../../rtl/multiplier/int2_multiplier.v").replace("* b;", "* $signed({1'b0, b});");
    assert_ne!(verilog, include_str!("../../../rtl/multiplier/int2_multiplier.v"));
    fs::write(&rtl, verilog).unwrap();
    let arguments = ["verify", "int2_multiplier", "--rtl", text(&rtl), "--junit", text(&junit)];
    for format in ["text", "json"] {
        let mut verify = command(&[&arguments[..], &["--format", format]].concat());
        let mut child = verify.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(1), "{stderr}");
        assert!(stderr.contains("int2_multiplier: FAILED"), "{stderr}");
        assert!(fs::read_to_string(&junit).unwrap().contains("failures=\"1\""));
        fs::remove_file(&junit).unwrap();
    }
}

#[test]
fn json_is_the_only_output() {
    let arguments = ["verify", "int4_multiplier", "int4_mac", "--cases", "5000", "--format", "json"];
    let results = |seed: &str| {
        let report = json(&qrtl(&[&arguments[..], &["--seed", seed]].concat()).product());
        report["results"].as_array().unwrap().clone()
    };
    let first = results("7");
    assert_eq!(first.len(), 2);
    let (multiplier, mac) = (&first[0], &first[1]);
    assert_eq!(multiplier["preset"], "int4_multiplier");
    assert_eq!(multiplier["unit"], "multiplier");
    assert_eq!((&multiplier["domain"], &multiplier["compared"]), (&Json::from(256), &Json::from(256)));
    assert_eq!((&multiplier["exhaustive"], &multiplier["mismatches"]), (&Json::from(true), &Json::from(0)));
    assert!(multiplier["seconds"].is_f64());
    assert_eq!((&mac["domain"], &mac["exhaustive"], &mac["seed"]), (&Json::Null, &false.into(), &7.into()));
    assert!(mac["compared"].as_u64().unwrap() > 4900);
}

#[test]
fn mismatch_exits_with_1_and_prints_the_replay_command() {
    let folder = tempfile::tempdir().unwrap();
    let (rtl, failures, junit) =
        (folder.path().join("my mac.v"), folder.path().join("a/f"), folder.path().join("b/j.xml"));
    let verilog = include_str!("../../../rtl/mac/int8_mac.v").replace("{16{mult_result[15]}}", "{16{1'b0}}");
    assert_ne!(verilog, include_str!("../../../rtl/mac/int8_mac.v"));
    fs::write(&rtl, verilog).unwrap();
    let files =
        ["--rtl", text(&rtl), "--failures", text(&failures), "--junit", text(&junit), "--format", "json"];
    let arguments = [&["verify", "int8_mac", "--cases", "4096", "--seed", "5"], &files[..]].concat();
    let run = qrtl(&arguments);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let again = format!("qrtl verify mac --preset int8_mac --cases 4096 --seed 5 --rtl '{}'", text(&rtl));
    for text in ["int8_mac: FAILED", "accum expected -", "shrunk to", "int8_mac/README.txt", &again] {
        assert!(run.stderr.contains(text), "no {text} in {}", run.stderr);
    }
    let result = json(&run.stdout)["results"][0].clone();
    assert!(result["mismatches"].as_u64().unwrap() > 0);
    assert_eq!(result["failure"]["replay"], again);
    assert!(fs::read_to_string(failures.join("int8_mac/failure.vcd")).unwrap().contains("accum"));
    is_well_formed(&fs::read_to_string(&junit).unwrap());

    let repeated = json(&qrtl(&arguments).stdout)["results"][0].clone();
    assert_eq!(repeated["failure"]["mismatches"], result["failure"]["mismatches"]);
    assert_eq!(repeated["failure"]["shrunk"], result["failure"]["shrunk"]);
}

/// Asserts that tags are balanced, that there is one root, and that no reserved character is bare.
fn is_well_formed(xml: &str) {
    let body = xml.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>").expect("a declaration");
    let (mut open, mut elements): (Vec<&str>, usize) = (Vec::new(), 0);
    for piece in body.trim().split('<').skip(1) {
        let (tag, rest) = piece.split_once('>').unwrap_or_else(|| panic!("'{piece}' is not closed"));
        let entities = tag.split('&').chain(rest.split('&').skip(1)).skip(1);
        entities.for_each(|entity| assert!(entity.contains(';'), "a bare & in {piece}"));
        assert!(!rest.contains('>'), "a bare > in {piece}");
        assert!(tag.matches('"').count() % 2 == 0, "{tag}");
        match (tag.strip_prefix('/'), tag.ends_with('/')) {
            (Some(name), _) => assert_eq!(open.pop(), Some(name)),
            (None, true) => elements += 1,
            (None, false) => open.push(tag.split_whitespace().next().unwrap()),
        }
        assert!(!open.is_empty() || rest.trim().is_empty(), "text after the root");
    }
    assert!(open.is_empty() && elements > 0, "{open:?}");
}

#[test]
fn junit_escapes_reserved_characters() {
    let report = qrtl::verification::Report {
        preset: "<&\"'>".into(),
        unit: "mac".into(),
        arguments: "a\u{1b}b\u{ffff}c".into(),
        digest: "0".into(),
        domain: None,
        transactions: 1,
        compared: 1,
        control_cycles: None,
        long_sum_cycles: None,
        random_start_cycles: None,
        coverage: None,
        four_state: None,
        exhaustive: false,
        mismatches: 1,
        seconds: 0.5,
        seed: Some(1),
        lanes: 1,
        engine: qrtl::simulation::SimulationEngine::Verilated,
        unsliced: None,
        recorded: None,
        failure: None,
        wrong_module: None,
    };
    let xml = qrtl::report::junit(&qrtl::verification::Results::new(None, vec![report]));
    is_well_formed(&xml);
    assert!(xml.contains("&lt;&amp;&quot;") && xml.contains("failures=\"1\""), "{xml}");
    // Characters that XML cannot represent.
    assert!(xml.contains("a\u{fffd}b\u{fffd}c") && !xml.contains(['\u{1b}', '\u{ffff}']), "{xml}");
}

#[test]
fn rejects_impossible_requests() {
    qrtl(&["verify", "int8_mac", "--exhaustive"]).refused_with(&["cannot be swept", "--cases"]);
    qrtl(&["verify", "int8_multiplier", "--cases", "0"]).refused_with(&["--cases"]);
    qrtl(&["verify", "--all", "--set", "a_bits=4"]).refused_with(&["--all"]);
    qrtl(&["verify", "int4_mac", "int8_mac", "--rtl", "x.v"]).refused_with(&["--rtl", "one preset"]);
    qrtl(&["verify", "int8_mac", "--rtl", "missing.v"]).refused_with(&["cannot read missing.v"]);
    qrtl(&["verify", "int8_mac", "--rtl", "src"]).refused_with(&["cannot read src"]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let wrong =
        [("--junit", path, "is a folder: give"), ("--failures", text(&file), "its folder cannot be created")];
    for (option, path, reason) in wrong {
        let run = qrtl(&["verify", "int2_multiplier", option, path]);
        run.refused_with(&[reason]);
        assert_eq!(run.stdout, "", "refused before the work, not after it");
    }
    // An empty PATH: the tool is looked up before anything is built.
    let missing = run(command(&["verify", "int2_multiplier", "--four-state"]).env("PATH", path));
    missing.refused_with(&["iverilog is not on PATH", "apt install iverilog", "omit --four-state"]);
}

#[test]
fn rejects_module_without_a_port() {
    let folder = tempfile::tempdir().unwrap();
    let rtl = folder.path().join("int8_multiplier.v");
    let body = "assign product = a * a;\nendmodule\n";
    let header = "module int8_multiplier (input signed [7:0] a, output signed [15:0] product);\n";
    fs::write(&rtl, format!("{header}{body}")).unwrap();
    let run = qrtl(&["verify", "int8_multiplier", "--rtl", rtl.to_str().unwrap()]);
    run.refused_with(&["int8_multiplier has no port 'b'", "a, product"]);
}

#[test]
fn rejects_module_with_other_ports_before_simulation() {
    let folder = tempfile::tempdir().unwrap();
    let rtl = folder.path().join("int4_multiplier.v");
    let refused = |ports: &str, parts: &[&str]| {
        let text = format!("module int4_multiplier ({ports});\nassign product = a * b;\nendmodule\n");
        fs::write(&rtl, text).unwrap();
        qrtl(&["verify", "int4_multiplier", "--rtl", rtl.to_str().unwrap()]).refused_with(parts);
    };
    let ports = "input signed [3:0] a, input signed [3:0] b, output signed [7:0] product";
    // The same number of bytes, but not of bits.
    let wide = ports.replacen("[3:0] a", "[4:0] a", 1);
    refused(&wide, &["port 'a' of int4_multiplier has 5 bits, but its config has 4"]);
    let narrow = ports.replacen("[7:0]", "[6:0]", 1);
    refused(&narrow, &["port 'product' of int4_multiplier has 7 bits, but its config has 8"]);
    let more = format!("input c, {ports}");
    refused(&more, &["int4_multiplier has an input 'c' that its config lacks"]);
}

#[test]
fn verifies_each_config_once() {
    let output = qrtl(&["verify", "int2_multiplier", "int2_multiplier"]).product();
    assert_eq!(output.lines().count(), 1, "{output}");
}
