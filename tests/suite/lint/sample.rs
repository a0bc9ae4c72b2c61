//! The linted configs: every structure of every preset, and configs drawn from the whole catalogue.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;

use crate::common::configs;
use qrtl::catalogue::{UNITS, presets};
use qrtl::generator::companion::Companion;
use qrtl::generator::{primitives, render};
use qrtl::unit::{Config, Kind};

/// All presets, and configs drawn from the whole catalogue, the same in every run.
pub fn sample(drawn: usize) -> Vec<Config> {
    let mut runner = TestRunner::deterministic();
    let strategy = configs::config(UNITS);
    let draws = (0..drawn).map(|_| strategy.new_tree(&mut runner).unwrap().current());
    let sample = distinct(presets().chain(draws).collect());
    assert!(sample.len() > drawn / 2, "too few distinct configs");
    sample
}

/// Number of configs drawn beside the structures of presets.
const DRAWN: usize = 64;

/// Every preset for every target, architecture and objective that its unit takes, and [`sample`], each text once.
pub fn structures() -> &'static [Config] {
    static STRUCTURES: LazyLock<Vec<Config>> = LazyLock::new(all_structures);
    &STRUCTURES
}

fn all_structures() -> Vec<Config> {
    let mut all = sample(DRAWN);
    let drawn = all.len();
    for preset in presets() {
        let mut choices = vec![Vec::new()];
        for name in ["target", "arch", "objective", "dsp"] {
            let found = preset.unit().parameters().iter().find(|parameter| parameter.name == name);
            let Some(Kind::Choice(words)) = found.map(|parameter| &parameter.kind) else { continue };
            let with = |sets: &Vec<String>, word| [&sets[..], &[format!("{name}={word}")]].concat();
            choices = choices.iter().flat_map(|sets| words.iter().map(|word| with(sets, word))).collect();
        }
        let configs = choices.iter().map(|sets| Config::new(preset.unit(), preset.preset(), sets));
        all.extend(configs.filter_map(Result::ok));
    }
    let all = distinct_texts(distinct(all));
    assert!(all.len() > 2 * drawn, "{} structures beside {drawn} configs", all.len());
    all
}

fn distinct(mut configs: Vec<Config>) -> Vec<Config> {
    configs.sort_by(|a, b| a.name().cmp(b.name()));
    configs.dedup_by(|a, b| a.name() == b.name());
    configs
}

/// Configs whose modules differ in more than their names and comments: a target or an objective often has no
/// structure of its own.
fn distinct_texts(configs: Vec<Config>) -> Vec<Config> {
    let mut seen = HashSet::new();
    let code = |config: &Config| -> String {
        let text = render(config).replace(config.name(), "module");
        text.lines().map(|line| line.split("//").next().unwrap()).collect()
    };
    configs.into_iter().filter(|config| seen.insert(code(config))).collect()
}

fn write(folder: &Path, file: String, text: &str) -> String {
    fs::write(folder.join(&file), text).unwrap();
    file
}

/// The module of a config and the models of the cells in it.
pub fn write_all(folder: &Path, config: &Config) -> Vec<String> {
    let module = write(folder, format!("{}.v", config.name()), &render(config));
    let models = primitives(config).into_iter().map(|(file, text)| write(folder, file, &text));
    [module].into_iter().chain(models).collect()
}

/// A file of each module and each cell, each once.
pub fn write_modules(folder: &Path, configs: &[Config]) -> Vec<String> {
    let mut files: Vec<String> = configs.iter().flat_map(|config| write_all(folder, config)).collect();
    files.sort();
    files.dedup();
    files
}

/// A file a config: a module with the instance to paste.
pub fn write_instances(folder: &Path, configs: &[Config]) -> Vec<String> {
    let instance = |config: &Config| {
        let (_, snippet) = Companion::Instance.file(config);
        let name = format!("{}_user", config.name());
        write(folder, format!("{name}.v"), &format!("module {name};\n{snippet}endmodule\n"))
    };
    configs.iter().map(instance).collect()
}
