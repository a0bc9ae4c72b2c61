//! `qrtl cache` and `qrtl completions`.

use std::fs;
use std::path::Path;

use qrtl::toolchain::cache::{Cache, holds};
use qrtl::toolchain::environment::Environment;
use qrtl::toolchain::error::BuildError;

use super::json;
use crate::common::command::{Run, command, qrtl, run};

fn cache(folder: &Path, arguments: &[&str]) -> Run {
    run(command(&[&["cache"], arguments].concat()).env("QRTL_CACHE", folder))
}

/// A cache with a tool, two models and a result of synthesis, from the oldest to the newest.
fn filled() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (index, key) in
        ["yosys-0.70-01234567", "int8_mac-0a", "synthesis-int8_mac-0b", "int4_mac-0c"].iter().enumerate()
    {
        let entry = folder.path().join(key);
        fs::create_dir(&entry).unwrap();
        fs::write(entry.join("file"), vec![0; 1000 * (index + 1)]).unwrap();
        let time =
            std::time::SystemTime::now() - std::time::Duration::from_secs(3 * 86_400 - 100 - index as u64);
        fs::File::open(&entry).unwrap().set_modified(time).unwrap();
    }
    folder
}

fn keys(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name != "tmp").collect();
    names.sort();
    names
}

#[test]
fn cache_shows_its_entries_by_kind() {
    let folder = filled();
    let text = cache(folder.path(), &[]).product();
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows[3], ["tools", "1", "1.0", "kB", "2", "days"], "{text}");
    assert_eq!(rows[4], ["models", "2", "6.0", "kB", "2", "days"], "{text}");
    assert_eq!(rows[5], ["synthesis", "1", "3.0", "kB", "2", "days"], "{text}");
    assert_eq!(rows[6], ["total", "4", "10.0", "kB"], "{text}");
    let all = json(&cache(folder.path(), &["--format", "json"]).product());
    assert_eq!((all["kinds"][1]["bytes"].as_u64(), all["removed"].as_u64()), (Some(6000), Some(0)));
}

#[test]
fn pruning_removes_the_oldest_and_keeps_tools() {
    let folder = filled();
    let run = cache(folder.path(), &["--prune", "6k"]);
    assert!(run.stderr.contains("removed 2 entries, 5.0 kB"), "{}", run.stderr);
    assert_eq!(keys(folder.path()), ["int4_mac-0c", "yosys-0.70-01234567"]);
    cache(folder.path(), &["--prune", "0"]);
    assert_eq!(keys(folder.path()), ["yosys-0.70-01234567"]);
    cache(folder.path(), &["--clear"]);
    assert!(keys(folder.path()).is_empty());
    cache(folder.path(), &["--prune", "6 gigabytes"]).refused_with(&["not a count", "1e6"]);
}

#[test]
fn a_build_removes_what_was_unused_for_longest_above_the_limit() {
    let folder = filled();
    let open = |limit: &str| {
        Cache::open(&Environment {
            cache: Some(folder.path().to_path_buf()),
            cache_limit: Some(limit.into()),
            ..Environment::default()
        })
    };
    let build = |limit: &str, key: &str| {
        let write = |entry: &Path| {
            let path = entry.join("file");
            fs::write(&path, "").map_err(|source| BuildError::Cache { path, source })
        };
        open(limit).unwrap().entry(key, holds(&["file"]), write).unwrap();
    };
    // Used again, and so no longer the oldest.
    open("6k").unwrap().get("int8_mac-0a", holds(&["file"])).unwrap();
    build("6k", "new-0d");
    assert_eq!(keys(folder.path()), ["int8_mac-0a", "new-0d", "yosys-0.70-01234567"]);
    // Nothing else is unused, and an hour has not passed.
    build("0", "new-0e");
    assert_eq!(keys(folder.path()).len(), 4);
    let error = open("six gigabytes").unwrap_err().to_string();
    assert_eq!(
        error,
        "QRTL_CACHE_LIMIT=six gigabytes is no size; write bytes such as 5000000000, 5G or 2^32"
    );
}

#[test]
fn completions_and_the_manual_name_every_subcommand() {
    for shell in ["bash", "fish", "zsh", "man"] {
        let text = qrtl(&["completions", shell]).product();
        assert!(super::SUBCOMMANDS.iter().all(|verb| text.contains(verb)), "{shell}");
    }
    qrtl(&["completions", "cmd"]).refused_with(&["use bash, elvish, fish, powershell, zsh or man"]);
}
