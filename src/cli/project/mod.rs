//! `qrtl.toml`: the configs of a user's project, which subcommands take when no unit is named.

mod file;

use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};

use super::network::{self, NetworkOptions};
use super::select::Select;
use super::{CliError, print_notice};
use crate::generator;
use crate::generator::companion::Companion;
use crate::network::HardwareReport;
use crate::unit::Config;
use file::{ConfigEntry, ProjectFile};

/// Name of the file.
const FILE: &str = "qrtl.toml";

/// Folder of the generated files, beside the file, if it names none.
const OUTPUT: &str = "rtl";

/// A config of the file.
pub(super) struct ProjectConfig {
    /// The config; its module is named as in the file.
    pub(super) config: Config,
    /// Report of a network.
    pub(super) report: Option<HardwareReport>,
    /// npy file of the weights.
    pub(super) weights: Option<PathBuf>,
    /// FPGA family.
    pub(super) target: Option<String>,
    /// Folder of the generated files.
    pub(super) output: PathBuf,
    /// Companion files.
    pub(super) with: Vec<Companion>,
}

/// The configs of `qrtl.toml` in the working folder or the nearest folder above it; `None` without such a file.
///
/// Options of units and networks apply to named ones only. Says on stderr which file was used.
///
/// # Errors
/// [`CliError`] with file and line.
pub(super) fn project_configs(
    select: &Select,
    network: &NetworkOptions,
) -> Result<Option<Vec<ProjectConfig>>, CliError> {
    let Some(path) = find()? else { return Ok(None) };
    if !select.is_empty() || network.is_set() {
        let shown = path.display();
        return Err(format!(
            "without the name of a unit, the configs of {shown} are taken as they are: name a unit, or set \
             parameters, targets and options of networks in {shown}"
        )
        .into());
    }
    let text = fs::read_to_string(&path)
        .map_err(|error| format!("cannot read {}: {error}; make it a readable text", path.display()))?;
    let at = |line: usize, cause: &dyn Display| CliError::from(format!("{}:{line}: {cause}", path.display()));
    let file = ProjectFile::parse(&text).map_err(|(line, cause)| at(line, &cause))?;
    let mut entries: Vec<_> = file.configs.iter().collect();
    entries.sort_by_key(|(_, entry)| entry.span().start);
    let configs = entries.into_iter().map(|(name, entry)| {
        let config = project_config(&path, &file, name, entry.get_ref());
        config.map_err(|cause| at(file::line(&text, entry.span().start), &format!("configs.{name}: {cause}")))
    });
    let configs = configs.collect::<Result<Vec<_>, CliError>>()?;
    if configs.is_empty() {
        let cause = "no config: write a table such as [configs.my_mac] with unit = \"mac\"";
        return Err(at(1, &cause));
    }
    let plural = if configs.len() == 1 { "" } else { "s" };
    print_notice(&format!("{} config{plural} of {}", configs.len(), path.display()));
    Ok(Some(configs))
}

/// Path of the file, relative to the working folder.
fn find() -> Result<Option<PathBuf>, CliError> {
    let folder = std::env::current_dir()
        .map_err(|error| format!("the working folder is unknown: {error}; change to another one"))?;
    let above = (0..folder.ancestors().count()).map(|steps| PathBuf::from_iter(vec![".."; steps]).join(FILE));
    Ok(above.into_iter().find(|path| path.is_file()))
}

fn project_config(
    path: &Path,
    file: &ProjectFile,
    name: &str,
    entry: &ConfigEntry,
) -> Result<ProjectConfig, CliError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let weights = entry.weights.as_ref().map(|weights| folder.join(weights));
    let select = Select {
        preset: entry.preset.clone().filter(|_| entry.unit.is_some()),
        sets: entry.set.iter().map(|(key, value)| format!("{key}={value}")).collect(),
        target: entry.target.clone().or_else(|| file.target.clone()),
        objective: entry.objective.clone(),
        dsp: entry.dsp.clone(),
        weights: weights.clone(),
    };
    let target = select.target().map(str::to_string);
    let (config, report) = match (&entry.unit, &entry.preset, &entry.network) {
        (None, None, Some(network)) => hardware(folder, network, entry, &select)?,
        (Some(unit), _, None) | (None, Some(unit), None) => (unit_config(unit, file, entry, select)?, None),
        _ => return Err("give one of unit, preset and network".into()),
    };
    let with = entry.with.as_ref().or(file.with.as_ref());
    let with = with.into_iter().flatten().map(|companion| companion.parse()).collect::<Result<_, _>>()?;
    let output = entry.output.as_deref().or(file.output.as_deref()).unwrap_or(Path::new(OUTPUT));
    let config = generator::named(config, name)?;
    Ok(ProjectConfig { config, report, weights, target, output: folder.join(output), with })
}

fn unit_config(
    unit: &str,
    file: &ProjectFile,
    entry: &ConfigEntry,
    select: Select,
) -> Result<Config, CliError> {
    let options = [
        ("profile", entry.profile.is_some()),
        ("cycles", entry.cycles.is_some()),
        ("multipliers", entry.multipliers.is_some()),
        ("luts", entry.luts.is_some()),
        ("dsps", entry.dsps.is_some()),
        ("rams", entry.rams.is_some()),
        ("fold", entry.fold.is_some()),
    ];
    if let Some((key, _)) = options.into_iter().find(|(_, is_set)| *is_set) {
        return Err(network::only_for_networks(key));
    }
    let (definition, _) = crate::catalogue::unit_or_preset(unit)?;
    // The target of the file is for the units that have one.
    let is_common = entry.target.is_none() && file.target.is_some();
    let select = if is_common { select.without_unsupported_target(definition) } else { select };
    select.config(unit)
}

/// Hardware of a network, and its report.
fn hardware(
    folder: &Path,
    network: &Path,
    entry: &ConfigEntry,
    select: &Select,
) -> Result<(Config, Option<HardwareReport>), CliError> {
    let path = folder.join(network);
    if network::path(&path.to_string_lossy()).is_none() {
        return Err(format!("{} is no network: give a .tflite or .onnx file", network.display()).into());
    }
    let options = NetworkOptions {
        profile: entry.profile.as_deref().map(str::parse).transpose()?,
        cycles: entry.cycles,
        multipliers: entry.multipliers,
        luts: entry.luts,
        dsps: entry.dsps,
        rams: entry.rams,
        fold: entry.fold.as_ref().map(|fold| folder.join(fold)),
    };
    let hardware = network::hardware(&path, &options, select)?;
    Ok((hardware.config, Some(hardware.report)))
}
