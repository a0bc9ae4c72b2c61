//! Builds a compiled model from Verilog and a C++ shim.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::cache::{Cache, holds};
use super::compiler::{Optimization, SHARED_FLAGS};
use super::environment::Environment;
use super::error::BuildError;
use super::runtime::Runtime;
use super::tools::Toolchain;
use super::verilate::{GeneratedModel, Member, Trace, prefix};
use super::{compiled_text, host_code, runtime, verilate};
use crate::text::hex_digest;

/// A port that the top module of a source must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedPort {
    /// Name of the port.
    pub name: String,
    /// Width of the port, or of each of its elements; `None` accepts any.
    pub bits: Option<u32>,
}

/// Sources of a compiled model.
#[derive(Clone, Debug)]
pub struct ModelSource {
    /// Module to Verilate, defined in one of the files; its C++ class is `V<top>`.
    pub top: String,
    /// Verilog files: name, which messages quote, and text.
    pub files: Vec<(String, String)>,
    /// Ports of the module that the shim uses.
    pub ports: Vec<ExpectedPort>,
    /// C++ that follows the Verilated classes in the model's translation unit.
    pub shim: String,
    /// Optimization of the translation unit.
    pub optimization: Optimization,
}

/// Translation unit of a model: the code after the Verilated classes, and its optimization.
#[derive(Clone, Copy, Debug)]
pub struct TranslationUnit<'a> {
    /// Module; its C++ class is `V<top>`.
    pub top: &'a str,
    /// C++ that drives the class.
    pub shim: &'a str,
    /// Optimization of the unit.
    pub optimization: Optimization,
}

/// Builder of models: the tools and the cache.
#[derive(Clone, Debug)]
pub struct Builder {
    /// Verilator and the C++ compiler.
    pub toolchain: Toolchain,
    /// Cache of the built models.
    pub cache: Cache,
    /// Whether designs may run code and write files on this machine.
    pub allows_host_code: bool,
    /// Folders below which designs may read files.
    pub readable: Vec<PathBuf>,
}

impl Builder {
    /// Finds the tools; `notice` receives messages on what takes time or is unexpected.
    ///
    /// # Errors
    /// When a tool is missing and cannot be fetched, or the cache cannot be written.
    pub fn discover(environment: &Environment, notice: &dyn Fn(&str)) -> Result<Self, BuildError> {
        let cache = Cache::open(environment)?;
        let toolchain = Toolchain::find(environment, &cache, notice)?;
        Ok(Self { toolchain, cache, allows_host_code: false, readable: Vec::new() })
    }

    /// Path of a shared object with the model, its shim and the runtime, built unless cached.
    ///
    /// # Errors
    /// When Verilator rejects the source, or the C++ does not compile or link.
    pub fn shared_object(&self, source: &ModelSource, trace: Trace) -> Result<PathBuf, BuildError> {
        let name = format!("{}{}", source.top, std::env::consts::DLL_SUFFIX);
        self.build(source, trace, &name, SHARED_FLAGS, |runtime| self.link_inputs(&runtime))
    }

    /// Path of a shared object of one C++ text, compiled unless cached.
    ///
    /// The text needs neither Verilator nor its runtime; `name` names the file, also in errors.
    ///
    /// # Errors
    /// When it does not compile.
    pub fn shared_text(&self, name: &str, text: &str) -> Result<PathBuf, BuildError> {
        compiled_text::shared_object(&self.toolchain.compiler, &self.cache, name, text)
    }

    /// Path of an object file with the model and its shim, built unless cached.
    ///
    /// [`Builder::runtime_objects`] are linked after it.
    ///
    /// # Errors
    /// When Verilator rejects the source or the C++ does not compile.
    pub fn static_object(&self, source: &ModelSource, trace: Trace) -> Result<PathBuf, BuildError> {
        self.build(source, trace, &format!("{}.o", source.top), &["-c"], |_| Vec::new())
    }

    /// Paths of the objects that all static models share, compiled unless cached.
    ///
    /// # Errors
    /// When a file of the runtime does not compile.
    pub fn runtime_objects(&self, trace: Trace) -> Result<Vec<PathBuf>, BuildError> {
        let files = runtime::files(trace);
        Ok(Runtime::get(&self.toolchain, &self.cache, &files, Optimization::Full)?.objects)
    }

    fn build(
        &self,
        source: &ModelSource,
        trace: Trace,
        name: &str,
        flags: &[&str],
        inputs: impl FnOnce(Runtime) -> Vec<OsString>,
    ) -> Result<PathBuf, BuildError> {
        let entry = self.cache.entry(&self.key(source, trace, flags)?, holds(&[name]), |folder| {
            let work = folder.join("work");
            fs::create_dir(&work).map_err(BuildError::cache(&work))?;
            let generated = self.verilate(source, trace, &work)?;
            let files = &generated.runtime;
            let runtime = Runtime::get(&self.toolchain, &self.cache, files, source.optimization)?;
            let unit =
                TranslationUnit { top: &source.top, shim: &source.shim, optimization: source.optimization };
            let mut command = self.unit(&unit, &generated, &runtime.header, &work)?;
            command.args(flags).args(inputs(runtime)).arg("-o").arg(folder.join(name));
            self.toolchain.compiler.run(command, &source.top)?;
            fs::remove_dir_all(&work).map_err(BuildError::cache(&work))
        })?;
        Ok(entry.join(name))
    }

    /// The objects of the runtime and, after them, the libraries that they need.
    fn link_inputs(&self, runtime: &Runtime) -> Vec<OsString> {
        let libraries = self.toolchain.compiler.libraries.iter().map(|name| format!("-l{name}").into());
        runtime.objects.iter().map(OsString::from).chain(libraries).collect()
    }

    /// Path of a shared object of the C++ that Verilator generated into `folder`, compiled unless cached.
    ///
    /// The key covers the generated C++ instead of the Verilog, because the design may include other files.
    ///
    /// # Errors
    /// When the C++ does not compile or link.
    pub fn generated_object(
        &self,
        unit: &TranslationUnit,
        generated: &GeneratedModel,
        folder: &Path,
        trace: Trace,
    ) -> Result<PathBuf, BuildError> {
        let name = format!("{}{}", unit.top, std::env::consts::DLL_SUFFIX);
        let key = self.generated_key(unit, &folder.join(prefix(unit.top)), trace)?;
        let entry = self.cache.entry(&key, holds(&[&name]), |entry| {
            let mut files = generated.runtime.clone();
            files.extend(runtime::files(trace));
            files.sort_unstable();
            files.dedup();
            let runtime = Runtime::get(&self.toolchain, &self.cache, &files, unit.optimization)?;
            let mut command = self.unit(unit, generated, &runtime.header, folder)?;
            command.args(SHARED_FLAGS).args(self.link_inputs(&runtime)).arg("-o").arg(entry.join(&name));
            self.toolchain.compiler.run(command, unit.top)
        })?;
        Ok(entry.join(name))
    }

    /// Cache key that covers everything on which a model of generated C++ depends.
    fn generated_key(
        &self,
        unit: &TranslationUnit,
        folder: &Path,
        trace: Trace,
    ) -> Result<String, BuildError> {
        let is_code = |path: &PathBuf| path.extension().is_some_and(|kind| kind == "cpp" || kind == "h");
        let entries = fs::read_dir(folder).map_err(BuildError::cache(folder))?;
        let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_code).collect();
        files.sort();
        let runtime = runtime::digest(&self.toolchain);
        let trace = if trace == Trace::On { "trace" } else { "" };
        let texts =
            [env!("CARGO_PKG_VERSION"), &runtime, trace, unit.optimization.flag(), unit.top, unit.shim];
        let mut parts: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
        for file in &files {
            parts.push(file.file_name().unwrap_or_default().as_encoded_bytes().to_vec());
            parts.push(fs::read(file).map_err(BuildError::cache(file))?);
        }
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        Ok(format!("{}-{}", unit.top, hex_digest(&parts)))
    }

    /// Cache key that covers everything on which a model depends.
    fn key(&self, source: &ModelSource, trace: Trace, flags: &[&str]) -> Result<String, BuildError> {
        let names = source.files.iter().map(|(name, _)| name);
        for name in names.chain([&source.top]) {
            let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.".contains(&byte));
            if !is_plain || name.is_empty() || name.starts_with('.') {
                return Err(BuildError::Name { name: name.clone() });
            }
        }
        let runtime = runtime::digest(&self.toolchain);
        let trace = &trace.options().join(" ");
        let (level, flags) = (source.optimization.flag(), flags.join(" "));
        // What was built under permission must not serve a run without it.
        let permission = if self.allows_host_code { "host code" } else { &self.readable_digest() };
        let version = env!("CARGO_PKG_VERSION");
        let texts = [version, &runtime, trace, level, &source.top, &source.shim, &flags, permission];
        let files = source.files.iter().flat_map(|(name, text)| [name, text]);
        let parts: Vec<&[u8]> = verilate::FLAGS
            .into_iter()
            .chain(texts)
            .chain(files.map(String::as_str))
            .map(str::as_bytes)
            .collect();
        Ok(format!("{}-{}", source.top, hex_digest(&parts)))
    }

    /// Digest of what decides on the files that a design reads; empty if it may read none.
    fn readable_digest(&self) -> String {
        if self.readable.is_empty() {
            return String::new();
        }
        let current = std::env::current_dir().unwrap_or_default();
        let folders = self.readable.iter().chain([&current]);
        hex_digest(&folders.map(|folder| folder.as_os_str().as_encoded_bytes()).collect::<Vec<_>>())
    }

    fn verilate(
        &self,
        source: &ModelSource,
        trace: Trace,
        folder: &Path,
    ) -> Result<GeneratedModel, BuildError> {
        for (name, text) in &source.files {
            let path = folder.join(name);
            fs::write(&path, text).map_err(BuildError::cache(&path))?;
        }
        let files: Vec<&str> = source.files.iter().map(|(name, _)| name.as_str()).collect();
        let generated = verilate::verilate(&self.toolchain.verilator, folder, &source.top, &files, trace)?;
        check_ports(source, &generated.ports)?;
        if !self.allows_host_code && source.files.iter().any(|(_, text)| host_code::is_suspicious(text)) {
            let arguments = |command: &mut Command| {
                command.current_dir(folder).args(["--top-module", &source.top]).args(&files);
            };
            let verilator = &self.toolchain.verilator;
            host_code::check(verilator, folder, &source.top, trace, &self.readable, &arguments)?;
        }
        Ok(generated)
    }

    /// Writes the model's translation unit into a folder, and returns the command that compiles it.
    fn unit(
        &self,
        unit: &TranslationUnit,
        generated: &GeneratedModel,
        header: &Path,
        folder: &Path,
    ) -> Result<Command, BuildError> {
        let path = folder.join(format!("{}.cpp", unit.top));
        fs::write(&path, includes(&generated.model) + unit.shim).map_err(BuildError::cache(&path))?;
        let mut command = self.toolchain.compile(unit.optimization);
        command.arg("-include").arg(header).arg("-I").arg(folder.join(prefix(unit.top))).arg(path);
        Ok(command)
    }
}

/// Include directives of the generated classes. Code that runs once is not optimized: the contents of large
/// memories would take the compiler minutes.
fn includes(stems: &[String]) -> String {
    let (slow, fast): (Vec<&String>, Vec<&String>) = stems.iter().partition(|stem| stem.contains(SLOW));
    let list = |stems: Vec<&String>| {
        stems.into_iter().map(|stem| format!("#include \"{stem}.cpp\"\n")).collect::<String>()
    };
    if slow.is_empty() {
        return list(fast);
    }
    format!("{}{OPTIMIZE_OFF}{}{OPTIMIZE_ON}", list(fast), list(slow))
}

/// Suffix of Verilator's files with code that runs once.
const SLOW: &str = "__Slow";

const OPTIMIZE_OFF: &str = "\
#ifdef __clang__
#pragma clang optimize off
#else
#pragma GCC push_options
#pragma GCC optimize(\"O0\")
#endif
";

const OPTIMIZE_ON: &str = "\
#ifdef __clang__
#pragma clang optimize on
#else
#pragma GCC pop_options
#endif
";

/// Checks that a module has the ports that the shim uses, and no other input: it would be undriven.
fn check_ports(source: &ModelSource, found: &[Member]) -> Result<(), BuildError> {
    let module = || source.top.clone();
    for port in &source.ports {
        let Some(own) = found.iter().find(|own| own.name == port.name) else {
            let found = found.iter().map(|own| own.name.clone()).collect();
            return Err(BuildError::Ports { module: module(), port: port.name.clone(), found });
        };
        if let Some(bits) = port.bits.filter(|bits| *bits != own.bits) {
            let port = port.name.clone();
            return Err(BuildError::PortWidth { module: module(), port, found: own.bits, bits });
        }
    }
    let is_extra =
        |own: &&Member| own.is_output == Some(false) && source.ports.iter().all(|port| port.name != own.name);
    match found.iter().find(is_extra) {
        Some(own) => Err(BuildError::PortExtra { module: module(), port: own.name.clone() }),
        None => Ok(()),
    }
}
