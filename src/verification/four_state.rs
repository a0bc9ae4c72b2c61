//! Four-state simulation under Icarus Verilog, with registers initially unknown.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{fs, io};

use process_control::{ChildExt, Control};
use serde::{Deserialize, Serialize};

use crate::generator;
use crate::generator::companion::Companion;
use crate::toolchain::environment::Environment;
use crate::unit::Config;

/// Time limit for the testbench of one config, in seconds.
const TIME_LIMIT: u64 = 600;

/// Bytes read from the end of a tool's output.
const TAIL_BYTES: u64 = 1 << 14;

/// The compiler and the simulator of Icarus Verilog.
#[derive(Clone, Debug)]
pub struct Icarus {
    compiler: PathBuf,
    simulator: PathBuf,
}

/// Result of the four-state simulation of a config.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FourState {
    /// Cycles whose outputs were compared.
    pub compared: u64,
    /// The testbench's message for the first difference.
    pub failure: Option<String>,
}

/// Error that leaves the four-state simulation without a verdict.
#[derive(Debug, thiserror::Error)]
pub enum FourStateError {
    /// Icarus Verilog is not installed.
    #[error(
        "{program} is not on PATH; install Icarus Verilog (`apt install iverilog`, `brew install icarus-verilog`), or omit --four-state"
    )]
    Missing {
        /// Name of the program.
        program: &'static str,
    },
    /// Icarus Verilog rejects the Verilog.
    #[error("Icarus Verilog rejected {config}; correct the Verilog or omit --four-state:\n{message}")]
    Refused {
        /// Name of the config.
        config: String,
        /// End of its output.
        message: String,
    },
    /// The testbench ended without a verdict.
    #[error(
        "the testbench of {config} ended without a verdict; the Verilog must not call $finish or $stop. Icarus Verilog printed:\n{message}"
    )]
    NoVerdict {
        /// Name of the config.
        config: String,
        /// End of its output.
        message: String,
    },
    /// The simulation does not end.
    #[error(
        "Icarus Verilog did not finish {config} in {TIME_LIMIT} s; look for a loop in the Verilog, or omit --four-state"
    )]
    TimeLimit {
        /// Name of the config.
        config: String,
    },
    /// A signal ended a program.
    #[error("{} was killed on {config} ({signal}), perhaps because memory ran out; free some, and run again", program.display())]
    Killed {
        /// Path of the program.
        program: PathBuf,
        /// Name of the config.
        config: String,
        /// The signal.
        signal: String,
    },
    /// A program cannot be run.
    #[error("cannot run {}: {source}; check that it is executable, and that the folder for temporary files is writable", program.display())]
    Run {
        /// Name of the program.
        program: PathBuf,
        /// The cause.
        source: io::Error,
    },
}

impl FourState {
    /// Whether something was compared and nothing differs.
    pub fn passed(&self) -> bool {
        self.compared > 0 && self.failure.is_none()
    }
}

impl Icarus {
    /// Finds Icarus Verilog on PATH.
    ///
    /// # Errors
    /// [`FourStateError::Missing`] when it is not there.
    pub fn find(environment: &Environment) -> Result<Self, FourStateError> {
        let find =
            |program: &'static str| environment.on_path(program).ok_or(FourStateError::Missing { program });
        Ok(Self { compiler: find("iverilog")?, simulator: find("vvp")? })
    }

    /// Runs the self-checking testbench of a config on the Verilog that defines its module.
    ///
    /// # Errors
    /// A [`FourStateError`] when there is no verdict.
    pub fn verify(&self, config: &Config, verilog: &str) -> Result<FourState, FourStateError> {
        let failed = |source| FourStateError::Run { program: self.compiler.clone(), source };
        let folder = tempfile::tempdir().map_err(failed)?;
        let (testbench, text) = Companion::Testbench.file(config);
        let mut files = vec![(format!("{}.v", config.name()), verilog.to_string()), (testbench, text)];
        files.extend(generator::primitives(config));
        for (name, text) in &files {
            fs::write(folder.path().join(name), text).map_err(failed)?;
        }
        // Verilog that is not generated may be SystemVerilog, which Verilator also accepts.
        let mut arguments = vec!["-g2012", "-o", "testbench"];
        arguments.extend(files.iter().map(|(name, _)| name.as_str()));
        let run = |program: &Path, arguments: &[&str]| run(config, program, folder.path(), arguments);
        let (succeeded, printed) = run(&self.compiler, &arguments)?;
        let name = || config.name().to_string();
        if !succeeded {
            return Err(FourStateError::Refused { config: name(), message: printed });
        }
        let (_, printed) = run(&self.simulator, &["-N", "testbench"])?;
        verdict(&printed).ok_or_else(|| FourStateError::NoVerdict { config: name(), message: printed })
    }
}

/// Parses the verdict of a testbench: `PASS: N compared`, or `FAIL cycle N: ...`.
fn verdict(printed: &str) -> Option<FourState> {
    printed.lines().find_map(|line| {
        if let Some(rest) = line.strip_prefix("PASS: ") {
            let compared = rest.split(' ').next()?.parse().ok()?;
            return Some(FourState { compared, failure: None });
        }
        let rest = line.strip_prefix("FAIL")?;
        let cycle = rest.strip_prefix(" cycle ").and_then(|rest| rest.split(':').next()?.parse::<u64>().ok());
        Some(FourState { compared: cycle.map_or(0, |cycle| cycle + 1), failure: Some(line.to_string()) })
    })
}

/// Runs a program in a folder; returns whether it succeeded, and the end of its output.
fn run(
    config: &Config,
    program: &Path,
    folder: &Path,
    arguments: &[&str],
) -> Result<(bool, String), FourStateError> {
    let failed = |source| FourStateError::Run { program: program.to_path_buf(), source };
    // A design may print more than fits into memory, so the output goes to a file.
    let printed = folder.join("printed");
    let mut sink =
        File::options().create(true).truncate(true).read(true).write(true).open(printed).map_err(failed)?;
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(sink.try_clone().map_err(failed)?)
        .stderr(sink.try_clone().map_err(failed)?)
        .spawn()
        .map_err(failed)?;
    let limit = Duration::from_secs(TIME_LIMIT);
    let status = child.controlled().time_limit(limit).terminate_for_timeout().wait().map_err(failed)?;
    let status = status.ok_or_else(|| FourStateError::TimeLimit { config: config.name().to_string() })?;
    if status.code().is_none() {
        let (config, signal) = (config.name().to_string(), status.to_string());
        return Err(FourStateError::Killed { program: program.to_path_buf(), config, signal });
    }
    let length = sink.seek(SeekFrom::End(0)).map_err(failed)?;
    sink.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES))).map_err(failed)?;
    let mut text = Vec::new();
    sink.read_to_end(&mut text).map_err(failed)?;
    Ok((status.success(), String::from_utf8_lossy(&text).trim().to_string()))
}
