//! Options that name a third-party design, shared by `audit` and `ports`.

use std::path::PathBuf;
use std::time::Duration;

use crate::audit::DesignSources;

/// Files, top module and elaboration of a third-party design.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct DesignOptions {
    /// Verilog and SystemVerilog files of the design, packages first
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Name the top module
    #[arg(long, value_name = "MODULE")]
    pub(super) top: String,
    /// Search this folder for included files and modules
    #[arg(short = 'I', value_name = "FOLDER")]
    includes: Vec<PathBuf>,
    /// Define a macro
    #[arg(short = 'D', value_name = "NAME[=VALUE]")]
    defines: Vec<String>,
    /// Set a parameter of the top module
    #[arg(short = 'G', value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    /// Abort if there is no result after S seconds
    #[arg(long, value_name = "S", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub(super) time_limit: u64,
}

impl DesignOptions {
    /// The sources that the options name.
    pub(super) fn sources(&self) -> DesignSources {
        DesignSources {
            includes: self.includes.clone(),
            defines: self.defines.clone(),
            parameters: self.parameters.clone(),
            ..DesignSources::new(self.files.clone(), &self.top)
        }
    }

    /// The time limit.
    pub(super) fn limit(&self) -> Duration {
        Duration::from_secs(self.time_limit)
    }
}
