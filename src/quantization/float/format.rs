//! Formats of codes that are small floats, alone or in blocks.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::arithmetic::small_float::{BlockFormat, SmallFloat};

/// A small float with a real scale, or a format of blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FloatFormat {
    /// Each code is a number, times a float32 scale.
    Element(SmallFloat),
    /// Blocks along the last axis, each with the code of a scale.
    Block(BlockFormat),
}

/// Error for an unknown format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown float format '{0}': use one of {names}", names = FloatFormat::names())]
pub struct UnknownFloatFormat(String);

impl FloatFormat {
    /// All names, separated by commas.
    fn names() -> String {
        let elements = SmallFloat::ALL.iter().map(|format| format.name());
        elements.chain(BlockFormat::ALL.iter().map(|format| format.name())).collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Display for FloatFormat {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Element(format) => format.fmt(f),
            Self::Block(format) => format.fmt(f),
        }
    }
}

impl Serialize for FloatFormat {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for FloatFormat {
    type Err = UnknownFloatFormat;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let element = SmallFloat::from_name(word).map(Self::Element);
        let format = element.or_else(|| BlockFormat::from_name(word).map(Self::Block));
        format.ok_or_else(|| UnknownFloatFormat(word.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_every_format_by_name() {
        let names = FloatFormat::names();
        assert_eq!(names.split(", ").count(), SmallFloat::ALL.len() + BlockFormat::ALL.len());
        for name in names.split(", ") {
            assert_eq!(name.parse::<FloatFormat>().unwrap().to_string(), name);
        }
        let refused = "e4m4".parse::<FloatFormat>().unwrap_err().to_string();
        assert!(refused.starts_with("unknown float format 'e4m4': use one of e4m3, e5m2,"), "{refused}");
    }
}
