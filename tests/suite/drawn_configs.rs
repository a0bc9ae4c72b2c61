//! Properties of all configs (names, templates, arguments), tested on configs drawn from all units.

use std::collections::{BTreeSet, HashMap};

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use crate::common::configs;
use qrtl::catalogue::{UNITS, unit};
use qrtl::generator;
use qrtl::unit::{Config, Kind};

#[test]
fn config_strategy_reaches_all_corners() {
    for &unit in UNITS {
        let mut runner = TestRunner::deterministic();
        let strategy = configs::settings(unit);
        let (mut legal, mut seen) = (0, BTreeSet::new());
        for _ in 0..2000 {
            let settings = strategy.new_tree(&mut runner).unwrap().current();
            if Config::new(unit, None, &settings).is_ok() {
                legal += 1;
                seen.extend(settings);
            }
        }
        assert!(legal > 500, "{} of 2000 draws of {} are legal", legal, unit.name());
        for parameter in unit.parameters() {
            let start = format!("{}=", parameter.name);
            let drawn = seen.iter().filter(|setting| setting.starts_with(&start)).count();
            let least = match parameter.kind {
                Kind::Integer { min, max } => 15.min(max - min + 1) as usize,
                Kind::Flag => 2,
                Kind::Choice(words) => words.len(),
                Kind::Source { .. } | Kind::Matrix => 15,
            };
            assert!(drawn >= least, "{}: {drawn} values of {}", unit.name(), parameter.name);
        }
    }
}

/// Requires that different configs have different names and digests, for a number of draws per unit.
fn names_are_as_distinct_as_configs(draws: usize, distinct: usize) {
    // Of a million draws, many are illegal.
    let settings = ProptestConfig { max_local_rejects: u32::MAX, ..ProptestConfig::default() };
    let mut runner = TestRunner::new_with_rng(settings, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let strategy = configs::config(UNITS);
    let mut known: HashMap<String, (String, Vec<String>)> = HashMap::new();
    for _ in 0..draws * UNITS.len() {
        let config = strategy.new_tree(&mut runner).unwrap().current();
        let name = config.name().to_string();
        assert!(name.len() < 128 && !name.contains("__"), "{name}");
        assert!(name.starts_with(|c: char| c.is_ascii_lowercase()), "{name}");
        assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'), "{name}");
        let described = (config.digest(), config.settings());
        let first = known.entry(name.clone()).or_insert_with(|| described.clone());
        assert_eq!(*first, described, "two configs called {name}");
    }
    let digests: BTreeSet<&String> = known.values().map(|(digest, _)| digest).collect();
    assert_eq!(digests.len(), known.len(), "a config with two names");
    assert!(known.len() > distinct, "only {} distinct configs were drawn", known.len());
}

#[test]
fn names_of_thousands_of_configs_are_distinct() {
    names_are_as_distinct_as_configs(500, 500);
}

#[test]
#[ignore = "draws configs for a minute"]
fn names_of_many_configs_are_distinct() {
    names_are_as_distinct_as_configs(1_500, 2_000);
}

/// The registers and wires that the module of a config declares.
fn declared_names(config: &Config) -> Vec<String> {
    let text = generator::render(config);
    let declared = text.lines().map(|line| line.trim().split("//").next().unwrap()).filter_map(|line| {
        let head = line.split(['=', ';']).next().unwrap();
        let is_declaration = ["reg ", "wire "].iter().any(|word| head.starts_with(word));
        is_declaration.then(|| head.split_whitespace().last().unwrap().to_string())
    });
    declared.collect()
}

proptest! {
    #[test]
    fn templates_read_every_name_of_their_contexts(config in configs::config(UNITS)) {
        let (read, offered) = generator::names_read_and_offered(config.unit(), &config);
        prop_assert_eq!(read, offered);
    }

    #[test]
    fn rejects_module_name_declared_inside(
        config in configs::config(UNITS),
        choice in any::<prop::sample::Index>(),
    ) {
        let declared = declared_names(&config);
        if !declared.is_empty() {
            let name = choice.get(&declared);
            prop_assert!(generator::named(config, name).is_err(), "{} is declared inside", name);
        }
    }

    #[test]
    #[ignore = "renders a module for each of its names"]
    fn rejects_every_module_name_declared_inside(config in configs::config(UNITS)) {
        for name in declared_names(&config) {
            prop_assert!(generator::named(config.clone(), &name).is_err(), "{} is declared inside", name);
        }
    }

    #[test]
    fn arguments_reproduce_their_config(config in configs::config(UNITS)) {
        let arguments = config.arguments();
        let mut words = arguments.split(' ');
        let unit = unit(words.next().unwrap()).unwrap();
        let (mut preset, mut sets) = (None, Vec::new());
        while let (Some(option), Some(value)) = (words.next(), words.next()) {
            match option {
                "--preset" => preset = Some(value),
                "--set" => sets.push(value),
                // A matrix that is too long for a command line is read from a file.
                "--weights" => continue,
                other => panic!("{other} in {arguments}"),
            }
        }
        let matrix = unit.parameters().iter().find(|parameter| matches!(parameter.kind, Kind::Matrix));
        let read = matrix.filter(|_| arguments.contains("--weights")).map(|parameter| {
            config.settings().into_iter().find(|set| set.starts_with(&format!("{}=", parameter.name))).unwrap()
        });
        let sets: Vec<&str> = sets.into_iter().chain(read.as_deref()).collect();
        let again = Config::new(unit, preset, &sets).unwrap();
        prop_assert_eq!(again.settings(), config.settings());
        prop_assert_eq!(again.name(), config.name());
    }
}
