//! `qrtl list`: units, parameters, presets.

use super::{Error, Format, Verdict, print, print_json};
use crate::catalogue::{self, UNITS};
use std::fmt::Write;

/// List units, their parameters and presets
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl list
  qrtl list mac
  qrtl list --format json")]
pub(super) struct Args {
    /// Only this unit, with its parameters
    unit: Option<String>,
    /// How to write it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn run(args: &Args) -> Result<Verdict, Error> {
    let units = match &args.unit {
        Some(name) => vec![catalogue::unit(name)?],
        None => UNITS.to_vec(),
    };
    if args.format == Format::Json {
        let views: Vec<_> = units.iter().map(|&unit| catalogue::UnitView::new(unit)).collect();
        print_json(&serde_json::json!({ "units": views }))?;
        return Ok(Verdict::Positive);
    }
    let mut text = String::new();
    for unit in units {
        writeln!(text, "{}: {}", unit.name(), unit.summary())?;
        if args.unit.is_some() {
            for parameter in unit.parameters() {
                let (kind, default) = (parameter.kind.to_string(), parameter.default.to_string());
                writeln!(text, "  {:<20} {kind:<24} default {default:<6} {}", parameter.name, parameter.help)?;
            }
        }
        for preset in unit.presets() {
            writeln!(text, "  {:<20} {}", preset.name, preset.sets.join(" "))?;
        }
    }
    print(&text)?;
    Ok(Verdict::Positive)
}
