//! Why results of shards cannot be added up.

use crate::cosim::Shard;

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
    #[error("{} missing: {}; run what is missing", if shards.len() == 1 { "a shard is" } else { "shards are" }, listed(shards))]
    Missing {
        /// The parts.
        shards: Vec<Shard>,
    },
}

fn listed(shards: &[Shard]) -> String {
    const MOST: usize = 8;
    let names: Vec<String> = shards.iter().take(MOST).map(Shard::to_string).collect();
    let more = if shards.len() > MOST { format!(" and {} more", shards.len() - MOST) } else { String::new() };
    names.join(", ") + &more
}
