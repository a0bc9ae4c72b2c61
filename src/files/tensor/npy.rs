//! Reads and writes npy files, of one array each.

use std::fs::File;
use std::io;
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};

use super::Tensor;
use super::array::Array;
use super::element::Element;
use super::error::{Cause, Error};
use super::header::Header;
use super::order;
use crate::files::output;
use crate::files::output::OutputError;

/// Number of bytes that are converted at a time.
const CHUNK: usize = 1 << 16;

/// An npy file whose header has been read, and whose data has not.
///
/// A caller can refuse a shape before its data takes memory.
#[derive(Debug)]
pub struct NpyFile {
    path: PathBuf,
    header: Header,
    source: BufReader<File>,
}

impl NpyFile {
    /// Opens a file of any supported type.
    ///
    /// # Errors
    /// An [`Error`] that names the file and the rule that its header breaks.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let open = || {
            let mut source = BufReader::new(File::open(path).map_err(Cause::Open)?);
            Ok(Self { path: path.into(), header: Header::read(&mut source)?, source })
        };
        open().map_err(|cause| Error::new(path, cause))
    }

    /// Length of each axis, the slowest first.
    pub fn shape(&self) -> &[usize] {
        &self.header.shape
    }

    /// Reads the data.
    ///
    /// # Errors
    /// An [`Error`] that names the file and the problem with its data. Memory is bounded by the length of
    /// the file, independent of its header.
    pub fn read(mut self) -> Result<Array, Error> {
        Array::read(self.header, &mut self.source).map_err(|cause| Error::new(&self.path, cause))
    }
}

/// Reads an npy file of any supported type.
///
/// # Errors
/// As [`NpyFile::open`] and [`NpyFile::read`].
pub fn read_npy(path: &Path) -> Result<Array, Error> {
    NpyFile::open(path)?.read()
}

/// Writes an npy file, whole or not at all.
///
/// # Errors
/// Every [`OutputError`].
pub fn write_npy(path: &Path, array: &Array) -> Result<(), OutputError> {
    output::write_with(path, |file| write_array(array, file))
}

pub(crate) fn write_array(array: &Array, sink: &mut impl Write) -> io::Result<()> {
    Header::write(array.dtype(), array.shape(), sink)?;
    array.write(sink)
}

/// Reads the elements into a vector that grows with the data, because the header may claim any size.
pub(crate) fn read_elements<T: Element>(header: Header, source: &mut impl Read) -> Result<Tensor<T>, Cause> {
    let mut data: Vec<T> = Vec::new();
    let mut chunk = Vec::with_capacity(CHUNK.min(header.bytes));
    let mut missing = header.bytes;
    while missing > 0 {
        chunk.clear();
        let wanted = CHUNK.min(missing);
        if data.capacity() - data.len() < wanted / size_of::<T>() {
            // Doubles, but takes no more than the missing elements need.
            let more = data.len().max(CHUNK).min(missing / size_of::<T>());
            let no_room = |_| Cause::Memory { bytes: header.bytes };
            data.try_reserve_exact(more).map_err(no_room)?;
        }
        let found = source.by_ref().take(wanted as u64).read_to_end(&mut chunk).map_err(Cause::Read)?;
        missing -= found;
        if found < wanted {
            return Err(Cause::Truncated { expected: header.bytes, found: header.bytes - missing });
        }
        T::append(&mut data, &chunk);
    }
    let data = if header.column_major { order::to_row_major(&header.shape, data)? } else { data };
    Ok(Tensor { shape: header.shape, data })
}

/// Reads float16 or bfloat16 elements as float32.
pub(crate) fn read_halves(header: Header, source: &mut impl Read) -> Result<Tensor<f32>, Cause> {
    let encoding = header.encoding;
    let Tensor { shape, data: halves } = read_elements::<u16>(header, source)?;
    let mut data: Vec<f32> = Vec::new();
    let bytes = halves.len().saturating_mul(size_of::<f32>());
    data.try_reserve_exact(halves.len()).map_err(|_| Cause::Memory { bytes })?;
    data.extend(halves.into_iter().map(|bits| encoding.widen(bits)));
    Ok(Tensor { shape, data })
}

pub(crate) fn write_elements<T: Element>(tensor: &Tensor<T>, sink: &mut impl Write) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(CHUNK);
    for elements in tensor.data().chunks(CHUNK / size_of::<T>()) {
        bytes.clear();
        T::append_bytes(&mut bytes, elements);
        sink.write_all(&bytes)?;
    }
    Ok(())
}
