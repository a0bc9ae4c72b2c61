//! Compiles one C++ text that needs neither Verilator nor its runtime, unless it is cached.

use std::fs;
use std::path::PathBuf;

use super::cache::{Cache, holds};
use super::compiler::{Compiler, LOADER_LIBRARIES, Optimization, SHARED_FLAGS};
use super::error::BuildError;
use crate::text::hex_digest;

/// Path of a shared object; `name` names the file, also in errors.
///
/// # Errors
/// When it does not compile.
pub fn shared_object(
    compiler: &Compiler,
    cache: &Cache,
    name: &str,
    text: &str,
) -> Result<PathBuf, BuildError> {
    let file = format!("{name}{}", std::env::consts::DLL_SUFFIX);
    compile(compiler, cache, text, [name, &file], Optimization::Full, SHARED_FLAGS, &[])
}

/// Path of a program that loads shared objects.
///
/// # Errors
/// When it does not compile.
pub fn program(compiler: &Compiler, cache: &Cache, name: &str, text: &str) -> Result<PathBuf, BuildError> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    compile(compiler, cache, text, [name, &file], Optimization::Light, &[], LOADER_LIBRARIES)
}

/// Compiles to a file; the libraries follow the text.
fn compile(
    compiler: &Compiler,
    cache: &Cache,
    text: &str,
    [name, file]: [&str; 2],
    optimization: Optimization,
    flags: &[&str],
    libraries: &[&str],
) -> Result<PathBuf, BuildError> {
    let parts = [env!("CARGO_PKG_VERSION"), &compiler.digest, &flags.join(" "), text];
    let key = format!("{name}-{}", hex_digest(&parts.map(str::as_bytes)));
    let entry = cache.entry(&key, holds(&[file]), |folder| {
        let source = folder.join(format!("{name}.cpp"));
        fs::write(&source, text).map_err(BuildError::cache(&source))?;
        let mut command = compiler.command(optimization);
        command.args(flags).arg(&source).arg("-o").arg(folder.join(file)).args(libraries);
        compiler.run(command, name)
    })?;
    Ok(entry.join(file))
}
