//! `qrtl synth`: synthesizes units with open tools.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;

use super::progress::ProgressBar;
use super::select::Select;
use super::{CliError, ExitStatus, OutputFormat, print, print_error, print_json, print_notice};
use crate::catalogue::{self, unit_or_preset};
use crate::files::output;
use crate::generator::render;
use crate::report;
use crate::simulation::ModelBuilder;
use crate::synthesis::{
    Family, QorTable, SynthesisComparison, SynthesisInput, SynthesisOptions, Synthesizer, comparison_table,
    uses_dsp,
};
use crate::toolchain::environment::Environment;
use crate::toolchain::parallel::in_parallel;
use crate::unit::Config;
use crate::verification::{Effort, Progress, Report, Verification};

/// Random transactions of a netlist that is not swept exhaustively; gate-level simulation is slow.
const NETLIST_CASES: u64 = 1 << 16;

/// Synthesize units with Yosys and, if asked, place and route them with nextpnr
///
/// Prints cells and clock frequency of each config and of the same function written with the operator `*`. The
/// name of a unit selects all its presets. The tools are pinned and fetched on first use.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl synth int8_multiplier --target ice40 --place-and-route
  qrtl synth mac --target ecp5 --dsp avoid
  qrtl synth dot_product --target xc7 --set lanes=16 --format json
  qrtl synth dot_product --table docs
  qrtl synth --table docs --check")]
pub(super) struct Args {
    /// Unit or preset
    #[arg(required_unless_present_any = ["table", "check"])]
    unit: Option<String>,
    #[command(flatten)]
    select: Select,
    /// Also place and route, to measure the clock frequency; iCE40 and ECP5 only
    #[arg(long)]
    place_and_route: bool,
    /// Place and route with N seeds and report the median
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=99))]
    seeds: u32,
    /// Also co-simulate the netlists with the reference, with the stimulus of `verify`
    #[arg(long)]
    verify: bool,
    /// Limit each tool run to S seconds
    #[arg(long, value_name = "S", default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    time_limit: u64,
    /// Measure every preset on every family and write qor.md, qor.json and plots to this folder; with a unit, measure
    /// only its presets and keep the other figures of qor.json
    #[arg(long, value_name = "DIR", conflicts_with_all = ["preset", "sets", "target", "objective", "dsp", "weights", "verify", "format"])]
    table: Option<PathBuf>,
    /// With --table: write nothing; measure configs whose inputs changed since qor.json was written, and exit
    /// with 1 if a figure is more than 2 % worse
    #[arg(long, requires = "table", conflicts_with = "unit")]
    check: bool,
    /// Select the output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    let options = SynthesisOptions {
        place_and_route: args.place_and_route || args.table.is_some(),
        seeds: args.seeds,
        time_limit: Duration::from_secs(args.time_limit),
    };
    match (&args.unit, &args.table) {
        (Some(unit), None) => one_unit(args, unit, options),
        (None, Some(folder)) if args.check => check_table(folder, options),
        (unit, folder) => {
            let folder = folder.as_deref().unwrap_or(Path::new("docs"));
            let kept = match unit {
                Some(name) => {
                    let unit = catalogue::unit(name)?;
                    read_table(folder)?.without(unit)
                }
                None => QorTable::default(),
            };
            write_table(folder, &kept, options)
        }
    }
}

/// Measures the figures that cannot be reused, then writes the table.
fn write_table(folder: &Path, kept: &QorTable, options: SynthesisOptions) -> Result<ExitStatus, CliError> {
    output::check(&folder.join("qor.json"))?;
    let synthesizer = Synthesizer::open(&Environment::of_process(), options, &print_notice)?;
    let progress = ProgressBar::new("synth");
    progress.begin(QorTable::size() as u64);
    let quality = QorTable::measure(&synthesizer, kept, &|| progress.advance(1))?;
    drop(progress);
    for (name, text) in report::quality_files(&quality) {
        let path = folder.join(name);
        if output::write_if_changed(&path, text)? {
            print_error(&format!("wrote {}\n", path.display()));
        }
    }
    Ok(ExitStatus::Success)
}

/// Reads the table of a folder.
pub(super) fn read_table(folder: &Path) -> Result<QorTable, CliError> {
    let path = folder.join("qor.json");
    let fix = "create it with qrtl synth --table";
    let text = std::fs::read_to_string(&path)
        .map_err(|error| format!("cannot read {}: {error}; {fix}", path.display()))?;
    let table = serde_json::from_str(&text)
        .map_err(|error| format!("{} is not a table of figures: {error}; {fix}", path.display()))?;
    Ok(table)
}

fn check_table(folder: &Path, options: SynthesisOptions) -> Result<ExitStatus, CliError> {
    let table = read_table(folder)?;
    let synthesizer = Synthesizer::open(&Environment::of_process(), options, &print_notice)?;
    let progress = ProgressBar::new("synth");
    progress.begin(QorTable::size() as u64);
    let worse = table.regressions(&synthesizer, &|| progress.advance(1))?;
    drop(progress);
    worse.iter().try_for_each(|line| print(&format!("{line}\n")))?;
    Ok(ExitStatus::success_if(worse.is_empty()))
}

fn one_unit(args: &Args, name: &str, options: SynthesisOptions) -> Result<ExitStatus, CliError> {
    let family = family(args)?;
    let (unit, _) = unit_or_preset(name)?;
    let configs = args.select.without_unsupported_target(unit).configs(name)?;
    let synthesizer = Synthesizer::open(&Environment::of_process(), options, &print_notice)?;
    let results = in_parallel(&configs, |config| {
        SynthesisComparison::measure(&synthesizer, config, family, uses_dsp(config, family))
    })?;
    if args.format == OutputFormat::Text {
        print(&comparison_table(&configs, &results))?;
    }
    let netlists = if args.verify { verify_netlists(&synthesizer, &configs, family)? } else { Vec::new() };
    match args.format {
        OutputFormat::Json if args.verify => {
            print_json(&json!({ "results": results, "netlists": netlists }))?
        }
        OutputFormat::Json => print_json(&json!({ "results": results }))?,
        OutputFormat::Text => netlists.iter().try_for_each(|report| print(&report.summary()))?,
    }
    Ok(ExitStatus::success_if(netlists.iter().all(Report::passed)))
}

/// Co-simulates the netlist of each config with the reference.
fn verify_netlists(
    synthesizer: &Synthesizer,
    configs: &[Config],
    family: Family,
) -> Result<Vec<Report>, CliError> {
    let models = ModelBuilder::discover(&print_notice)?.for_netlists();
    let effort = Effort { cases: NETLIST_CASES, ..Effort::default() };
    in_parallel(configs, |config| {
        let design =
            SynthesisInput { config, verilog: &render(config), family, dsp: uses_dsp(config, family) };
        let netlist = synthesizer.netlist(&design)?;
        let mut report = Verification::new(config, &models).verilog(&netlist).effort(effort.clone()).run()?;
        if let Some(failure) = &mut report.failure {
            failure.replay = format!("qrtl synth {} --target {} --verify", config.arguments(), family.name());
            print_error(&format!("{}, netlist for {}: FAILED\n{failure}", report.preset, family.name()));
        }
        Ok(report)
    })
}

/// Returns the family of `--target`.
fn family(args: &Args) -> Result<Family, CliError> {
    let names = Family::ALL.map(Family::name).join(", ");
    let Some(name) = args.select.target() else {
        return Err(format!("--target is missing: give the FPGA family, one of {names}").into());
    };
    let family = Family::from_name(name)
        .ok_or_else(|| format!("--target {name} has no open synthesis flow; use one of {names}"))?;
    if args.place_and_route && !family.is_placeable() {
        return Err(crate::synthesis::SynthesisError::NotPlaceable { family: family.title() }.into());
    }
    Ok(family)
}
