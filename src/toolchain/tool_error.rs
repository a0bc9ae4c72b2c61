//! Errors of pinned tools, each with its fix.

use std::path::PathBuf;

use super::error::BuildError;

/// Error of a run of Yosys, nextpnr or the solver.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    /// A tool is missing and cannot be fetched, or the cache cannot be used.
    #[error(transparent)]
    Tool(#[from] BuildError),
    /// A tool was stopped.
    #[error(
        "{tool} did not finish {module} within {seconds} s and was stopped; raise --time-limit, or choose a smaller config"
    )]
    TimeLimit {
        /// The tool.
        tool: &'static str,
        /// Module that it was working on.
        module: String,
        /// The limit.
        seconds: u64,
    },
    /// A tool rejected its input, or crashed.
    #[error(
        "{tool} failed on {module}; correct the Verilog, or report a bug if qrtl generated it:\n{message}"
    )]
    Failed {
        /// The tool.
        tool: &'static str,
        /// Module that it was working on.
        module: String,
        /// End of its output.
        message: String,
    },
    /// A tool failed and printed nothing.
    #[error(
        "{tool} failed on {module} with exit code {code} and without a message; try again, and report a bug if it fails again"
    )]
    Silent {
        /// The tool.
        tool: &'static str,
        /// Module that it was working on.
        module: String,
        /// Its exit code.
        code: i64,
    },
    /// A signal ended a tool.
    #[error(
        "{tool} was killed on {module} ({how}), perhaps because memory ran out; free some, or choose a smaller config"
    )]
    Killed {
        /// The tool.
        tool: &'static str,
        /// Module that it was working on.
        module: String,
        /// The signal.
        how: String,
    },
    /// A tool succeeded, but its result cannot be read.
    #[error("{tool} wrote no readable {}: {problem}; try again, and report a bug if it fails again", file.display())]
    Unreadable {
        /// The tool.
        tool: &'static str,
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The solver rejected its input.
    #[error("bitwuzla failed; report a bug with the config:\n{message}")]
    Solver {
        /// Output of the solver.
        message: String,
    },
}
