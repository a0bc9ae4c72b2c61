//! The command line: one file per subcommand, each short.
//!
//! stdout carries only results (Verilog, tables, JSON); messages go to stderr. Exit codes: 0 success,
//! 1 mismatch or drift, 2 wrong usage, illegal config or missing tool.

mod audit;
mod bound;
mod cache;
mod completions;
mod console;
mod count;
mod demo;
mod design_options;
mod docs;
mod doctor;
mod engine;
mod generate;
mod list;
mod mutate;
mod network;
mod ports;
mod progress;
mod project;
mod prove;
mod quantize;
mod report;
mod requantize;
mod rtl_options;
mod rules;
mod scaling;
mod select;
mod self_test;
mod simulate;
mod sweep;
mod synth;
mod user_files;
mod verify;
mod version;
mod watchdog;
mod weights;

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::OnceLock;

use clap::{ColorChoice, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::simulation::ModelBuilder;
use crate::simulation::bit_sliced::YosysSlicer;
use crate::toolchain::environment::Environment;
use crate::toolchain::error::BuildError;
use crate::toolchain::parallel;
use console::{print, print_error, print_json, print_notice, print_status, print_verdict};
use progress::prepare_tools;

/// Quantized arithmetic as Verilog, shown bit-exact by co-simulation.
#[derive(Parser)]
#[command(name = "qrtl", version, long_version = version::LONG.as_str(), about, max_term_width = 110)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
    /// Run N threads at the same time [default: one per core]
    #[arg(short, long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Write no progress and no notices to stderr; results, verdicts and errors remain
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Colour verdicts and errors; `auto` does so on a terminal unless NO_COLOR is set
    #[arg(long, global = true, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    color: ColorChoice,
}

#[derive(Subcommand)]
enum Verb {
    List(list::Args),
    Generate(generate::Args),
    Verify(verify::Args),
    Sweep(sweep::Args),
    Audit(audit::Args),
    Ports(ports::Args),
    Report(report::Args),
    Simulate(simulate::Args),
    Synth(synth::Args),
    Prove(prove::Args),
    Mutate(mutate::Args),
    Quantize(quantize::Args),
    Requantize(requantize::Args),
    Rules(rules::Args),
    Bound(bound::Args),
    Demo(demo::Args),
    Docs(docs::Args),
    Doctor(doctor::Args),
    Cache(cache::Args),
    Completions(completions::Args),
}

/// Format of the results on stdout.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OutputFormat {
    /// Tables and sentences.
    Text,
    /// One JSON document.
    Json,
}

/// Outcome of a subcommand that completed.
enum ExitStatus {
    /// Exit code 0.
    Success,
    /// Exit code 1: a mismatch, or files that differ.
    Failure,
}

impl ExitStatus {
    fn success_if(condition: bool) -> Self {
        if condition { Self::Success } else { Self::Failure }
    }
}

/// Error that aborts a subcommand (exit code 2).
type CliError = Box<dyn std::error::Error + Send + Sync>;

/// The words of the command line, the name of the program first.
static COMMAND_LINE: OnceLock<Vec<OsString>> = OnceLock::new();

/// Runs a command line, whose first word is the name of the program; returns the exit code.
///
/// A process runs one.
pub fn run(words: Vec<OsString>) -> u8 {
    let words = COMMAND_LINE.get_or_init(|| words);
    let Cli { verb, jobs, quiet, color } = match Cli::try_parse_from(words) {
        Ok(cli) => cli,
        Err(error) => {
            console::configure(false, requested_color(words));
            // A closed stream does not change the exit code.
            let _ = error.print();
            return if error.use_stderr() { 2 } else { 0 };
        }
    };
    console::configure(quiet, color);
    jobs.into_iter().for_each(|jobs| parallel::limit_threads(jobs.into()));
    let result = match verb {
        Verb::List(args) => list::run(&args),
        Verb::Generate(args) => generate::run(&args),
        Verb::Verify(args) => verify::run(&args),
        Verb::Sweep(args) => sweep::run(&args),
        Verb::Audit(args) => audit::run(&args),
        Verb::Ports(args) => ports::run(&args),
        Verb::Report(args) => report::run(&args),
        Verb::Simulate(args) => simulate::run(&args),
        Verb::Synth(args) => synth::run(&args),
        Verb::Prove(args) => prove::run(&args),
        Verb::Mutate(args) => mutate::run(&args),
        Verb::Quantize(args) => quantize::run(&args),
        Verb::Requantize(args) => requantize::run(&args),
        Verb::Rules(args) => rules::run(&args),
        Verb::Bound(args) => bound::run(&args),
        Verb::Demo(args) => demo::run(&args),
        Verb::Docs(args) => docs::run(&args),
        Verb::Doctor(args) => doctor::run(&args),
        Verb::Cache(args) => cache::run(&args),
        Verb::Completions(args) => completions::run(&args),
    };
    match result {
        Ok(ExitStatus::Success) => 0,
        Ok(ExitStatus::Failure) => 1,
        Err(error) => {
            print_error(&format!("error: {error}\n"));
            2
        }
    }
}

/// The value of `--color` in a command line with an error in it.
fn requested_color(words: &[OsString]) -> ColorChoice {
    let matches = Cli::command().ignore_errors(true).try_get_matches_from(words);
    let color = matches.ok().and_then(|matches| matches.try_get_one("color").ok().flatten().copied());
    color.unwrap_or(ColorChoice::Auto)
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    run(std::env::args_os().collect()).into()
}

/// The command line as quoted for a shell, the program called `qrtl`.
fn command_line() -> String {
    let words = COMMAND_LINE.get().into_iter().flatten().skip(1);
    let words = words.map(|word| crate::text::shell_word(word.as_ref()));
    std::iter::once("qrtl".to_string()).chain(words).collect::<Vec<_>>().join(" ")
}

/// Models built on demand, bit-sliced ones included.
fn discover_models() -> Result<ModelBuilder, BuildError> {
    let slicer = YosysSlicer::new(Environment::of_process(), print_notice)?;
    Ok(prepare_tools(|| ModelBuilder::discover(&print_notice))?.with_slicer(slicer))
}

#[cfg(test)]
mod tests;
