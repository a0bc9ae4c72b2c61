//! Subcommands on network files, which stand where a unit stands.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::count::count;
use super::progress::{ProgressBar, prepare_tools};
use super::select::Select;
use super::{CliError, ExitStatus, OutputFormat, print, print_json, print_status};
use crate::files::output;
use crate::files::tensor::{Array, read_array, write_npy};
use crate::generator;
use crate::model::Lanes;
use crate::network::{
    Budget, FileFormat, Fold, Folding, Hardware, HardwareOptions, Network, NetworkError, NetworkListing,
    NetworkParameters, Profile, Resource,
};
use crate::simulation::{CompiledModel, ModelBuilder, Models, Stalls, simulate_network};
use crate::text::shell_word;
use crate::unit::{Choice, Config, Implementation};
use crate::verification::{Progress, RecordedFrames};

/// The path of a network, if the argument is one: it ends in .tflite or .onnx.
pub(super) fn path(argument: &str) -> Option<&Path> {
    let path = Path::new(argument);
    FileFormat::of_path(path).map(|_| path)
}

/// Error for options of networks on a unit.
pub(super) fn only_for_networks(option: &str) -> CliError {
    format!("{option} applies to networks only: omit it, or name a .tflite or .onnx file").into()
}

/// Error for options of units on a network.
pub(super) fn only_for_units() -> CliError {
    "--preset, --set, --weights and --objective apply to units only: omit them for a network".into()
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

/// Options of networks as hardware.
#[derive(clap::Args, Clone, Debug, Default)]
pub(super) struct NetworkOptions {
    /// Reproduce the bytes of this runtime: tflm, litert-reference, litert-optimized, ort
    #[arg(long, value_name = "P")]
    pub(super) profile: Option<Profile>,
    /// Limit the clock cycles from one frame of a network to the next [default: 65536, or the fewest possible]
    #[arg(long, value_name = "N", value_parser = |text: &str| count::<u64>(text, 1..=1 << 40))]
    pub(super) cycles: Option<u64>,
    /// Limit the multipliers of a network, and take the fewest clock cycles with them
    #[arg(long, value_name = "N", conflicts_with = "cycles", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) multipliers: Option<u32>,
    /// Limit the LUTs of a network, by estimate; needs --target
    #[arg(long, value_name = "N", conflicts_with = "cycles")]
    pub(super) luts: Option<u32>,
    /// Limit the DSP blocks of a network, by estimate; needs --target
    #[arg(long, value_name = "N", conflicts_with = "cycles")]
    pub(super) dsps: Option<u32>,
    /// Limit the block RAMs of a network, by estimate; needs --target
    #[arg(long, value_name = "N", conflicts_with = "cycles")]
    pub(super) rams: Option<u32>,
    /// Fold the layers as in this report of `generate`, whose `fold` can be edited
    #[arg(long, value_name = "FILE.json", conflicts_with_all = ["cycles", "multipliers", "luts", "dsps", "rams"])]
    pub(super) fold: Option<PathBuf>,
}

/// FPGA family and use of DSP blocks by the options.
pub(super) fn implementation(select: &Select) -> Result<Implementation, CliError> {
    if !select.is_only_technology() {
        return Err(only_for_units());
    }
    let usual = Implementation::default();
    let target = select.target().map_or(Ok(usual.target), |word| choice("target", word))?;
    let dsp = select.dsp().map_or(Ok(usual.dsp), |word| choice("dsp", word))?;
    Ok(Implementation { target, dsp, ..usual })
}

/// Parses the value of an option.
fn choice<T: Choice>(option: &str, word: &str) -> Result<T, CliError> {
    T::from_word(word)
        .ok_or_else(|| format!("--{option} {word} is unknown; use one of {}", T::WORDS.join(", ")).into())
}

impl NetworkOptions {
    /// How the layers are folded.
    fn folding(&self) -> Result<Folding, CliError> {
        let budget = self.budget();
        match (&self.fold, self.cycles) {
            (Some(path), _) => Ok(Folding::Given(read_folds(path)?)),
            (None, _) if !budget.is_empty() => Ok(Folding::Budget(budget)),
            (None, Some(cycles)) => Ok(Folding::Cycles(cycles as usize)),
            (None, None) => Ok(Folding::default()),
        }
    }

    /// The limits of resources.
    fn budget(&self) -> Budget {
        let limits = [
            (Resource::Multipliers, self.multipliers),
            (Resource::Luts, self.luts),
            (Resource::Dsps, self.dsps),
            (Resource::Rams, self.rams),
        ];
        let given = limits.into_iter().filter_map(|(resource, most)| Some((resource, most?)));
        given.fold(Budget::default(), |budget, (resource, most)| budget.with(resource, most as usize))
    }

    /// Whether an option is set.
    pub(super) fn is_set(&self) -> bool {
        let has_folding = self.cycles.is_some() || !self.budget().is_empty() || self.fold.is_some();
        self.profile.is_some() || has_folding
    }

    /// The profile, if one is given.
    pub(super) fn profile(&self) -> Option<Profile> {
        self.profile
    }
}

/// Plans the hardware of a network; its module is named after the file.
pub(super) fn hardware(path: &Path, options: &NetworkOptions, select: &Select) -> Result<Hardware, CliError> {
    let implementation = implementation(select)?;
    let network = Network::open(path, options.profile)?;
    network.require_supported().map_err(|cause| NetworkError::new(path, cause))?;
    let mut described = HardwareOptions::new(path, options.profile, options.folding()?, implementation);
    if let Some(name) = options.fold.as_deref().and_then(Path::file_name) {
        described.arguments += &format!(" --fold {}", shell_word(Path::new(name)));
    }
    let hardware = Hardware::new(Arc::new(network), described);
    hardware.map_err(|error| format!("{}: {error}", path.display()).into())
}

/// Folds in a report of `generate`; its other fields are not read.
#[derive(serde::Deserialize)]
struct FoldFile {
    modules: Vec<FoldOfModule>,
}

#[derive(serde::Deserialize)]
struct FoldOfModule {
    layer: Option<usize>,
    fold: Option<Fold>,
}

/// Reads the folds of a report by layer.
fn read_folds(path: &Path) -> Result<BTreeMap<usize, Fold>, CliError> {
    let fix = "give the _report.json that qrtl generate writes, with edited folds";
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read {}: {error}; {fix}", path.display()))?;
    let file: FoldFile = serde_json::from_str(&text)
        .map_err(|error| format!("{} holds no folds: {error}; {fix}", path.display()))?;
    let folds = file.modules.into_iter().filter_map(|module| Some((module.layer?, module.fold?)));
    let folds: BTreeMap<usize, Fold> = folds.collect();
    if folds.is_empty() {
        return Err(format!("{} holds no folds; {fix}", path.display()).into());
    }
    Ok(folds)
}

/// Prints a notice that the model of a network is built next, which can take half a minute.
pub(super) fn announce_build(config: &Config) {
    super::print_notice(&format!("building the model of {}, unless the cache has it", config.name()));
}

/// Simulates the RTL on frames and writes the output.
pub(super) fn simulate_rtl(
    path: &Path,
    options: &NetworkOptions,
    select: &Select,
    inputs: &Path,
    output: &Path,
) -> Result<ExitStatus, CliError> {
    let Hardware { config, .. } = hardware(path, options, select)?;
    output::check(output)?;
    let models = prepare_tools(|| ModelBuilder::discover(&super::print_notice))?;
    announce_build(&config);
    let model = models.model(&config, &generator::render(&config), Lanes::ONE, false)?;
    let (array, cycles) = run_rtl(&config, &model, inputs, read_array(inputs)?, Stalls::None)?;
    write_npy(output, &array)?;
    let (frames, name) = (array.shape()[0], config.name());
    print_status(&format!("wrote {}: {frames} frames, {cycles} clock cycles of {name}\n", output.display()));
    Ok(ExitStatus::Success)
}

/// Outputs of the RTL for the frames of a file, and the clock cycles they took.
fn run_rtl(
    config: &Config,
    model: &CompiledModel,
    path: &Path,
    inputs: Array,
    stalls: Stalls,
) -> Result<(Array, u64), CliError> {
    let parameters: &NetworkParameters = config.parameters();
    let network = parameters.network();
    let frames = network.input_frames(inputs, 0).map_err(|error| format!("{}: {error}", path.display()))?;
    let progress = ProgressBar::new(config.name());
    progress.begin((parameters.output_beats() * frames.len()) as u64);
    let run = simulate_network(model, &frames, stalls, &|beats| progress.advance(beats))?;
    drop(progress);
    Ok((network.output_array(run.outputs), run.cycles))
}

/// Files of frames and of their expected outputs.
pub(super) struct RecordedFiles<'a> {
    /// Inputs.
    pub(super) inputs: &'a Path,
    /// Expected outputs; `None` for those of the reference.
    pub(super) expect: Option<&'a Path>,
    /// Seed of the stalls.
    pub(super) seed: u64,
}

/// Drives the frames of a file into a network, every stream stalled at random, and compares the outputs.
pub(super) fn check_frames(
    config: &Config,
    verilog: &str,
    models: &dyn Models,
    files: &RecordedFiles,
) -> Result<RecordedFrames, CliError> {
    let model = models.model(config, verilog, Lanes::ONE, false)?;
    let inputs = read_array(files.inputs)?;
    let expected = match files.expect {
        Some(path) => read_array(path)?,
        None => {
            let parameters: &NetworkParameters = config.parameters();
            let outputs = parameters.network().run(inputs.clone(), false);
            outputs.map_err(|error| format!("{}: {error}", files.inputs.display()))?.output
        }
    };
    let (found, cycles) = run_rtl(config, &model, files.inputs, inputs, Stalls::Random(files.seed))?;
    if (found.shape(), found.dtype()) != (expected.shape(), expected.dtype()) {
        return Err(format!(
            "the network's outputs are {} of shape {:?}, but the expected outputs are {} of shape {:?}: record them \
             from the same inputs",
            found.dtype(),
            found.shape(),
            expected.dtype(),
            expected.shape()
        )
        .into());
    }
    let frames = found.shape()[0];
    let (found, expected) = (patterns(&found), patterns(&expected));
    let different = found.iter().zip(&expected).filter(|(found, expected)| found != expected).count();
    Ok(RecordedFrames { frames, compared: found.len(), different, cycles })
}

/// Bit patterns of an array of codes or of binary32 values.
fn patterns(array: &Array) -> Vec<i128> {
    match array {
        Array::Float32(reals) => reals.data().iter().map(|real| real.to_bits().into()).collect(),
        _ => array.integers().map_or_else(Vec::new, Iterator::collect),
    }
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
    let outputs = network.run(read_array(inputs)?, tensors.is_some());
    let outputs = outputs.map_err(|error| format!("{}: {error}", inputs.display()))?;
    for (label, array) in &outputs.tensors {
        write_npy(&tensor_path(tensors.unwrap_or(output), label), array)?;
    }
    write_npy(output, &outputs.output)?;
    Ok(ExitStatus::Success)
}

pub(super) fn tensor_path(folder: &Path, label: &str) -> PathBuf {
    folder.join(format!("tensor_{label}.npy"))
}
