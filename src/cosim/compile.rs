//! Compiles Verilated models: one translation unit a model, Verilator's runtime once for all.

use super::super::catalogue::hex_digest;
use super::cache::Cache;
use super::compiler::Compiler;
use super::error::BuildError;
use super::toolchain::Verilator;
use super::verilate::Trace;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Replaces the handlers with which Verilator's runtime would end the process.
const HANDLERS: &str = include_str!("../../templates/runtime.cpp");

/// The handlers that [`HANDLERS`] brings; Verilator's output to stdout goes to stderr.
const HANDLER_FLAGS: [&str; 4] = [
    "-DVL_USER_FATAL",
    "-DVL_USER_STOP",
    "-DVL_USER_FINISH",
    "-DVL_PRINTF(...)=std::fprintf(stderr, __VA_ARGS__)",
];

/// Objects of the runtime that a model with those runtime files needs, compiled unless cached.
///
/// # Errors
/// [`BuildError::Compile`], [`BuildError::Run`], [`BuildError::Cache`].
pub fn runtime(
    verilator: &Verilator,
    compiler: &Compiler,
    cache: &Cache,
    files: &[String],
) -> Result<Vec<PathBuf>, BuildError> {
    let object = |stem: &str, source: &Path, text: &str| {
        let digest = hex_digest(&[
            verilator.digest.as_bytes(),
            compiler.digest.as_bytes(),
            text.as_bytes(),
            HANDLER_FLAGS.concat().as_bytes(),
        ]);
        let name = format!("{stem}.o");
        let entry = cache.entry(&format!("{stem}-{digest}"), |folder| {
            let source = if text.is_empty() {
                source.to_path_buf()
            } else {
                let path = folder.join(source);
                std::fs::write(&path, text).map_err(BuildError::cache(&path))?;
                path
            };
            let mut command = compile_command(verilator, compiler, Trace::On);
            command.arg("-O1").args(HANDLER_FLAGS).arg("-c").arg(source).arg("-o").arg(folder.join(&name));
            run(command, compiler, &format!("the Verilator runtime file {stem}.cpp"))
        })?;
        Ok(entry.join(name))
    };
    let include = verilator.root.join("include");
    let ours = object("qrtl_runtime", Path::new("qrtl_runtime.cpp"), HANDLERS);
    let theirs = files.iter().map(|stem| object(stem, &include.join(format!("{stem}.cpp")), ""));
    std::iter::once(ours).chain(theirs).collect()
}

/// A compiler command with Verilator's header folders and macros.
pub fn compile_command(verilator: &Verilator, compiler: &Compiler, trace: Trace) -> Command {
    let include = verilator.root.join("include");
    let trace = u8::from(trace == Trace::On);
    let mut command = compiler.command();
    command.arg("-I").arg(&include).arg("-I").arg(include.join("vltstd"));
    command.args(["-DVERILATOR=1", "-DVM_COVERAGE=0", "-DVM_SC=0", "-DVM_TIMING=0", "-DVM_TRACE_FST=0"]);
    command.args([
        "-DVM_TRACE_SAIF=0".to_string(),
        format!("-DVM_TRACE={trace}"),
        format!("-DVM_TRACE_VCD={trace}"),
    ]);
    command
}

/// The options that make a shared object self-contained: two models in one process never share a
/// symbol.
pub fn link_flags(compiler: &Compiler) -> Vec<&'static str> {
    let mut flags = vec!["-shared", "-pthread"];
    if cfg!(target_os = "linux") {
        flags.push("-Wl,-Bsymbolic");
    }
    if !compiler.is_clang {
        flags.push("-fno-gnu-unique");
    }
    flags
}

/// Runs a compiler command.
///
/// # Errors
/// [`BuildError::Compile`] with the beginning of what the compiler printed, [`BuildError::Run`].
pub fn run(mut command: Command, compiler: &Compiler, what: &str) -> Result<(), BuildError> {
    let output = command
        .output()
        .map_err(|source| BuildError::Run { program: command.get_program().into(), source })?;
    if output.status.success() {
        return Ok(());
    }
    let printed = String::from_utf8_lossy(&output.stderr);
    let message = printed.lines().take(20).collect::<Vec<_>>().join("\n");
    Err(BuildError::Compile { compiler: compiler.name(), what: what.to_string(), message })
}
