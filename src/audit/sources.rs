//! The Verilog sources of a design, and their translation by Verilator.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use process_control::{ChildExt, Control, Output};

use super::error::AuditError;
use super::interface_wrapper::ModuleHeader;
use super::verilator_log::{errors, loop_path, warnings};
use crate::simulation::DutError;
use crate::text::{sha256, suggestion};
use crate::toolchain::builder::Builder;
use crate::toolchain::design_tree::{self, DesignTree};
use crate::toolchain::error::BuildError;
use crate::toolchain::host_code;
use crate::toolchain::process;
use crate::toolchain::verilate;
use crate::toolchain::verilate::{GeneratedModel, Trace, prefix};

/// Verilog files of a design and the options to compile them with.
#[derive(Clone, Debug)]
pub struct DesignSources {
    /// Verilog and SystemVerilog files, packages before the files that import them.
    pub files: Vec<PathBuf>,
    /// Top module.
    pub top: String,
    /// Folders to search for included files and for modules.
    pub includes: Vec<PathBuf>,
    /// Macros to define: `NAME` or `NAME=VALUE`.
    pub defines: Vec<String>,
    /// Parameters of the top module: `NAME=VALUE`.
    pub parameters: Vec<String>,
}

/// C++ that Verilator generated for a design.
pub(crate) struct VerilatedDesign {
    /// Folder of the generated files; removed when this is dropped.
    pub folder: tempfile::TempDir,
    pub generated: GeneratedModel,
    /// Module that was translated: the top module, or a wrapper of it.
    pub top: String,
    /// Tree of the design, `None` if Verilator cannot print it.
    pub tree: Option<DesignTree>,
    /// Warnings that can affect the verdict, one line each.
    pub warnings: Vec<String>,
    /// Folders below which the design may read files.
    pub readable: Vec<PathBuf>,
}

/// Accepts all legal Verilog; warnings are collected and do not stop Verilator.
const FLAGS: [&str; 18] = [
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
    "-Wwarn-SELRANGE",
    "-Wwarn-ASCRANGE",
    "-Wwarn-IMPLICIT",
    "-Wwarn-PINMISSING",
    "-Wwarn-WIDTHTRUNC",
    "-Wwarn-WIDTHEXPAND",
];

/// Verilator's error about interfaces at the top.
const INTERFACE_AT_TOP: &str = "Interfaced port on top level module";

/// Disables Verilator's graph optimization, which some loops crash.
const WITHOUT_DFG: &str = "-fno-dfg";

/// Outcome of a run of Verilator that reported no error in the design.
enum VerilatorRun {
    /// Verilator succeeded and printed this.
    Done(String),
    /// Verilator crashed with this exit status.
    Crashed(String),
}

impl DesignSources {
    /// Files with a top module, and no options.
    pub fn new(files: Vec<PathBuf>, top: &str) -> Self {
        let top = top.to_string();
        Self { files, top, includes: Vec::new(), defines: Vec::new(), parameters: Vec::new() }
    }

    /// Reads the files and returns path and SHA-256 of each.
    ///
    /// # Errors
    /// [`AuditError::File`], [`AuditError::TopName`].
    pub fn digests(&self) -> Result<Vec<(String, String)>, AuditError> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let starts_with_digit = self.top.starts_with(|c: char| c.is_ascii_digit());
        if self.top.is_empty() || starts_with_digit || !self.top.chars().all(is_plain) {
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
    /// [`AuditError::VerilatorErrors`], [`AuditError::UnknownTop`], [`AuditError::CombinationalLoop`],
    /// [`AuditError::VerilatorCrash`], [`AuditError::VerilatorTimeout`].
    pub(crate) fn verilate(
        &self,
        builder: &Builder,
        trace: Trace,
        limit: Duration,
    ) -> Result<VerilatedDesign, AuditError> {
        let folder = builder.cache.temporary(&self.top)?;
        match self.translate(builder, folder, trace, limit) {
            Err(AuditError::VerilatorErrors(errors)) if errors.contains(INTERFACE_AT_TOP) => {
                let folder = builder.cache.temporary(&self.top)?;
                let wrapped = self.wrapped(builder, folder.path())?;
                let wrapped = wrapped.ok_or(AuditError::InterfacePorts { top: self.top.clone(), errors })?;
                wrapped.translate(builder, folder, trace, limit)
            }
            translated => translated,
        }
    }

    /// The text of the design, with its included files and macros; line directives name the files.
    ///
    /// # Errors
    /// [`AuditError::VerilatorErrors`].
    pub(crate) fn preprocessed(&self, builder: &Builder) -> Result<String, AuditError> {
        let mut command = builder.toolchain.verilator.command();
        command.arg("-E");
        self.add_design(&mut command);
        let output = process::output(&mut command, &format!("preprocessing {}", self.top))?;
        if !output.status.success() {
            return Err(AuditError::VerilatorErrors(errors(&String::from_utf8_lossy(&output.stderr))));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Adds a wrapper for the interface ports, `None` if the header of the module cannot be read.
    fn wrapped(&self, builder: &Builder, folder: &Path) -> Result<Option<Self>, AuditError> {
        let texts = self.files.iter().map(|path| fs::read(path).unwrap_or_default());
        let header = texts
            .into_iter()
            .find_map(|text| ModuleHeader::parse(&String::from_utf8_lossy(&text), &self.top));
        let Some(header) = header else { return Ok(None) };
        let write = |name: &str, text: String| -> Result<PathBuf, AuditError> {
            let path = folder.join(format!("{name}.sv"));
            fs::write(&path, text).map_err(|source| AuditError::File { path: path.clone(), source })?;
            Ok(path)
        };
        let with_top = |top: &str, path: PathBuf| {
            let mut sources = Self { top: top.to_string(), ..self.clone() };
            sources.files.push(path);
            sources
        };
        let name = format!("{}_probe", self.top);
        let probe = with_top(&name, write(&name, header.probe(&name))?);
        // Parameters are those of the wrapper; the probe has none.
        let probe = Self { parameters: Vec::new(), ..probe };
        let verilator = &builder.toolchain.verilator;
        let purpose = format!("reading the interfaces of {}", self.top);
        let tree = design_tree::print(verilator, folder, &purpose, &|command| probe.add_design(command))?;
        let tree = tree.as_deref().and_then(DesignTree::parse);
        let name = format!("{}_ports", self.top);
        let Some(wrapper) = tree.and_then(|tree| header.wrapper(&name, &tree)) else { return Ok(None) };
        Ok(Some(with_top(&name, write(&name, wrapper)?)))
    }

    /// Runs Verilator on the design, whose ports it accepts.
    fn translate(
        &self,
        builder: &Builder,
        folder: tempfile::TempDir,
        trace: Trace,
        limit: Duration,
    ) -> Result<VerilatedDesign, AuditError> {
        let run = |extra| self.run_verilator(builder, folder.path(), trace, extra, limit);
        let (crashed, log) = match run(None)? {
            VerilatorRun::Done(log) => (false, log),
            VerilatorRun::Crashed(status) => match run(Some(WITHOUT_DFG))? {
                VerilatorRun::Done(log) => (true, log),
                VerilatorRun::Crashed(_) => {
                    return Err(AuditError::VerilatorCrash { top: self.top.clone(), status });
                }
            },
        };
        let warnings = warnings(&log);
        if crashed && let Some(path) = loop_path(&warnings) {
            return Err(AuditError::CombinationalLoop { top: self.top.clone(), path });
        }
        let verilator = &builder.toolchain.verilator;
        let arguments = |command: &mut Command| self.add_design(command);
        let tree = if builder.allows_host_code {
            let purpose = format!("reading the types of {}", self.top);
            design_tree::print(verilator, folder.path(), &purpose, &arguments)?
        } else {
            host_code::check(verilator, folder.path(), &self.top, trace, &self.folders(), &arguments)?
        };
        let tree = tree.as_deref().and_then(DesignTree::parse);
        let generated = verilate::generated(folder.path(), &self.top)?;
        let (top, readable) = (self.top.clone(), self.folders());
        Ok(VerilatedDesign { folder, generated, top, tree, warnings, readable })
    }

    fn run_verilator(
        &self,
        builder: &Builder,
        folder: &Path,
        trace: Trace,
        extra: Option<&str>,
        limit: Duration,
    ) -> Result<VerilatorRun, AuditError> {
        let verilator = &builder.toolchain.verilator;
        let mut command = verilator.command();
        self.add_arguments(&mut command, folder, trace, extra);
        let failed = |source| BuildError::Run { program: verilator.executable.clone(), source };
        let output = run_with_limit(&mut command, limit).map_err(failed)?.ok_or_else(|| {
            AuditError::VerilatorTimeout { top: self.top.clone(), seconds: limit.as_secs() }
        })?;
        let log = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() {
            return Ok(VerilatorRun::Done(log));
        }
        let errors = errors(&log);
        // Interfaces at the top crash some releases after the error.
        if errors.contains(INTERFACE_AT_TOP) {
            return Err(AuditError::VerilatorErrors(errors));
        }
        if errors.is_empty() || log.contains("Internal Error") {
            return Ok(VerilatorRun::Crashed(output.status.to_string()));
        }
        if errors.contains("--top-module") && errors.contains("not found") {
            return Err(self.unknown_top());
        }
        Err(AuditError::VerilatorErrors(errors))
    }

    fn add_arguments(&self, command: &mut Command, folder: &Path, trace: Trace, extra: Option<&str>) {
        command.args(FLAGS).args(extra);
        if trace == Trace::On {
            command.arg("--trace");
        }
        let class = prefix(&self.top);
        command.args(["--prefix", &class, "--Mdir"]).arg(folder.join(&class));
        self.add_design(command);
    }

    /// The folders of the design: those to search, and those of its files.
    pub(crate) fn folders(&self) -> Vec<PathBuf> {
        let parents = self.files.iter().filter_map(|file| file.parent());
        let parents =
            parents.map(|parent| if parent == Path::new("") { Path::new(".") } else { parent }.to_path_buf());
        self.includes.iter().cloned().chain(parents).collect()
    }

    /// Adds the top module, the files and the options of the design.
    fn add_design(&self, command: &mut Command) {
        command.args(["--top-module", &self.top]);
        // Included files and instantiated modules are often in the folder of the file that uses them.
        for folder in self.folders() {
            command.arg(format!("-I{}", folder.display()));
        }
        command.args(self.defines.iter().map(|define| format!("-D{define}")));
        command.args(self.parameters.iter().map(|parameter| format!("-G{parameter}")));
        command.args(&self.files);
    }

    /// Replaces the error of an unsettled simulation by one that names the loop.
    pub(crate) fn explain_unsettled(&self, error: AuditError, warnings: &[String]) -> AuditError {
        match error {
            AuditError::Simulation(DutError::Stopped { reason, .. })
                if reason.to_lowercase().contains("converge") =>
            {
                let path = loop_path(warnings).unwrap_or_default();
                AuditError::CombinationalLoop { top: self.top.clone(), path }
            }
            error => error,
        }
    }

    /// The error that lists the modules found by a scan of the files.
    fn unknown_top(&self) -> AuditError {
        let mut modules: Vec<String> = Vec::new();
        for path in &self.files {
            let text = fs::read(path).unwrap_or_default();
            let text = String::from_utf8_lossy(&text);
            let headers = text.lines().filter_map(|line| line.trim_start().strip_prefix("module "));
            let name = |header: &str| -> String {
                let header = header.trim_start().trim_start_matches("automatic ");
                header.chars().take_while(|c| c.is_alphanumeric() || "_$".contains(*c)).collect()
            };
            modules.extend(headers.map(name));
        }
        let hint = suggestion(&self.top, modules.iter().map(String::as_str));
        let found = if modules.is_empty() {
            "they define no module".to_string()
        } else {
            format!("they define {}", modules.join(", "))
        };
        AuditError::UnknownTop { top: self.top.clone(), hint, found }
    }
}

/// Runs a command and captures its stderr.
///
/// Returns `None` if it exceeded the limit and was terminated.
fn run_with_limit(command: &mut Command, limit: Duration) -> std::io::Result<Option<Output>> {
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    child.controlled_with_output().time_limit(limit).terminate_for_timeout().wait()
}
