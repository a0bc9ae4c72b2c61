//! Limits of the processes in which models of third-party designs run.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::model::server_text;
use crate::toolchain::builder::Builder;
use crate::toolchain::cache::Cache;
use crate::toolchain::compiler::Compiler;
use crate::toolchain::error::BuildError;
use crate::toolchain::{compiled_text, process};

/// Separation of third-party models from the program: each instance runs in a separate process.
///
/// Such a process has 2 GiB of memory, writes files of at most 4 GiB, prints at most 64 KiB, and ends with the program.
/// Under Landlock (Linux), it can neither write outside its own temporary folder nor read outside given
/// folders, run programs or use TCP. Elsewhere these accesses are only refused as far as the Verilog shows them.
#[derive(Clone, Debug)]
pub struct Isolation {
    /// The program that runs a model.
    pub(super) server: PathBuf,
    /// Folders that the model may read.
    pub(super) readable: Vec<PathBuf>,
    /// Whether Landlock applies.
    pub(super) is_confined: bool,
    /// Time limit of one request.
    pub(super) time_limit: Option<Duration>,
}

impl Isolation {
    /// Memory of a process in bytes.
    pub const MEMORY: u64 = 2 << 30;
    /// Size of a file that a process writes, a waveform, in bytes.
    pub const FILE_SIZE: u64 = 4 << 30;
    /// Bytes of a model's messages that are shown.
    pub const OUTPUT: u64 = 64 << 10;

    /// Processes that may read these folders; a builder that allows host code does not confine them.
    ///
    /// With a time limit, a model that does not finish a batch of rows in time is ended.
    ///
    /// # Errors
    /// When the program that runs a model cannot be compiled.
    pub fn new(
        builder: &Builder,
        readable: Vec<PathBuf>,
        time_limit: Option<Duration>,
    ) -> Result<Self, BuildError> {
        let server = server(&builder.toolchain.compiler, &builder.cache)?;
        Ok(Self { server, readable, is_confined: !builder.allows_host_code, time_limit })
    }
    /// Version of Landlock that the kernel has, `None` if it has none.
    ///
    /// # Errors
    /// When the program that asks the kernel cannot be compiled or run.
    pub fn landlock(compiler: &Compiler, cache: &Cache) -> Result<Option<u32>, BuildError> {
        if !cfg!(target_os = "linux") {
            return Ok(None);
        }
        let mut command = Command::new(server(compiler, cache)?);
        let output = process::output(command.arg("--landlock"), "asking for Landlock")?;
        let version = String::from_utf8_lossy(&output.stdout).trim().parse().unwrap_or(0);
        Ok(Some(version).filter(|version| *version > 0))
    }
}

/// The program that runs a model.
fn server(compiler: &Compiler, cache: &Cache) -> Result<PathBuf, BuildError> {
    compiled_text::program(compiler, cache, "model_server", &server_text())
}
