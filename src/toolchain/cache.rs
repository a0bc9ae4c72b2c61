//! A content-addressed cache of folders: an entry is complete or absent, never half-written.

use std::fs;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use super::environment::Environment;
use super::error::BuildError;
use super::process;
use crate::text::whole_number;

/// Age at which leftovers of killed builds are deleted.
const STALE: Duration = Duration::from_secs(24 * 60 * 60);

/// Bytes that the cache may have, unless `QRTL_CACHE_LIMIT` says otherwise.
const DEFAULT_LIMIT: u64 = 10_000_000_000;

/// A folder of entries, shared by any number of threads and processes.
#[derive(Clone, Debug)]
pub struct Cache {
    root: PathBuf,
    limit: u64,
}

impl Cache {
    /// Opens the cache named by the environment; creates it if missing.
    ///
    /// # Errors
    /// [`BuildError::NoCache`] when no variable names a folder, [`BuildError::Cache`] when it is not writable,
    /// [`BuildError::CacheLimit`] for a limit that is no size.
    pub fn open(environment: &Environment) -> Result<Self, BuildError> {
        let root = environment
            .cache
            .clone()
            .or_else(|| environment.xdg_cache_home.as_ref().map(|folder| folder.join("qrtl")))
            .or_else(|| environment.home.as_ref().map(|folder| folder.join(".cache/qrtl")))
            .ok_or(BuildError::NoCache)?;
        let root = std::path::absolute(&root).map_err(BuildError::cache(&root))?;
        let limit = match &environment.cache_limit {
            None => DEFAULT_LIMIT,
            Some(text) => text
                .to_str()
                .and_then(whole_number)
                .ok_or_else(|| BuildError::CacheLimit { text: text.to_string_lossy().into_owned() })?,
        };
        let cache = Self { root, limit };
        cache.scratch()?;
        cache.sweep();
        Ok(cache)
    }

    /// The folder that holds the entries.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Bytes above which entries that were not used for longest are removed.
    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    /// The entry of that key, if it has been built and `is_complete` holds for its folder.
    pub fn get(&self, key: &str, is_complete: impl Fn(&Path) -> bool) -> Option<PathBuf> {
        let entry = Some(self.root.join(key)).filter(|entry| entry.is_dir() && is_complete(entry))?;
        // Its time says when it was last used. Where that cannot be written, it stays the one of the build.
        let _ = File::open(&entry).and_then(|folder| folder.set_modified(SystemTime::now()));
        Some(entry)
    }

    /// The entry of that key; `build` fills a temporary folder that becomes the entry when it succeeds
    /// and is deleted when it fails. An entry that is no longer complete, because something deleted old
    /// files, is built again. Of two threads or processes that build the same key, one waits or loses,
    /// and both get the same entry.
    ///
    /// # Errors
    /// Those of `build`, and [`BuildError::Cache`].
    pub fn entry<E: From<BuildError>>(
        &self,
        key: &str,
        is_complete: impl Fn(&Path) -> bool,
        build: impl FnOnce(&Path) -> Result<(), E>,
    ) -> Result<PathBuf, E> {
        if let Some(entry) = self.get(key, &is_complete) {
            return Ok(entry);
        }
        let _turn = BuildLock::take(self.scratch()?.join(format!("{key}.lock")));
        if let Some(entry) = self.get(key, &is_complete) {
            return Ok(entry);
        }
        let folder = self.temporary(key)?;
        build(folder.path())?;
        let entry = self.root.join(key);
        // Removes an incomplete entry; another process may have been faster.
        let remains = self.temporary(key)?;
        if !is_complete(&entry) {
            let _ = fs::rename(&entry, remains.path().join("entry"));
        }
        match fs::rename(folder.path(), &entry) {
            Err(_) if is_complete(&entry) => {}
            result => result.map_err(BuildError::cache(&entry))?,
        }
        self.evict();
        Ok(entry)
    }

    /// A new folder in the cache, deleted when it is dropped.
    ///
    /// # Errors
    /// [`BuildError::Cache`] when it cannot be made.
    pub fn temporary(&self, name: &str) -> Result<TempDir, BuildError> {
        let scratch = self.scratch()?;
        let folder = tempfile::Builder::new().prefix(&format!("{name}.")).tempdir_in(&scratch);
        folder.map_err(BuildError::cache(&scratch))
    }

    /// Checks that programs in the cache can be run, as models and fetched tools are.
    ///
    /// # Errors
    /// [`BuildError::Run`] when the file system forbids it.
    #[cfg(unix)]
    pub fn run_program(&self) -> Result<(), BuildError> {
        use std::os::unix::fs::PermissionsExt;
        let folder = self.temporary("program")?;
        let program = folder.path().join("program");
        let write = || {
            fs::write(&program, "#!/bin/sh\n")?;
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755))
        };
        write().map_err(BuildError::cache(&program))?;
        process::output(&mut Command::new(&program), "a test of the cache").map(drop)
    }

    /// The folder in which entries are built; on the same file system, so that a rename is atomic.
    fn scratch(&self) -> Result<PathBuf, BuildError> {
        let scratch = self.root.join("tmp");
        fs::create_dir_all(&scratch).map_err(BuildError::cache(&scratch))?;
        Ok(scratch)
    }

    /// Deletes leftovers of killed builds, except those of other users.
    fn sweep(&self) {
        let Ok(leftovers) = fs::read_dir(self.root.join("tmp")) else { return };
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

/// The condition that all of these files are in an entry.
pub fn holds<'a>(files: &'a [&'a str]) -> impl Fn(&Path) -> bool + 'a {
    |entry| files.iter().all(|file| entry.join(file).is_file())
}

/// Lock of the build of one key. It only avoids duplicate work: without file locks, two processes both build
/// and the rename decides.
struct BuildLock {
    path: PathBuf,
    _lock: Option<File>,
}

impl BuildLock {
    fn take(path: PathBuf) -> Self {
        let lock = File::create(&path).ok().filter(|file| file.lock().is_ok());
        Self { path, _lock: lock }
    }
}

impl Drop for BuildLock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}
