//! Reads a network from a file of either format.

use std::fs;
use std::path::Path;

use super::error::{NetworkCause, NetworkError};
use super::file_format::FileFormat;
use super::graph::{Layer, Network};
use super::profile::Profile;
use super::{onnx, tflite};

/// Maximum number of products per frame, which take the reference some minutes.
const MOST_STEPS: u64 = 1 << 37;

impl Network {
    /// Reads a .tflite or .onnx file; without a profile, under the default one of its format.
    ///
    /// # Errors
    /// [`NetworkError`] if the file cannot be read or holds no quantized network. Layers that are not supported
    /// are part of the result.
    pub fn open(path: &Path, profile: Option<Profile>) -> Result<Self, NetworkError> {
        let read = || {
            let bytes = fs::read(path).map_err(NetworkCause::Read)?;
            Self::read(&bytes, FileFormat::of_path(path), profile)
        };
        read().map_err(|cause| NetworkError::new(path, cause))
    }

    /// Like [`Network::open`], from memory; `named` is the format by the file extension.
    ///
    /// # Errors
    /// [`NetworkCause`], as for [`Network::open`].
    pub fn read(
        bytes: &[u8],
        named: Option<FileFormat>,
        profile: Option<Profile>,
    ) -> Result<Self, NetworkCause> {
        let format = if tflite::claims(bytes) { Some(FileFormat::Tflite) } else { named };
        let format = format.ok_or(NetworkCause::NotNetwork)?;
        let profile = profile.unwrap_or_else(|| format.default_profile());
        if profile.file_format() != format {
            let expected = profile.file_format().extension();
            return Err(NetworkCause::Profile { profile, expected });
        }
        let network = match format {
            FileFormat::Tflite if !tflite::claims(bytes) => Err(NetworkCause::NotNetwork),
            FileFormat::Tflite => tflite::read(bytes, profile),
            FileFormat::Onnx => onnx::read(bytes, profile),
        }?;
        network.require_affordable()?;
        Ok(network)
    }

    /// Steps of the reference per frame: products, or codes that are read.
    pub fn steps(&self) -> u64 {
        let steps = |layer: &Layer| layer.steps(self.tensors[layer.output].elements());
        self.layers.iter().map(steps).fold(0, u64::saturating_add)
    }

    /// Rejects networks that would take the reference hours.
    fn require_affordable(&self) -> Result<(), NetworkCause> {
        let steps = self.steps();
        if steps <= MOST_STEPS { Ok(()) } else { Err(NetworkCause::Work { steps, limit: MOST_STEPS }) }
    }

    /// Requires that every layer is supported.
    ///
    /// # Errors
    /// [`NetworkCause::Refused`] with each refused node.
    pub fn require_supported(&self) -> Result<(), NetworkCause> {
        let refusals = self.refusals();
        if refusals.is_empty() { Ok(()) } else { Err(NetworkCause::Refused(refusals)) }
    }
}
