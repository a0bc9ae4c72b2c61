//! Mutation scores: faults are killed, equivalent mutants are proved, and missed mutants are reported.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use serde_json::Value as Json;

use crate::common::command::qrtl;
use qrtl::catalogue::{measured_presets, preset, unit};
use qrtl::files::tensor::{Array, Tensor, write_npz};
use qrtl::generator::render;
use qrtl::mutation::{Argument, Baseline, Campaign, Options, Score, Vectors};
use qrtl::toolchain::environment::Environment;
use qrtl::unit::Config;
use qrtl::verification::Effort;

fn campaign(mutants: usize, cases: u64) -> Campaign {
    let effort = Effort { cases, exhaustive_limit: cases, ..Effort::default() };
    let options = Options { mutants, seed: 1, effort, time_limit: Duration::from_secs(60), known: None };
    Campaign::open(&Environment::of_process(), options, &|notice| eprintln!("{notice}")).unwrap()
}

fn score(config: &Config, mutants: usize, cases: u64) -> Score {
    let score = campaign(mutants, cases).score(config, &render(config), None, &|| ()).unwrap();
    println!("{score}");
    score.survivors.iter().for_each(|mutant| println!("{mutant}"));
    score
}

fn counts(score: &Score) -> [usize; 4] {
    let total = score.total;
    assert_eq!(total.killed + total.equivalent + total.survived + total.undetected, total.mutants);
    [total.mutants, total.killed, total.equivalent, total.survived]
}

fn array(values: &[i64]) -> Array {
    Tensor::new(vec![values.len()], values.to_vec()).unwrap().into()
}

fn arrays(named: &[(&str, &[i64])]) -> BTreeMap<String, Array> {
    named.iter().map(|(name, values)| (name.to_string(), array(values))).collect()
}

#[test]
fn kills_every_mutant_of_a_small_multiplier_and_chooses_the_same_again() {
    let config = preset("int4_multiplier").unwrap();
    let first = score(&config, 64, 1 << 20);
    assert_eq!(counts(&first), [64, 64, 0, 0]);
    assert!(first.passed() && first.score == 1.0);
    assert!(first.classes.keys().any(|class| *class == "product truncated"), "{:?}", first.classes);
    assert!(first.classes.keys().any(|class| *class == "most negative value mishandled"));
    let second = score(&config, 64, 1 << 20);
    assert_eq!(first.classes, second.classes);
}

#[test]
fn short_stimulus_leaves_survivors() {
    let config = Config::new(unit("multiplier").unwrap(), None, &["a_bits=6", "b_bits=6"]).unwrap();
    let weak = score(&config, 100, 4);
    assert!(!weak.passed() && weak.score < 1.0, "{weak}");
    assert!(weak.survivors.iter().any(|mutant| mutant.class == "product truncated"), "{:?}", weak.survivors);
    let strong = score(&config, 100, 1 << 12);
    assert!(strong.total.killed > weak.total.killed, "{strong}");
    assert_eq!(weak.total.equivalent, strong.total.equivalent);
}

#[test]
fn baseline_proofs_count_for_the_same_module_and_lose_against_simulation() {
    let config = preset("int4_multiplier_quad_xc7").unwrap();
    let plain = score(&config, 40, 1 << 16);
    assert!(plain.passed() && !plain.equivalents.is_empty(), "{plain}");
    // A killed mutant among those that are listed as equivalent.
    let killed = (1..=40).find(|number| plain.equivalents.iter().all(|known| known.number != *number));
    let mut known = Baseline::new(40, 1, std::slice::from_ref(&plain));
    let counts = known.presets.get_mut(config.name()).unwrap();
    counts.equivalent.get_mut(&Argument::CombinationalMiter).unwrap().push(killed.unwrap());
    let again = |known: &Baseline| {
        let effort = Effort { cases: 1 << 16, exhaustive_limit: 1 << 16, ..Effort::default() };
        let time_limit = Duration::from_secs(60);
        let options = Options { mutants: 40, seed: 1, effort, time_limit, known: Some(known.clone()) };
        let campaign = Campaign::open(&Environment::of_process(), options, &|notice| eprintln!("{notice}"));
        campaign.unwrap().score(&config, &render(&config), None, &|| ()).unwrap()
    };
    let trusted = again(&known);
    assert_eq!((trusted.equivalents, trusted.total), (plain.equivalents, plain.total));
}

#[test]
fn baseline_proofs_of_another_module_are_ignored() {
    let config = Config::new(unit("multiplier").unwrap(), None, &["a_bits=4", "b_bits=4"]).unwrap();
    let weak = score(&config, 24, 4);
    let survivor = weak.survivors[0].number;
    let mut known = Baseline::new(24, 1, std::slice::from_ref(&weak));
    let counts = known.presets.get_mut(config.name()).unwrap();
    counts.equivalent = [(Argument::CombinationalMiter, vec![survivor])].into();
    let survives = |known: &Baseline| {
        let effort = Effort { cases: 4, exhaustive_limit: 4, ..Effort::default() };
        let time_limit = Duration::from_secs(60);
        let options = Options { mutants: 24, seed: 1, effort, time_limit, known: Some(known.clone()) };
        let campaign = Campaign::open(&Environment::of_process(), options, &|notice| eprintln!("{notice}"));
        let score = campaign.unwrap().score(&config, &render(&config), None, &|| ()).unwrap();
        score.survivors.iter().any(|mutant| mutant.number == survivor)
    };
    assert!(!survives(&known), "the same module");
    known.presets.get_mut(config.name()).unwrap().digest = "0".repeat(16);
    assert!(survives(&known), "another one");
}

#[test]
fn reports_the_mutants_that_vectors_miss() {
    let config = preset("int8_multiplier").unwrap();
    let campaign = campaign(120, 1 << 20);
    let missed = |a: &[i64], b: &[i64]| {
        let vectors = Vectors::new(&config, arrays(&[("a", a), ("b", b)])).unwrap();
        let score = campaign.score(&config, &render(&config), Some(&vectors), &|| ()).unwrap();
        let classes: Vec<&str> = score.survivors.iter().map(|mutant| mutant.class).collect();
        (score.passed(), classes)
    };
    // No negative and no extreme operands.
    let (passed, classes) = missed(&[1, 2, 3, 100], &[1, 5, 7, 100]);
    assert!(!passed);
    for class in ["product truncated", "most negative value mishandled", "largest value mishandled"] {
        assert!(classes.contains(&class), "{classes:?}");
    }
    let all: Vec<(i64, i64)> = (-128..128).flat_map(|a| (-128..128).map(move |b| (a, b))).collect();
    let (a, b): (Vec<i64>, Vec<i64>) = all.into_iter().unzip();
    assert_eq!(missed(&a, &b), (true, vec![]));
}

#[test]
fn rejects_vectors_that_the_module_contradicts() {
    let config = preset("int8_multiplier").unwrap();
    let given = arrays(&[("a", &[2, 3]), ("b", &[4, 5]), ("product", &[8, 16])]);
    let vectors = Vectors::new(&config, given).unwrap();
    let error = campaign(8, 1 << 10)
        .score(&config, &render(&config), Some(&vectors), &|| ())
        .unwrap_err()
        .to_string();
    assert!(error.contains("expect 16 of 'product' in row 1, where int8_multiplier gives 15"), "{error}");
    assert!(error.contains("--set"), "{error}");
    let missing = Vectors::new(&config, arrays(&[("a", &[2])])).unwrap_err().to_string();
    assert!(missing.contains("needs an array named 'b'"), "{missing}");
    let short = arrays(&[("a", &[2, 3]), ("b", &[4, 5]), ("product", &[8])]);
    let short = Vectors::new(&config, short).unwrap_err().to_string();
    assert!(short.contains("'product' has 1 rows, but 'the inputs' has 2"), "{short}");
}

#[test]
fn baseline_lists_every_preset_without_survivors() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/mutation.json");
    let baseline: Baseline = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!((baseline.mutants, baseline.seed), (200, 1));
    let written: Vec<Config> = measured_presets().collect();
    for config in &written {
        let counts = baseline.presets.get(config.name()).unwrap_or_else(|| panic!("no {}", config.name()));
        assert_eq!(counts.survived, [0; 0], "{}", config.name());
        let undetected = counts.undetected.as_ref().map_or(0, |undetected| undetected.mutants.len());
        let all = counts.killed + counts.equivalents() + undetected;
        assert_eq!(all, counts.mutants, "{}", config.name());
        assert!(counts.mutants == 200 && counts.killed > 100, "{}: {counts}", config.name());
    }
    assert_eq!(written.len(), baseline.presets.len());
}

#[test]
fn check_reports_differences_from_the_baseline() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scores.json");
    let shown = path.to_str().unwrap();
    let run = |arguments: &[&str]| {
        let run = qrtl(&[&["mutate", "int2_multiplier", "--mutants", "24"], arguments].concat());
        (run.code, run.stdout, run.stderr)
    };
    let (code, stdout, stderr) = run(&["--baseline", shown]);
    assert_eq!(code, 0, "{stderr}");
    assert!(
        stdout.contains("24 mutants of 1 module: 24 killed, 0 equivalent, 0 undetected, 0 survived"),
        "{stdout}"
    );
    // Another preset is added to the file.
    let other = qrtl(&["mutate", "w2a8_multiplier", "--mutants", "24", "--baseline", shown]);
    assert_eq!(other.code, 0, "{}", other.stderr);
    assert_eq!(fs::read_to_string(&path).unwrap().matches("\"digest\"").count(), 2);
    let mixed = qrtl(&["mutate", "w2a8_multiplier", "--mutants", "25", "--baseline", shown]);
    mixed.refused_with(&["is of 24 mutants from seed 1, not of 25", "name another file"]);
    let (code, stdout, stderr) = run(&["--check", shown, "--format", "json"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    let json: Json = serde_json::from_str(&stdout).unwrap();
    assert_eq!(json["results"][0]["total"]["killed"], 24);

    let written = fs::read_to_string(&path).unwrap();
    fs::write(&path, written.replace("\"killed\": 24", "\"killed\": 23")).unwrap();
    let (code, _, stderr) = run(&["--check", shown]);
    assert_eq!(code, 1);
    assert!(stderr.contains("int2_multiplier: the baseline has 23 of 24 killed"), "{stderr}");
    fs::write(&path, "{").unwrap();
    let (code, _, stderr) = run(&["--check", shown]);
    assert_eq!(code, 2);
    assert!(stderr.contains("holds no scores") && stderr.contains("--baseline"), "{stderr}");
}

#[test]
fn scores_vectors_of_one_config() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("theirs.npz");
    let rows: Vec<i64> = (0..64).map(|row| row * 1000).collect();
    write_npz(&path, &arrays(&[("acc", &rows)])).unwrap();
    let run = |names: &[&str]| {
        let vectors = ["--mutants", "16", "--vectors", path.to_str().unwrap()];
        let run = qrtl(&[&["mutate"], names, &vectors].concat());
        (run.code, run.stderr)
    };
    let (code, stderr) = run(&["requantizer_single"]);
    assert_eq!(code, 1, "{stderr}");
    assert!(stderr.contains("requantizer_single: MISSED by the vectors: #"), "{stderr}");
    let (code, stderr) = run(&["int8_mac", "int4_mac"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("--vectors scores one config"), "{stderr}");
    let (code, stderr) = run(&["int8_mac"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("'acc' is not an input of int8_mac"), "{stderr}");
}
