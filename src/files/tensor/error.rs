//! Errors of tensor files, each with its fix.

use std::io;
use std::path::Path;

use super::element::Dtype;

/// Error of reading a file of tensors.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {cause}")]
pub struct Error {
    /// Path of the file, and the array in it when it may hold several.
    pub path: String,
    /// Rule that the file breaks.
    pub cause: Cause,
}

/// Rule that a file breaks.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// The file does not exist or may not be read.
    #[error("cannot be opened ({0}): check the name and the permissions")]
    Open(io::Error),
    /// The disk failed, or the checksum of a compressed array is wrong.
    #[error("reading failed ({0}): copy or save the file again")]
    Read(io::Error),
    /// The first bytes are not those of an npy file.
    #[error("is not an npy file: save it with np.save")]
    NotNpy,
    /// The file may hold several arrays, and one is needed.
    #[error(
        "is an npz file, which may hold several arrays: name one as FILE.npz:NAME, or save it with np.save from \
         np.load(file)[name]"
    )]
    Npz,
    /// The file of several arrays holds none of that name.
    #[error("holds no array '{name}': use one of {}", names.join(", "))]
    NoMember {
        /// Requested name.
        name: String,
        /// Names in the file.
        names: Vec<String>,
    },
    /// The file is no zip archive.
    #[error("is not an npz file ({0}): save it with np.savez")]
    NotNpz(String),
    /// numpy does not define this version of the format.
    #[error("has npy format version {0}.{1}, supported: 1.0 to 3.0: save it with np.save")]
    Version(u8, u8),
    /// The header is not one that numpy writes.
    #[error("has a damaged npy header ({0}): save it again with np.save")]
    Header(&'static str),
    /// The element type has no Rust counterpart.
    #[error("holds {found}, accepted: {}: {fix}", names(&Dtype::ALL))]
    Foreign {
        /// Element type of the file.
        found: String,
        /// Conversion that keeps the values, as far as an accepted type can.
        fix: &'static str,
    },
    /// The element type is not one that is needed.
    #[error("holds {found}, accepted: {}: {}", names(accepted), conversion(found, accepted))]
    Type {
        /// Element type of the file.
        found: String,
        /// Element types that are accepted; not empty.
        accepted: Vec<Dtype>,
    },
    /// The bytes of an element are in the other order.
    #[error("holds big-endian {0}: convert it with array.astype(array.dtype.newbyteorder('<'))")]
    BigEndian(Dtype),
    /// The shape has more elements than can be addressed.
    #[error("declares the shape {0:?}, more than memory can address: save it again with np.save")]
    Shape(Vec<usize>),
    /// The file has less data than its shape needs.
    #[error(
        "is truncated: its shape needs {expected} bytes of data, but it has {found}: copy or save it again"
    )]
    Truncated {
        /// Bytes that shape and type need.
        expected: usize,
        /// Bytes after the header.
        found: usize,
    },
    /// The data does not fit in memory.
    #[error("needs {bytes} bytes of memory, more than available: save it in parts, or in a narrower type")]
    Memory {
        /// Bytes that are needed.
        bytes: usize,
    },
    /// The arrays exceed the limit of unpacked bytes; a small compressed file may unpack to any size.
    #[error("the arrays unpack to more than {limit} bytes: save them uncompressed with np.savez")]
    Unpacked {
        /// Maximum number of unpacked bytes.
        limit: u64,
    },
    /// Two arrays have one name.
    #[error("occurs twice in the file: give each array a different name")]
    Twice,
}

impl Error {
    /// Error of the file at `path`.
    pub fn new(path: &Path, cause: Cause) -> Self {
        Self { path: path.display().to_string(), cause }
    }

    /// Error of the array `name` in the file at `path`.
    pub(crate) fn of_array(path: &Path, name: &str, cause: Cause) -> Self {
        Self { path: format!("{}: array '{name}'", path.display()), cause }
    }
}

/// The way to an accepted type. A conversion of reals to codes of 8 bits would lose their values.
fn conversion(found: &str, accepted: &[Dtype]) -> String {
    let is_real = |name: &str| name.starts_with("float");
    let takes_codes = accepted.contains(&Dtype::Int8) && !accepted.iter().any(|dtype| is_real(dtype.name()));
    if takes_codes && is_real(found) {
        return "these are reals, not codes: quantize them, for example with qrtl quantize".to_string();
    }
    format!("convert it with array.astype(np.{})", accepted[0])
}

fn names(dtypes: &[Dtype]) -> String {
    dtypes.iter().map(|dtype| dtype.name()).collect::<Vec<_>>().join(", ")
}
