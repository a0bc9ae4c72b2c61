//! The environment variables that steer a build, read once and handed down as a value.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

/// What the environment says; a test fills one in instead of changing its process's own.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// `VERILATOR`: path of `verilator` or `verilator_bin`.
    pub verilator: Option<PathBuf>,
    /// `VERILATOR_ROOT`: the folder that holds `include/verilated.h`.
    pub verilator_root: Option<PathBuf>,
    /// `PATH`, searched for `verilator_bin` and `python3`.
    pub path: Option<OsString>,
    /// `CXX`: the C++ compiler, with arguments if need be.
    pub cxx: Option<OsString>,
    /// `QRTL_CACHE`: where built models are kept.
    pub cache: Option<PathBuf>,
    /// `XDG_CACHE_HOME`, whose `qrtl` folder is the cache when `QRTL_CACHE` is unset.
    pub xdg_cache_home: Option<PathBuf>,
    /// `HOME`, whose `.cache/qrtl` is the cache when neither of those is set.
    pub home: Option<PathBuf>,
    /// `QRTL_OFFLINE=1`: fetch nothing.
    pub offline: bool,
}

impl Environment {
    /// The variables that change what is built, for `cargo::rerun-if-env-changed`.
    pub const VARIABLES: [&str; 5] = ["VERILATOR", "VERILATOR_ROOT", "CXX", "QRTL_CACHE", "QRTL_OFFLINE"];

    /// The environment of this process; an empty variable counts as unset.
    pub fn of_process() -> Self {
        let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        Self {
            verilator: variable("VERILATOR").map(PathBuf::from),
            verilator_root: variable("VERILATOR_ROOT").map(PathBuf::from),
            path: variable("PATH"),
            cxx: variable("CXX"),
            cache: variable("QRTL_CACHE").map(PathBuf::from),
            xdg_cache_home: variable("XDG_CACHE_HOME").map(PathBuf::from),
            home: variable("HOME").map(PathBuf::from),
            offline: variable("QRTL_OFFLINE").is_some_and(|value| value != "0"),
        }
    }

    /// The first file of that name on `PATH`; `name` carries no extension.
    pub fn on_path(&self, name: &str) -> Option<PathBuf> {
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        std::env::split_paths(self.path.as_deref().unwrap_or(OsStr::new("")))
            .map(|folder| folder.join(&file))
            .find(|candidate| is_executable(candidate))
    }
}

/// Whether a file is there and may be run.
pub(crate) fn is_executable(path: &std::path::Path) -> bool {
    let Ok(metadata) = path.metadata() else { return false };
    #[cfg(unix)]
    let runnable = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o111 != 0;
    #[cfg(not(unix))]
    let runnable = true;
    metadata.is_file() && runnable
}
