//! `qrtl demo`: co-simulates every preset, then runs a digit classifier on the simulated RTL.

mod tables;

use std::cmp::Reverse;
use std::path::PathBuf;

use super::progress::{ProgressBar, prepare_tools};
use super::{CliError, ExitStatus, print, print_error, print_notice, print_verdict};
use crate::catalogue::presets;
use crate::demo::{
    Classifier, ComparisonTally, Digits, TrainedClassifiers, Variant, VerilatedBackends, evaluate,
    network_config, run_network, runs,
};
use crate::files::output;
use crate::generator::companion as flow;
use crate::generator::render;
use crate::model::Lanes;
use crate::report;
use crate::simulation::ModelBuilder;
use crate::toolchain::parallel;
use crate::unit::{Config, Port};
use crate::verification::{Effort, Progress, Report, Verification};

/// Generate and co-simulate every preset, then run two digit classifiers on the simulated RTL
///
/// Shows how much accuracy 8, 4 and 2 bits, the rounding rules and 8-bit floats cost when every sum and
/// every code between the layers comes from a Verilated unit; then runs a convolutional network as one RTL top
/// and compares its outputs with the recorded bytes of TFLite Micro. Writes the Verilog and an HTML report.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl demo
  qrtl demo -o /tmp/demo")]
pub(super) struct Args {
    /// Write the Verilog and the report to DIR
    #[arg(short, long, value_name = "DIR", default_value = "build/demo")]
    output: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    let files = flow::library();
    for (name, text) in &files {
        output::write_if_changed(&args.output.join("rtl").join(name), text)?;
    }
    print(&format!("Verilog: {} files in {}\n\n", files.len(), args.output.join("rtl").display()))?;

    let models = prepare_tools(|| ModelBuilder::discover(&print_notice))?;
    prebuild(&models)?;
    print("Co-simulation: every preset against its reference\n")?;
    let mut reports = Vec::new();
    for config in presets() {
        let report = verify_preset(&config, &models)?;
        print_verdict(&report.summary())?;
        print_error(&report.explanation());
        reports.push(report);
    }

    let grid = Variant::grid();
    let progress = ProgressBar::new("classifier");
    progress.begin(runs(&grid) as u64);
    let (classifier, digits, units) =
        (Classifier::embedded(), Digits::embedded(), VerilatedBackends::new(&models));
    let evaluation = evaluate(&classifier, &TrainedClassifiers::embedded(), &digits, &grid, &units, || {
        progress.advance(1)
    })?;
    drop(progress);
    print(&tables::all(&evaluation))?;

    let progress = ProgressBar::new("network");
    progress.begin(360 * 10);
    let network = run_network(&models, &|bytes| progress.advance(bytes))?;
    drop(progress);
    print(&tables::network(&network))?;
    let hardware = network_config();
    let path = args.output.join(format!("{}.v", hardware.name()));
    output::write_if_changed(&path, render(&hardware))?;
    print(&format!("Verilog of the network: {}\n", path.display()))?;

    let page = args.output.join("report.html");
    output::write_if_changed(&page, report::html_of_demo(&reports, &evaluation, &network))?;
    print(&format!("\nReport: {}\n", page.display()))?;
    let classifier_passed = evaluation.tallies().all(ComparisonTally::passed);
    let passed = reports.iter().all(Report::passed) && classifier_passed && network.passed();
    print_verdict(if passed {
        "all equal: every preset, both classifiers and the network\n"
    } else {
        "FAILED: an output differs from its reference; the lines above name it\n"
    })?;
    Ok(ExitStatus::success_if(passed))
}

/// Compiles every model that the demo needs, on all cores.
fn prebuild(models: &ModelBuilder) -> Result<(), CliError> {
    let mut wanted: Vec<(Config, Lanes)> = presets().map(|config| (config, Lanes::ONE)).collect();
    wanted.extend(
        VerilatedBackends::models(&Variant::grid())?.into_iter().filter(|(_, lanes)| *lanes != Lanes::ONE),
    );
    wanted.push((network_config(), Lanes::ONE));
    // Large models first, so that the end does not wait for one core.
    wanted.sort_by_key(|(config, _)| Reverse(driven_bits(config)));
    let progress = ProgressBar::new("compiling models");
    progress.begin(wanted.len() as u64);
    models.build_all(&wanted, &|| progress.advance(1))
}

fn driven_bits(config: &Config) -> u32 {
    config.ports().iter().filter(|port| port.is_driven()).map(Port::width).sum()
}

/// Random transactions of a config that is not swept exhaustively; fewer for wide units, which are slower.
fn cases(config: &Config) -> u64 {
    (1 << 20) >> (driven_bits(config) / 64).max(1).ilog2()
}

fn verify_preset(config: &Config, models: &ModelBuilder) -> Result<Report, CliError> {
    let effort = Effort { cases: cases(config), threads: parallel::threads(), ..Effort::default() };
    let progress = ProgressBar::new(config.name());
    Ok(Verification::new(config, models).effort(effort).progress(&progress).run()?)
}
