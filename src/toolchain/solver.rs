//! The SMT solver: bitwuzla, a pinned Python package.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use process_control::{ChildExt, Control};

use super::cache::Cache;
use super::environment::Environment;
use super::error::BuildError;
use super::tool_error::ToolError;
use super::wheel::{Wheels, python, time_limit_prologue};

/// The solver.
pub static BITWUZLA: Wheels = Wheels {
    tool: "bitwuzla",
    requirements: include_str!("../../data/wheels/bitwuzla.txt"),
    otherwise: "copy the cache of a machine that has it to QRTL_CACHE",
    packages: &[],
};

const DECIDE: &str =
    "import bitwuzla\nbitwuzla.Parser(bitwuzla.TermManager(), bitwuzla.Options()).parse(sys.argv[1])";

/// The solver, installed.
#[derive(Debug)]
pub(crate) struct Solver {
    python: PathBuf,
    folder: PathBuf,
}

impl Solver {
    pub(crate) fn open(
        environment: &Environment,
        cache: &Cache,
        notice: &dyn Fn(&str),
    ) -> Result<Solver, BuildError> {
        let python = python(environment).ok_or_else(|| BITWUZLA.without_python(cache))?;
        let folder = BITWUZLA.provide(environment, cache, notice, |_| Ok::<(), BuildError>(()))?;
        Ok(Solver { python, folder })
    }

    /// Output of the solver for an SMT-LIB file; `None` at the time limit.
    pub(crate) fn run(&self, file: &Path, limit: Duration) -> Result<Option<String>, ToolError> {
        let failed = |source| BuildError::Run { program: self.python.clone(), source };
        let child = Command::new(&self.python)
            .args(["-c", &(time_limit_prologue(limit) + DECIDE)])
            .arg(file)
            .env("PYTHONPATH", &self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let output = child.controlled_with_output().time_limit(limit).terminate_for_timeout().wait();
        let Some(output) = output.map_err(failed)? else { return Ok(None) };
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() {
            return Ok(Some(text));
        }
        if output.status.code().is_none() {
            let (module, how) = (file.display().to_string(), output.status.to_string());
            return Err(ToolError::Killed { tool: BITWUZLA.tool, module, how });
        }
        let message = text + &String::from_utf8_lossy(&output.stderr);
        Err(ToolError::Solver { message: message.trim().to_string() })
    }
}
