//! `qrtl synth`: synthesizes units with open tools.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;

use super::network::{self, NetworkOptions};
use super::progress::{ProgressBar, prepare_tools};
use super::project::project_configs;
use super::select::Select;
use super::{
    CliError, ExitStatus, OutputFormat, print, print_error, print_json, print_notice, print_status,
    print_verdict,
};
use crate::catalogue::{self, unit_or_preset};
use crate::demo::measured_networks;
use crate::files::output;
use crate::generator::render;
use crate::network::{Hardware, NetworkParameters};
use crate::report;
use crate::synthesis::{
    Family, Hierarchy, NetlistVerifier, PARTS, Part, QorTable, SynthesisComparison, SynthesisError,
    SynthesisInput, SynthesisOptions, Synthesizer, comparison_table, uses_dsp,
};
use crate::toolchain::environment::Environment;
use crate::toolchain::parallel::in_parallel;
use crate::unit::{Config, Unit};
use crate::verification::{Progress, Report};

/// Random transactions of a netlist that is not swept exhaustively; gate-level simulation is slow.
const NETLIST_CASES: u64 = 1 << 16;

/// The same, for each row of the table.
const TABLE_CASES: u64 = 1 << 14;

/// Synthesize units with Yosys and, if asked, place and route them with nextpnr
///
/// Prints cells and clock frequency of each config and of the same function written with the operator `*`. The
/// name of a unit selects all its presets. For a network, prints the cells of each module and of the whole network.
/// Without a unit, the configs of qrtl.toml are synthesized. The tools are pinned and fetched on first use.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl synth int8_multiplier --target ice40 --place-and-route
  qrtl synth mac --target ecp5 --dsp avoid
  qrtl synth dot_product --target xc7 --set lanes=16 --format json
  qrtl synth kws.tflite --cycles 64000 --part lfe5u-85f --place-and-route
  qrtl synth dot_product --table docs
  qrtl synth --table docs --check")]
pub(super) struct Args {
    /// Unit, preset or network file; without one, all configs of qrtl.toml
    unit: Option<String>,
    #[command(flatten)]
    select: Select,
    #[command(flatten)]
    network: NetworkOptions,
    /// Set the device, and with it the family [default: hx8k, lfe5u-25f, xc7a35t or xczu3eg, up5k for DSP blocks
    /// of iCE40; for a network that it does not hold, the smallest of the family that does]
    #[arg(long, value_name = "PART", value_parser = part, conflicts_with = "table")]
    part: Option<&'static Part>,
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
    /// Measure every preset on every family and write qor.md, qor.json and plots to this folder; figures of qor.json
    /// whose inputs are unchanged are kept, and with a unit those of all other units
    #[arg(long, value_name = "DIR", conflicts_with_all = ["preset", "sets", "target", "objective", "dsp", "weights", "verify", "html", "format", "profile", "cycles", "multipliers", "luts", "dsps", "rams", "fold"])]
    table: Option<PathBuf>,
    /// With --table: write nothing; measure configs whose inputs changed since qor.json was written, and exit
    /// with 1 if a figure is more than 2 % worse
    #[arg(long, requires = "table", conflicts_with = "unit")]
    check: bool,
    /// Write the results as a self-contained HTML page
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Select the output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    output::check_all(&args.html)?;
    let options = SynthesisOptions {
        place_and_route: args.place_and_route || args.table.is_some(),
        seeds: args.seeds,
        time_limit: Duration::from_secs(args.time_limit),
    };
    match (&args.unit, &args.table) {
        (Some(unit), None) => match network::path(unit) {
            Some(_) if args.html.is_some() => {
                Err("--html shows units, and this is a network: omit it, or take --format json".into())
            }
            Some(path) => one_network(args, path, options),
            None if args.network.is_set() => {
                Err(network::only_for_networks("--profile, --cycles, --multipliers or --fold"))
            }
            None => one_unit(args, unit, options),
        },
        (None, Some(folder)) if args.check => check_table(folder, options),
        (None, None) => project(args, options),
        (unit, Some(folder)) => {
            let only = unit.as_deref().map(catalogue::unit).transpose()?;
            write_table(folder, only, options)
        }
    }
}

/// Measures what the table of a folder lacks and what changed, of all units or of one, then writes the table.
fn write_table(
    folder: &Path,
    only: Option<&'static dyn Unit>,
    options: SynthesisOptions,
) -> Result<ExitStatus, CliError> {
    let file = folder.join("qor.json");
    let kept = if only.is_some() || file.exists() { read_table(folder)? } else { QorTable::default() };
    output::check(&file)?;
    let synthesizer =
        prepare_tools(|| Synthesizer::open(&Environment::of_process(), options, &print_notice))?;
    let verifier = prepare_tools(|| NetlistVerifier::open(&synthesizer, TABLE_CASES, &print_notice))?;
    let progress = ProgressBar::new("synth");
    let networks = measured_networks();
    progress.begin((QorTable::size() + networks.len()) as u64);
    let measured = QorTable::measure(&verifier, &kept, only, &networks, &|| progress.advance(1));
    drop(progress);
    if let Err(wrong @ SynthesisError::WrongNetlist { .. }) = measured {
        print_error(&format!("{wrong}\n"));
        return Ok(ExitStatus::Failure);
    }
    let quality = measured?;
    for (name, text) in report::quality_files(&quality) {
        let path = folder.join(name);
        if output::write_if_changed(&path, text)? {
            print_status(&format!("wrote {}\n", path.display()));
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
    let synthesizer =
        prepare_tools(|| Synthesizer::open(&Environment::of_process(), options, &print_notice))?;
    let verifier = prepare_tools(|| NetlistVerifier::open(&synthesizer, TABLE_CASES, &print_notice))?;
    let progress = ProgressBar::new("synth");
    let networks = measured_networks();
    progress.begin((QorTable::size() + networks.len()) as u64);
    let worse = table.regressions(&verifier, &networks, &|| progress.advance(1))?;
    drop(progress);
    worse.iter().try_for_each(|line| print(&format!("{line}\n")))?;
    print_verdict(&match worse.len() {
        0 => format!("{}: up to date, no figure is worse\n", folder.join("qor.json").display()),
        number => {
            format!("FAILED: {number} figures are worse than in {}\n", folder.join("qor.json").display())
        }
    })?;
    Ok(ExitStatus::success_if(worse.is_empty()))
}

fn one_unit(args: &Args, name: &str, options: SynthesisOptions) -> Result<ExitStatus, CliError> {
    let family = family(args, args.select.target())?;
    let (unit, _) = unit_or_preset(name)?;
    let select = args.select.with_target(family.name());
    let configs = select.without_unsupported_target(unit).configs(name)?;
    synthesize(args, name, configs.into_iter().map(|config| (config, family)).collect(), options)
}

/// Synthesizes the configs of `qrtl.toml`, each for its own target, networks as one design each.
fn project(args: &Args, options: SynthesisOptions) -> Result<ExitStatus, CliError> {
    let configs = project_configs(&args.select, &args.network)?.ok_or(
        "nothing to synthesize: name a unit, preset or network (`qrtl list` shows them), or list the configs of your \
         project in a qrtl.toml",
    )?;
    let designs = configs.into_iter().map(|own| {
        let family = family(args, own.target.as_deref());
        Ok((own.config, family.map_err(|error| format!("qrtl.toml: {error}"))?))
    });
    synthesize(args, "qrtl.toml", designs.collect::<Result<_, CliError>>()?, options)
}

/// Synthesizes configs, each for a family, and compares them with the operator.
fn synthesize(
    args: &Args,
    label: &str,
    designs: Vec<(Config, Family)>,
    options: SynthesisOptions,
) -> Result<ExitStatus, CliError> {
    let synthesizer =
        prepare_tools(|| Synthesizer::open(&Environment::of_process(), options, &print_notice))?;
    let progress = ProgressBar::new(label);
    progress.begin(designs.len() as u64);
    let results = in_parallel(&designs, |(config, family)| {
        let dsp = uses_dsp(config, *family);
        let part = args.part.unwrap_or_else(|| Part::usual(*family, dsp));
        let comparison = SynthesisComparison::measure(&synthesizer, config, part, dsp);
        progress.advance(1);
        comparison
    })?;
    drop(progress);
    if args.format == OutputFormat::Text {
        print(&comparison_table(designs.iter().map(|(config, _)| config), &results))?;
    }
    let names: Vec<String> = designs.iter().map(|(config, _)| config.name().to_string()).collect();
    let netlists = if args.verify {
        let designs: Vec<_> = designs
            .into_iter()
            .map(|(config, family)| {
                let dsp = uses_dsp(&config, family);
                (config, family, dsp)
            })
            .collect();
        verify_netlists(&synthesizer, &designs)?
    } else {
        Vec::new()
    };
    match args.format {
        OutputFormat::Json if args.verify => {
            print_json(&json!({ "results": results, "netlists": netlists }))?
        }
        OutputFormat::Json => print_json(&json!({ "results": results }))?,
        OutputFormat::Text => netlists.iter().try_for_each(|report| print_verdict(&report.summary()))?,
    }
    if let Some(path) = &args.html {
        let figures: Vec<_> = names.into_iter().zip(results).collect();
        output::write_if_changed(
            path,
            report::html_of_synthesis(&figures, &netlists, &super::command_line()),
        )?;
    }
    Ok(ExitStatus::success_if(netlists.iter().all(Report::passed)))
}

/// Synthesizes each module of a network and the whole.
fn one_network(args: &Args, path: &Path, options: SynthesisOptions) -> Result<ExitStatus, CliError> {
    let family = family(args, args.select.target())?;
    let select = args.select.with_target(family.name());
    let Hardware { config, .. } = network::hardware(path, &args.network, &select)?;
    let parameters: &NetworkParameters = config.parameters();
    let synthesizer =
        prepare_tools(|| Synthesizer::open(&Environment::of_process(), options, &print_notice))?;
    let instances = parameters.instances();
    let dsp = network::implementation(&select)?.has_dsp();
    let design = Hierarchy { config, instances, family, dsp, part: args.part };
    let progress = ProgressBar::new(design.config.name());
    progress.begin(design.steps());
    let figures = design.figures(&synthesizer, &|| progress.advance(1))?;
    drop(progress);
    let config = design.config;
    if args.format == OutputFormat::Text {
        print(&figures.to_string())?;
    }
    let netlists =
        if args.verify { verify_netlists(&synthesizer, &[(config, family, dsp)])? } else { Vec::new() };
    match args.format {
        OutputFormat::Json => print_json(&json!({ "results": [figures], "netlists": netlists }))?,
        OutputFormat::Text => netlists.iter().try_for_each(|report| print_verdict(&report.summary()))?,
    }
    Ok(ExitStatus::success_if(netlists.iter().all(Report::passed)))
}

/// Co-simulates the netlist of each config, with or without DSP blocks, with the reference.
fn verify_netlists(
    synthesizer: &Synthesizer,
    designs: &[(Config, Family, bool)],
) -> Result<Vec<Report>, CliError> {
    let verifier = prepare_tools(|| NetlistVerifier::open(synthesizer, NETLIST_CASES, &print_notice))?;
    in_parallel(designs, |(config, family, dsp)| {
        let part = Part::usual(*family, *dsp);
        let report =
            verifier.report(&SynthesisInput { config, verilog: &render(config), part, dsp: *dsp })?;
        if let Some(failure) = &report.failure {
            print_error(&format!("{}, netlist for {}: FAILED\n{failure}", report.preset, family.name()));
        }
        Ok(report)
    })
}

/// Looks a part up by its name.
fn part(name: &str) -> Result<&'static Part, String> {
    Part::from_name(name).ok_or_else(|| {
        format!("no such part; use one of {}", PARTS.each_ref().map(|part| part.name).join(", "))
    })
}

/// Returns the family of a target, or that of `--part`.
fn family(args: &Args, target: Option<&str>) -> Result<Family, CliError> {
    let names = Family::ALL.map(Family::name).join(", ");
    let name = match (target, args.part) {
        (Some(name), Some(part)) if name != part.family.name() => {
            let (part, family) = (part.name, part.family.name());
            return Err(format!(
                "--part {part} belongs to the family {family}, but the target is {name}: omit one of them"
            )
            .into());
        }
        (Some(name), _) => name,
        (None, Some(part)) => part.family.name(),
        (None, None) => {
            return Err(format!(
                "--target is missing: give the FPGA family, one of {names}, here or in qrtl.toml"
            )
            .into());
        }
    };
    let family = Family::from_name(name)
        .ok_or_else(|| format!("target {name} has no open synthesis flow; use one of {names}"))?;
    if args.place_and_route && !family.is_placeable() {
        return Err(crate::synthesis::SynthesisError::NotPlaceable { family: family.title() }.into());
    }
    Ok(family)
}
