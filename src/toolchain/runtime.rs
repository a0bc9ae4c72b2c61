//! Verilator's runtime and its precompiled header, which all models of a toolchain share.

use std::path::{Path, PathBuf};
use std::{fs, thread};

use super::cache::{Cache, holds};
use super::compiler::Optimization;
use super::error::BuildError;
use super::tools::Toolchain;
use super::verilate::Trace;
use crate::text::hex_digest;

/// Handlers that replace those of the runtime, which would end the process.
const HANDLERS: &str = include_str!("../../templates/runtime.cpp");

/// Passes the output of the runtime to the handlers, because stdout belongs to the program.
const PRINT: &str = include_str!("../../templates/runtime.h");

/// Macros that leave the handlers to [`HANDLERS`].
const FLAGS: [&str; 3] = ["-DVL_USER_FATAL", "-DVL_USER_STOP", "-DVL_USER_FINISH"];

/// Header of every model, which takes 0.8 s of the 1.2 s to compile a small one.
const HEADER: &str = "#include \"verilated.h\"\n";

/// Stems of the runtime's files that a model with this trace needs.
pub fn files(trace: Trace) -> Vec<String> {
    let all: &[&str] = match trace {
        Trace::Off => &["verilated", "verilated_threads"],
        Trace::On => &["verilated", "verilated_threads", "verilated_vcd_c"],
        Trace::Coverage => &["verilated", "verilated_threads", "verilated_cov"],
    };
    all.iter().map(|file| file.to_string()).collect()
}

/// Digest of everything on which the objects and the header depend.
pub fn digest(toolchain: &Toolchain) -> String {
    let texts = [&toolchain.digest(), HANDLERS, PRINT, &FLAGS.concat()];
    hex_digest(&texts.map(str::as_bytes))
}

/// Files that a model is compiled and linked with.
pub struct Runtime {
    /// Header to include first; GCC takes the precompiled one beside it.
    pub header: PathBuf,
    /// Objects of the handlers and the runtime.
    pub objects: Vec<PathBuf>,
}

impl Runtime {
    /// Returns the header for an optimization level and the objects of some files of the runtime.
    ///
    /// What is not cached is compiled in parallel.
    ///
    /// # Errors
    /// Those of [`Compiler::run`](super::compiler::Compiler::run), and [`BuildError::Cache`].
    pub fn get(
        toolchain: &Toolchain,
        cache: &Cache,
        files: &[String],
        optimization: Optimization,
    ) -> Result<Self, BuildError> {
        thread::scope(|scope| {
            let header = scope.spawn(move || header(toolchain, cache, optimization));
            let handlers = scope.spawn(|| handlers(toolchain, cache));
            let theirs: Vec<_> =
                files.iter().map(|file| scope.spawn(|| object(toolchain, cache, file))).collect();
            let objects = std::iter::once(handlers).chain(theirs).map(join).collect::<Result<_, _>>();
            Ok(Self { header: join(header)?, objects: objects? })
        })
    }
}

fn join<T>(thread: thread::ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Header for an optimization level, which is fixed in a precompiled header.
fn header(toolchain: &Toolchain, cache: &Cache, optimization: Optimization) -> Result<PathBuf, BuildError> {
    let key = format!("header{}-{}", optimization.flag(), digest(toolchain));
    // Clang's precompiled headers contain the path of their folder, which is renamed.
    let is_precompiled = !toolchain.compiler.is_clang;
    let files: &[&str] = if is_precompiled { &["header.h", "header.h.gch"] } else { &["header.h"] };
    let entry = cache.entry(&key, holds(files), |folder| {
        let source = folder.join("header.h");
        fs::write(&source, HEADER).map_err(BuildError::cache(&source))?;
        if !is_precompiled {
            return Ok(());
        }
        let mut command = toolchain.compile(optimization);
        command.args(["-x", "c++-header"]).arg(&source).arg("-o").arg(folder.join("header.h.gch"));
        toolchain.compiler.run(command, "verilated.h")
    })?;
    Ok(entry.join("header.h"))
}

fn handlers(toolchain: &Toolchain, cache: &Cache) -> Result<PathBuf, BuildError> {
    let key = format!("handlers-{}", digest(toolchain));
    let entry = cache.entry(&key, holds(&["handlers.o"]), |folder| {
        let source = folder.join("handlers.cpp");
        fs::write(&source, HANDLERS).map_err(BuildError::cache(&source))?;
        compile(toolchain, &source, &folder.join("handlers.o"))
    })?;
    Ok(entry.join("handlers.o"))
}

fn object(toolchain: &Toolchain, cache: &Cache, file: &str) -> Result<PathBuf, BuildError> {
    let object = format!("{file}.o");
    let key = format!("{file}-{}", digest(toolchain));
    let entry = cache.entry(&key, holds(&[&object]), |folder| {
        let source = toolchain.verilator.root.join("include").join(file).with_extension("cpp");
        compile(toolchain, &source, &folder.join(&object))
    })?;
    Ok(entry.join(object))
}

/// Compiles a file of the runtime; lightly optimized, because it is large and rarely executed.
fn compile(toolchain: &Toolchain, source: &Path, object: &Path) -> Result<(), BuildError> {
    let mut command = toolchain.compile(Optimization::Light);
    let print = object.with_extension("h");
    fs::write(&print, PRINT).map_err(BuildError::cache(&print))?;
    command.args(FLAGS).arg("-include").arg(print).arg("-c").arg(source).arg("-o").arg(object);
    toolchain.compiler.run(command, &source.display().to_string())
}
