//! `qrtl simulate`: drives a user's arrays into a unit or a network.

use std::path::{Path, PathBuf};

use super::engine::EngineOption;
use super::network::NetworkOptions;
use super::select::Select;
use super::{CliError, ExitStatus, network, print_status};
use crate::files::tensor::{read_npz, write_npz};
use crate::simulation::{SimulateError, simulate};

/// Drive arrays into a unit or a network and save its outputs
///
/// Arrays are named after ports and have one row per transaction; control ports without an array are
/// idle. Outputs are aligned to their inputs: row N of the outputs belongs to row N of the inputs. A unit
/// with state is reset first; an array `clear` starts new sums. A serial unit finishes each transaction
/// before the next one starts. Binary32 ports use float32.
///
/// A network (.tflite or .onnx) takes an npy file of frames, one a row, of the type of its input, and writes
/// one of outputs.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl simulate int8_multiplier --inputs operands.npz --output products.npz
  qrtl simulate mac --set acc_bits=24 --inputs operands.npz --output sums.npz --engine reference
  qrtl simulate fp8_dot_e4m3_h100 --inputs codes.npz --output sums.npz
  qrtl simulate kws.tflite --inputs x.npy --output y.npy --tensors build/kws --engine reference")]
pub(super) struct Args {
    /// Unit, preset or network file to simulate
    unit: String,
    #[command(flatten)]
    select: Select,
    /// Read arrays named after the input ports from X.npz, or frames of a network from X.npy
    #[arg(long, value_name = "X.npz")]
    inputs: PathBuf,
    /// Write arrays named after the output ports to Y.npz, or outputs of a network to Y.npy
    #[arg(long, value_name = "Y.npz")]
    output: PathBuf,
    /// Compute the outputs with the RTL or with the reference
    #[arg(long, value_enum, default_value_t = EngineOption::Rtl)]
    engine: EngineOption,
    #[command(flatten)]
    network: NetworkOptions,
    /// Write every tensor of a network to DIR/tensor_T.npy
    #[arg(long, value_name = "DIR")]
    tensors: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    if let Some(path) = network::path(&args.unit) {
        return simulate_network(args, path);
    }
    if args.network.is_set() || args.tensors.is_some() {
        return Err(network::only_for_networks("--profile, --cycles, --multipliers, --fold or --tensors"));
    }
    let config = args.select.config(&args.unit)?;
    let inputs = read_npz(&args.inputs)?;
    let rows = inputs.values().filter_map(|array| array.shape().first()).max().copied().unwrap_or(0);
    let arrays = simulate(&config, inputs, args.engine.engine()).map_err(|error| match error {
        SimulateError::Array(error) => CliError::from(format!("{}: {error}", args.inputs.display())),
        error => error.into(),
    })?;
    write_npz(&args.output, &arrays)?;
    let names: Vec<&str> = arrays.keys().map(String::as_str).collect();
    print_status(&format!(
        "wrote {}: {} of {} transactions\n",
        args.output.display(),
        names.join(", "),
        rows
    ));
    Ok(ExitStatus::Success)
}

fn simulate_network(args: &Args, path: &Path) -> Result<ExitStatus, CliError> {
    if !args.select.is_only_technology() {
        return Err(network::only_for_units());
    }
    match args.engine {
        EngineOption::Reference => network::simulate_reference(
            path,
            args.network.profile(),
            &args.inputs,
            &args.output,
            args.tensors.as_deref(),
        ),
        EngineOption::Rtl if args.tensors.is_some() => {
            Err("--tensors needs the software reference: add --engine reference, or omit --tensors".into())
        }
        EngineOption::Rtl => {
            network::simulate_rtl(path, &args.network, &args.select, &args.inputs, &args.output)
        }
    }
}
