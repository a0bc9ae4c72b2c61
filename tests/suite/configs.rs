//! Configs drawn from the whole catalogue, built at run time and verified like the presets. A
//! failure is shrunk by proptest and kept in `tests/suite/configs.proptest-regressions`.

use std::cell::Cell;
use std::sync::{LazyLock, Mutex};

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{FileFailurePersistence, TestRunner};

use crate::common::configs;
use qrtl::catalogue::UNITS;
use qrtl::generator::render;
use qrtl::model::Lanes;
use qrtl::simulation::{ModelBuilder, Models};
use qrtl::stimulus::Random;
use qrtl::unit::Config;
use qrtl::verification::{Effort, compare, verify};

static MODELS: LazyLock<ModelBuilder> =
    LazyLock::new(|| ModelBuilder::discover(&|notice| eprintln!("{notice}")).unwrap());

/// Configs of each unit; the same ones in every run, so that the cache has their models.
const DRAWN: u32 = 8;

fn runner() -> TestRunner {
    let persistence = FileFailurePersistence::Direct(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/suite/configs.proptest-regressions"
    ));
    let config = ProptestConfig {
        cases: DRAWN,
        max_shrink_iters: 24,
        failure_persistence: Some(Box::new(persistence)),
        source_file: Some(file!()),
        rng_seed: proptest::test_runner::RngSeed::Fixed(1),
        ..ProptestConfig::default()
    };
    TestRunner::new(config)
}

fn equals_reference(config: &Config) -> Result<(), TestCaseError> {
    let effort = Effort { cases: 1 << 18, ..Effort::default() };
    let report = verify(config, &render(config), &*MODELS, &effort, &|_| (), &|_| ());
    let report = report.map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert!(report.compared >= 16, "{} compared {}", config.arguments(), report.compared);
    prop_assert!(report.passed(), "{}: {}", config.arguments(), report.failure.unwrap());
    Ok(())
}

#[test]
fn drawn_configs_of_every_unit_equal_their_reference() {
    let units = Mutex::new(UNITS.iter());
    let next = || units.lock().unwrap().next();
    let work = &|| {
        while let Some(&unit) = next() {
            let verified = Cell::new(0);
            let result = runner().run(&configs::config(vec![unit]), |config| {
                verified.set(verified.get() + 1);
                equals_reference(&config)
            });
            result.unwrap_or_else(|error| panic!("{}: {error}", unit.name()));
            assert!(verified.get() >= DRAWN, "{}: only {} configs", unit.name(), verified.get());
        }
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));
}

#[test]
fn drawn_configs_have_equal_lanes() {
    let mut runner = TestRunner::deterministic();
    let worthwhile = |config: &Config| Lanes::for_long_runs(config) != Lanes::ONE;
    let strategy = configs::config(UNITS).prop_filter("one lane pays off", worthwhile);
    for _ in 0..4 {
        let config = strategy.new_tree(&mut runner).unwrap().current();
        let lanes = Lanes::for_long_runs(&config);
        let rtl = MODELS.model(&config, &render(&config), lanes, false).unwrap();
        let stimulus = Random::new(&config, 1, 1 << 18, lanes.0);
        let outcome = compare(&rtl, &stimulus, 1, &|_| ()).unwrap();
        assert_eq!(outcome.mismatches, 0, "{}: {:?}", config.arguments(), outcome.described);
        assert!(outcome.compared >= 1 << 17, "{}: compared {}", config.arguments(), outcome.compared);
    }
}
