//! Every verb as a user types it: stdout carries only the product, the exit code the verdict, and an
//! error the fix.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::SystemTime;

use serde_json::Value as Json;

use crate::common::command::{command, qrtl, run};

const VERBS: [&str; 15] = [
    "list",
    "generate",
    "verify",
    "sweep",
    "audit",
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
];

fn json(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn every_verb_explains_itself_with_an_example() {
    let all = qrtl(&["--help"]).product();
    for verb in VERBS {
        assert!(all.contains(&format!("\n  {verb} ")), "{all}");
        let help = qrtl(&[verb, "--help"]).product();
        assert!(help.contains(&format!("Examples:\n  qrtl {verb}")), "{help}");
    }
}

#[test]
fn what_is_unknown_is_refused_with_the_nearest() {
    let cases: [(&[&str], &[&str]); 11] = [
        (&["generate", "multiplyer"], &["unknown unit", "did you mean 'multiplier'?", "qrtl list"]),
        (&["generate", "int8_multiplyer"], &["did you mean 'int8_multiplier'?", "qrtl list"]),
        (&["generate", "mac", "--preset", "int8_mak"], &["unknown preset", "'int8_mac'"]),
        (&["generate", "mac", "--preset", "int8_multiplier"], &["is a multiplier, not a mac"]),
        (&["generate", "mac", "--set", "acc_bit=20"], &["no parameter 'acc_bit'", "'acc_bits'"]),
        (&["generate", "mac", "--set", "a_bits=17"], &["a_bits=17 is out of range", "2..=16"]),
        (&["generate", "mac", "--set", "a_bits"], &["'a_bits' is not a setting", "a_bits=8"]),
        (&["verify", "mac", "--set", "acc_bits=12"], &["narrower than one product", "at least 16"]),
        (&["list", "mack"], &["did you mean 'mac'?"]),
        (&["list", "int8_mac"], &["is a preset of the unit mac", "name `mac`"]),
        (&["sweep", "int8_mac", "--set", "a_bits=2"], &["is a preset of the unit mac", "can be --set"]),
    ];
    for (arguments, texts) in cases {
        qrtl(arguments).refused_with(texts);
    }
    qrtl(&["simulat"]).refused_with(&["simulate"]);
    qrtl(&["generate"]).refused_with(&["Usage"]);
}

#[test]
fn a_preset_and_what_contradicts_it_are_refused() {
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
fn generate_prints_the_golden_file_alone() {
    let golden = include_str!("../../rtl/mac/int8_mac.v");
    let printed = qrtl(&["generate", "mac", "--preset", "int8_mac"]);
    assert_eq!((printed.stdout.as_str(), printed.stderr.as_str(), printed.code), (golden, "", 0));
    assert_eq!(qrtl(&["generate", "int8_mac"]).product(), golden);
    assert_eq!(qrtl(&["generate", "mac"]).product(), golden);
}

#[test]
fn generate_names_the_module_as_asked() {
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
fn generate_makes_a_preset_for_a_target() {
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
fn models_of_cells_lie_beside_what_simulators_read() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["generate", "int2_multiplier", "--target", "ecp5", "--dsp", "avoid", "-o"];
    let arguments = [&arguments[..], &[text(folder.path())]].concat();
    let model = folder.path().join("CCU2C.v");
    qrtl(&arguments).product();
    qrtl(&[&arguments[..], &["--with", "instance"]].concat()).product();
    assert!(!model.exists(), "synthesis has the cell itself");
    for companion in ["filelist", "core", "testbench"] {
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
fn a_unit_made_for_a_target_stands_for_all_its_presets() {
    let run = qrtl(&["verify", "multiplier", "--target", "ice40", "--cases", "1000"]);
    let verified = run.product();
    assert_eq!(verified.matches("_ice40 ").count(), 8, "{verified}");
    assert_eq!(verified.matches("all equal").count(), 8, "{verified}");
}

#[test]
fn generate_touches_only_what_changes() {
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
    qrtl(&["generate", "int8_mac", "--with", "makefile", "-o", "x"]).refused_with(&["makefile", "testbench"]);
}

#[test]
fn check_tells_changed_missing_and_extra_and_writes_nothing() {
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

    // One module looks at its own files alone.
    let one = |preset: &str| qrtl(&["generate", preset, "--check", "-o", text(&folder.path().join("mac"))]);
    assert_eq!((one("w4a8_mac").code, one("int8_mac").code, one("int4_mac").code), (0, 1, 1));
}

#[test]
fn what_cannot_be_written_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    qrtl(&["generate", "int8_mac", "-o", text(&file)]).refused_with(&["folder cannot be made", "choose"]);
    qrtl(&["generate", "--all"]).refused_with(&["name the folder with -o"]);
    qrtl(&["generate", "int8_mac", "--check"]).refused_with(&["--output"]);
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let run = run(command(&["list"]).stdout(full));
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("cannot write to stdout"), "{}", run.stderr);
}

#[test]
fn a_reader_that_stops_early_is_no_error() {
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

#[test]
fn a_reader_that_stops_early_changes_no_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let (rtl, junit) = (folder.path().join("own.v"), folder.path().join("junit.xml"));
    let verilog =
        include_str!("../../rtl/multiplier/int2_multiplier.v").replace("* b;", "* $signed({1'b0, b});");
    assert_ne!(verilog, include_str!("../../rtl/multiplier/int2_multiplier.v"));
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
fn verify_writes_json_and_nothing_else() {
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
fn a_mismatch_is_exit_code_1_with_the_way_to_see_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let (rtl, failures, junit) =
        (folder.path().join("my mac.v"), folder.path().join("a/f"), folder.path().join("b/j.xml"));
    let verilog = include_str!("../../rtl/mac/int8_mac.v").replace("{16{mult_result[15]}}", "{16{1'b0}}");
    assert_ne!(verilog, include_str!("../../rtl/mac/int8_mac.v"));
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

/// Tags that close what they open, one root, and no character that should be escaped.
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
fn junit_escapes_what_xml_reserves() {
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
        failure: None,
    };
    let xml = qrtl::report::junit(&qrtl::verification::Results::new(None, vec![report]));
    is_well_formed(&xml);
    assert!(xml.contains("&lt;&amp;&quot;") && xml.contains("failures=\"1\""), "{xml}");
    // What XML cannot say, escaped or not.
    assert!(xml.contains("a\u{fffd}b\u{fffd}c") && !xml.contains(['\u{1b}', '\u{ffff}']), "{xml}");
}

#[test]
fn verify_refuses_what_it_cannot_do() {
    qrtl(&["verify", "int8_mac", "--exhaustive"]).refused_with(&["cannot be swept", "--cases"]);
    qrtl(&["verify", "int8_multiplier", "--cases", "0"]).refused_with(&["--cases"]);
    qrtl(&["verify", "--all", "--set", "a_bits=4"]).refused_with(&["--all"]);
    qrtl(&["verify", "int4_mac", "int8_mac", "--rtl", "x.v"]).refused_with(&["--rtl", "one preset"]);
    qrtl(&["verify", "int8_mac", "--rtl", "missing.v"]).refused_with(&["cannot read missing.v"]);
    qrtl(&["verify", "int8_mac", "--rtl", "src"]).refused_with(&["cannot read src"]);
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().to_str().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let wrong =
        [("--junit", place, "this is a folder"), ("--failures", text(&file), "its folder cannot be made")];
    for (option, place, reason) in wrong {
        let run = qrtl(&["verify", "int2_multiplier", option, place]);
        run.refused_with(&[reason]);
        assert_eq!(run.stdout, "", "refused before the work, not after it");
    }
    // No program at all is on this PATH, and this one is looked for first.
    let missing = run(command(&["verify", "int2_multiplier", "--four-state"]).env("PATH", place));
    missing.refused_with(&["no iverilog on PATH", "apt install iverilog", "leave --four-state out"]);
}

#[test]
fn a_module_without_a_port_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let rtl = folder.path().join("int8_multiplier.v");
    let body = "assign product = a * a;\nendmodule\n";
    let header = "module int8_multiplier (input signed [7:0] a, output signed [15:0] product);\n";
    fs::write(&rtl, format!("{header}{body}")).unwrap();
    let run = qrtl(&["verify", "int8_multiplier", "--rtl", rtl.to_str().unwrap()]);
    run.refused_with(&["int8_multiplier has no port 'b'", "a, product"]);
}

#[test]
fn a_module_with_other_ports_is_refused_before_it_is_simulated() {
    let folder = tempfile::tempdir().unwrap();
    let rtl = folder.path().join("int4_multiplier.v");
    let refused = |ports: &str, parts: &[&str]| {
        let text = format!("module int4_multiplier ({ports});\nassign product = a * b;\nendmodule\n");
        fs::write(&rtl, text).unwrap();
        qrtl(&["verify", "int4_multiplier", "--rtl", rtl.to_str().unwrap()]).refused_with(parts);
    };
    let ports = "input signed [3:0] a, input signed [3:0] b, output signed [7:0] product";
    // Of as many bytes as they should be.
    let wide = ports.replacen("[3:0] a", "[4:0] a", 1);
    refused(&wide, &["port 'a' of int4_multiplier has 5 bits, that of its config 4"]);
    let narrow = ports.replacen("[7:0]", "[6:0]", 1);
    refused(&narrow, &["port 'product' of int4_multiplier has 7 bits, that of its config 8"]);
    let more = format!("input c, {ports}");
    refused(&more, &["int4_multiplier has an input 'c' that its config has not"]);
}

#[test]
fn verify_takes_each_config_once() {
    let output = qrtl(&["verify", "int2_multiplier", "int2_multiplier"]).product();
    assert_eq!(output.lines().count(), 1, "{output}");
}

#[test]
fn missing_tools_are_named_with_the_fix() {
    let cache = tempfile::tempdir().unwrap();
    let environment = qrtl::toolchain::environment::Environment::of_process();
    let compiler =
        environment.cxx.clone().or_else(|| environment.on_path("c++").map(PathBuf::into_os_string));
    let mut offline = command(&["verify", "int2_multiplier"]);
    offline.env_remove("VERILATOR").env_remove("VERILATOR_ROOT").env("CXX", compiler.unwrap());
    offline.env("QRTL_CACHE", cache.path()).env("QRTL_OFFLINE", "1").env("PATH", "/nowhere");
    run(&mut offline).refused_with(&["no Verilator found", "QRTL_OFFLINE", "apt install verilator"]);
    for compiler in ["/bin/false", "/nowhere/c++"] {
        let mut command = command(&["verify", "int2_multiplier"]);
        run(command.env("CXX", compiler)).refused_with(&[compiler, "apt install g++", "CXX"]);
    }
    // What needs no tool does not look for one.
    let mut generate = command(&["generate", "int8_mac"]);
    run(generate.env("PATH", "/nowhere").env("QRTL_OFFLINE", "1").env("CXX", "/bin/false")).product();
}

#[test]
fn doctor_tells_what_is_missing() {
    let healthy = json(&qrtl(&["doctor", "--format", "json"]).product());
    let names: Vec<&str> =
        healthy["tools"].as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert!(names.starts_with(&["verilator", "c++", "cache"]), "{names:?}");
    assert!(healthy["tools"][1]["found"].is_string() && healthy["tools"][1]["problem"].is_null());
    assert!(["Yosys", "nextpnr", "bitwuzla"].iter().all(|tool| names.contains(tool)), "{names:?}");
    let mutate = healthy["tools"].as_array().unwrap().iter();
    let mutate = mutate.filter(|tool| tool["needed_for"].as_str().unwrap().contains("mutate"));
    assert_eq!(mutate.map(|tool| tool["name"].as_str().unwrap()).collect::<Vec<_>>(), ["Yosys", "bitwuzla"]);
    let empty = tempfile::tempdir().unwrap();
    let alone = run(command(&["doctor"]).env("QRTL_CACHE", empty.path()).env("QRTL_OFFLINE", "1"));
    assert!(
        alone.stdout.contains("none     Yosys      no Yosys found, and QRTL_OFFLINE forbids"),
        "{}",
        alone.stdout
    );
    let sick = run(command(&["doctor"]).env("CXX", "/bin/false"));
    assert_eq!(sick.code, 1);
    assert!(
        sick.stdout.contains("MISSING  c++") && sick.stdout.contains("apt install g++"),
        "{}",
        sick.stdout
    );
}
