//! `qrtl ports`: lists the ports of third-party Verilog.

use super::design_options::DesignOptions;
use super::progress::prepare_tools;
use super::{CliError, ExitStatus, OutputFormat, print, print_json, print_notice};
use crate::audit::list_ports;
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
    #[command(flatten)]
    design: DesignOptions,
    /// Print the list in this format
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    let mut builder = prepare_tools(|| Builder::discover(&Environment::of_process(), &print_notice))?;
    // Nothing of the design runs.
    builder.allows_host_code = true;
    let list = list_ports(&args.design.sources(), &builder, args.design.limit())?;
    match args.format {
        OutputFormat::Text => print(&list.to_string())?,
        OutputFormat::Json => print_json(&list)?,
    }
    Ok(ExitStatus::Success)
}
