//! `qrtl list`: lists units, parameters and presets, or the layers of a network.

use super::{CliError, ExitStatus, OutputFormat, network, print, print_json};
use crate::catalogue::{listing, unit};
use crate::network::Profile;

/// List units, their parameters and presets, or the layers of a network
///
/// A .tflite or .onnx file is listed layer by layer: output shape, products (MACs), weight bytes, bits of the
/// narrowest accumulator that cannot overflow, and what is not supported, with the reason.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl list
  qrtl list mac
  qrtl list kws.tflite
  qrtl list resnet8.tflite --profile litert-reference --format json
  qrtl list --format json")]
pub(super) struct Args {
    /// Unit or network file; without one, all units are listed
    unit: Option<String>,
    /// Reproduce the bytes of this runtime: tflm, litert-reference, litert-optimized, ort
    #[arg(long, value_name = "P")]
    profile: Option<Profile>,
    /// Select the output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    if let Some(path) = args.unit.as_deref().and_then(network::path) {
        return network::list(path, args.profile, args.format);
    }
    if args.profile.is_some() {
        return Err(network::only_for_networks("--profile"));
    }
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
