//! `qrtl list`: units, parameters, presets.

use super::{Error, Format, Verdict, print, print_json};
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
    /// How to write it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn run(args: &Args) -> Result<Verdict, Error> {
    let mut units = listing();
    if let Some(name) = &args.unit {
        let found = unit(name)?;
        units.retain(|listing| listing.unit == found.name());
    }
    match args.format {
        Format::Json => print_json(&serde_json::json!({ "units": units }))?,
        Format::Text => {
            let texts: Vec<String> = units.iter().map(ToString::to_string).collect();
            print(&texts.join("\n"))?;
        }
    }
    Ok(Verdict::Positive)
}
