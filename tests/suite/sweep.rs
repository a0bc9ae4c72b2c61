//! Sweeps: every config of a grid gets its own verdict, although configs share builds.

use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value as Json;

use crate::common::cache::{builder, cache_with_runtime};
use crate::common::command::qrtl;
use qrtl::catalogue::{UNITS, unit};
use qrtl::generator::render;
use qrtl::simulation::ModelBuilder;
use qrtl::unit::{Config, Grid};
use qrtl::verification::sweep::{Sweep, verify_configs};
use qrtl::verification::{Report, VerifyError};

static BUILT: LazyLock<ModelBuilder> =
    LazyLock::new(|| ModelBuilder::discover(&|notice| eprintln!("{notice}")).unwrap());

const MULTIPLIERS: [&str; 3] = ["a_bits=2..=5", "b_bits=2..=4", "stages=0,2"];

fn configs(name: &str, sets: &[&str]) -> Vec<Config> {
    Grid::new(unit(name).unwrap(), sets).unwrap().configs().unwrap().0
}

fn run(
    configs: &[Config],
    render: &(dyn Fn(&Config) -> String + Sync),
    cases: u64,
) -> Result<Vec<Report>, VerifyError> {
    let done = AtomicUsize::new(0);
    let effort = Sweep::effort(cases, 3, 2);
    let count = || _ = done.fetch_add(1, Ordering::Relaxed);
    let reports = verify_configs(configs, render, &BUILT, &effort, &count)?;
    assert_eq!(done.into_inner(), configs.len());
    assert_eq!(reports.len(), configs.len());
    Ok(reports)
}

/// The Verilog of a config; that of `mul_s4_s3` has a text replaced.
fn with_edit(from: &'static str, to: &'static str) -> impl Fn(&Config) -> String + Sync {
    move |config| {
        let verilog = render(config);
        if config.name() != "mul_s4_s3" {
            return verilog;
        }
        assert!(verilog.contains(from), "{verilog}");
        verilog.replace(from, to)
    }
}

#[test]
fn compares_every_config_over_its_input_space() {
    let configs = configs("multiplier", &MULTIPLIERS);
    let reports = run(&configs, &render, 1 << 16).unwrap();
    assert_eq!(reports.len(), 4 * 3 * 2);
    for (config, report) in configs.iter().zip(&reports) {
        let (a, b) = (config.values().count("a_bits"), config.values().count("b_bits"));
        assert_eq!((report.preset.as_str(), report.compared), (config.name(), 1 << (a + b)));
        assert!(report.passed() && report.exhaustive && report.lanes == 1, "{report:?}");
    }
}

#[test]
fn reports_a_fault_for_its_config_only() {
    let configs = configs("multiplier", &MULTIPLIERS);
    let reports = run(&configs, &with_edit("= a * b", "= a * $signed({1'b0, b})"), 1 << 16).unwrap();
    let failed: Vec<&Report> = reports.iter().filter(|report| !report.passed()).collect();
    assert_eq!(failed.iter().map(|report| report.preset.as_str()).collect::<Vec<_>>(), ["mul_s4_s3"]);
    let failure = failed[0].failure.as_ref().unwrap();
    assert_eq!(failure.replay, "qrtl verify multiplier --set a_bits=4 --set b_bits=3");
    let shrunk = failure.shrunk.as_ref().unwrap();
    assert_eq!(shrunk.port, "product");
    // Without its sign, -1 in b is 7.
    assert!(shrunk.rows.iter().any(|row| row[1] == "-1"), "{shrunk:?}");
}

#[test]
fn names_the_config_that_does_not_build_or_settle() {
    let configs = configs("multiplier", &MULTIPLIERS);
    for (from, to, said) in [
        ("endmodule", "endmodul", "mul_s4_s3.v"),
        (
            "    assign product",
            "    initial $finish;\n    assign product",
            "the simulation of mul_s4_s3 stopped",
        ),
    ] {
        let error = run(&configs, &with_edit(from, to), 1 << 16).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
#[ignore = "builds many models"]
fn presets_of_all_units_share_builds() {
    for unit in UNITS {
        let presets = unit.presets().iter();
        let configs: Vec<Config> =
            presets.map(|preset| Config::new(*unit, Some(preset.name), &[""; 0]).unwrap()).collect();
        for (config, report) in configs.iter().zip(run(&configs, &render, 1 << 11).unwrap()) {
            assert!(report.passed() && report.compared >= 16, "{report:?}");
            let sequential = config.behaviour().has_history();
            assert!(!sequential || report.seed == Some(3), "{report:?}");
        }
    }
}

#[test]
fn configs_share_their_primitives() {
    let sets = ["target=ecp5", "arch=ccu2c_rows", "a_bits=3,4", "b_bits=4,5"];
    let reports = run(&configs("multiplier", &sets), &render, 1 << 16).unwrap();
    assert!(reports.iter().all(|report| report.passed() && report.exhaustive));
}

#[test]
fn builds_each_group_once() {
    let cache = cache_with_runtime();
    let built = ModelBuilder::new(builder(&cache));
    let configs = configs("multiplier", &MULTIPLIERS);
    let models = || -> BTreeSet<String> {
        let entries = fs::read_dir(cache.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.starts_with("Group-") || name.starts_with("mul_")).collect()
    };
    for _ in 0..2 {
        let effort = Sweep::effort(1 << 16, 1, 2);
        assert_eq!(verify_configs(&configs, &render, &built, &effort, &|| ()).unwrap().len(), 24);
        // One group per thread.
        assert_eq!(models().len(), 2, "{:?}", models());
        assert!(models().iter().all(|name| name.starts_with("Group-")));
    }
}

#[test]
fn writes_text_json_junit_and_html() {
    let folder = tempfile::tempdir().unwrap();
    let (xml, page) = (folder.path().join("sweep.xml"), folder.path().join("sweep.html"));
    let sets = ["--set", "a_bits=2..=4", "--set", "acc_bits=5,6,20", "--set", "b_bits=3"];
    let verb = [&["sweep", "mac", "--cases", "2000"], &sets[..]].concat();
    let text = qrtl(&verb).product();
    for line in [
        "mac: 9 combinations\n",
        "  6 with 2000 random transactions each, seed 1\n",
        "  skipped 3 of 9 combinations: acc_bits=5 is narrower",
        "  a_bits \\ acc_bits    5    6   20\n",
        "  4                    -    -  1/1\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(text.ends_with("\n\nmac: 6 configs, all equal\n"), "{text}");
    let one = qrtl(&["sweep", "multiplier", "--set", "a_bits=2", "--set", "b_bits=2"]).product();
    assert!(one.starts_with("multiplier: 1 combination\n"), "{one}");
    assert!(one.ends_with("\nmultiplier: 1 config, all equal\n"), "{one}");
    let files = ["--junit", xml.to_str().unwrap(), "--html", page.to_str().unwrap()];
    let json: Json =
        serde_json::from_str(&qrtl(&[&verb[..], &files, &["--format", "json"]].concat()).product()).unwrap();
    let results = json["results"].as_array().unwrap();
    assert_eq!((results.len(), &json["combinations"]), (6, &Json::from(9)));
    for result in results {
        // Two episodes of 1024 cycles; warm-up rows are not compared.
        assert_eq!((&result["compared"], &result["mismatches"]), (&Json::from(2046), &Json::from(0)));
        assert!(result["settings"]["a_bits"].is_u64() && result["settings"]["acc_bits"].is_u64());
    }
    let (xml, page) = (fs::read_to_string(xml).unwrap(), fs::read_to_string(page).unwrap());
    assert!(xml.contains("<testsuite name=\"qrtl sweep\" tests=\"6\" failures=\"0\""), "{xml}");
    assert!(page.contains("mac_s2_s3_acc20") && page.contains("<td class=\"cell none\">-</td>"));
}

#[test]
fn rejects_grids_that_cannot_be_swept() {
    let refused = |set: &str, texts: &[&str]| qrtl(&["sweep", "mac", "--set", set]).refused_with(texts);
    refused("a_bits=8..=2", &["a_bits=8..=2 is not a range", "lo..=hi"]);
    refused("a_bitz=2..=8", &["no parameter 'a_bitz'", "did you mean 'a_bits'?"]);
    refused("overflow=wrap,saturat", &["overflow=saturat is not a legal word", "did you mean 'saturate'?"]);
    refused("acc_bits=4..=6", &["none of the 3 combinations is legal", "at least 16"]);
    refused("a_bits=1..=4", &["a_bits=1 is out of range", "2..=16"]);
    qrtl(&["sweep", "mack", "--set", "a_bits=2"]).refused_with(&["did you mean 'mac'?"]);
    qrtl(&["sweep", "mac"]).refused_with(&["--set"]);
    qrtl(&["sweep", "mac", "--set", "a_bits=2", "--cases", "0"]).refused_with(&["--cases"]);
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().to_str().unwrap();
    for option in ["--junit", "--html"] {
        qrtl(&["sweep", "mac", "--set", "a_bits=2", option, place]).refused_with(&["is a folder: give"]);
    }
    let same = folder.path().join("same");
    let files = ["--junit", same.to_str().unwrap(), "--html", same.to_str().unwrap()];
    qrtl(&[&["sweep", "mac", "--set", "a_bits=2"], &files[..]].concat())
        .refused_with(&["same: is the name of two files", "give each its own"]);
    assert!(!same.exists());
    refused("a_bits=2..=", &["a_bits=2..= is incomplete", "lo..=hi"]);
    qrtl(&["sweep", "constant_matrix", "--set", "weights=1,2;3,4"])
        .refused_with(&["weights is a matrix", "qrtl verify constant_matrix --set weights="]);
}
