//! Sharded jobs: merged shards equal the whole job, and all other files are rejected.

use std::fs;
use std::path::Path;

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::common::command::{Run, qrtl};

/// Runs a shard of a job and returns the file of its JSON.
fn shard(folder: &Path, job: &[&str], index: u32, count: u32) -> String {
    let part = format!("{index}/{count}");
    let run = qrtl(&[job, &["--shard", &part, "--format", "json"]].concat());
    assert!(run.code < 2, "{}", run.stderr);
    let path = folder.join(format!("{index}-of-{count}.json"));
    fs::write(&path, run.stdout).unwrap();
    path.to_str().unwrap().to_string()
}

fn shards(folder: &Path, job: &[&str], count: u32) -> Vec<String> {
    (1..=count).map(|index| shard(folder, job, index, count)).collect()
}

fn merge(files: &[String], options: &[&str]) -> Run {
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    qrtl(&[&["report", "merge"], &files[..], options].concat())
}

/// Writes a file and returns its path.
fn written(folder: &Path, name: &str, text: String) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_string()
}

/// The results without times, which differ between runs.
fn without_times(text: &str) -> Json {
    fn strip(json: &mut Json) {
        match json {
            Json::Object(fields) => {
                fields.remove("seconds");
                fields.values_mut().for_each(strip);
            }
            Json::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut json = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"));
    strip(&mut json);
    json
}

#[test]
fn merged_shards_equal_the_whole_job() {
    let folder = TempDir::new().unwrap();
    let jobs: [(&[&str], u32); 6] = [
        // Fewer chunks than shards, a unit with state, random chunks, a pipeline, coverage, configs.
        (&["verify", "int8_multiplier", "int4_multiplier"], 3),
        (&["verify", "int8_mac", "--cases", "20000", "--seed", "7"], 4),
        (&["verify", "int16_multiplier", "--cases", "1000000"], 3),
        (&["verify", "requantizer_gemmlowp", "--cases", "40000"], 2),
        (&["verify", "int8_mac", "--cases", "4000", "--coverage"], 2),
        (&["sweep", "multiplier", "--set", "a_bits=2..=4", "--set", "b_bits=2,3", "--set", "stages=0,2"], 5),
    ];
    for (job, count) in jobs {
        let whole = without_times(&qrtl(&[job, &["--format", "json"]].concat()).product());
        let mut files = shards(folder.path(), job, count);
        let compared: Vec<u64> =
            files.iter().map(|file| compared(&fs::read_to_string(file).unwrap())).collect();
        // A single chunk is not divided.
        let least = if job[1] == "int8_multiplier" { 1 } else { 2 };
        assert!(compared.iter().filter(|&&compared| compared > 0).count() >= least, "{job:?}: {compared:?}");
        files.reverse();
        let merged = merge(&files, &["--format", "json"]).product();
        assert_eq!(without_times(&merged), whole, "{job:?}");
        assert!(merge(&files, &[]).product().contains("all equal"), "{job:?}");
    }
}

/// Transactions compared according to the results.
fn compared(text: &str) -> u64 {
    let json: Json = serde_json::from_str(text).unwrap();
    json["results"].as_array().unwrap().iter().map(|report| report["compared"].as_u64().unwrap()).sum()
}

#[test]
fn merge_keeps_the_failure_of_a_shard() {
    let folder = TempDir::new().unwrap();
    let mac = include_str!("../../rtl/mac/int8_mac.v").replace("{16{mult_result[15]}}", "{16{1'b0}}");
    let broken = folder.path().join("mac.v");
    fs::write(&broken, mac).unwrap();
    let job = ["verify", "int8_mac", "--cases", "4000", "--rtl", broken.to_str().unwrap()];
    let files = shards(folder.path(), &job, 2);
    let junit = folder.path().join("junit.xml");
    let run = merge(&files, &["--junit", junit.to_str().unwrap()]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    // As for verify, the verdict goes to stdout and the explanation to stderr.
    assert!(run.stdout.contains("MISMATCHES") && run.stdout.lines().count() == 1, "{}", run.stdout);
    assert!(run.stderr.contains("int8_mac: FAILED\n"), "{}", run.stderr);
    assert!(run.stderr.contains("shrunk to 4 row(s)"), "{}", run.stderr);
    assert!(fs::read_to_string(junit).unwrap().contains("failures=\"1\""));
    let first = |text: &str| {
        let json: Json = serde_json::from_str(text).unwrap();
        json["results"][0]["failure"]["mismatches"][0].clone()
    };
    let merged = merge(&files, &["--format", "json"]).stdout;
    assert_eq!(first(&merged), first(&fs::read_to_string(&files[0]).unwrap()));
    // The second shard also gives the index in the whole stimulus.
    let second = first(&fs::read_to_string(&files[1]).unwrap());
    assert!(
        second["transaction"].as_u64().unwrap() >= 2048 && second["cycle"].as_u64().unwrap() < 1024,
        "{second}"
    );
}

#[test]
fn merge_rejects_shards_of_different_jobs() {
    let folder = TempDir::new().unwrap();
    let other = |name: &str, job: &[&str], index: u32, count: u32| {
        let own = folder.path().join(name);
        fs::create_dir(&own).unwrap();
        shard(&own, job, index, count)
    };
    let job = ["verify", "int4_mac", "--cases", "4000"];
    let files = shards(folder.path(), &job, 2);
    let second = |file: &str| [files[0].clone(), file.to_string()];
    let written = |name: &str, text: String| written(folder.path(), name, text);

    merge(&files[..1], &[]).refused_with(&["a shard is missing: 2/2", "run the missing shards"]);
    merge(&second(&files[0]), &[]).refused_with(&["the same shard, 1/2", "keep one"]);
    let three = shard(folder.path(), &job, 3, 3);
    merge(&second(&three), &[]).refused_with(&["shards of different jobs", "shard 3/3, not one of 2"]);
    merge(&[three], &[]).refused_with(&["shards are missing: 1/3, 2/3"]);

    let seed = other("seed", &["verify", "int4_mac", "--cases", "4000", "--seed", "9"], 2, 2);
    merge(&second(&seed), &[]).refused_with(&["different jobs", "seed 9 instead of 1"]);
    let cases = other("cases", &["verify", "int4_mac", "--cases", "9000"], 2, 2);
    merge(&second(&cases), &[]).refused_with(&["different jobs", "transactions 9216 instead of 4096"]);
    let config = other("config", &["verify", "int2_mac", "--cases", "4000"], 2, 2);
    merge(&second(&config), &[]).refused_with(&["different jobs", "config mac --preset int2_mac instead of"]);
    let rtl = written("own.v", include_str!("../../rtl/mac/int4_mac.v").replace("// ", "//  "));
    let text = other("text", &["verify", "int4_mac", "--cases", "4000", "--rtl", &rtl], 2, 2);
    merge(&second(&text), &[]).refused_with(&["different jobs", "digest of config and Verilog"]);
    let sweep = ["sweep", "multiplier", "--set", "a_bits=2,3"];
    let configs = other("sweep", &sweep, 2, 2);
    merge(&second(&configs), &[]).refused_with(&["one is of verify, the other of sweep"]);
    let narrow = other("narrow", &["sweep", "multiplier", "--set", "a_bits=2,4"], 1, 2);
    merge(&[narrow, configs.clone()], &[]).refused_with(&["values a_bits=2,3 instead of a_bits=2,4"]);
    // The right sweep and number, with the configs of another shard.
    let own = fs::read_to_string(other("first", &sweep, 1, 2)).unwrap();
    let forged = written("forged.json", own.replace("\"index\": 1", "\"index\": 2"));
    let first = written("first.json", own);
    merge(&[first, forged], &[]).refused_with(&["its configs are not those of its shard"]);
}

#[test]
fn merge_rejects_files_that_are_not_results_of_shards() {
    let folder = TempDir::new().unwrap();
    let job = ["verify", "int4_mac", "--cases", "4000"];
    let files = shards(folder.path(), &job, 2);
    let second = |file: &str| [files[0].clone(), file.to_string()];
    let written = |name: &str, text: String| written(folder.path(), name, text);

    let sound = fs::read_to_string(&files[1]).unwrap();
    let cut = written("cut.json", sound[..sound.len() / 2].to_string());
    merge(&second(&cut), &[]).refused_with(&["cut.json", "EOF", "run its shard again"]);
    let empty = written("empty.json", String::new());
    merge(&second(&empty), &[]).refused_with(&["empty.json", "run its shard again"]);
    let own = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(sound.contains(&own));
    let old = written("old.json", sound.replace(&own, "\"version\": \"0.0.9\""));
    merge(&second(&old), &[]).refused_with(&["old.json: written by qrtl 0.0.9", "the same version"]);
    let whole = written("whole.json", qrtl(&[&job[..], &["--format", "json"]].concat()).product());
    merge(&second(&whole), &[]).refused_with(&["whole.json: result of a whole job"]);
    merge(&second("nowhere.json"), &[]).refused_with(&["cannot read nowhere.json"]);
    merge(&files, &["--html", "x.html"]).refused_with(&["--html shows sweeps"]);
    for text in ["0/2", "3/2", "1", "x/y"] {
        qrtl(&["verify", "int4_mac", "--shard", text]).refused_with(&["is not a shard; write I/N"]);
    }
}

/// The first config of each shard fails, as in the sweep of a faulty generator.
#[test]
fn merge_explains_failures_of_a_sweep() {
    let folder = TempDir::new().unwrap();
    let files = shards(folder.path(), &["sweep", "multiplier", "--set", "a_bits=2..=5"], 2);
    for file in &files {
        let mut json: Json = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        let report = &mut json["results"][0];
        report["mismatches"] = 7.into();
        let replay = format!("qrtl verify {}", report["arguments"].as_str().unwrap());
        report["failure"] = json!({ "mismatches": [], "shrunk": null, "replay": replay, "folder": null });
        fs::write(file, json.to_string()).unwrap();
    }
    let run = merge(&files, &[]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stdout.contains("2 FAILED") && !run.stdout.contains("qrtl verify"), "{}", run.stdout);
    for name in ["mul_s2_s8", "mul_s4_s8"] {
        assert!(run.stderr.contains(&format!("{name}: FAILED\n")), "{}", run.stderr);
    }
    assert!(run.stderr.contains("qrtl verify multiplier --set a_bits=4"), "{}", run.stderr);
}

#[test]
fn merge_rejects_forged_results() {
    let folder = TempDir::new().unwrap();
    let files = shards(folder.path(), &["verify", "int2_multiplier"], 2);
    let sound: Json = serde_json::from_str(&fs::read_to_string(&files[1]).unwrap()).unwrap();
    let refused = |path: &str, value: Json, texts: &[&str]| {
        let mut json = sound.clone();
        *json.pointer_mut(path).unwrap() = value;
        let forged = folder.path().join("forged.json");
        fs::write(&forged, json.to_string()).unwrap();
        let texts = [&["forged.json", "run its shard again"], texts].concat();
        merge(&[files[0].clone(), forged.to_str().unwrap().to_string()], &[]).refused_with(&texts);
    };
    refused("/shard/index", 0.into(), &["0/2 is not a shard"]);
    refused("/shard/index", 3.into(), &["3/2 is not a shard"]);
    refused("/shard", json!({ "index": 0, "count": 0 }), &["0/0 is not a shard"]);
    refused("/results", json!([]), &["it contains no results"]);
    refused("/results/0/preset", "int2\u{1}".into(), &[r#""int2\u{1}" is not the name of a config"#]);
    for count in ["compared", "mismatches"] {
        merge_counts(&folder, &files, count);
    }
}

/// Checks that counts whose sum overflows 64 bits are rejected.
fn merge_counts(folder: &TempDir, files: &[String], count: &str) {
    let forged = files.iter().enumerate().map(|(index, file)| {
        let mut json: Json = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        json["results"][0][count] = (u64::MAX - 1).into();
        let path = folder.path().join(format!("{count}-{index}.json"));
        fs::write(&path, json.to_string()).unwrap();
        path.to_str().unwrap().to_string()
    });
    let forged: Vec<String> = forged.collect();
    merge(&forged, &[]).refused_with(&["its counts are larger than those of any run", "run its shard again"]);
}

#[test]
fn merge_counts_missing_shards() {
    let folder = TempDir::new().unwrap();
    let file = shard(folder.path(), &["verify", "int2_multiplier"], 3, u32::MAX);
    merge(&[file], &[]).refused_with(&[
        "shards are missing: 1/4294967295, 2/4294967295, 4/4294967295,",
        "9/4294967295 and 4294967286 more; run the missing shards",
    ]);
}
