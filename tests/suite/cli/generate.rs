//! `qrtl generate`: modules, names, companions and drift.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use super::text;
use crate::common::command::{command, qrtl, run};

#[test]
fn prints_only_the_module() {
    let golden = include_str!("../../../rtl/mac/int8_mac.v");
    let printed = qrtl(&["generate", "mac", "--preset", "int8_mac"]);
    assert_eq!((printed.stdout.as_str(), printed.stderr.as_str(), printed.code), (golden, "", 0));
    assert_eq!(qrtl(&["generate", "int8_mac"]).product(), golden);
    assert_eq!(qrtl(&["generate", "mac"]).product(), golden);
}

#[test]
fn sets_name_and_prefix_of_the_module() {
    let named = qrtl(&["generate", "int8_mac", "--name", "dot", "--prefix", "my_"]).product();
    assert!(named.contains("\nmodule my_dot ("), "{named}");
    let prefixed = qrtl(&["generate", "int8_mac", "--prefix", "my_"]).product();
    assert!(prefixed.contains("\nmodule my_int8_mac ("), "{prefixed}");
    let long = "x".repeat(128);
    for name in ["module", "logic", "9a", "A", "a b", "a__b", "a/b", "../a", "é", "", "accum", "start", &long]
    {
        qrtl(&["generate", "int8_mac", "--name", name]).refused_with(&["cannot be a module name", "a-z"]);
    }
    qrtl(&["generate", "int8_mac", "--prefix", "../"]).refused_with(&["cannot be a module name"]);
}

#[test]
fn shorthands_equal_settings() {
    let short = qrtl(&["generate", "int4_multiplier", "--target", "xc7", "--dsp", "avoid"]).product();
    let long = ["generate", "multiplier", "--preset", "int4_multiplier", "--set", "target=xc7"];
    assert_eq!(short, qrtl(&[&long[..], &["--set", "dsp=avoid"]].concat()).product());
    assert!(short.contains("\nmodule int4_multiplier_xc7_fabric ("), "{short}");
    assert!(short.contains("\n// Architecture: booth_rows, for xc7.\n"), "{short}");
    let fast = qrtl(&["generate", "int4_mac", "--target=ice40", "--objective=speed"]).product();
    assert!(fast.contains("\n// Architecture: booth_dadda, for ice40.\n"), "{fast}");

    qrtl(&["generate", "mac", "--target", "ice4"]).refused_with(&["target=ice4", "did you mean 'ice40'?"]);
    qrtl(&["generate", "mac", "--dsp", "no"]).refused_with(&["dsp=no", "allow | avoid"]);
    qrtl(&["generate", "mac", "--target", "xc7", "--set", "target=ecp5"]).refused_with(&["set twice"]);
    qrtl(&["generate", "fp8_dot", "--target", "xc7"]).refused_with(&["no parameter 'target'"]);
    qrtl(&["verify", "--all", "--target", "xc7"]).refused_with(&["cannot be used with"]);
}

#[test]
fn companions_for_simulators_include_cell_models() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["generate", "int2_multiplier", "--target", "ecp5", "--dsp", "avoid", "-o"];
    let arguments = [&arguments[..], &[text(folder.path())]].concat();
    let model = folder.path().join("CCU2C.v");
    qrtl(&arguments).product();
    qrtl(&[&arguments[..], &["--with", "instance"]].concat()).product();
    assert!(!model.exists(), "synthesis has the cell itself");
    for companion in ["filelist", "core", "testbench", "cocotb"] {
        qrtl(&[&arguments[..], &["--with", companion]].concat()).product();
        assert!(fs::read_to_string(&model).unwrap().contains("\nmodule CCU2C #("), "{companion}");
        fs::remove_file(&model).unwrap();
    }
    let list = fs::read_to_string(folder.path().join("int2_multiplier_ecp5_fabric.f")).unwrap();
    assert!(list.ends_with("\nint2_multiplier_ecp5_fabric.v\nCCU2C.v\n"), "{list}");
    let core = fs::read_to_string(folder.path().join("int2_multiplier_ecp5_fabric.core")).unwrap();
    assert!(core.contains("    filesets: [rtl, primitives, testbench]\n"), "{core}");
}

#[test]
fn writes_companions_for_other_tools() {
    let folder = tempfile::tempdir().unwrap();
    let with = ["filelist,core,testbench,instance", "vivado,quartus,vhdl,sva,cocotb"].join(",");
    qrtl(&["generate", "int8_mac", "--with", &with, "-o", text(folder.path())]).product();
    let names = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let names: BTreeSet<String> = names.map(|name| name.into_string().unwrap()).collect();
    let expected = [
        "int8_mac.core",
        "int8_mac.f",
        "int8_mac.qip",
        "int8_mac.sdc",
        "int8_mac.v",
        "int8_mac_instance.vh",
        "int8_mac_pkg.vhd",
        "int8_mac_sva.sv",
        "int8_mac_tb.v",
        "int8_mac_vivado.tcl",
        "test_int8_mac.py",
    ];
    assert_eq!(names, BTreeSet::from(expected.map(str::to_string)));
}

#[test]
fn refuses_companions_that_a_config_cannot_have() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |config: &[&str], companion: &str, texts: &[&str]| {
        let arguments = [&["generate"], config, &["--with", companion, "-o", text(folder.path())]].concat();
        qrtl(&arguments).refused_with(texts);
    };
    let ecp5 = ["int2_multiplier", "--target", "ecp5", "--dsp", "avoid"];
    refused(&ecp5, "vivado", &["'vivado'", "CCU2C", "choose the target xc7, xcup or generic"]);
    refused(&ecp5, "testbench,quartus", &["'quartus'", "CCU2C", "choose another target"]);
    refused(&["int8_multiplier"], "sva", &["'sva'", "combinational", "--set stages=2"]);
    refused(
        &["stream_fork_8"],
        "cocotb",
        &["'cocotb'", "frames, not handshakes", "use the companion testbench"],
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is written");
}

#[test]
fn rewrites_only_changed_files() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["generate", "int8_mac", "--with", "testbench,filelist,core,instance", "-o"];
    let generate = || qrtl(&[&arguments[..], &[text(folder.path())]].concat());
    let mut files: Vec<PathBuf> = Vec::new();
    assert_eq!(generate().product(), "");
    for name in ["int8_mac.v", "int8_mac_tb.v", "int8_mac.f", "int8_mac.core", "int8_mac_instance.vh"] {
        files.push(folder.path().join(name));
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), files.len());
    let time = |path: &PathBuf| fs::metadata(path).unwrap().modified().unwrap();
    let old = SystemTime::UNIX_EPOCH;
    for file in &files {
        fs::File::options().write(true).open(file).unwrap().set_modified(old).unwrap();
    }
    fs::write(&files[0], "edited").unwrap();
    let again = generate();
    assert!(again.stderr.contains("int8_mac.v") && again.stderr.contains("4 of 5 files unchanged"));
    assert_ne!(time(&files[0]), old);
    assert!(files[1..].iter().all(|file| time(file) == old));
    qrtl(&["generate", "int8_mac", "--with", "makefile", "-o", "x"]).refused_with(&[
        "makefile",
        "testbench",
        "cocotb",
    ]);
}

#[test]
fn check_lists_changed_missing_and_extra_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = text(folder.path());
    let check = || qrtl(&["generate", "--all", "--check", "-o", path]);
    qrtl(&["generate", "--all", "-o", path]).product();
    assert_eq!(check().product(), "");
    fs::write(folder.path().join("mac/int8_mac.v"), "edited").unwrap();
    fs::remove_file(folder.path().join("mac/int4_mac.v")).unwrap();
    fs::write(folder.path().join("mac/own.v"), "").unwrap();
    let drifted = check();
    assert_eq!((drifted.code, drifted.stdout.as_str()), (1, ""));
    for line in ["changed: mac/int8_mac.v\n", "missing: mac/int4_mac.v\n", "extra: mac/own.v\n"] {
        assert!(drifted.stderr.contains(line), "{}", drifted.stderr);
    }
    assert_eq!(fs::read_to_string(folder.path().join("mac/int8_mac.v")).unwrap(), "edited");
    assert!(!folder.path().join("mac/int4_mac.v").exists());

    // A check of one module compares only its own files.
    let one = |preset: &str| qrtl(&["generate", preset, "--check", "-o", text(&folder.path().join("mac"))]);
    assert_eq!((one("w4a8_mac").code, one("int8_mac").code, one("int4_mac").code), (0, 1, 1));
}

#[test]
fn rejects_unwritable_outputs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    qrtl(&["generate", "int8_mac", "-o", text(&file)]).refused_with(&["folder cannot be created", "choose"]);
    qrtl(&["generate", "--all"]).refused_with(&["name the folder with -o"]);
    qrtl(&["generate", "int8_mac", "--check"]).refused_with(&["--output"]);
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let run = run(command(&["list"]).stdout(full));
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("cannot write to stdout"), "{}", run.stderr);
}
