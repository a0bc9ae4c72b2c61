//! `qrtl list`: lists units, parameters and presets.

use super::{CliError, ExitStatus, OutputFormat, print, print_json};
use crate::catalogue::{listing, unit};

/// List units, their parameters and presets
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl list
  qrtl list mac
  qrtl list --format json")]
pub(super) struct Args {
    /// Only this unit
    unit: Option<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    let mut units = listing();
    if let Some(name) = &args.unit {
        let found = unit(name)?;
        units.retain(|listing| listing.unit == found.name());
    }
    match args.format {
        OutputFormat::Json => print_json(&serde_json::json!({ "units": units }))?,
        OutputFormat::Text => {
            let texts: Vec<String> = units.iter().map(ToString::to_string).collect();
            print(&texts.join("\n"))?;
        }
    }
    Ok(ExitStatus::Success)
}
