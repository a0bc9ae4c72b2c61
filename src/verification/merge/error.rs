//! Errors that prevent merging shards.

use crate::stimulus::Shard;

/// Error that prevents merging shards.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// No file was given.
    #[error("nothing to merge; give the JSON files of all shards")]
    Nothing,
    /// A file is not a result, or is truncated.
    #[error("{file}: {reason}; run its shard again with --format json")]
    NoResults {
        /// Path of the file.
        file: String,
        /// First error in the file.
        reason: String,
    },
    /// A result of another version, which may divide the stimulus differently.
    #[error("{file}: written by qrtl {version}, but this is qrtl {}; run all shards with the same version", env!("CARGO_PKG_VERSION"))]
    Version {
        /// Path of the file.
        file: String,
        /// qrtl version that wrote it.
        version: String,
    },
    /// A result of an undivided job.
    #[error("{file}: result of a whole job, not of a shard; remove it, or run the job with --shard")]
    Whole {
        /// Path of the file.
        file: String,
    },
    /// A shard of another job.
    #[error("{file} and {first} are shards of different jobs: {difference}; merge the shards of one job")]
    Foreign {
        /// Path of the file.
        file: String,
        /// The file it was compared with.
        first: String,
        /// The first difference.
        difference: String,
    },
    /// Two files of the same shard.
    #[error("{first} and {second} are the same shard, {shard}; keep one of them")]
    Repeated {
        /// The shard.
        shard: Shard,
        /// One file.
        first: String,
        /// The other file.
        second: String,
    },
    /// Shards without a file.
    #[error("{}; run the missing shards", missing_shards(first, *missing))]
    Missing {
        /// The first missing shards, [`MergeError::MAX_NAMED`] at most.
        first: Vec<Shard>,
        /// Number of missing shards.
        missing: usize,
    },
}

impl MergeError {
    /// Missing shards named in the message; a file may claim to be one of billions.
    pub const MAX_NAMED: usize = 8;
}

fn missing_shards(first: &[Shard], missing: usize) -> String {
    let names: Vec<String> = first.iter().map(Shard::to_string).collect();
    let verb = if missing == 1 { "a shard is missing" } else { "shards are missing" };
    match missing - first.len() {
        0 => format!("{verb}: {}", names.join(", ")),
        more => format!("{verb}: {} and {more} more", names.join(", ")),
    }
}
