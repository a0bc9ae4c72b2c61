//! Environment variables of a build, read once and passed on as a value.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::error::BuildError;

/// Values of the environment variables; tests construct them instead of changing the process.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// `VERILATOR`: path of `verilator` or `verilator_bin`, or its name on `PATH`.
    pub verilator: Option<PathBuf>,
    /// `VERILATOR_ROOT`: folder that holds `include/verilated.h`.
    pub verilator_root: Option<PathBuf>,
    /// `PATH`, searched for Verilator, Python and the compiler that `CXX` names.
    pub path: Option<OsString>,
    /// `CXX`: C++ compiler, with arguments if need be.
    pub cxx: Option<OsString>,
    /// `QRTL_CACHE`: folder of built models and fetched tools.
    pub cache: Option<PathBuf>,
    /// `XDG_CACHE_HOME`, whose `qrtl` folder is the cache when `QRTL_CACHE` is unset.
    pub xdg_cache_home: Option<PathBuf>,
    /// `HOME`, whose `.cache/qrtl` is the cache when neither of those is set.
    pub home: Option<PathBuf>,
    /// `QRTL_CACHE_LIMIT`: size in bytes above which the cache drops what was not used for longest.
    pub cache_limit: Option<OsString>,
    /// `QRTL_OFFLINE=1`: fetch nothing.
    pub offline: bool,
    /// Every `PIP_` variable with its value.
    pub pip: Vec<(String, OsString)>,
}

impl Environment {
    /// The variables that change what is built, for `cargo::rerun-if-env-changed`.
    pub const VARIABLES: [&str; 5] = ["VERILATOR", "VERILATOR_ROOT", "CXX", "QRTL_CACHE", "QRTL_OFFLINE"];

    /// The environment of this process; an empty variable counts as unset.
    pub fn of_process() -> Self {
        let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let pip = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
        Self {
            verilator: variable("VERILATOR").map(PathBuf::from),
            verilator_root: variable("VERILATOR_ROOT").map(PathBuf::from),
            path: variable("PATH"),
            cxx: variable("CXX"),
            cache: variable("QRTL_CACHE").map(PathBuf::from),
            xdg_cache_home: variable("XDG_CACHE_HOME").map(PathBuf::from),
            home: variable("HOME").map(PathBuf::from),
            cache_limit: variable("QRTL_CACHE_LIMIT"),
            offline: variable("QRTL_OFFLINE").is_some_and(|value| value != "0"),
            pip: pip.filter(|(name, _)| name.starts_with("PIP_")).collect(),
        }
    }

    /// The first executable of that name on `PATH`; `name` carries no extension.
    pub fn on_path(&self, name: &str) -> Option<PathBuf> {
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        std::env::split_paths(self.path.as_deref().unwrap_or(OsStr::new("")))
            .map(|folder| folder.join(&file))
            .find(|candidate| is_executable(candidate))
    }

    /// The executable that a variable names: one on `PATH` for a bare name, else the absolute path.
    pub(crate) fn executable(&self, value: &Path) -> Option<PathBuf> {
        match value.to_str() {
            Some(name) if value.parent() == Some(Path::new("")) => self.on_path(name),
            _ => std::path::absolute(value).ok(),
        }
    }
}

/// Whether a path is a file that may be executed.
pub(crate) fn is_executable(path: &Path) -> bool {
    let Ok(metadata) = path.metadata() else { return false };
    #[cfg(unix)]
    let runnable = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o111 != 0;
    #[cfg(not(unix))]
    let runnable = true;
    metadata.is_file() && runnable
}

/// A new folder for temporary files, deleted when it is dropped.
///
/// # Errors
/// [`BuildError::Temporary`] when `TMPDIR` names no folder that can be written.
pub fn temporary_folder() -> Result<TempDir, BuildError> {
    tempfile::tempdir().map_err(|source| BuildError::Temporary { path: std::env::temp_dir(), source })
}
