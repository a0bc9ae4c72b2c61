//! A content-addressed cache of folders: an entry is complete or absent, never half-written.

use std::fs;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use super::environment::Environment;
use super::error::BuildError;

/// Leftovers of killed builds are swept when they are older than this.
const STALE: Duration = Duration::from_secs(24 * 60 * 60);

/// A folder of entries, shared by any number of threads and processes.
#[derive(Clone, Debug)]
pub struct Cache {
    root: PathBuf,
}

impl Cache {
    /// The cache that the environment names, created if need be.
    ///
    /// # Errors
    /// [`BuildError::NoCache`] when nothing names a folder, [`BuildError::Cache`] when it cannot be written.
    pub fn open(environment: &Environment) -> Result<Self, BuildError> {
        let root = environment
            .cache
            .clone()
            .or_else(|| environment.xdg_cache_home.as_ref().map(|folder| folder.join("qrtl")))
            .or_else(|| environment.home.as_ref().map(|folder| folder.join(".cache/qrtl")))
            .ok_or(BuildError::NoCache)?;
        let root = std::path::absolute(&root).map_err(BuildError::cache(&root))?;
        let cache = Self { root };
        let scratch = cache.scratch();
        fs::create_dir_all(&scratch).map_err(BuildError::cache(&scratch))?;
        cache.sweep();
        Ok(cache)
    }

    /// The folder that holds the entries.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The entry of that key, if it has been built.
    pub fn get(&self, key: &str) -> Option<PathBuf> {
        Some(self.root.join(key)).filter(|entry| entry.is_dir())
    }

    /// The entry of that key; `build` fills a temporary folder that becomes the entry when it
    /// succeeds and vanishes when it fails. Of two that build the same key, one waits or loses, and
    /// both get the same entry.
    ///
    /// # Errors
    /// Those of `build`, and [`BuildError::Cache`].
    pub fn entry<E: From<BuildError>>(
        &self,
        key: &str,
        build: impl FnOnce(&Path) -> Result<(), E>,
    ) -> Result<PathBuf, E> {
        if let Some(entry) = self.get(key) {
            return Ok(entry);
        }
        let _turn = Turn::take(self.scratch().join(format!("{key}.lock")));
        if let Some(entry) = self.get(key) {
            return Ok(entry);
        }
        let folder = self.temporary(key)?;
        build(folder.path())?;
        let entry = self.root.join(key);
        match fs::rename(folder.path(), &entry) {
            Err(_) if entry.is_dir() => {}
            result => result.map_err(BuildError::cache(&entry))?,
        }
        Ok(entry)
    }

    /// A folder that is gone when its owner is.
    ///
    /// # Errors
    /// [`BuildError::Cache`] when it cannot be made.
    pub fn temporary(&self, name: &str) -> Result<TempDir, BuildError> {
        let scratch = self.scratch();
        let folder = tempfile::Builder::new().prefix(&format!("{name}.")).tempdir_in(&scratch);
        folder.map_err(BuildError::cache(&scratch))
    }

    /// Where entries grow; on the same file system as the cache, so that a rename is atomic.
    fn scratch(&self) -> PathBuf {
        self.root.join("tmp")
    }

    /// Removes what killed builds left behind; what cannot be removed is somebody else's to sweep.
    fn sweep(&self) {
        let Ok(leftovers) = fs::read_dir(self.scratch()) else { return };
        for leftover in leftovers.flatten() {
            let age = leftover
                .metadata()
                .and_then(|metadata| metadata.modified())
                .map(|modified| SystemTime::now().duration_since(modified).unwrap_or_default());
            if age.is_ok_and(|age| age > STALE) {
                let path = leftover.path();
                let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
            }
        }
    }
}

/// A turn at building one key. It only saves work: builders that do not see each other (a file
/// system without locks) both build, and the rename decides.
struct Turn {
    path: PathBuf,
    _lock: Option<File>,
}

impl Turn {
    fn take(path: PathBuf) -> Self {
        let lock = File::create(&path).ok().filter(|file| file.lock().is_ok());
        Self { path, _lock: lock }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}
