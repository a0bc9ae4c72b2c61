//! Files that carry netlists and queries to Yosys and the solver.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::toolchain::ToolError;
use crate::toolchain::error::BuildError;

/// Time limit of a run of Yosys.
pub(crate) const YOSYS_LIMIT: Duration = Duration::from_secs(600);

/// Writes a file.
///
/// # Errors
/// [`BuildError::Cache`], since all of them are in the cache.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), BuildError> {
    fs::write(path, text).map_err(|source| BuildError::Cache { path: path.to_path_buf(), source })
}

/// Reads a file that Yosys has written.
///
/// # Errors
/// [`ToolError::Unreadable`].
pub(crate) fn read(path: &Path) -> Result<String, ToolError> {
    fs::read_to_string(path).map_err(|error| ToolError::Unreadable {
        tool: "Yosys",
        file: path.to_path_buf(),
        problem: error.to_string(),
    })
}
