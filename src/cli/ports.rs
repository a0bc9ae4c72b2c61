//! `qrtl ports`: lists the ports of third-party Verilog.

use std::path::PathBuf;
use std::time::Duration;

use super::{CliError, ExitStatus, OutputFormat, print, print_json, print_notice};
use crate::audit::{DesignSources, list_ports};
use crate::toolchain::builder::Builder;
use crate::toolchain::environment::Environment;

/// List the ports, struct fields and parameters of a module of third-party Verilog
///
/// The names are those that `audit --map`, `--tie` and `-G` take. Nothing is compiled or simulated.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl ports mul.sv --top mul
  qrtl ports pkg.sv requant.sv --top requant -G WIDTH=8 --format json")]
pub(super) struct Args {
    /// Verilog and SystemVerilog files of the design, packages first
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// List the ports of this module
    #[arg(long, value_name = "MODULE")]
    top: String,
    /// Search this folder for included files and modules
    #[arg(short = 'I', value_name = "FOLDER")]
    includes: Vec<PathBuf>,
    /// Define a macro
    #[arg(short = 'D', value_name = "NAME[=VALUE]")]
    defines: Vec<String>,
    /// Set a parameter of the module
    #[arg(short = 'G', value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    /// Abort if Verilator does not finish after S seconds
    #[arg(long, value_name = "S", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    time_limit: u64,
    /// Print the list in this format
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    let sources = DesignSources {
        includes: args.includes.clone(),
        defines: args.defines.clone(),
        parameters: args.parameters.clone(),
        ..DesignSources::new(args.files.clone(), &args.top)
    };
    let mut builder = Builder::discover(&Environment::of_process(), &print_notice)?;
    // Nothing of the design runs.
    builder.allows_host_code = true;
    let list = list_ports(&sources, &builder, Duration::from_secs(args.time_limit))?;
    match args.format {
        OutputFormat::Text => print(&list.to_string())?,
        OutputFormat::Json => print_json(&list)?,
    }
    Ok(ExitStatus::Success)
}
