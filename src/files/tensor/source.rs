//! Where an array comes from: an npy file, or memory.

use std::path::PathBuf;

use super::array::Array;
use super::error::{Cause, Error};
use super::npy::read_npy;

/// An npy file, or an array in memory with a name for error texts.
#[derive(Debug, Clone, PartialEq)]
pub enum ArraySource {
    /// Path of an npy file.
    File(PathBuf),
    /// An array in memory.
    Memory {
        /// Name in error texts.
        name: String,
        /// The array.
        array: Array,
    },
}

impl ArraySource {
    /// Name in error texts: the path of the file, or the name of the array.
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Memory { name, .. } => name.clone(),
        }
    }

    /// The array.
    ///
    /// # Errors
    /// [`Error`] when the file cannot be read.
    pub fn read(self) -> Result<Array, Error> {
        match self {
            Self::File(path) => read_npy(&path),
            Self::Memory { array, .. } => Ok(array),
        }
    }

    /// The array with its name.
    pub(crate) fn read_named(self) -> Result<(String, Array), Error> {
        let name = self.name();
        Ok((name, self.read()?))
    }
}

/// An array in memory that error texts call `array`.
impl From<Array> for ArraySource {
    fn from(array: Array) -> Self {
        Self::Memory { name: "array".to_string(), array }
    }
}

impl From<PathBuf> for ArraySource {
    fn from(path: PathBuf) -> Self {
        Self::File(path)
    }
}

impl Error {
    /// Error of the array of that name.
    pub(crate) fn named(name: &str, cause: Cause) -> Self {
        Self { path: name.to_string(), cause }
    }
}
