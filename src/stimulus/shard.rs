//! Shards: parts of a job for several machines.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One of several parts of a job.
///
/// Its work depends on index and count only, so that any machine can run or repeat it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Index, from 1.
    pub index: u32,
    /// Number of shards.
    pub count: u32,
}

/// Error for a text that does not name a shard.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' is not a shard; write I/N, the I-th of N, such as 3/16")]
pub struct ShardError {
    /// The text.
    pub text: String,
}

impl Shard {
    /// The whole job.
    pub const WHOLE: Self = Self { index: 1, count: 1 };

    /// Whether the index is between 1 and the count.
    pub fn is_legal(self) -> bool {
        (1..=self.count).contains(&self.index)
    }

    /// The shard's range of `chunks` chunks of work; all shards together cover each chunk once.
    pub fn range(self, chunks: u64) -> Range<u64> {
        let cut = |index: u32| (u128::from(chunks) * u128::from(index) / u128::from(self.count)) as u64;
        cut(self.index - 1)..cut(self.index)
    }

    /// The shard's range of the elements of a slice of `len` elements.
    pub fn index_range(self, len: usize) -> Range<usize> {
        let range = self.range(len as u64);
        range.start as usize..range.end as usize
    }

    /// Whether it is the first shard, which also runs the parts of a job that are not divided.
    pub fn is_first(self) -> bool {
        self.index == 1
    }
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, ShardError> {
        let shard = text
            .split_once('/')
            .and_then(|(index, count)| Some(Self { index: index.parse().ok()?, count: count.parse().ok()? }));
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
    fn shards_cover_every_chunk_once_in_about_equal_parts() {
        for (chunks, count) in [(0, 3), (2, 7), (16, 16), (1000, 7), (u64::MAX, 5)] {
            let mut end = 0;
            for index in 1..=count {
                let range = Shard { index, count }.range(chunks);
                assert_eq!(range.start, end);
                let even = chunks / u64::from(count);
                assert!((even..=even + 1).contains(&(range.end - range.start)));
                end = range.end;
            }
            assert_eq!(end, chunks);
        }
    }

    #[test]
    fn refuses_texts_that_name_no_shard() {
        assert_eq!("3/16".parse(), Ok(Shard { index: 3, count: 16 }));
        for text in ["0/4", "5/4", "1/0", "0/0", "3", "a/b", "-1/4", "1/4/2", ""] {
            assert!(text.parse::<Shard>().unwrap_err().to_string().contains("I/N"), "{text}");
        }
    }
}
