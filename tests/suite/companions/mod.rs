//! Companion files for other tools: Vivado, Quartus, VHDL, assertions.

mod assertions;
mod packages;
mod scripts;

use std::fs;
use std::path::Path;
use std::process::Command;

use qrtl::generator::companion::{Companion, files};
use qrtl::unit::{Config, Role};

/// Writes the module, its companions and the models of its cells to a folder.
fn write(folder: &Path, config: &Config, companions: &[Companion]) {
    for (name, text) in files(config, companions).unwrap() {
        fs::write(folder.join(name), text).unwrap();
    }
}

/// Whether a command succeeds, and everything that it prints.
fn output(command: &mut Command, fix: &str) -> (bool, String) {
    let output = command.output().unwrap_or_else(|error| panic!("cannot run {command:?} ({error}); {fix}"));
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (output.status.success(), text.concat())
}

fn has_clock(config: &Config) -> bool {
    config.ports().iter().any(|port| port.role == Role::Clock)
}
