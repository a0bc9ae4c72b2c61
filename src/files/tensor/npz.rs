//! Files of several named arrays, compressed or not.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::array::Array;
use super::error::{Cause, Error};
use super::header::Header;
use super::npy::write_array;
use crate::files::output;
use crate::files::output::OutputError;

/// What follows the name of an array inside the file.
const EXTENSION: &str = ".npy";

/// Bytes that the arrays of a compressed file may unpack to.
const LARGEST_UNPACKED: u64 = 1 << 30;

/// Reads every array of an npz file, as `np.savez` and `np.savez_compressed` write it, by name.
///
/// # Errors
/// An [`Error`] that names the file, the array and the rule it breaks. Memory is bounded by the length of
/// the file or, when it is compressed, by 1 GiB.
pub fn read_npz(path: &Path) -> Result<BTreeMap<String, Array>, Error> {
    let in_file = |cause| Error::new(path, cause);
    let file = File::open(path).map_err(|error| in_file(Cause::Open(error)))?;
    let length = file.metadata().map_err(|error| in_file(Cause::Read(error)))?.len();
    read_archive(path, BufReader::new(file), length)
}

/// As [`read_npz`], from memory; `name` stands in errors where the path would.
///
/// # Errors
/// As [`read_npz`].
pub fn read_npz_bytes(name: &str, bytes: &[u8]) -> Result<BTreeMap<String, Array>, Error> {
    read_archive(Path::new(name), Cursor::new(bytes), bytes.len() as u64)
}

fn read_archive(
    path: &Path,
    source: impl Read + Seek,
    length: u64,
) -> Result<BTreeMap<String, Array>, Error> {
    let not_npz = |error: &dyn ToString| Error::new(path, Cause::NotNpz(error.to_string()));
    let mut zip = ZipArchive::new(source).map_err(|error| not_npz(&error))?;
    let mut budget = length.max(LARGEST_UNPACKED);
    let mut arrays = BTreeMap::new();
    for index in 0..zip.len() {
        let mut member = zip.by_index(index).map_err(|error| not_npz(&error))?;
        let name = member.name().map_err(|error| not_npz(&error))?;
        let Some(name) = name.strip_suffix(EXTENSION).map(String::from) else { continue };
        let in_array = |cause| Error::of_array(path, &name, cause);
        let array = read_member(&mut member, &mut budget).map_err(in_array)?;
        if arrays.contains_key(&name) {
            return Err(in_array(Cause::Twice));
        }
        arrays.insert(name, array);
    }
    Ok(arrays)
}

fn read_member(member: &mut impl Read, budget: &mut u64) -> Result<Array, Cause> {
    let header = Header::read(member)?;
    *budget = budget.checked_sub(header.bytes as u64).ok_or(Cause::Unpacked { limit: LARGEST_UNPACKED })?;
    let array = Array::read(header, member)?;
    // The checksum is compared when the end is reached, and nothing may stand before it.
    match member.read(&mut [0]).map_err(Cause::Read)? {
        0 => Ok(array),
        _ => Err(Cause::Header("more data than its shape needs")),
    }
}

/// Writes arrays under their names as `np.load` reads them, whole or not at all.
///
/// # Errors
/// Every [`OutputError`].
pub fn write_npz(path: &Path, arrays: &BTreeMap<String, Array>) -> Result<(), OutputError> {
    output::write_with(path, |file| {
        let mut zip = ZipWriter::new(file);
        // The same arrays make the same bytes, whenever they are written.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(DateTime::default())
            .large_file(true);
        for (name, array) in arrays {
            zip.start_file(format!("{name}{EXTENSION}"), options)?;
            write_array(array, &mut zip)?;
        }
        zip.finish()?;
        Ok(())
    })
}
