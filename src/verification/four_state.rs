//! A second opinion from a simulator in which registers begin unknown: Icarus Verilog.

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

/// Seconds for the testbench of one config, which takes a few.
const LIMIT: u64 = 600;

/// The end of what a tool printed that is looked at.
const TAIL: u64 = 1 << 14;

/// The compiler and the simulator of Icarus Verilog.
#[derive(Clone, Debug)]
pub struct Icarus {
    compiler: PathBuf,
    simulator: PathBuf,
}

/// What the testbench of a config found, whose own model no X equals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FourState {
    /// Cycles whose outputs were compared.
    pub compared: u64,
    /// The testbench's line on the first that differs.
    pub failure: Option<String>,
}

/// Why there is no second opinion.
#[derive(Debug, thiserror::Error)]
pub enum FourStateError {
    /// It is not installed.
    #[error(
        "no {program} on PATH: install Icarus Verilog (`apt install iverilog`, `brew install icarus-verilog`), or leave --four-state out"
    )]
    Missing {
        /// The program.
        program: &'static str,
    },
    /// It refuses the Verilog.
    #[error("Icarus Verilog refused {config}; correct the Verilog or leave --four-state out:\n{message}")]
    Refused {
        /// The config.
        config: String,
        /// The end of what it printed.
        message: String,
    },
    /// The testbench ended without a verdict.
    #[error(
        "the testbench of {config} ended without a verdict; the Verilog must go on without $finish and $stop. Icarus Verilog printed:\n{message}"
    )]
    NoVerdict {
        /// The config.
        config: String,
        /// The end of what it printed.
        message: String,
    },
    /// It does not come to an end.
    #[error(
        "Icarus Verilog did not finish {config} in {LIMIT} s; look for a loop in the Verilog, or leave --four-state out"
    )]
    TimeLimit {
        /// The config.
        config: String,
    },
    /// A signal ended a program.
    #[error("{} was killed on {config} ({signal}), perhaps because memory ran out; free some, and run again", program.display())]
    Killed {
        /// The program.
        program: PathBuf,
        /// The config.
        config: String,
        /// The signal.
        signal: String,
    },
    /// The system refused something.
    #[error("cannot run {}: {source}; check that it is executable, and that the folder for temporary files can be written", program.display())]
    Run {
        /// The program.
        program: PathBuf,
        /// The cause.
        source: io::Error,
    },
}

impl FourState {
    /// Whether something was compared and nothing differed.
    pub fn passed(&self) -> bool {
        self.compared > 0 && self.failure.is_none()
    }
}

impl Icarus {
    /// The one on PATH.
    ///
    /// # Errors
    /// [`FourStateError::Missing`].
    pub fn find(environment: &Environment) -> Result<Icarus, FourStateError> {
        let find =
            |program: &'static str| environment.on_path(program).ok_or(FourStateError::Missing { program });
        Ok(Icarus { compiler: find("iverilog")?, simulator: find("vvp")? })
    }

    /// Runs the testbench of a config on the Verilog that defines its module.
    ///
    /// # Errors
    /// [`FourStateError`] when it comes to no verdict.
    pub fn verify(&self, config: &Config, verilog: &str) -> Result<FourState, FourStateError> {
        let failed = |source| FourStateError::Run { program: self.compiler.clone(), source };
        let folder = tempfile::tempdir().map_err(failed)?;
        let (testbench, text) = Companion::Testbench.file(config);
        let mut files = vec![(format!("{}.v", config.name()), verilog.to_string()), (testbench, text)];
        files.extend(generator::primitives(config));
        for (name, text) in &files {
            fs::write(folder.path().join(name), text).map_err(failed)?;
        }
        // As Verilator reads it: what somebody made of the module may be SystemVerilog.
        let mut arguments = vec!["-g2012", "-o", "testbench"];
        arguments.extend(files.iter().map(|(name, _)| name.as_str()));
        let run = |program: &Path, arguments: &[&str]| run(config, program, folder.path(), arguments);
        let (status, printed) = run(&self.compiler, &arguments)?;
        let name = || config.name().to_string();
        if !status {
            return Err(FourStateError::Refused { config: name(), message: printed });
        }
        let (_, printed) = run(&self.simulator, &["-N", "testbench"])?;
        verdict(&printed).ok_or_else(|| FourStateError::NoVerdict { config: name(), message: printed })
    }
}

/// What the last lines of a testbench say: `PASS: N compared`, or `FAIL cycle N: ...`.
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

/// Runs a program in a folder: whether it succeeded, and the end of what it printed.
fn run(
    config: &Config,
    program: &Path,
    folder: &Path,
    arguments: &[&str],
) -> Result<(bool, String), FourStateError> {
    let failed = |source| FourStateError::Run { program: program.to_path_buf(), source };
    // A file takes whatever a design displays; memory might not.
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
    let limit = Duration::from_secs(LIMIT);
    let status = child.controlled().time_limit(limit).terminate_for_timeout().wait().map_err(failed)?;
    let status = status.ok_or_else(|| FourStateError::TimeLimit { config: config.name().to_string() })?;
    if status.code().is_none() {
        let (config, signal) = (config.name().to_string(), status.to_string());
        return Err(FourStateError::Killed { program: program.to_path_buf(), config, signal });
    }
    let length = sink.seek(SeekFrom::End(0)).map_err(failed)?;
    sink.seek(SeekFrom::Start(length.saturating_sub(TAIL))).map_err(failed)?;
    let mut text = Vec::new();
    sink.read_to_end(&mut text).map_err(failed)?;
    Ok((status.success(), String::from_utf8_lossy(&text).trim().to_string()))
}
