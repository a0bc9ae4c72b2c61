//! Configs drawn from the whole catalogue are verified like the presets. A failure is shrunk by proptest and kept in
//! `tests/suite/configs.proptest-regressions`.

use std::cell::RefCell;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{FileFailurePersistence, TestRunner};

use crate::common::configs;
use crate::common::rtl::BUILDER;
use qrtl::catalogue::UNITS;
use qrtl::generator::render;
use qrtl::model::Lanes;
use qrtl::simulation::Models;
use qrtl::stimulus::RandomStimulus;
use qrtl::unit::{Config, Unit};
use qrtl::verification::sweep::verify_configs;
use qrtl::verification::{Effort, Report, Verification, compare};

/// A runner that draws the same configs in every run, so that the cache has their models.
fn runner(cases: u32) -> TestRunner {
    let persistence = FileFailurePersistence::Direct(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/suite/configs.proptest-regressions"
    ));
    let config = ProptestConfig {
        cases,
        max_shrink_iters: 24,
        failure_persistence: Some(Box::new(persistence)),
        source_file: Some(file!()),
        rng_seed: proptest::test_runner::RngSeed::Fixed(1),
        ..ProptestConfig::default()
    };
    TestRunner::new(config)
}

/// Random transactions beyond this many values: a model that shares its build evaluates the others with every one.
fn effort() -> Effort {
    Effort { cases: 1 << 17, exhaustive_limit: 1 << 17, threads: 2, ..Effort::default() }
}

fn passes(config: &Config, report: &Report) -> Result<(), TestCaseError> {
    prop_assert!(report.compared >= 16, "{} compared {}", config.arguments(), report.compared);
    prop_assert!(report.passed(), "{}: {}", config.arguments(), report.failure.as_ref().unwrap());
    Ok(())
}

/// Verifies one config on a model of its own.
fn equals_reference(config: &Config) -> Result<(), TestCaseError> {
    let report = Verification::new(config, &*BUILDER).effort(effort()).run();
    passes(config, &report.map_err(|error| TestCaseError::fail(error.to_string()))?)
}

/// The configs that the runner draws of a unit, each once.
fn drawn(unit: &'static dyn Unit, count: u32) -> Vec<Config> {
    let drawn = RefCell::new(Vec::new());
    let keep = |config: Config| {
        drawn.borrow_mut().push(config);
        Ok(())
    };
    runner(count).run(&configs::config(vec![unit]), keep).unwrap();
    let mut drawn = drawn.into_inner();
    assert!(drawn.len() >= count as usize, "{}: only {} configs", unit.name(), drawn.len());
    drawn.sort_by(|a, b| a.name().cmp(b.name()));
    drawn.dedup_by(|a, b| a.name() == b.name());
    drawn
}

/// Verifies configs of every unit, many in a build; where one fails, proptest draws and shrinks it again.
fn drawn_configs_equal_reference(count: u32) {
    let configs: Vec<Config> = UNITS.iter().flat_map(|&unit| drawn(unit, count)).collect();
    let reports = verify_configs(&configs, &render, &BUILDER, &effort(), &|| ());
    let all_pass = reports.is_ok_and(|reports| {
        configs.iter().zip(&reports).all(|(config, report)| passes(config, report).is_ok())
    });
    if all_pass {
        return;
    }
    for &unit in UNITS {
        let result = runner(count).run(&configs::config(vec![unit]), |config| equals_reference(&config));
        result.unwrap_or_else(|error| panic!("{}: {error}", unit.name()));
    }
    panic!("a config fails only in a build that it shares with others");
}

#[test]
fn few_drawn_configs_of_every_unit_equal_reference() {
    drawn_configs_equal_reference(4);
}

#[test]
#[ignore = "minutes"]
fn many_drawn_configs_of_every_unit_equal_reference() {
    drawn_configs_equal_reference(16);
}

/// Compares models of as many lanes as long runs use with the reference, for configs drawn from all units.
fn drawn_lanes_equal_reference(count: usize) {
    let mut runner = TestRunner::deterministic();
    let has_lanes = |config: &Config| Lanes::for_long_runs(config) != Lanes::ONE;
    let strategy = configs::config(UNITS).prop_filter("one lane pays off", has_lanes);
    for _ in 0..count {
        let config = strategy.new_tree(&mut runner).unwrap().current();
        let lanes = Lanes::for_long_runs(&config);
        let rtl = BUILDER.model(&config, &render(&config), lanes, false).unwrap();
        let stimulus = RandomStimulus::new(&config, 1, 1 << 18, lanes.0);
        let outcome = compare(&rtl, &stimulus, 1).unwrap();
        assert_eq!(outcome.mismatches, 0, "{}: {:?}", config.arguments(), outcome.first_mismatches);
        assert!(outcome.compared >= 1 << 17, "{}: compared {}", config.arguments(), outcome.compared);
    }
}

#[test]
fn lanes_of_drawn_configs_equal_their_reference() {
    drawn_lanes_equal_reference(2);
}

#[test]
#[ignore = "compiles large models"]
fn lanes_of_more_drawn_configs_equal_their_reference() {
    drawn_lanes_equal_reference(12);
}
