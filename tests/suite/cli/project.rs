//! `qrtl.toml`: the configs of a project, for subcommands without the name of a unit.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::common::command::{Run, command, run};

/// A project with this file and a folder `below`.
fn project(text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("below")).unwrap();
    fs::write(folder.path().join("qrtl.toml"), text).unwrap();
    folder
}

fn qrtl_in(folder: &Path, arguments: &[&str]) -> Run {
    run(command(arguments).current_dir(folder))
}

const TWO: &str = r#"
output = "hdl"
target = "ice40"

[configs.second]
unit = "multiplier"
set = { a_bits = 3, b_bits = 2 }
with = ["filelist"]

[configs.first]
preset = "int2_multiplier"
target = "ecp5"
dsp = "avoid"
output = "own"

[configs.decoder]
preset = "fp8_decoder_e4m3"
"#;

#[test]
fn generates_and_checks_every_config_from_a_folder_below() {
    let folder = project(TWO);
    let below = folder.path().join("below");
    let written = qrtl_in(&below, &["generate"]);
    assert_eq!((written.code, written.stdout.as_str()), (0, ""), "{}", written.stderr);
    assert!(written.stderr.contains("qrtl: 3 configs of ../qrtl.toml\n"), "{}", written.stderr);
    let module = |path: &str| fs::read_to_string(folder.path().join(path)).unwrap();
    let second = module("hdl/second.v");
    assert!(second.contains("\nmodule second (") && second.contains("for ice40"), "{second}");
    assert!(module("hdl/second.f").contains("second.v"));
    assert!(module("own/first.v").contains("for ecp5"));
    assert!(module("hdl/decoder.v").contains("\nmodule decoder ("), "a unit without targets");
    assert_eq!(qrtl_in(&below, &["generate", "--check"]).code, 0);
    fs::write(folder.path().join("own/first.v"), "edited").unwrap();
    let drift = qrtl_in(&below, &["generate", "--check"]);
    assert_eq!(drift.code, 1);
    assert!(drift.stderr.contains("changed: first.v"), "{}", drift.stderr);
    let elsewhere = qrtl_in(&below, &["generate", "-o", "all", "--with", "instance", "-q"]);
    assert_eq!((elsewhere.code, elsewhere.stderr.as_str()), (0, ""));
    assert!(below.join("all/first_instance.vh").exists() && !below.join("all/second.f").exists());
}

#[test]
fn verifies_every_config_in_the_order_of_the_file() {
    let folder = project(TWO);
    let verified = qrtl_in(folder.path(), &["verify"]).product();
    let names: Vec<&str> = verified.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(names, ["second", "first", "decoder", "3"], "{verified}");
    assert_eq!(verified.matches("exhaustive, all equal").count(), 3, "{verified}");
}

#[test]
fn networks_get_their_report_and_their_name() {
    let network = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/networks/dense.tflite");
    let folder = project(&format!("[configs.top]\nnetwork = '{network}'\ncycles = 4096\n"));
    qrtl_in(folder.path(), &["generate"]).product();
    let text = fs::read_to_string(folder.path().join("rtl/top.v")).unwrap();
    assert!(text.contains("\nmodule top (") && text.contains("--cycles 4096"));
    assert!(folder.path().join("rtl/top_report.json").exists());
}

#[test]
fn errors_name_file_line_and_fix() {
    let refused = |text: &str, arguments: &[&str], parts: &[&str]| {
        let folder = project(text);
        qrtl_in(folder.path(), arguments).refused_with(parts);
    };
    let generate = |text: &str, parts: &[&str]| refused(text, &["generate"], parts);
    generate("\ntraget = 'ice40'", &["qrtl.toml:2: unknown key 'traget' (did you mean 'target'?); the keys"]);
    let entry = "[configs.one]\nunit = 'mac'\n";
    generate(&format!("{entry}wiht = []"), &["qrtl.toml:3: unknown key 'wiht' (did you mean 'with'?)"]);
    generate("[configs.a]\nset = 3", &["qrtl.toml:2: ", "map"]);
    generate("[configs.a]\nset = ", &["qrtl.toml:2: "]);
    generate(
        &format!("\n{entry}set = {{ a_bits = 99 }}"),
        &["qrtl.toml:2: configs.one: a_bits=99 is out of"],
    );
    generate(&format!("{entry}with = ['makefile']"), &["'makefile' is not a companion", "testbench"]);
    generate(&format!("{entry}network = 'x.onnx'"), &["give one of unit, preset and network"]);
    generate(&format!("{entry}cycles = 9"), &["cycles applies to networks only"]);
    generate("[configs.a]\npreset = 'int8_mak'", &["did you mean 'int8_mac'?"]);
    generate("[configs.a]\nnetwork = 'x.txt'", &["x.txt is no network"]);
    generate("[configs.module]\nunit = 'mac'", &["'module' cannot be a module name"]);
    generate("", &["qrtl.toml:1: no config", "[configs.my_mac]"]);
    refused(entry, &["verify", "--set", "a_bits=4"], &["name a unit, or set parameters"]);
    refused(entry, &["generate", "--name", "x"], &["rename the config in qrtl.toml"]);
    refused(entry, &["synth"], &["--target is missing", "qrtl.toml"]);
    let empty = tempfile::tempdir().unwrap();
    for verb in ["generate", "verify", "synth"] {
        qrtl_in(empty.path(), &[verb]).refused_with(&["nothing to", "qrtl list", "qrtl.toml"]);
    }
}
