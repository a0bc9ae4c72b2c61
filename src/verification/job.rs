//! Verification job: config, Verilog, models, effort and progress.

use std::borrow::Cow;
use std::path::Path;
use std::sync::OnceLock;

use super::effort::Effort;
use super::progress::Progress;
use super::verify_error::VerifyError;
use crate::generator;
use crate::model::Lanes;
use crate::simulation::{CompiledModel, Models};
use crate::text::shell_word;
use crate::unit::Config;

/// The verification of one config against its reference model.
///
/// ```no_run
/// use qrtl::{Effort, ModelBuilder, Verification, preset};
///
/// let config = preset("int8_mac").expect("a preset");
/// let models = ModelBuilder::discover(&|notice| eprintln!("{notice}"))?;
/// let effort = Effort { cases: 1 << 24, threads: 4, ..Effort::default() };
/// let report = Verification::new(&config, &models).effort(effort).run()?;
/// println!("{report}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Verification<'a> {
    pub(super) config: &'a Config,
    pub(super) models: &'a dyn Models,
    pub(super) effort: Effort,
    pub(super) progress: &'a dyn Progress,
    verilog: OnceLock<Cow<'a, str>>,
    verilog_options: String,
    weights_file: Option<&'a Path>,
}

impl<'a> Verification<'a> {
    /// Verifies the generated Verilog with the default [`Effort`], unobserved.
    pub fn new(config: &'a Config, models: &'a dyn Models) -> Self {
        Self {
            config,
            models,
            effort: Effort::default(),
            progress: &(),
            verilog: OnceLock::new(),
            verilog_options: String::new(),
            weights_file: None,
        }
    }

    /// Verifies this Verilog, which must define the module of the config.
    pub fn verilog(self, verilog: impl Into<Cow<'a, str>>) -> Self {
        Self { verilog: OnceLock::from(verilog.into()), ..self }
    }

    /// Appends the options that name the Verilog to the replay command of a failure, each after a space.
    pub fn verilog_options(self, options: impl Into<String>) -> Self {
        Self { verilog_options: options.into(), ..self }
    }

    /// Names the file that the weights were read from in the replay command of a failure.
    pub fn weights_file(self, path: Option<&'a Path>) -> Self {
        Self { weights_file: path, ..self }
    }

    /// Sets the effort: size of the stimulus, and engine.
    pub fn effort(self, effort: Effort) -> Self {
        Self { effort, ..self }
    }

    /// Reports progress, in transactions.
    pub fn progress(self, progress: &'a dyn Progress) -> Self {
        Self { progress, ..self }
    }

    /// The Verilog to verify.
    pub(super) fn text(&self) -> &str {
        self.verilog.get_or_init(|| Cow::Owned(generator::render(self.config)))
    }

    /// A Verilated model of the Verilog.
    pub(super) fn verilated(&self, lanes: Lanes, trace: bool) -> Result<CompiledModel, VerifyError> {
        self.models.model(self.config, self.text(), lanes, trace).map_err(VerifyError::Model)
    }

    /// The command that repeats the run with these options, on the user's own files.
    pub(super) fn replay(&self, options: &str) -> String {
        let mut arguments = self.config.arguments();
        if let Some(path) = self.weights_file {
            arguments = arguments.replace(Config::MATRIX_FILE, &shell_word(path));
        }
        format!("qrtl verify {arguments}{options}{}", self.verilog_options)
    }
}
