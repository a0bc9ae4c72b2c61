//! The verdicts on a grid of configs.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::stimulus::Shard;
use crate::unit::{Config, Grid, Refused, Value};
use crate::verification::effort::Effort;
use crate::verification::report::Report;

/// The verdicts on a grid of configs.
#[derive(Debug, Serialize)]
pub struct Sweep {
    /// Version of the program.
    pub version: String,
    /// The part of the configs that was verified, if the sweep is divided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// Name of the unit.
    pub unit: String,
    /// The parameters that were swept, in the order in which they were given, and their values.
    pub axes: Vec<(String, Vec<Value>)>,
    /// Combinations of those values, legal or not.
    pub combinations: usize,
    /// Those that the unit's own rules exclude.
    pub refused: Vec<Refused>,
    /// Domains of up to this many values were swept whole, others got as many random transactions.
    pub cases: u64,
    /// Seed of the random transactions.
    pub seed: u64,
    /// Wall time of building and verifying.
    pub seconds: f64,
    /// One for each legal combination, the last axis changing fastest.
    pub results: Vec<SweepPoint>,
}

/// The verdict on one config.
#[derive(Debug, Serialize)]
pub struct SweepPoint {
    /// Its values of the parameters that were swept.
    pub settings: BTreeMap<String, Value>,
    /// What its verification found.
    #[serde(flatten)]
    pub report: Report,
}

impl Sweep {
    /// The effort of a sweep: domains of up to `cases` values whole, else as many random transactions.
    pub fn effort(cases: u64, seed: u64, threads: usize) -> Effort {
        Effort { cases, seed, exhaustive_limit: cases, threads, ..Effort::default() }
    }

    /// The reports of the grid's configs, in the same order.
    pub fn new(
        grid: &Grid,
        refused: Vec<Refused>,
        effort: &Effort,
        seconds: f64,
        configs: &[Config],
        reports: Vec<Report>,
    ) -> Sweep {
        let settings = |config: &Config| {
            let axes = grid.axes().iter();
            axes.map(|axis| (axis.parameter.to_string(), config.values().value(axis.parameter))).collect()
        };
        let points = configs.iter().zip(reports);
        Sweep {
            version: env!("CARGO_PKG_VERSION").to_string(),
            shard: None,
            unit: grid.unit().name().to_string(),
            axes: grid.axes().iter().map(|axis| (axis.parameter.to_string(), axis.values.clone())).collect(),
            combinations: grid.combinations(),
            refused,
            cases: effort.cases,
            seed: effort.seed,
            seconds,
            results: points
                .map(|(config, report)| SweepPoint { settings: settings(config), report })
                .collect(),
        }
    }

    /// The same of one shard of the configs, which may be none.
    pub fn of_shard(self, shard: Option<Shard>) -> Sweep {
        Sweep { shard, ..self }
    }

    /// Whether there was something to compare in every config, and nothing differed.
    pub fn passed(&self) -> bool {
        (self.shard.is_some() || !self.results.is_empty()) && self.failures().next().is_none()
    }

    /// The configs that differ from their references, or of which nothing was compared.
    pub fn failures(&self) -> impl Iterator<Item = &SweepPoint> {
        self.results.iter().filter(|point| !point.report.passed())
    }

    /// Transactions compared, all configs together.
    pub fn compared(&self) -> u64 {
        self.results.iter().map(|point| point.report.compared).sum()
    }

    /// Configs whose domain was swept whole.
    pub fn exhaustive(&self) -> usize {
        self.results.iter().filter(|point| point.report.exhaustive).count()
    }
}
