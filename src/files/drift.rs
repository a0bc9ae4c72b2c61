//! Compares a folder with the files that would be rendered into it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

/// Differences between a folder and the files rendered for it; paths are relative to the folder.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Drift {
    /// Files with other contents.
    pub changed: Vec<PathBuf>,
    /// Rendered files that the folder lacks.
    pub missing: Vec<PathBuf>,
    /// Files of the folder that are not rendered.
    pub extra: Vec<PathBuf>,
}

impl Drift {
    /// Compares a folder, which need not exist, with the files rendered for it.
    ///
    /// # Errors
    /// When the folder or a file in it cannot be read.
    pub fn of(folder: &Path, rendered: &[(String, String)]) -> io::Result<Self> {
        let expected: BTreeSet<PathBuf> = rendered.iter().map(|(path, _)| PathBuf::from(path)).collect();
        let mut extra = files_in(folder)?;
        extra.retain(|path| !expected.contains(path));
        Ok(Self { extra, ..Self::of_files(folder, rendered)? })
    }

    /// As [`Drift::of`], but ignores other files of the folder.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn of_files(folder: &Path, rendered: &[(String, String)]) -> io::Result<Self> {
        let mut drift = Self::default();
        for (path, text) in rendered {
            match fs::read(folder.join(path)) {
                Ok(bytes) if bytes == text.as_bytes() => {}
                Ok(_) => drift.changed.push(path.into()),
                Err(error) if error.kind() == io::ErrorKind::NotFound => drift.missing.push(path.into()),
                Err(error) => return Err(error),
            }
        }
        Ok(drift)
    }

    /// Whether there is no difference.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// One line per file.
impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = [("changed", &self.changed), ("missing", &self.missing), ("extra", &self.extra)];
        for (kind, paths) in kinds {
            for path in paths {
                writeln!(f, "{kind}: {}", path.display())?;
            }
        }
        Ok(())
    }
}

/// All files below a folder, sorted, by their paths relative to it; links are not followed.
fn files_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut waiting = vec![PathBuf::new()];
    while let Some(inner) = waiting.pop() {
        let entries = match fs::read_dir(folder.join(&inner)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let path = inner.join(entry.file_name());
            if entry.file_type()?.is_dir() { waiting.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}
