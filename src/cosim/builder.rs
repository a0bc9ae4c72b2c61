//! From Verilog and a C++ shim to a compiled model.

use super::super::catalogue::hex_digest;
use super::cache::Cache;
use super::compile;
use super::compiler::Compiler;
use super::environment::Environment;
use super::error::BuildError;
use super::toolchain::Verilator;
use super::verilate::{self, Generated, Trace};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A module to Verilate.
#[derive(Clone, Debug)]
pub struct Top {
    /// The module, in one of the files.
    pub module: String,
    /// The C++ class and header that stand for it.
    pub prefix: String,
}

/// What a compiled model is made of.
#[derive(Clone, Debug)]
pub struct Source {
    /// Names the files of the result; a C identifier.
    pub symbol: String,
    /// The modules to Verilate, all over the same files.
    pub tops: Vec<Top>,
    /// The Verilog: name, which shows up in messages, and text.
    pub files: Vec<(String, String)>,
    /// C++ that follows the Verilated classes in one translation unit.
    pub shim: String,
}

/// The tools that build models and the cache that keeps them, found once.
#[derive(Clone, Debug)]
pub struct Builder {
    /// The Verilator.
    pub verilator: Verilator,
    /// The C++ compiler.
    pub compiler: Compiler,
    /// The cache.
    pub cache: Cache,
}

impl Builder {
    /// Finds the tools; `notice` is told what takes time or is unexpected.
    ///
    /// # Errors
    /// When a tool is missing and cannot be fetched, or the cache cannot be written.
    pub fn discover(environment: &Environment, notice: &dyn Fn(&str)) -> Result<Self, BuildError> {
        let cache = Cache::open(environment)?;
        let compiler = Compiler::find(environment)?;
        let verilator = Verilator::find(environment, &cache, notice)?;
        Ok(Self { verilator, compiler, cache })
    }

    /// The path of a shared object with the model, its shim and the runtime, built unless cached.
    ///
    /// # Errors
    /// When Verilator refuses the source, or the C++ does not compile or link.
    pub fn shared_object(&self, source: &Source, trace: Trace) -> Result<PathBuf, BuildError> {
        let name = format!("{}{}", source.symbol, std::env::consts::DLL_SUFFIX);
        let flags = compile::link_flags(&self.compiler);
        let entry = self.cache.entry(&self.key(source, trace, &flags)?, |folder| {
            let generated = self.verilate(source, trace, folder)?;
            let runtime = self.runtime(&generated)?;
            let mut command = self.unit_command(source, trace, &generated, folder)?;
            command.args(flags.iter().copied()).args(runtime).arg("-o").arg(folder.join(&name));
            compile::run(command, &self.compiler, &source.symbol)
        })?;
        Ok(entry.join(name))
    }

    /// The path of an object file with the model and its shim, to be linked before
    /// [`Builder::runtime_objects`], built unless cached.
    ///
    /// # Errors
    /// When Verilator refuses the source or the C++ does not compile.
    pub fn static_object(&self, source: &Source, trace: Trace) -> Result<PathBuf, BuildError> {
        let name = format!("{}.o", source.symbol);
        let entry = self.cache.entry(&self.key(source, trace, &["-c"])?, |folder| {
            let generated = self.verilate(source, trace, folder)?;
            let mut command = self.unit_command(source, trace, &generated, folder)?;
            command.arg("-c").arg("-o").arg(folder.join(&name));
            compile::run(command, &self.compiler, &source.symbol)
        })?;
        Ok(entry.join(name))
    }

    /// Objects of the runtime for any number of static models, compiled unless cached.
    ///
    /// # Errors
    /// When a file of the runtime does not compile.
    pub fn runtime_objects(&self) -> Result<Vec<PathBuf>, BuildError> {
        let runtime = ["verilated", "verilated_vcd_c", "verilated_threads"].map(String::from);
        compile::runtime(&self.verilator, &self.compiler, &self.cache, &runtime)
    }

    fn runtime(&self, generated: &[Generated]) -> Result<Vec<PathBuf>, BuildError> {
        let files: BTreeSet<_> = generated.iter().flat_map(|top| &top.runtime).cloned().collect();
        compile::runtime(&self.verilator, &self.compiler, &self.cache, &Vec::from_iter(files))
    }

    /// The key of everything that the result depends on.
    fn key(&self, source: &Source, trace: Trace, flags: &[&str]) -> Result<String, BuildError> {
        let names = source.files.iter().map(|(name, _)| name);
        for name in names.chain([&source.symbol]) {
            let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.".contains(&byte));
            if !is_plain || name.is_empty() || name.starts_with('.') {
                return Err(BuildError::Name { name: name.clone() });
            }
        }
        let tops = source.tops.iter().flat_map(|top| [top.module.as_str(), &top.prefix, "\n"]);
        let files = source.files.iter().flat_map(|(name, text)| [name.as_str(), text]);
        let parts: Vec<&[u8]> = [env!("CARGO_PKG_VERSION"), &self.verilator.digest, &self.compiler.digest]
            .into_iter()
            .chain(verilate::FLAGS)
            .chain(flags.iter().copied())
            .chain([source.shim.as_str(), if trace == Trace::On { "trace" } else { "" }, "\n"])
            .chain(tops)
            .chain(files)
            .map(str::as_bytes)
            .collect();
        Ok(format!("{}-{}", source.symbol, hex_digest(&parts)))
    }

    fn verilate(&self, source: &Source, trace: Trace, folder: &Path) -> Result<Vec<Generated>, BuildError> {
        for (name, text) in &source.files {
            let path = folder.join(name);
            fs::write(&path, text).map_err(BuildError::cache(&path))?;
        }
        let files: Vec<&str> = source.files.iter().map(|(name, _)| name.as_str()).collect();
        let run = |top: &Top| {
            verilate::verilate(&self.verilator, folder, (&top.module, &top.prefix), &files, trace)
        };
        source.tops.iter().map(run).collect()
    }

    /// The command that compiles the model's one translation unit, which it writes to the folder.
    fn unit_command(
        &self,
        source: &Source,
        trace: Trace,
        generated: &[Generated],
        folder: &Path,
    ) -> Result<std::process::Command, BuildError> {
        let mut unit = String::new();
        for (top, generated) in source.tops.iter().zip(generated) {
            for stem in &generated.model {
                unit += &format!("#include \"{}/{stem}.cpp\"\n", top.prefix);
            }
        }
        unit += &source.shim;
        let path = folder.join(format!("{}.cpp", source.symbol));
        fs::write(&path, unit).map_err(BuildError::cache(&path))?;
        let mut command = compile::compile_command(&self.verilator, &self.compiler, trace);
        for top in &source.tops {
            command.arg("-I").arg(folder.join(&top.prefix));
        }
        command.arg(path);
        Ok(command)
    }
}
