//! Runs a tool and collects its output; distinguishes killed tools from failed ones.

use std::path::PathBuf;
use std::process::{Command, Output};

use super::error::BuildError;

/// Runs a command and collects what it prints; `task` names its work in errors.
///
/// # Errors
/// [`BuildError::Run`] when the program does not start, [`BuildError::Killed`] when a signal ended it.
pub fn output(command: &mut Command, task: &str) -> Result<Output, BuildError> {
    let program = PathBuf::from(command.get_program());
    match command.output() {
        Err(source) => Err(BuildError::Run { program, source }),
        // A signal leaves no exit code.
        Ok(output) if output.status.code().is_none() => {
            let signal = output.status.to_string();
            Err(BuildError::Killed { program, task: task.to_string(), signal })
        }
        Ok(output) => Ok(output),
    }
}

/// The first lines of a program's output: the first errors of a compiler are the relevant ones.
pub fn first_lines(printed: &[u8]) -> String {
    const LINES: usize = 20;
    let text = String::from_utf8_lossy(printed);
    text.trim().lines().take(LINES).map(clipped).collect::<Vec<_>>().join("\n")
}

/// The last lines of a program's output: the error of an installer or interpreter comes last.
pub fn last_lines(printed: &[u8]) -> String {
    const LINES: usize = 12;
    let text = String::from_utf8_lossy(printed);
    let lines: Vec<&str> = text.trim().lines().collect();
    let last = lines[lines.len().saturating_sub(LINES)..].iter().map(|line| clipped(line));
    last.collect::<Vec<_>>().join("\n")
}

/// The beginning of a line: tools quote whole netlists in one.
pub fn clipped(line: &str) -> String {
    const LONGEST: usize = 400;
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} ...", &line[..end]),
        None => line.to_string(),
    }
}
