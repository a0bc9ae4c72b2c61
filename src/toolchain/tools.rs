//! Toolchain: the two programs that compile Verilog to a model.

use std::process::Command;

use super::cache::Cache;
use super::compiler::{Compiler, Optimization};
use super::environment::Environment;
use super::error::BuildError;
use super::verilator::Verilator;
use crate::text::hex_digest;

/// A usable Verilator and a usable C++ compiler.
#[derive(Clone, Debug)]
pub struct Toolchain {
    /// Translates Verilog to C++.
    pub verilator: Verilator,
    /// Compiles and links the C++.
    pub compiler: Compiler,
}

impl Toolchain {
    /// Finds both; a missing Verilator is fetched into the cache, a missing compiler is an error.
    ///
    /// # Errors
    /// Those of [`Compiler::find`] and [`Verilator::find`].
    pub fn find(environment: &Environment, cache: &Cache, notice: &dyn Fn(&str)) -> Result<Self, BuildError> {
        let compiler = Compiler::find(environment)?;
        let verilator = Verilator::find(environment, cache, notice)?;
        Ok(Self { verilator, compiler })
    }

    /// Digest that changes with either program.
    pub fn digest(&self) -> String {
        hex_digest(&[self.verilator.digest.as_bytes(), self.compiler.digest.as_bytes()])
    }

    /// A compiler command that finds Verilator's headers.
    pub fn compile(&self, optimization: Optimization) -> Command {
        let include = self.verilator.root.join("include");
        let mut command = self.compiler.command(optimization);
        command.arg("-I").arg(&include).arg("-I").arg(include.join("vltstd"));
        command
    }
}
