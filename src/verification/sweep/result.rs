//! Result of a sweep.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::stimulus::Shard;
use crate::unit::{Config, Grid, RefusedCombinations, Value};
use crate::verification::effort::Effort;
use crate::verification::report::Report;
use crate::verification::results::VerbResults;

/// Result of a sweep: the reports of a grid of configs.
#[derive(Debug, Serialize)]
pub struct Sweep {
    /// qrtl version.
    pub version: String,
    /// The shard of the configs that was verified, if the sweep is divided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// Name of the unit.
    pub unit: String,
    /// The swept parameters, in the order in which they were given, and their values.
    pub axes: Vec<(String, Vec<Value>)>,
    /// Number of combinations, legal or not.
    pub combinations: usize,
    /// Combinations that the unit's rules exclude.
    pub refused: Vec<RefusedCombinations>,
    /// Largest input space swept exhaustively; larger ones got this many random transactions.
    pub cases: u64,
    /// Seed of the random transactions.
    pub seed: u64,
    /// Wall time of building and verifying.
    pub seconds: f64,
    /// One point per legal combination; the last axis changes fastest.
    pub results: Vec<SweepPoint>,
}

/// Result for one config.
#[derive(Debug, Serialize)]
pub struct SweepPoint {
    /// Values of the swept parameters.
    pub settings: BTreeMap<String, Value>,
    /// Result of its verification.
    #[serde(flatten)]
    pub report: Report,
}

impl VerbResults for Sweep {
    fn verb(&self) -> &'static str {
        "sweep"
    }

    fn reports(&self) -> Vec<&Report> {
        self.results.iter().map(|point| &point.report).collect()
    }
}

impl Sweep {
    /// Effort of a sweep: up to `cases` input values exhaustively, else as many random transactions.
    pub fn effort(cases: u64, seed: u64, threads: usize) -> Effort {
        Effort { cases, seed, exhaustive_limit: cases, threads, ..Effort::default() }
    }

    /// A sweep from the reports of the grid's configs, in the same order.
    pub fn new(
        grid: &Grid,
        refused: Vec<RefusedCombinations>,
        effort: &Effort,
        seconds: f64,
        configs: &[Config],
        reports: Vec<Report>,
    ) -> Self {
        let settings = |config: &Config| {
            let axes = grid.axes().iter();
            axes.map(|axis| (axis.parameter.to_string(), config.values().value(axis.parameter))).collect()
        };
        let points = configs.iter().zip(reports);
        Self {
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

    /// Marks the sweep as one shard, if it is.
    pub fn of_shard(self, shard: Option<Shard>) -> Self {
        Self { shard, ..self }
    }

    /// Whether something was compared for every config and nothing differs.
    pub fn passed(&self) -> bool {
        (self.shard.is_some() || !self.results.is_empty()) && self.failures().next().is_none()
    }

    /// The configs that differ from their references, or for which nothing was compared.
    pub fn failures(&self) -> impl Iterator<Item = &SweepPoint> {
        self.results.iter().filter(|point| !point.report.passed())
    }

    /// Transactions compared, summed over all configs.
    pub fn compared(&self) -> u64 {
        self.results.iter().map(|point| point.report.compared).sum()
    }

    /// Configs whose input space was compared exhaustively.
    pub fn exhaustive(&self) -> usize {
        self.results.iter().filter(|point| point.report.exhaustive).count()
    }
}
