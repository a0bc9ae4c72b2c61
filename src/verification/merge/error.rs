//! Why results of shards cannot be added up.

use crate::stimulus::Shard;

/// What is wrong with the files, and the fix.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// No file.
    #[error("nothing to merge; give the JSON files of all shards")]
    Nothing,
    /// A file that is no result, or the beginning of one.
    #[error("{file}: {reason}; run its shard again with --format json")]
    NoResults {
        /// The file.
        file: String,
        /// Where it goes wrong.
        reason: String,
    },
    /// Results of another version, which may count and cut otherwise.
    #[error("{file}: made by qrtl {version}, and this is {}; run all shards with one version", env!("CARGO_PKG_VERSION"))]
    Version {
        /// The file.
        file: String,
        /// Its version.
        version: String,
    },
    /// Results of a whole job.
    #[error(
        "{file}: these are results of a whole run, there is nothing to add; leave it out, or run it with --shard"
    )]
    Whole {
        /// The file.
        file: String,
    },
    /// A part of another job.
    #[error("{file}: of another job than {first}: {difference}; merge the shards of one job")]
    Foreign {
        /// The file.
        file: String,
        /// What it was compared with.
        first: String,
        /// The first difference.
        difference: String,
    },
    /// Two files of one part.
    #[error("{first} and {second} are the same shard, {shard}; keep one of them")]
    Repeated {
        /// The part.
        shard: Shard,
        /// A file.
        first: String,
        /// Another.
        second: String,
    },
    /// Parts without a file.
    #[error("{} missing: {}; run what is missing", if *missing == 1 { "a shard is" } else { "shards are" }, listed(first, *missing))]
    Missing {
        /// The first of the parts, [`MergeError::NAMED`] at most.
        first: Vec<Shard>,
        /// How many there are.
        missing: usize,
    },
}

impl MergeError {
    /// Missing parts that are named; the others are counted, however many a file claims.
    pub const NAMED: usize = 8;
}

fn listed(first: &[Shard], missing: usize) -> String {
    let names: Vec<String> = first.iter().map(Shard::to_string).collect();
    match missing - first.len() {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}
