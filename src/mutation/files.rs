//! Files by which Yosys and the solver are given netlists and questions.

use crate::cosim::error::BuildError;
use crate::synthesis::ToolError;
use std::fs;
use std::path::Path;

/// Writes one.
///
/// # Errors
/// [`BuildError::Cache`], since all of them lie in the cache.
pub(super) fn write(path: &Path, text: &str) -> Result<(), BuildError> {
    fs::write(path, text).map_err(|source| BuildError::Cache { path: path.to_path_buf(), source })
}

/// What Yosys has written.
///
/// # Errors
/// [`ToolError::Unreadable`].
pub(super) fn read(path: &Path) -> Result<String, ToolError> {
    fs::read_to_string(path).map_err(|error| ToolError::Unreadable {
        tool: "Yosys",
        file: path.to_path_buf(),
        problem: error.to_string(),
    })
}
