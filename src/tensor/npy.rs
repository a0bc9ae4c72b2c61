//! Files of one array.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use super::header::Header;
use super::{Array, Cause, Element, Error, Tensor};
use crate::output::{self, OutputError};

/// Bytes converted at a time.
const CHUNK: usize = 1 << 16;

/// Reads an npy file of any supported type.
///
/// # Errors
/// An [`Error`] that names the file and the rule it breaks. Memory is bounded by the length of the file,
/// whatever its header claims.
pub fn read_npy(path: &Path) -> Result<Array, Error> {
    let read = || {
        let mut file = BufReader::new(File::open(path).map_err(Cause::Open)?);
        Array::read(Header::read(&mut file)?, &mut file)
    };
    read().map_err(|cause| Error::new(path, cause))
}

/// Writes an npy file, whole or not at all.
///
/// # Errors
/// Every [`OutputError`].
pub fn write_npy(path: &Path, array: &Array) -> Result<(), OutputError> {
    output::write_with(path, |file| write_array(array, file))
}

pub(super) fn write_array(array: &Array, sink: &mut impl Write) -> io::Result<()> {
    Header::write(array.dtype(), array.shape(), sink)?;
    array.write(sink)
}

/// Grows with the data that is there: what the header claims is not to be trusted with memory.
pub(super) fn read_elements<T: Element>(header: Header, source: &mut impl Read) -> Result<Tensor<T>, Cause> {
    let mut data = Vec::new();
    let mut chunk = Vec::with_capacity(CHUNK.min(header.bytes));
    let mut missing = header.bytes;
    while missing > 0 {
        chunk.clear();
        let wanted = CHUNK.min(missing);
        let found = source.by_ref().take(wanted as u64).read_to_end(&mut chunk).map_err(Cause::Read)?;
        missing -= found;
        if found < wanted {
            return Err(Cause::Truncated { expected: header.bytes, found: header.bytes - missing });
        }
        T::append(&mut data, &chunk);
    }
    Ok(Tensor { shape: header.shape, data })
}

pub(super) fn write_elements<T: Element>(tensor: &Tensor<T>, sink: &mut impl Write) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(CHUNK);
    for elements in tensor.data().chunks(CHUNK / size_of::<T>()) {
        bytes.clear();
        T::append_bytes(&mut bytes, elements);
        sink.write_all(&bytes)?;
    }
    Ok(())
}
