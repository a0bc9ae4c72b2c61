//! Profiles: the runtimes whose bytes networks reproduce.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::file_format::FileFormat;
use crate::text::suggestion;

/// A runtime with its set of kernels, whose output bytes the network reproduces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// TensorFlow Lite for Microcontrollers, portable kernels.
    Tflm,
    /// LiteRT's reference kernels.
    LitertReference,
    /// LiteRT's built-in optimized kernels on x86-64, without a delegate.
    LitertOptimized,
    /// ONNX Runtime on x86-64.
    Ort,
}

impl Profile {
    /// Every profile.
    pub const ALL: [Self; 4] = [Self::Tflm, Self::LitertReference, Self::LitertOptimized, Self::Ort];

    /// Name used on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tflm => "tflm",
            Self::LitertReference => "litert-reference",
            Self::LitertOptimized => "litert-optimized",
            Self::Ort => "ort",
        }
    }

    /// Format of the files that the runtime reads.
    pub fn file_format(self) -> FileFormat {
        match self {
            Self::Tflm | Self::LitertReference | Self::LitertOptimized => FileFormat::Tflite,
            Self::Ort => FileFormat::Onnx,
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Serializes the name.
impl Serialize for Profile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Error for an unknown profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown profile '{name}'{hint}: use one of tflm, litert-reference, litert-optimized, ort")]
pub struct UnknownProfile {
    name: String,
    hint: String,
}

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|profile| profile.name() == name).ok_or_else(|| UnknownProfile {
            name: name.to_owned(),
            hint: suggestion(name, Self::ALL.into_iter().map(Self::name)),
        })
    }
}
