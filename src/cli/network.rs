//! Subcommands on network files, which stand where a unit stands.

use std::path::{Path, PathBuf};

use super::{CliError, ExitStatus, OutputFormat, print, print_json};
use crate::files::output;
use crate::files::tensor::{read_npy, write_npy};
use crate::network::{FileFormat, Network, NetworkError, NetworkListing, Profile};

/// The path of a network, if the argument is one: it ends in .tflite or .onnx.
pub(super) fn path(argument: &str) -> Option<&Path> {
    let path = Path::new(argument);
    FileFormat::of_path(path).map(|_| path)
}

/// Error for options of networks on a unit.
pub(super) fn only_for_networks(option: &str) -> CliError {
    format!("{option} is an option of networks: leave it out, or name a .tflite or .onnx file").into()
}

/// Error for options of units on a network.
pub(super) fn only_for_units() -> CliError {
    "--preset, --set and their short forms are options of units: leave them out for a network".into()
}

/// Prints the layers of a network.
pub(super) fn list(
    path: &Path,
    profile: Option<Profile>,
    format: OutputFormat,
) -> Result<ExitStatus, CliError> {
    let listing = NetworkListing::new(&Network::open(path, profile)?);
    match format {
        OutputFormat::Json => print_json(&listing)?,
        OutputFormat::Text => print(&listing.to_string())?,
    }
    Ok(ExitStatus::Success)
}

/// Computes frames with the reference and writes the output, and the tensors to a folder.
pub(super) fn simulate_reference(
    path: &Path,
    profile: Option<Profile>,
    inputs: &Path,
    output: &Path,
    tensors: Option<&Path>,
) -> Result<ExitStatus, CliError> {
    let network = Network::open(path, profile)?;
    network.require_supported().map_err(|cause| NetworkError::new(path, cause))?;
    output::check(output)?;
    let outputs = network.run(read_npy(inputs)?, tensors.is_some());
    let outputs = outputs.map_err(|error| format!("{}: {error}", inputs.display()))?;
    for (label, array) in &outputs.tensors {
        write_npy(&tensor_path(tensors.unwrap_or(output), label), array)?;
    }
    write_npy(output, &outputs.output)?;
    Ok(ExitStatus::Success)
}

fn tensor_path(folder: &Path, label: &str) -> PathBuf {
    folder.join(format!("tensor_{label}.npy"))
}
