//! Where an array comes from: an npy file, a member of an npz file, or memory.

use std::path::{Path, PathBuf};

use super::array::Array;
use super::error::{Cause, Error};
use super::npy::read_npy;
use super::npz::read_npz;

/// Text between the path of an npz file and the name of an array, without the separator.
const NPZ: &str = ".npz";

/// An npy file, a member of an npz file, or an array in memory with a name for error texts.
#[derive(Debug, Clone, PartialEq)]
pub enum ArraySource {
    /// Path of an npy file.
    File(PathBuf),
    /// An array of an npz file, written `FILE.npz:NAME`.
    Member {
        /// Path of the npz file.
        path: PathBuf,
        /// Name of the array.
        name: String,
    },
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
            Self::Member { path, name } => format!("{}: array '{name}'", path.display()),
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
            Self::Member { path, name } => {
                let mut arrays = read_npz(&path)?;
                arrays.remove(&name).ok_or_else(|| {
                    Error::new(&path, Cause::NoMember { name, names: arrays.into_keys().collect() })
                })
            }
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

/// `FILE.npz:NAME` is a member, unless a file has that very name; every other path is that of an npy file.
impl From<PathBuf> for ArraySource {
    fn from(path: PathBuf) -> Self {
        let separator = format!("{NPZ}:");
        match path.to_str().and_then(|word| word.rsplit_once(&separator)) {
            Some((file, name)) if !path.exists() => {
                Self::Member { path: format!("{file}{NPZ}").into(), name: name.to_string() }
            }
            _ => Self::File(path),
        }
    }
}

/// Reads the array that a word of the command line names: an npy file, or `FILE.npz:NAME`.
///
/// # Errors
/// [`Error`] when the file cannot be read.
pub fn read_array(path: &Path) -> Result<Array, Error> {
    ArraySource::from(path.to_path_buf()).read()
}

impl Error {
    /// Error of the array of that name.
    pub(crate) fn named(name: &str, cause: Cause) -> Self {
        Self { path: name.to_string(), cause }
    }
}
