//! Atomic output: files are written completely or not at all.
//!
//! Content goes to a temporary file in the folder of its destination and is renamed into place, so that a
//! full disk or a killed process leaves the previous content.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufWriter, Seek, Write};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Error that prevents writing a file.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The folder does not exist and cannot be created.
    #[error("{}: its folder cannot be created ({source}): choose another folder, or allow writing there", .path.display())]
    Folder {
        /// The requested file.
        path: PathBuf,
        /// Cause.
        source: io::Error,
    },
    /// The path is that of a folder.
    #[error("{}: is a folder: give the name of a file", .path.display())]
    IsFolder {
        /// The requested file.
        path: PathBuf,
    },
    /// Two files of one run have the same path.
    #[error("{}: is the name of two files, one would replace the other: give each its own name", .path.display())]
    Twice {
        /// The requested file.
        path: PathBuf,
    },
    /// The file exists and is read-only.
    #[error("{}: the file is read-only: remove it, allow writing or choose another name", .path.display())]
    ReadOnly {
        /// The requested file.
        path: PathBuf,
    },
    /// The system refused to write the file.
    #[error("{}: writing failed ({source}): check the free space and the permissions of its folder", .path.display())]
    Write {
        /// The requested file.
        path: PathBuf,
        /// Cause.
        source: io::Error,
    },
}

/// Writes `contents` to `path`; creates missing folders.
///
/// # Errors
/// Every [`OutputError`]; the previous content of `path` is then unchanged.
pub fn write(path: &Path, contents: impl AsRef<[u8]>) -> Result<(), OutputError> {
    write_with(path, |file| file.write_all(contents.as_ref()))
}

/// As [`write()`], but a file that holds these contents already keeps its time stamp. Returns whether
/// anything changed.
///
/// # Errors
/// As [`write()`].
pub fn write_if_changed(path: &Path, contents: impl AsRef<[u8]>) -> Result<bool, OutputError> {
    if holds(path, contents.as_ref()) {
        return Ok(false);
    }
    write(path, contents).map(|()| true)
}

/// Writes the output of `produce`; creates missing folders. Symbolic links are followed and kept. A device, a
/// pipe and a file that cannot be replaced are written in place after `produce` has finished.
///
/// # Errors
/// As [`write()`]; an error of `produce` is an [`OutputError::Write`].
pub fn write_with(
    path: &Path,
    produce: impl FnOnce(&mut BufWriter<&File>) -> io::Result<()>,
) -> Result<(), OutputError> {
    let failed = |source| OutputError::Write { path: path.into(), source };
    let fill = |file: &File| {
        let mut writer = BufWriter::new(file);
        produce(&mut writer)?;
        writer.flush()
    };
    let Ok(existing) = fs::metadata(path) else {
        return replace(&link_target(path)?, new_file_permissions(), fill);
    };
    refuse(path, &existing)?;
    if !existing.is_file() {
        return write_in_place(path, fill).map_err(failed);
    }
    // Renaming onto a symbolic link would replace the link and leave its target as it was.
    let target = path.canonicalize().map_err(failed)?;
    replace(&target, Some(existing.permissions()), fill)
}

/// Checks that [`write()`] can write `path`, and creates missing folders; for output that is written after
/// long work.
///
/// # Errors
/// As [`write()`].
pub fn check(path: &Path) -> Result<(), OutputError> {
    if let Ok(existing) = fs::metadata(path) {
        refuse(path, &existing)?;
        if !existing.is_file() || is_writable(path) {
            return Ok(());
        }
    }
    let target = link_target(path)?;
    let failed = |source| OutputError::Write { path: path.into(), source };
    tempfile::tempfile_in(make_folder(&target)?).map(drop).map_err(failed)
}

/// As [`check`], for all files of a run.
///
/// # Errors
/// As [`write()`], and [`OutputError::Twice`].
pub fn check_all<'a>(paths: impl IntoIterator<Item = &'a PathBuf>) -> Result<(), OutputError> {
    let mut files = HashSet::new();
    for path in paths {
        check(path)?;
        // A device or a pipe takes one output after the other.
        let keeps_one = fs::metadata(path).map_or(true, |existing| existing.is_file());
        if keeps_one && !files.insert(canonical(path)?) {
            return Err(OutputError::Twice { path: path.clone() });
        }
    }
    Ok(())
}

/// Canonical path of a file, which need not exist.
fn canonical(path: &Path) -> Result<PathBuf, OutputError> {
    if let Ok(path) = path.canonicalize() {
        return Ok(path);
    }
    let target = link_target(path)?;
    let folder = make_folder(&target)?.canonicalize();
    let folder = folder.map_err(|source| OutputError::Write { path: path.into(), source })?;
    Ok(folder.join(target.file_name().unwrap_or_default()))
}

/// Target of a chain of symbolic links, which need not exist.
fn link_target(path: &Path) -> Result<PathBuf, OutputError> {
    /// Maximum length of a chain of links, as in Linux.
    const LONGEST: usize = 40;
    let mut target = path.to_path_buf();
    for _ in 0..LONGEST {
        let Ok(next) = fs::read_link(&target) else { return Ok(target) };
        target = target.parent().unwrap_or(Path::new("")).join(next);
    }
    let source = io::Error::other("its symbolic links form a loop");
    Err(OutputError::Write { path: path.into(), source })
}

/// Rejects a file that exists and must not be replaced.
fn refuse(path: &Path, existing: &fs::Metadata) -> Result<(), OutputError> {
    if existing.is_dir() {
        return Err(OutputError::IsFolder { path: path.into() });
    }
    if existing.permissions().readonly() {
        return Err(OutputError::ReadOnly { path: path.into() });
    }
    Ok(())
}

/// Folder of a file; created if missing.
fn make_folder(path: &Path) -> Result<&Path, OutputError> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder).map_err(|source| OutputError::Folder { path: path.into(), source })?;
    Ok(folder)
}

fn replace(
    path: &Path,
    permissions: Option<fs::Permissions>,
    fill: impl FnOnce(&File) -> io::Result<()>,
) -> Result<(), OutputError> {
    let folder = make_folder(path)?;
    let mut builder = tempfile::Builder::new();
    if let Some(permissions) = permissions {
        builder.permissions(permissions);
    }
    let write = || {
        let temporary = match builder.tempfile_in(folder) {
            Err(_) if is_writable(path) => return write_in_place(path, fill),
            temporary => temporary?,
        };
        fill(temporary.as_file())?;
        match temporary.persist(path) {
            Ok(_) => Ok(()),
            // A mount point cannot be replaced.
            Err(refused) if refused.error.kind() == io::ErrorKind::ResourceBusy => {
                copy(refused.file.into_file(), path)
            }
            Err(refused) => Err(refused.error),
        }
    };
    write().map_err(|source| OutputError::Write { path: path.into(), source })
}

/// Writes to an existing file by way of a temporary file, because a pipe cannot be written out of order.
fn write_in_place(path: &Path, fill: impl FnOnce(&File) -> io::Result<()>) -> io::Result<()> {
    let temporary = tempfile::tempfile()?;
    fill(&temporary)?;
    copy(temporary, path)
}

fn copy(mut from: File, to: &Path) -> io::Result<()> {
    from.rewind()?;
    let mut to = File::options().write(true).truncate(true).open(to)?;
    io::copy(&mut from, &mut to).map(drop)
}

/// Whether a file exists and can be written.
fn is_writable(path: &Path) -> bool {
    File::options().write(true).open(path).is_ok()
}

/// Permissions of a new file by the umask; those of temporary files are private.
#[cfg(unix)]
fn new_file_permissions() -> Option<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn new_file_permissions() -> Option<fs::Permissions> {
    None
}

fn holds(path: &Path, contents: &[u8]) -> bool {
    let same_length =
        fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() == contents.len() as u64);
    same_length && fs::read(path).is_ok_and(|found| found == contents)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        entries.map(|name| name.into_string().unwrap()).collect()
    }

    #[test]
    fn creates_folders_and_leaves_only_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/c.v");
        write(&path, "one").unwrap();
        write(&path, "two").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(names(path.parent().unwrap()), ["c.v"]);
    }

    #[test]
    fn failure_keeps_previous_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.npy");
        write(&path, "before").unwrap();
        let broken = write_with(&path, |file| {
            file.write_all(&[0; 100_000])?;
            Err(io::Error::other("disk full"))
        });
        let text = broken.unwrap_err().to_string();
        assert!(
            text.contains("x.npy") && text.contains("disk full") && text.contains("free space"),
            "{text}"
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
        assert_eq!(names(folder.path()), ["x.npy"]);
    }

    #[test]
    fn does_not_rewrite_equal_contents() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.v");
        assert!(write_if_changed(&path, "module").unwrap());
        let old = std::time::SystemTime::UNIX_EPOCH;
        File::options().write(true).open(&path).unwrap().set_modified(old).unwrap();
        assert!(!write_if_changed(&path, "module").unwrap());
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), old);
        assert!(write_if_changed(&path, "modulo").unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap(), "modulo");
    }

    #[test]
    fn rejects_folders_and_protected_files() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(write(folder.path(), "x"), Err(OutputError::IsFolder { .. })));
        let path = folder.path().join("x");
        write(&path, "kept").unwrap();
        assert!(matches!(write(&path.join("y"), "x"), Err(OutputError::Folder { .. })));
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();
        assert!(matches!(write(&path, "x"), Err(OutputError::ReadOnly { .. })));
        assert_eq!(fs::read_to_string(&path).unwrap(), "kept");
    }

    #[test]
    fn rejects_two_outputs_with_one_path() {
        let folder = tempfile::tempdir().unwrap();
        let (one, same) = (folder.path().join("x"), folder.path().join("a/../x"));
        let other = folder.path().join("y");
        check_all([&one, &other]).unwrap();
        fs::create_dir(folder.path().join("a")).unwrap();
        for _ in 0..2 {
            let refused = check_all([&one, &other, &same]);
            assert!(matches!(refused, Err(OutputError::Twice { path }) if path == same));
            write(&one, "there").unwrap();
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_devices_and_permissions_are_respected() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        write(&target, "old").unwrap();
        let plain = folder.path().join("plain");
        fs::write(&plain, "").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&target), mode(&plain));
        fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&target, &link).unwrap();
        write(&link, "new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&target).unwrap(), "new");
        assert_eq!(mode(&target) & 0o777, 0o640);
        let (dangling, store) = (folder.path().join("dangling"), folder.path().join("store"));
        symlink("store/real", &dangling).unwrap();
        check_all([&dangling]).unwrap();
        assert!(matches!(check_all([&dangling, &store.join("real")]), Err(OutputError::Twice { .. })));
        write(&dangling, "first").unwrap();
        assert!(dangling.is_symlink());
        assert_eq!(fs::read_to_string(store.join("real")).unwrap(), "first");
        let ring = folder.path().join("ring");
        symlink("ring", &ring).unwrap();
        assert!(matches!(write(&ring, "lost"), Err(OutputError::Write { .. })));
        assert!(ring.is_symlink());
        write(Path::new("/dev/null"), "gone").unwrap();
        check_all([&PathBuf::from("/dev/null"), &PathBuf::from("/dev/null")]).unwrap();
        assert!(matches!(check_all([&target, &link]), Err(OutputError::Twice { .. })));
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}
