//! Options that name Verilog to use instead of the generated text.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::CliError;
use super::print_notice;
use super::progress::prepare_tools;
use super::user_files::JoinedFiles;
use super::watchdog::Watchdog;
use crate::audit::{DesignSources, adapted, expanded_maps, waived};
use crate::simulation::ModelBuilder;
use crate::text::shell_word;
use crate::toolchain::builder::Builder;
use crate::toolchain::environment::Environment;
use crate::toolchain::error::BuildError;
use crate::toolchain::host_code;
use crate::unit::Config;

/// Time limit of Verilator for the ports of a design.
const ELABORATION_LIMIT: Duration = Duration::from_secs(300);

/// Verilog files, and how their ports correspond to those of a config.
#[derive(clap::Args)]
pub(super) struct RtlOptions {
    /// Use these files instead of the generated Verilog
    #[arg(long = "rtl", value_name = "FILE", num_args = 1..)]
    files: Vec<PathBuf>,
    /// Name the top module of the files, if its name or ports differ from those of the config
    #[arg(long, value_name = "MODULE", requires = "files")]
    top: Option<String>,
    /// Map a port of the config to a port of the top module; ! inverts it. Equal names need no map. @FILE reads the map
    /// from a file, such as one that `qrtl audit --write-map` wrote
    #[arg(long = "map", value_name = "PORT=[!]DESIGN_PORT,...|@FILE", requires = "top")]
    maps: Vec<String>,
    /// Tie inputs of the top module to constants
    #[arg(long = "tie", value_name = "DESIGN_PORT=VALUE,...", requires = "top")]
    ties: Vec<String>,
    /// Search this folder for included files and modules
    #[arg(short = 'I', value_name = "FOLDER", requires = "top")]
    includes: Vec<PathBuf>,
    /// Define a macro
    #[arg(short = 'D', value_name = "NAME[=VALUE]", requires = "top")]
    defines: Vec<String>,
    /// Set a parameter of the top module
    #[arg(short = 'G', value_name = "NAME=VALUE", requires = "top")]
    parameters: Vec<String>,
    /// Run files with $system, $c, DPI imports or written files, which act on this machine
    #[arg(long, requires = "files")]
    pub(super) allow_host_code: bool,
}

impl RtlOptions {
    /// Whether files are given.
    pub(super) fn is_set(&self) -> bool {
        !self.files.is_empty()
    }

    /// Verilog that defines the module of the config.
    ///
    /// # Errors
    /// [`CliError`] for files that cannot be read, and for ports that do not correspond.
    pub(super) fn text(&self, config: &Config) -> Result<String, CliError> {
        let Some(top) = &self.top else {
            let files = JoinedFiles::read(&self.files)?;
            files.require_module(config)?;
            return Ok(waived() + &files.text());
        };
        let mut builder = prepare_tools(|| Builder::discover(&Environment::of_process(), &print_notice))?;
        builder.allows_host_code = self.allow_host_code;
        let maps = expanded_maps(&self.maps)?;
        Ok(adapted(config, &self.sources(top), &maps, &self.ties, &builder, ELABORATION_LIMIT)?)
    }

    /// The builder for the designs: their models run in processes of their own.
    ///
    /// # Errors
    /// When the program that runs a model cannot be compiled.
    pub(super) fn models(&self, models: ModelBuilder) -> Result<ModelBuilder, BuildError> {
        if !self.is_set() {
            return Ok(models);
        }
        let models = if self.allow_host_code { models.allowing_host_code() } else { models };
        models.isolated(self.sources("").folders())
    }

    /// The Verilog for a simulator that does not confine it, preprocessed: no macro shows it another design.
    ///
    /// # Errors
    /// [`CliError`] for Verilog that acts on the host in that simulator.
    pub(super) fn unconfined_text(&self, config: &Config, verilog: &str) -> Result<String, CliError> {
        if !self.is_set() || self.allow_host_code {
            return Ok(verilog.to_string());
        }
        // With a top module, the text is preprocessed.
        let text = if self.top.is_some() {
            verilog.to_string()
        } else {
            let builder = Builder::discover(&Environment::of_process(), &print_notice)?;
            self.sources(config.name()).preprocessed(&builder)?
        };
        host_code::check_text(config.name(), &text)?;
        Ok(text)
    }

    fn sources(&self, top: &str) -> DesignSources {
        DesignSources {
            includes: self.includes.clone(),
            defines: self.defines.clone(),
            parameters: self.parameters.clone(),
            ..DesignSources::new(self.files.clone(), top)
        }
    }

    /// An error about the text of a config, with the places of the user's files.
    pub(super) fn located(&self, config: &Config, error: impl Into<CliError>) -> CliError {
        let error = error.into();
        if self.top.is_some() || !self.is_set() {
            return error;
        }
        match JoinedFiles::read(&self.files) {
            Ok(files) => files.located(config.name(), &error.to_string()).into(),
            Err(_) => error,
        }
    }

    /// The options as a user types them, each after a space.
    pub(super) fn arguments(&self) -> String {
        let mut text = String::new();
        let mut add = |option: &str, words: Vec<String>| {
            for word in words {
                let _ = write!(text, " {option} {}", shell_word(Path::new(&word)));
            }
        };
        let paths = |paths: &[PathBuf]| paths.iter().map(|path| path.display().to_string()).collect();
        add("--rtl", paths(&self.files));
        add("--top", self.top.iter().cloned().collect());
        add("--map", self.maps.clone());
        add("--tie", self.ties.clone());
        add("-I", paths(&self.includes));
        add("-D", self.defines.clone());
        add("-G", self.parameters.clone());
        if self.allow_host_code {
            text += " --allow-host-code";
        }
        text
    }

    /// A watchdog for Verilog that was not generated here; none without files.
    pub(super) fn watchdog(&self, seconds: u64) -> Option<Watchdog> {
        let path = self.files.first()?;
        let error = format!(
            "{} made no progress for {seconds} s: it may loop without advancing time; raise --time-limit, or debug it \
             in a simulator",
            path.display(),
        );
        Some(Watchdog::new(Duration::from_secs(seconds), error))
    }

    /// Refuses files for several configs.
    ///
    /// # Errors
    /// [`CliError`] if files are given and there is not exactly one config.
    pub(super) fn require_one(&self, configs: usize) -> Result<(), CliError> {
        if self.is_set() && configs != 1 {
            return Err("--rtl replaces the text of one config; name one preset, or use --set".into());
        }
        Ok(())
    }
}
