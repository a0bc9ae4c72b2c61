//! Why a file holds no usable tensor, and what to do about it.

use std::io;
use std::path::Path;

use super::element::Dtype;

/// A rule that a file breaks.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {cause}")]
pub struct Error {
    /// The file, and the array in it when there are several.
    pub place: String,
    /// The rule.
    pub cause: Cause,
}

/// One variant per rule.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// The file is not there or may not be read.
    #[error("cannot be opened ({0}): check the name and the permissions")]
    Open(io::Error),
    /// The disk, or the checksum of a compressed array.
    #[error("reading failed ({0}): copy or save the file again")]
    Read(io::Error),
    /// The first bytes are those of something else.
    #[error("is not an npy file: save it with np.save")]
    NotNpy,
    /// Several arrays where one is needed.
    #[error("is an npz file, of any number of arrays: save the one with np.save, from np.load(file)[name]")]
    Npz,
    /// There is no zip archive.
    #[error("is not an npz file ({0}): save it with np.savez")]
    NotNpz(String),
    /// A version of the format that numpy has not defined.
    #[error("has npy format version {0}.{1}, known are 1.0 to 3.0: save it with np.save")]
    Version(u8, u8),
    /// The header is not what numpy writes.
    #[error("has a damaged npy header ({0}): save it again with np.save")]
    Header(&'static str),
    /// An element type without a Rust counterpart.
    #[error("holds {found}, accepted: {}: {fix}", names(&Dtype::ALL))]
    Foreign {
        /// What the file holds.
        found: String,
        /// What keeps its values, as far as an accepted type can.
        fix: &'static str,
    },
    /// An element type that is not the one that is needed.
    #[error("holds {found}, accepted: {}: convert it with array.astype(np.{})", names(accepted), accepted[0])]
    Type {
        /// What the file holds.
        found: String,
        /// What may be given instead; not empty.
        accepted: Vec<Dtype>,
    },
    /// Bytes in the other order.
    #[error("holds big-endian {0}: convert it with array.astype(array.dtype.newbyteorder('<'))")]
    BigEndian(Dtype),
    /// Columns first.
    #[error("is in Fortran order: save np.ascontiguousarray(array)")]
    FortranOrder,
    /// More elements than can be addressed.
    #[error("claims the shape {0:?}, more than memory can address: save it again with np.save")]
    Shape(Vec<usize>),
    /// Less data than the shape needs.
    #[error(
        "is truncated: its shape needs {expected} bytes of data, there are {found}: copy or save it again"
    )]
    Truncated {
        /// What shape and type need.
        expected: usize,
        /// What follows the header.
        found: usize,
    },
    /// More data than memory.
    #[error("needs {bytes} bytes of memory, more than there is: save it in parts, or in a narrower type")]
    Memory {
        /// What shape and type need.
        bytes: usize,
    },
    /// A small compressed file may unpack to anything.
    #[error("the arrays unpack to more than {limit} bytes: save them uncompressed with np.savez")]
    Unpacked {
        /// The most that is unpacked.
        limit: u64,
    },
    /// A name that stands for two arrays.
    #[error("occurs twice: save each array once")]
    Twice,
}

impl Error {
    /// `path` breaks a rule.
    pub fn new(path: &Path, cause: Cause) -> Self {
        Self { place: path.display().to_string(), cause }
    }

    /// The array `name` inside of `path` breaks a rule.
    pub(crate) fn of_array(path: &Path, name: &str, cause: Cause) -> Self {
        Self { place: format!("{}: array '{name}'", path.display()), cause }
    }
}

fn names(dtypes: &[Dtype]) -> String {
    dtypes.iter().map(|dtype| dtype.name()).collect::<Vec<_>>().join(", ")
}
