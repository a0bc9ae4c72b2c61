//! File formats of networks.

use std::path::Path;

use super::profile::Profile;

/// Format of a file that holds a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// A flatbuffer of TensorFlow Lite, `.tflite`.
    Tflite,
    /// A protocol buffer of ONNX, `.onnx`.
    Onnx,
}

impl FileFormat {
    /// Format by the extension of a path, in any case; `None` for all other paths.
    pub fn of_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "tflite" => Some(Self::Tflite),
            "onnx" => Some(Self::Onnx),
            _ => None,
        }
    }

    /// Extension of such files.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Tflite => "tflite",
            Self::Onnx => "onnx",
        }
    }

    /// Profile used when none is named.
    pub fn default_profile(self) -> Profile {
        match self {
            Self::Tflite => Profile::Tflm,
            Self::Onnx => Profile::Ort,
        }
    }
}
