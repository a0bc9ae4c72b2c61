//! Files of several named arrays, compressed or not.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::array::Array;
use super::error::{Cause, Error};
use super::header::Header;
use super::npy::write_array;
use crate::files::output;
use crate::files::output::OutputError;

/// Extension of the members of the archive, which is not part of an array's name.
const EXTENSION: &str = ".npy";

/// Bytes of an entry in a zip's directory, before its name, extra field and comment.
const DIRECTORY_HEADER: usize = 46;

/// Maximum number of bytes that the arrays of a compressed file may unpack to.
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

/// As [`read_npz`], from memory; `name` takes the place of the path in errors.
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
    if zip.has_duplicate_names() {
        let name = repeated_name(zip).unwrap_or_default();
        return Err(Error::of_array(path, array_name(&name), Cause::Twice));
    }
    let mut budget = length.max(LARGEST_UNPACKED);
    let mut arrays = BTreeMap::new();
    for index in 0..zip.len() {
        let mut member = zip.by_index(index).map_err(|error| not_npz(&error))?;
        let member_name = member.name().map_err(|error| not_npz(&error))?;
        let name = array_name(&member_name).to_string();
        let has_extension = name != member_name;
        let in_array = |cause| Error::of_array(path, &name, cause);
        let array = match read_member(&mut member, &mut budget) {
            // numpy recognises an array without the extension by its first bytes.
            Err(Cause::NotNpy) if !has_extension => continue,
            array => array.map_err(in_array)?,
        };
        if arrays.contains_key(&name) {
            return Err(in_array(Cause::Twice));
        }
        arrays.insert(name, array);
    }
    Ok(arrays)
}

/// The array that a member of the archive holds.
fn array_name(member: &str) -> &str {
    member.strip_suffix(EXTENSION).unwrap_or(member)
}

/// The first name that occurs twice in the directory of an archive, of which `zip` keeps the last only.
fn repeated_name(zip: ZipArchive<impl Read + Seek>) -> Option<String> {
    let (offset, start) = (zip.offset(), zip.central_directory_start());
    let mut source = zip.into_inner();
    source.seek(SeekFrom::Start(start.max(offset))).ok()?;
    let mut names = HashSet::new();
    loop {
        let mut header = [0; DIRECTORY_HEADER];
        source.read_exact(&mut header).ok()?;
        let length = |at: usize| usize::from(u16::from_le_bytes([header[at], header[at + 1]]));
        let mut fields = vec![0; length(28) + length(30) + length(32)];
        source.read_exact(&mut fields).ok()?;
        let name = String::from_utf8_lossy(&fields[..length(28)]).into_owned();
        if !names.insert(name.clone()) {
            return Some(name);
        }
    }
}

fn read_member(member: &mut impl Read, budget: &mut u64) -> Result<Array, Cause> {
    let header = Header::read(member)?;
    *budget =
        budget.checked_sub(header.memory() as u64).ok_or(Cause::Unpacked { limit: LARGEST_UNPACKED })?;
    let array = Array::read(header, member)?;
    // The checksum is compared at the end, and no data may precede it.
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
        // Equal arrays give equal bytes, independent of the time of writing.
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
