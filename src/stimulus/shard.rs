//! Parts of a job for several machines.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One of several parts of a job. What belongs to it follows from the two numbers alone: any machine may
/// run it, at any time, and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Which one, from 1.
    pub index: u32,
    /// How many there are.
    pub count: u32,
}

/// A text that names no shard.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' is no shard; write I/N, the I-th of N, such as 3/16")]
pub struct ShardError {
    /// What was given.
    pub text: String,
}

impl Shard {
    /// The whole job.
    pub const WHOLE: Shard = Shard { index: 1, count: 1 };

    /// Whether there is such a part.
    pub fn is_legal(self) -> bool {
        (1..=self.count).contains(&self.index)
    }

    /// Its part of that many pieces of work: with the others, each piece once.
    pub fn range(self, pieces: u64) -> Range<u64> {
        let cut = |index: u32| (u128::from(pieces) * u128::from(index) / u128::from(self.count)) as u64;
        cut(self.index - 1)..cut(self.index)
    }

    /// Whether it does what is not divided.
    pub fn is_first(self) -> bool {
        self.index == 1
    }
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Shard, ShardError> {
        let shard = text.split_once('/').and_then(|(index, count)| {
            Some(Shard { index: index.parse().ok()?, count: count.parse().ok()? })
        });
        let legal = shard.filter(|shard| shard.is_legal());
        legal.ok_or_else(|| ShardError { text: text.to_string() })
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_every_piece_once_and_of_about_equal_size() {
        for (pieces, count) in [(0, 3), (2, 7), (16, 16), (1000, 7), (u64::MAX, 5)] {
            let mut end = 0;
            for index in 1..=count {
                let range = Shard { index, count }.range(pieces);
                assert_eq!(range.start, end);
                let even = pieces / u64::from(count);
                assert!((even..=even + 1).contains(&(range.end - range.start)));
                end = range.end;
            }
            assert_eq!(end, pieces);
        }
    }

    #[test]
    fn what_is_no_shard_is_refused() {
        assert_eq!("3/16".parse(), Ok(Shard { index: 3, count: 16 }));
        for text in ["0/4", "5/4", "1/0", "0/0", "3", "a/b", "-1/4", "1/4/2", ""] {
            assert!(text.parse::<Shard>().unwrap_err().to_string().contains("I/N"), "{text}");
        }
    }
}
