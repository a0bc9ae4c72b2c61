//! `qrtl generate`: writes Verilog to stdout or to a folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::network::{self, NetworkOptions};
use super::project::{ProjectConfig, project_configs};
use super::select::Select;
use super::{CliError, ExitStatus, print, print_error, print_status};
use crate::catalogue::UNITS;
use crate::files::drift::Drift;
use crate::files::output;
use crate::generator;
use crate::generator::companion::{Companion, files, library};
use crate::network::{Hardware, HardwareReport};
use crate::report::html_of_network;
use crate::unit::Config;

/// Generate the Verilog of a config
///
/// Without -o the module is printed to stdout, with -o it is written to a file named after the module. Unchanged
/// files are not rewritten. Without a unit, the configs of qrtl.toml are written, in the working folder or above it.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl generate int8_multiplier
  qrtl generate multiplier --set a_bits=8 --set b_bits=4 --set stages=2 -o build/
  qrtl generate int8_multiplier --target ice40
  qrtl generate constant_matrix --weights codes.npy --set stages=3 -o build/
  qrtl generate mac --preset int8_mac --with testbench,filelist -o build/
  qrtl generate --all -o rtl/
  qrtl generate --all --check -o rtl/
  qrtl generate --check")]
pub(super) struct Args {
    /// Unit, preset or network file; without one, all configs of qrtl.toml
    #[arg(conflicts_with = "all")]
    unit: Option<String>,
    #[command(flatten)]
    select: Select,
    #[command(flatten)]
    network: NetworkOptions,
    /// Write the files to this folder
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Write every preset, with manifest and table of presets
    #[arg(long, conflicts_with_all = ["preset", "sets", "target", "objective", "dsp", "weights", "name", "prefix", "with"])]
    all: bool,
    /// Write nothing; exit with 1 if the folder differs from what would be written
    #[arg(long)]
    check: bool,
    /// Set the module name
    #[arg(long)]
    name: Option<String>,
    /// Prefix the module name
    #[arg(long)]
    prefix: Option<String>,
    /// Also write companion files: filelist, core, testbench, instance, vivado, quartus, vhdl, sva, cocotb
    #[arg(long, value_delimiter = ',')]
    with: Vec<Companion>,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    let files = match &args.unit {
        None if !args.all => return project(args),
        None => library(),
        Some(unit) => {
            let (config, report) = config(args, unit)?;
            let mut files = files(&config, &args.with)?;
            files.extend(report.iter().flat_map(|report| report_files(&config, report)));
            files
        }
    };
    match &args.output {
        None if args.all => {
            Err("--all writes many files: name the folder with -o, for example -o rtl/".into())
        }
        None if args.check || !args.with.is_empty() => {
            Err("--check and --with need a folder: name it with --output, for example --output rtl/".into())
        }
        None => print(&files[0].1).map(|()| ExitStatus::Success),
        Some(folder) if args.check => check(folder, &files, args.all),
        Some(folder) => write(folder, &files),
    }
}

/// Writes or compares the configs of `qrtl.toml`; `--output` and `--with` replace what the file says.
fn project(args: &Args) -> Result<ExitStatus, CliError> {
    let Some(configs) = project_configs(&args.select, &args.network)? else {
        let units: Vec<&str> = UNITS.iter().map(|unit| unit.name()).collect();
        return Err(format!(
            "nothing to generate: name a preset (`qrtl list` shows them), a .tflite or .onnx file, or a unit: {}; or \
             list the configs of your project in a qrtl.toml",
            units.join(", ")
        )
        .into());
    };
    if args.name.is_some() || args.prefix.is_some() {
        return Err(
            "--name and --prefix apply to one config: name a unit, or rename the config in qrtl.toml".into(),
        );
    }
    let mut folders: BTreeMap<PathBuf, BTreeMap<String, String>> = BTreeMap::new();
    for ProjectConfig { config, report, output, with, .. } in configs {
        let with = if args.with.is_empty() { &with } else { &args.with };
        let folder = folders.entry(args.output.clone().unwrap_or(output)).or_default();
        folder.extend(files(&config, with)?);
        folder.extend(report.iter().flat_map(|report| report_files(&config, report)));
    }
    let mut passed = true;
    for (folder, files) in folders {
        let files: Vec<_> = files.into_iter().collect();
        let status = if args.check { check(&folder, &files, false)? } else { write(&folder, &files)? };
        passed &= matches!(status, ExitStatus::Success);
    }
    Ok(ExitStatus::success_if(passed))
}

/// The report of a network, for programs and as a page.
fn report_files(config: &Config, report: &HardwareReport) -> [(String, String); 2] {
    let json = serde_json::to_string_pretty(report).expect("reports are plain data");
    let name = config.name();
    [
        (format!("{name}_report.json"), json + "\n"),
        (format!("{name}_report.html"), html_of_network(name, report)),
    ]
}

/// The config to generate, and the report of a network.
fn config(args: &Args, unit: &str) -> Result<(Config, Option<HardwareReport>), CliError> {
    let Some(path) = network::path(unit) else {
        if args.network.is_set() {
            return Err(network::only_for_networks("--profile, --cycles, --multipliers or --fold"));
        }
        return Ok((named(args, args.select.config(unit)?)?, None));
    };
    let Hardware { config, report } = network::hardware(path, &args.network, &args.select)?;
    print_status(&report.to_string());
    Ok((named(args, config)?, Some(report)))
}

fn named(args: &Args, config: Config) -> Result<Config, CliError> {
    if args.name.is_none() && args.prefix.is_none() {
        return Ok(config);
    }
    let name = args.name.clone().unwrap_or_else(|| config.name().to_string());
    Ok(generator::named(config, &(args.prefix.clone().unwrap_or_default() + &name))?)
}

fn write(folder: &Path, files: &[(String, String)]) -> Result<ExitStatus, CliError> {
    let mut changed = 0;
    for (name, text) in files {
        let path = folder.join(name);
        if output::write_if_changed(&path, text)? {
            print_status(&format!("wrote {}\n", path.display()));
            changed += 1;
        }
    }
    if changed < files.len() {
        print_status(&format!("{} of {} files unchanged\n", files.len() - changed, files.len()));
    }
    Ok(ExitStatus::Success)
}

fn check(folder: &Path, files: &[(String, String)], whole_folder: bool) -> Result<ExitStatus, CliError> {
    let drift = if whole_folder { Drift::of(folder, files) } else { Drift::of_files(folder, files) };
    let drift = drift
        .map_err(|error| format!("cannot read {}: {error}; name a readable folder", folder.display()))?;
    print_error(&drift.to_string());
    let folder = folder.display();
    if drift.is_empty() {
        print_error(&format!("{folder}: {} files are up to date\n", files.len()));
    } else {
        print_error(&format!("{folder}: run the same command without --check to update the files\n"));
    }
    Ok(ExitStatus::success_if(drift.is_empty()))
}
