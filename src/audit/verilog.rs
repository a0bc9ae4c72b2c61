//! Somebody's Verilog as it is: run through Verilator, its ports and its complaints read.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use process_control::{ChildExt, Control};

use super::error::AuditError;
use crate::simulation::DutError;
use crate::text::{sha256, suggestion};
use crate::toolchain::builder::Builder;
use crate::toolchain::error::BuildError;
use crate::toolchain::verilate;
use crate::toolchain::verilate::{Generated, Trace, prefix};

/// A design and how it wants to be compiled.
#[derive(Clone, Debug)]
pub struct Verilog {
    /// Verilog and SystemVerilog files, packages before what imports them.
    pub files: Vec<PathBuf>,
    /// The module to audit.
    pub top: String,
    /// Folders of included files and of modules in files of their own name.
    pub includes: Vec<PathBuf>,
    /// `NAME` or `NAME=VALUE`.
    pub defines: Vec<String>,
    /// `NAME=VALUE` for parameters of the top module.
    pub parameters: Vec<String>,
}

/// Verilator's C++ for a design, in a folder that goes with it.
pub(crate) struct Verilated {
    pub folder: tempfile::TempDir,
    pub generated: Generated,
    /// What Verilator found remarkable, one line each.
    pub warnings: Vec<String>,
}

/// Everything that is legal Verilog is accepted; what synthesis would complain about is noted.
const FLAGS: [&str; 12] = [
    "--cc",
    "-O3",
    "--x-assign",
    "fast",
    "--x-initial",
    "fast",
    "--noassert",
    "--no-timing",
    "-Wno-fatal",
    "-Wno-lint",
    "-Wno-style",
    "-Wwarn-UNOPTFLAT",
];

/// The warnings that a verdict should mention.
const TELLING: [&str; 3] = ["UNOPTFLAT", "LATCH", "MULTIDRIVEN"];

/// Verilator's graph optimization, which some combinational loops make crash.
const WITHOUT_GRAPH: &str = "-fno-dfg";

impl Verilog {
    /// Checks that the files are there, and digests them: path and SHA-256.
    ///
    /// # Errors
    /// [`AuditError::File`], [`AuditError::TopName`].
    pub fn digests(&self) -> Result<Vec<(String, String)>, AuditError> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if self.top.is_empty()
            || !self.top.chars().all(is_plain)
            || self.top.starts_with(|c: char| c.is_ascii_digit())
        {
            return Err(AuditError::TopName(self.top.clone()));
        }
        let digest = |path: &PathBuf| {
            let text = fs::read(path).map_err(|source| AuditError::File { path: path.clone(), source })?;
            Ok((path.display().to_string(), sha256(&text)))
        };
        self.files.iter().map(digest).collect()
    }

    /// Runs Verilator on the design.
    ///
    /// # Errors
    /// Verilator's message, [`AuditError::NoTop`], [`AuditError::Loop`], [`AuditError::Crash`].
    pub(crate) fn verilate(
        &self,
        builder: &Builder,
        trace: Trace,
        limit: Duration,
    ) -> Result<Verilated, AuditError> {
        let folder = builder.cache.temporary(&self.top)?;
        let (crashed, printed) = match self.run(builder, folder.path(), trace, None, limit)? {
            Ended::Crashed(status) => {
                match self.run(builder, folder.path(), trace, Some(WITHOUT_GRAPH), limit)? {
                    Ended::Crashed(_) => return Err(AuditError::Crash { top: self.top.clone(), status }),
                    Ended::Done(printed) => (true, printed),
                }
            }
            Ended::Done(printed) => (false, printed),
        };
        let warnings = warnings(&printed);
        if crashed && let Some(path) = circular(&warnings) {
            return Err(AuditError::Loop { top: self.top.clone(), path });
        }
        let generated = verilate::generated(folder.path(), &self.top)?;
        Ok(Verilated { folder, generated, warnings })
    }

    fn run(
        &self,
        builder: &Builder,
        folder: &Path,
        trace: Trace,
        extra: Option<&str>,
        limit: Duration,
    ) -> Result<Ended, AuditError> {
        let verilator = &builder.toolchain.verilator;
        let mut command = verilator.command();
        command.args(FLAGS).args(extra);
        if trace == Trace::On {
            command.arg("--trace");
        }
        let code = prefix(&self.top);
        command.args(["--top-module", &self.top, "--prefix", &code, "--Mdir"]).arg(folder.join(&code));
        // What a file includes or instantiates often lies beside it.
        let beside =
            self.files.iter().filter_map(|file| file.parent()).filter(|folder| *folder != Path::new(""));
        for include in self.includes.iter().map(PathBuf::as_path).chain(beside) {
            command.arg(format!("-I{}", include.display()));
        }
        command.args(self.defines.iter().map(|define| format!("-D{define}")));
        command.args(self.parameters.iter().map(|parameter| format!("-G{parameter}")));
        command.args(&self.files);
        let failed = |source| BuildError::Run { program: verilator.executable.clone(), source };
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let output = child
            .controlled_with_output()
            .time_limit(limit)
            .terminate_for_timeout()
            .wait()
            .map_err(failed)?
            .ok_or_else(|| AuditError::Verilating { top: self.top.clone(), seconds: limit.as_secs() })?;
        let printed = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() {
            return Ok(Ended::Done(printed));
        }
        let errors = errors(&printed);
        if errors.is_empty() || printed.contains("Internal Error") {
            return Ok(Ended::Crashed(output.status.to_string()));
        }
        if errors.contains("--top-module") && errors.contains("not found") {
            return Err(self.no_top());
        }
        Err(AuditError::Verilog(errors))
    }

    /// The error of a simulation that did not settle says where the loop is.
    pub(crate) fn settles(&self, error: AuditError, warnings: &[String]) -> AuditError {
        match error {
            AuditError::Dut(DutError::Stopped { reason, .. })
                if reason.to_lowercase().contains("converge") =>
            {
                let path = circular(warnings).unwrap_or_default();
                AuditError::Loop { top: self.top.clone(), path }
            }
            error => error,
        }
    }

    /// The modules that the files define, as well as a scan can tell.
    fn no_top(&self) -> AuditError {
        let mut modules: Vec<String> = Vec::new();
        for path in &self.files {
            let text = fs::read(path).unwrap_or_default();
            let text = String::from_utf8_lossy(&text);
            let words = text.lines().filter_map(|line| line.trim_start().strip_prefix("module "));
            let name = |rest: &str| -> String {
                let rest = rest.trim_start().trim_start_matches("automatic ");
                rest.chars().take_while(|c| c.is_alphanumeric() || "_$".contains(*c)).collect()
            };
            modules.extend(words.map(name));
        }
        let hint = suggestion(&self.top, modules.iter().map(String::as_str));
        let found = match modules.is_empty() {
            true => "they define none".to_string(),
            false => format!("they define {}", modules.join(", ")),
        };
        AuditError::NoTop { top: self.top.clone(), hint, found }
    }
}

enum Ended {
    Done(String),
    Crashed(String),
}

/// Verilator's errors with the lines that belong to them, without what it says of itself.
fn errors(printed: &str) -> String {
    const LINES: usize = 24;
    let mut keeps = false;
    let mut lines = Vec::new();
    for line in printed.lines() {
        if let Some(error) = line.strip_prefix("%Error") {
            let text = error.split_once(": ").map_or(error, |(_, text)| text);
            keeps = !text.starts_with("Exiting due to");
            if keeps {
                lines.push(text);
            }
        } else if line.starts_with('%') || line.starts_with("- ") {
            keeps = false;
        } else if keeps && !line.trim_start().starts_with("... ") {
            lines.push(line);
        }
    }
    lines.truncate(LINES);
    lines.join("\n")
}

fn warnings(printed: &str) -> Vec<String> {
    let telling = |line: &str| {
        let (kind, text) = line.strip_prefix("%Warning-")?.split_once(": ")?;
        TELLING.contains(&kind).then(|| format!("{kind}: {text}"))
    };
    printed.lines().filter_map(telling).collect()
}

/// Where Verilator sees a combinational loop, ready to append.
pub(crate) fn circular(warnings: &[String]) -> Option<String> {
    let warning = warnings.iter().find_map(|warning| warning.strip_prefix("UNOPTFLAT: "))?;
    let (place, signal) = warning.split_once(": ").unwrap_or((warning, ""));
    let signal = signal.rsplit(": ").next().unwrap_or_default();
    Some(format!(" through {signal} ({})", place.trim_end_matches(':')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_verilator_says_of_the_design_is_kept() {
        let printed = "%Warning-WIDTH: t.v:2:1: Operator\n    2 | x\n%Error: t.v:3:29: syntax error\n    3 | module\n      | ^~~\n        ... See the manual\n%Error: Exiting due to 1 error(s)\n";
        assert_eq!(errors(printed), "t.v:3:29: syntax error\n    3 | module\n      | ^~~");
        assert_eq!(errors("%Error-PINNOTFOUND: t.v:1:2: no pin\n"), "t.v:1:2: no pin");
        assert_eq!(errors(""), "");
    }

    #[test]
    fn loops_are_named_by_signal_and_place() {
        let printed =
            "%Warning-UNOPTFLAT: l.v:1:100: Signal unoptimizable: Circular combinational logic: 'l.t'\n";
        let warnings = warnings(printed);
        assert_eq!(warnings.len(), 1);
        assert_eq!(circular(&warnings).unwrap(), " through 'l.t' (l.v:1:100)");
        assert_eq!(circular(&[]), None);
    }
}
