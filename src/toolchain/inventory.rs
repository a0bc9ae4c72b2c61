//! What the cache holds: size and age of its entries, and their removal.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::cache::Cache;
use super::error::BuildError;

/// Kind of a cache entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// Fetched tools, and the runtime that is compiled for models.
    Tool,
    /// Compiled models and gate netlists of designs.
    Model,
    /// Results of synthesis, place and route.
    Synthesis,
}

/// An entry of the cache.
#[derive(Clone, Debug)]
pub struct CacheEntry {
    /// Name of its folder.
    pub key: String,
    /// Kind.
    pub kind: EntryKind,
    /// Bytes of all its files.
    pub bytes: u64,
    /// Time at which it was last used.
    pub modified: SystemTime,
}

/// Time for which nothing is removed after the limit of the cache was looked at.
const BETWEEN_EVICTIONS: Duration = Duration::from_secs(60 * 60);

/// Time after which an entry counts as unused.
const UNUSED: Duration = Duration::from_secs(24 * 60 * 60);

/// Starts of the keys of tools and of the compiled runtime.
const TOOLS: [&str; 9] = [
    "verilator-",
    "yosys-",
    "nextpnr-",
    "bitwuzla-",
    "verible-",
    "pyslang-",
    "header-",
    "handlers-",
    "verilated",
];

impl EntryKind {
    fn of(key: &str) -> Self {
        match key {
            _ if TOOLS.iter().any(|start| key.starts_with(start)) => Self::Tool,
            _ if key.starts_with("synthesis-") => Self::Synthesis,
            _ => Self::Model,
        }
    }

    /// All kinds, in the order of tables.
    pub const ALL: [Self; 3] = [Self::Tool, Self::Model, Self::Synthesis];

    /// Name in tables.
    pub fn title(self) -> &'static str {
        match self {
            Self::Tool => "tools",
            Self::Model => "models",
            Self::Synthesis => "synthesis",
        }
    }
}

impl Cache {
    /// All entries, those that were not used for longest first.
    ///
    /// # Errors
    /// [`BuildError::Cache`] if the folder cannot be read.
    pub fn entries(&self) -> Result<Vec<CacheEntry>, BuildError> {
        let folders = fs::read_dir(self.root()).map_err(BuildError::cache(self.root()))?;
        let entry = |folder: fs::DirEntry| {
            let key = folder.file_name().into_string().ok().filter(|key| key != "tmp")?;
            let modified = folder.metadata().and_then(|metadata| metadata.modified()).ok()?;
            Some(CacheEntry { kind: EntryKind::of(&key), bytes: bytes(&folder.path()), key, modified })
        };
        let mut entries: Vec<CacheEntry> = folders.flatten().filter_map(entry).collect();
        entries.sort_by(|one, other| (one.modified, &one.key).cmp(&(other.modified, &other.key)));
        Ok(entries)
    }

    /// Removes what was not used for longest until the cache keeps its limit; tools stay, as does what was used within
    /// a day, since a process may be about to open it. Looks at most once an hour, and is no reason for a build to fail.
    pub(super) fn evict(&self) {
        let stamp = self.root().join("tmp/limit");
        let looked = stamp.metadata().and_then(|metadata| metadata.modified());
        if looked.is_ok_and(|time| age(time) < BETWEEN_EVICTIONS) || fs::write(&stamp, "").is_err() {
            return;
        }
        let Ok(entries) = self.entries() else { return };
        let mut bytes: u64 = entries.iter().map(|entry| entry.bytes).sum();
        let unused = |entry: &&CacheEntry| entry.kind != EntryKind::Tool && age(entry.modified) > UNUSED;
        for entry in entries.iter().filter(unused) {
            if bytes <= self.limit() {
                break;
            }
            if self.remove(entry).is_ok() {
                bytes -= entry.bytes;
            }
        }
    }

    /// Removes an entry; a process that still uses it keeps the files that it has open.
    ///
    /// # Errors
    /// [`BuildError::Cache`] if it cannot be removed.
    pub fn remove(&self, entry: &CacheEntry) -> Result<(), BuildError> {
        let path = self.root().join(&entry.key);
        // Renamed first, so that no process finds half an entry.
        let remains = self.temporary("removed")?;
        match fs::rename(&path, remains.path().join("entry")) {
            Err(error) if path.exists() => Err(BuildError::cache(&path)(error)),
            _ => Ok(()),
        }
    }
}

fn age(time: SystemTime) -> Duration {
    SystemTime::now().duration_since(time).unwrap_or_default()
}

/// Bytes of the files below a folder; links are not followed.
fn bytes(path: &Path) -> u64 {
    let Ok(metadata) = path.symlink_metadata() else { return 0 };
    if !metadata.is_dir() {
        return metadata.len();
    }
    fs::read_dir(path).into_iter().flatten().flatten().map(|entry| bytes(&entry.path())).sum()
}
