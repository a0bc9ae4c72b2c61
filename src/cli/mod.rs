//! The command line: one file per verb, each a short composition of the library.
//!
//! stdout carries only the product; everything for people goes to stderr. Exit codes: 0 done,
//! 1 a negative verdict, 2 usage, config or environment.

mod audit;
mod demo;
mod doctor;
mod engine;
mod generate;
mod list;
mod mutate;
mod progress;
mod prove;
mod quantize;
mod report;
mod requantize;
mod rules;
mod scaling;
mod select;
mod simulate;
mod sweep;
mod synth;
mod verify;
mod watchdog;
mod weights;

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::simulation::Built;
use crate::simulation::bit_sliced::YosysSlicer;
use crate::toolchain::environment::Environment;
use crate::toolchain::error::BuildError;

/// Quantized arithmetic as Verilog, shown bit-exact by co-simulation.
#[derive(Parser)]
#[command(name = "qrtl", version, about, max_term_width = 110)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    List(list::Args),
    Generate(generate::Args),
    Verify(verify::Args),
    Sweep(sweep::Args),
    Audit(audit::Args),
    Report(report::Args),
    Simulate(simulate::Args),
    Synth(synth::Args),
    Prove(prove::Args),
    Mutate(mutate::Args),
    Quantize(quantize::Args),
    Requantize(requantize::Args),
    Rules(rules::Args),
    Demo(demo::Args),
    Doctor(doctor::Args),
}

/// How a verb writes what it found.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// How a verb that ran to its end came out.
enum Verdict {
    /// Exit code 0.
    Positive,
    /// Exit code 1: a mismatch, or files that differ.
    Negative,
}

impl Verdict {
    fn positive_if(condition: bool) -> Verdict {
        if condition { Verdict::Positive } else { Verdict::Negative }
    }
}

/// Whatever kept a verb from its end; exit code 2.
type Error = Box<dyn std::error::Error + Send + Sync>;

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let result = match Cli::parse().verb {
        Verb::List(args) => list::run(&args),
        Verb::Generate(args) => generate::run(&args),
        Verb::Verify(args) => verify::run(&args),
        Verb::Sweep(args) => sweep::run(&args),
        Verb::Audit(args) => audit::run(&args),
        Verb::Report(args) => report::run(&args),
        Verb::Simulate(args) => simulate::run(&args),
        Verb::Synth(args) => synth::run(&args),
        Verb::Prove(args) => prove::run(&args),
        Verb::Mutate(args) => mutate::run(&args),
        Verb::Quantize(args) => quantize::run(&args),
        Verb::Requantize(args) => requantize::run(&args),
        Verb::Rules(args) => rules::run(&args),
        Verb::Demo(args) => demo::run(&args),
        Verb::Doctor(args) => doctor::run(&args),
    };
    match result {
        Ok(Verdict::Positive) => ExitCode::SUCCESS,
        Ok(Verdict::Negative) => ExitCode::from(1),
        Err(error) => {
            tell(&format!("error: {error}\n"));
            ExitCode::from(2)
        }
    }
}

/// Writes the product to stdout. A reader such as `head` that has seen enough is no error, and changes
/// neither the rest of the work nor its verdict.
fn print(text: &str) -> Result<(), Error> {
    use std::io::{ErrorKind, Write};
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("cannot write to stdout: {error}; check where it is redirected to").into())
        }
        _ => Ok(()),
    }
}

/// Writes to the person at the terminal; one who no longer reads changes no verdict.
fn tell(text: &str) {
    use std::io::Write;
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

fn print_json(value: &impl serde::Serialize) -> Result<(), Error> {
    print(&(serde_json::to_string_pretty(value)? + "\n"))
}

/// Models of any kind, built on demand.
fn built() -> Result<Built, BuildError> {
    let slicer = YosysSlicer::new(Environment::of_process(), notice)?;
    Ok(Built::discover(&notice)?.slicing(slicer))
}

/// What takes time or is unexpected, for the person at the terminal.
fn notice(text: &str) {
    tell(&format!("qrtl: {text}\n"));
}

/// A path as a shell reads it back.
fn shell_word(path: &std::path::Path) -> String {
    let text = path.display().to_string();
    match text.chars().all(|c| c.is_alphanumeric() || "/._-+".contains(c)) {
        true => text,
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests;
