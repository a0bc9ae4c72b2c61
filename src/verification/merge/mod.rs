//! Results of shards, added up to those of the whole job.

mod add;
mod error;

pub use error::MergeError;

use serde::Deserialize;
use serde_json::Value as Json;

use super::report::Report;
use super::results::Results;
use super::sweep::Sweep;
use crate::catalogue::unit;
use crate::stimulus::Shard;
use crate::unit::Grid;
use add::added;

/// What the shards were parts of.
#[derive(Debug)]
pub enum MergedResults {
    /// `qrtl verify`: each shard has a part of the stimulus of every config.
    Verify(Results),
    /// `qrtl sweep`: each shard has some of the configs.
    Sweep(Box<Sweep>),
}

/// What both kinds of results begin with.
#[derive(Deserialize)]
struct ShardResults {
    version: String,
    shard: Option<Shard>,
    results: Vec<Report>,
    /// The rest, which is that of a sweep.
    #[serde(flatten)]
    sweep: Option<SweepHeader>,
    #[serde(skip)]
    name: String,
}

/// What is asked of a sweep, and how long its part took.
#[derive(Deserialize)]
struct SweepHeader {
    unit: String,
    axes: Vec<(String, Vec<Json>)>,
    cases: u64,
    seed: u64,
    seconds: f64,
}

impl MergedResults {
    /// Adds up the results of all shards of a job, each with the name of its file, in any order.
    ///
    /// # Errors
    /// A [`MergeError`] when one is missing, repeated, of another job or no result of a shard.
    pub fn of(files: &[(String, String)]) -> Result<MergedResults, MergeError> {
        let parts = files.iter().map(|(name, text)| ShardResults::read(name, text));
        let parts = in_order(parts.collect::<Result<Vec<ShardResults>, MergeError>>()?)?;
        let first = &parts[0];
        parts[1..].iter().try_for_each(|part| first.refuse_foreign(part))?;
        match &first.sweep {
            Some(sweep) => Ok(MergedResults::Sweep(Box::new(swept(sweep, &parts)?))),
            None => Ok(MergedResults::Verify(verified(parts)?)),
        }
    }
}

impl ShardResults {
    fn read(name: &str, text: &str) -> Result<ShardResults, MergeError> {
        let file = || name.to_string();
        let mut part: ShardResults = serde_json::from_str(text)
            .map_err(|error| MergeError::NoResults { file: file(), reason: error.to_string() })?;
        if part.version != env!("CARGO_PKG_VERSION") {
            return Err(MergeError::Version { file: file(), version: part.version });
        }
        part.name = file();
        match part.flaw() {
            Some(reason) => Err(MergeError::NoResults { file: file(), reason }),
            None => Ok(part),
        }
    }

    /// What no run writes.
    fn flaw(&self) -> Option<String> {
        let shard = self.shard.filter(|shard| !shard.is_legal());
        let mut names =
            self.results.iter().flat_map(|report| [&report.preset, &report.unit, &report.arguments]);
        if let Some(shard) = shard {
            Some(format!("{shard} is no shard"))
        } else if self.results.is_empty() && self.sweep.is_none() {
            Some("there are no results in it".to_string())
        } else {
            let name = names.find(|name| name.contains(char::is_control))?;
            Some(format!("{name:?} names no config"))
        }
    }

    /// The number of its shard, which [`in_order`] has seen.
    fn shard(&self) -> Shard {
        self.shard.unwrap_or(Shard::WHOLE)
    }

    /// The first thing in which another part is not of the same job.
    fn refuse_foreign(&self, other: &ShardResults) -> Result<(), MergeError> {
        let differing = match (&self.sweep, &other.sweep) {
            (None, None) => add::first_difference(&self.results, &other.results),
            (Some(own), Some(other)) => own.difference(other),
            _ => Some("one is of verify, the other of sweep".to_string()),
        };
        match differing {
            None => Ok(()),
            Some(difference) => {
                Err(MergeError::Foreign { file: other.name.clone(), first: self.name.clone(), difference })
            }
        }
    }
}

/// The parts by index, each there and once.
fn in_order(mut parts: Vec<ShardResults>) -> Result<Vec<ShardResults>, MergeError> {
    let Some(count) = parts.first().map(|part| part.shard().count) else { return Err(MergeError::Nothing) };
    for part in &parts {
        match part.shard {
            None => return Err(MergeError::Whole { file: part.name.clone() }),
            Some(shard) if shard.count != count => {
                let difference = format!("it is shard {shard}, not one of {count}");
                let (file, first) = (part.name.clone(), parts[0].name.clone());
                return Err(MergeError::Foreign { file, first, difference });
            }
            Some(_) => {}
        }
    }
    parts.sort_by_key(|part| part.shard().index);
    if let Some(pair) = parts.windows(2).find(|pair| pair[0].shard() == pair[1].shard()) {
        let (first, second) = (pair[0].name.clone(), pair[1].name.clone());
        return Err(MergeError::Repeated { shard: pair[0].shard(), first, second });
    }
    let missing = count as usize - parts.len();
    if missing == 0 {
        return Ok(parts);
    }
    let has = |index: &u32| parts.binary_search_by_key(index, |part| part.shard().index).is_ok();
    let first = (1..=count).filter(|index| !has(index)).map(|index| Shard { index, count });
    Err(MergeError::Missing { first: first.take(MergeError::NAMED).collect(), missing })
}

/// Adds up what the shards compared of each config.
fn verified(parts: Vec<ShardResults>) -> Result<Results, MergeError> {
    let mut parts = parts.into_iter();
    let mut results = parts.next().map_or_else(Vec::new, |part| part.results);
    for ShardResults { name, results: others, .. } in parts {
        let sums = results.into_iter().zip(others).map(|(sum, other)| added(sum, other));
        results = sums.collect::<Option<_>>().ok_or_else(|| too_many(&name))?;
    }
    Ok(Results::new(None, results))
}

/// Sums that no run reaches.
fn too_many(name: &str) -> MergeError {
    MergeError::NoResults { file: name.to_string(), reason: "it counts more than any run does".to_string() }
}

/// Puts the configs of the shards together again, those that the grid has.
fn swept(asked: &SweepHeader, parts: &[ShardResults]) -> Result<Sweep, MergeError> {
    let sets: Vec<String> = asked.axes.iter().map(|(name, values)| setting(name, values)).collect();
    let name = &parts[0].name;
    let no_grid = |error: crate::unit::ConfigError| MergeError::NoResults {
        file: name.clone(),
        reason: error.to_string(),
    };
    let grid = unit(&asked.unit).and_then(|unit| Grid::new(unit, &sets)).map_err(no_grid)?;
    let (configs, refused) = grid.configs().map_err(no_grid)?;
    let mut reports = Vec::with_capacity(configs.len());
    let (mut seconds, mut compared) = (0.0, 0u64);
    for part in parts {
        let own = &configs[in_bounds(part.shard().range(configs.len() as u64))];
        let arguments = part.results.iter().map(|report| report.arguments.clone());
        if !arguments.eq(own.iter().map(|config| config.arguments())) {
            return Err(MergeError::Foreign {
                file: part.name.clone(),
                first: name.clone(),
                difference: "its configs are not those of its shard".to_string(),
            });
        }
        let mut counts = part.results.iter().map(|report| report.compared);
        compared = counts.try_fold(compared, u64::checked_add).ok_or_else(|| too_many(&part.name))?;
        reports.extend(part.results.iter().cloned());
        seconds += part.sweep.as_ref().map_or(0.0, |sweep| sweep.seconds);
    }
    let effort = Sweep::effort(asked.cases, asked.seed, 1);
    Ok(Sweep::new(&grid, refused, &effort, seconds, &configs, reports))
}

fn in_bounds(range: std::ops::Range<u64>) -> std::ops::Range<usize> {
    range.start as usize..range.end as usize
}

/// An axis as users write it.
fn setting(name: &str, values: &[Json]) -> String {
    let values = values.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_string));
    format!("{name}={}", values.collect::<Vec<_>>().join(","))
}

impl SweepHeader {
    fn difference(&self, other: &SweepHeader) -> Option<String> {
        let text = |part: &SweepHeader| {
            let axes: Vec<String> = part.axes.iter().map(|(name, values)| setting(name, values)).collect();
            [
                ("unit", part.unit.clone()),
                ("values", axes.join(" ")),
                ("cases", part.cases.to_string()),
                ("seed", part.seed.to_string()),
            ]
        };
        let pairs = text(self).into_iter().zip(text(other));
        let mut pairs = pairs.filter(|(own, other)| own != other);
        pairs.next().map(|((what, own), (_, other))| format!("{what} {other} instead of {own}"))
    }
}
