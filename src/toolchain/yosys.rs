//! Yosys without the synthesis flow, to elaborate a module.

use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;

use super::cache::Cache;
use super::environment::Environment;
use super::error::BuildError;
use super::tool_error::ToolError;
use super::toolbox::Toolbox;

/// The pinned Yosys, installed.
#[derive(Debug)]
pub struct Yosys {
    toolbox: Toolbox,
    cache: Cache,
}

impl Yosys {
    /// Finds it in the cache or fetches it.
    ///
    /// # Errors
    /// When it is missing and cannot be fetched.
    pub fn open(environment: &Environment, cache: &Cache, notice: &dyn Fn(&str)) -> Result<Yosys, ToolError> {
        let toolbox = Toolbox::open(environment, cache, false, notice)?;
        Ok(Yosys { toolbox, cache: cache.clone() })
    }

    /// A temporary folder to run it in, deleted with the value.
    ///
    /// # Errors
    /// When the cache cannot be written.
    pub fn scratch(&self) -> Result<TempDir, BuildError> {
        self.cache.temporary("yosys")
    }

    /// Runs a script in a folder, whose files it names without a path; `module` is for errors.
    ///
    /// # Errors
    /// When the script fails, or runs out of time.
    pub fn run(&self, folder: &Path, script: &str, module: &str, limit: Duration) -> Result<(), ToolError> {
        self.toolbox.yosys(folder, script, module, limit)
    }
}
