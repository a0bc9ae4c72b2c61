//! Merges the results of shards into those of the whole job.

mod add;
mod error;

pub use error::MergeError;

use serde::Deserialize;
use serde_json::Value as Json;

use crate::catalogue::unit;
use crate::stimulus::Shard;
use crate::unit::{ConfigError, Grid};
use crate::verification::report::Report;
use crate::verification::results::Results;
use crate::verification::sweep::Sweep;

/// Results of a whole job.
#[derive(Debug)]
pub enum MergedResults {
    /// Results of `qrtl verify`, whose shards each have a part of the stimulus of every config.
    Verify(Results),
    /// Results of `qrtl sweep`, whose shards each have some of the configs.
    Sweep(Box<Sweep>),
}

/// Results of a shard, of either subcommand.
#[derive(Deserialize)]
struct ShardResults {
    version: String,
    shard: Option<Shard>,
    results: Vec<Report>,
    /// Fields of a sweep.
    #[serde(flatten)]
    sweep: Option<SweepHeader>,
    #[serde(skip)]
    file: String,
}

/// The parameters of a sweep, and the wall time of a shard.
#[derive(Deserialize)]
struct SweepHeader {
    unit: String,
    axes: Vec<(String, Vec<Json>)>,
    cases: u64,
    seed: u64,
    seconds: f64,
}

impl MergedResults {
    /// Merges the results of all shards of a job, given as path and text of each file, in any order.
    ///
    /// # Errors
    /// A [`MergeError`] when a shard is missing, repeated or of another job, or a file is not a result.
    pub fn merge(files: &[(String, String)]) -> Result<Self, MergeError> {
        let shards = files.iter().map(|(file, text)| ShardResults::read(file, text));
        let shards = in_order(shards.collect::<Result<_, MergeError>>()?)?;
        let first = &shards[0];
        shards[1..].iter().try_for_each(|shard| first.require_same_job(shard))?;
        match &first.sweep {
            Some(sweep) => Ok(Self::Sweep(Box::new(merge_sweep(sweep, &shards)?))),
            None => Ok(Self::Verify(merge_verify(shards)?)),
        }
    }
}

impl ShardResults {
    fn read(file: &str, text: &str) -> Result<Self, MergeError> {
        let no_results = |reason: String| MergeError::NoResults { file: file.to_string(), reason };
        let mut results: Self = serde_json::from_str(text).map_err(|error| no_results(error.to_string()))?;
        if results.version != env!("CARGO_PKG_VERSION") {
            return Err(MergeError::Version { file: file.to_string(), version: results.version });
        }
        results.file = file.to_string();
        match results.defect() {
            Some(reason) => Err(no_results(reason)),
            None => Ok(results),
        }
    }

    /// First inconsistency of the content, which no run writes.
    fn defect(&self) -> Option<String> {
        if let Some(shard) = self.shard.filter(|shard| !shard.is_legal()) {
            return Some(format!("{shard} is not a shard"));
        }
        if self.results.is_empty() && self.sweep.is_none() {
            return Some("it contains no results".to_string());
        }
        let mut names =
            self.results.iter().flat_map(|report| [&report.preset, &report.unit, &report.arguments]);
        let name = names.find(|name| name.contains(char::is_control))?;
        Some(format!("{name:?} is not the name of a config"))
    }

    /// The shard, present after [`in_order`].
    fn shard(&self) -> Shard {
        self.shard.unwrap_or(Shard::WHOLE)
    }

    fn require_same_job(&self, other: &Self) -> Result<(), MergeError> {
        let difference = match (&self.sweep, &other.sweep) {
            (None, None) => add::first_difference(&self.results, &other.results),
            (Some(own), Some(other)) => own.difference(other),
            _ => Some("one is of verify, the other of sweep".to_string()),
        };
        match difference {
            None => Ok(()),
            Some(difference) => {
                Err(MergeError::Foreign { file: other.file.clone(), first: self.file.clone(), difference })
            }
        }
    }
}

/// Sorts the shards by index, and checks that each is present once.
fn in_order(mut shards: Vec<ShardResults>) -> Result<Vec<ShardResults>, MergeError> {
    let Some(first) = shards.first() else { return Err(MergeError::Nothing) };
    let count = first.shard().count;
    for results in &shards {
        let Some(shard) = results.shard else { return Err(MergeError::Whole { file: results.file.clone() }) };
        if shard.count != count {
            let difference = format!("it is shard {shard}, not one of {count}");
            let (file, first) = (results.file.clone(), first.file.clone());
            return Err(MergeError::Foreign { file, first, difference });
        }
    }
    shards.sort_by_key(|results| results.shard().index);
    if let Some(pair) = shards.windows(2).find(|pair| pair[0].shard() == pair[1].shard()) {
        let (first, second) = (pair[0].file.clone(), pair[1].file.clone());
        return Err(MergeError::Repeated { shard: pair[0].shard(), first, second });
    }
    let missing = count as usize - shards.len();
    if missing == 0 {
        return Ok(shards);
    }
    let has = |index: &u32| shards.binary_search_by_key(index, |results| results.shard().index).is_ok();
    let first = (1..=count).filter(|index| !has(index)).map(|index| Shard { index, count });
    Err(MergeError::Missing { first: first.take(MergeError::MAX_NAMED).collect(), missing })
}

/// Adds up the reports of each config.
fn merge_verify(shards: Vec<ShardResults>) -> Result<Results, MergeError> {
    let mut shards = shards.into_iter();
    let mut results = shards.next().map_or_else(Vec::new, |shard| shard.results);
    for ShardResults { file, results: others, .. } in shards {
        let sums = results.into_iter().zip(others).map(|(sum, other)| add::sum(sum, other));
        results = sums.collect::<Option<_>>().ok_or_else(|| overflow(&file))?;
    }
    Ok(Results::new(None, results))
}

/// Error for counts whose sum overflows.
fn overflow(file: &str) -> MergeError {
    let reason = "its counts are larger than those of any run".to_string();
    MergeError::NoResults { file: file.to_string(), reason }
}

/// Collects the reports of all configs of the grid.
fn merge_sweep(header: &SweepHeader, shards: &[ShardResults]) -> Result<Sweep, MergeError> {
    let first = &shards[0].file;
    let no_grid =
        |error: ConfigError| MergeError::NoResults { file: first.clone(), reason: error.to_string() };
    let grid = header.grid().map_err(no_grid)?;
    let (configs, refused) = grid.configs().map_err(no_grid)?;
    let mut reports = Vec::with_capacity(configs.len());
    let (mut seconds, mut compared) = (0.0, 0u64);
    for shard in shards {
        let own = &configs[shard.shard().index_range(configs.len())];
        let arguments = shard.results.iter().map(|report| report.arguments.clone());
        if !arguments.eq(own.iter().map(|config| config.arguments())) {
            return Err(MergeError::Foreign {
                file: shard.file.clone(),
                first: first.clone(),
                difference: "its configs are not those of its shard".to_string(),
            });
        }
        let mut counts = shard.results.iter().map(|report| report.compared);
        compared = counts.try_fold(compared, u64::checked_add).ok_or_else(|| overflow(&shard.file))?;
        reports.extend(shard.results.iter().cloned());
        seconds += shard.sweep.as_ref().map_or(0.0, |sweep| sweep.seconds);
    }
    let effort = Sweep::effort(header.cases, header.seed, 1);
    Ok(Sweep::new(&grid, refused, &effort, seconds, &configs, reports))
}

/// An axis as the argument of `--set`.
fn setting(name: &str, values: &[Json]) -> String {
    let values = values.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_string));
    format!("{name}={}", values.collect::<Vec<_>>().join(","))
}

impl SweepHeader {
    fn settings(&self) -> Vec<String> {
        self.axes.iter().map(|(name, values)| setting(name, values)).collect()
    }

    fn grid(&self) -> Result<Grid, ConfigError> {
        Grid::new(unit(&self.unit)?, &self.settings())
    }

    /// The first parameter in which two sweeps differ.
    fn difference(&self, other: &Self) -> Option<String> {
        let parameters = |header: &Self| {
            [
                ("unit", header.unit.clone()),
                ("values", header.settings().join(" ")),
                ("cases", header.cases.to_string()),
                ("seed", header.seed.to_string()),
            ]
        };
        let mut pairs = parameters(self).into_iter().zip(parameters(other));
        let ((name, own), (_, other)) = pairs.find(|(own, other)| own != other)?;
        Some(format!("{name} {other} instead of {own}"))
    }
}
