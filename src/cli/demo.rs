//! `qrtl demo`: the whole tool on a real network.

use super::{Error, Verdict, notice, print, progress::Progress, tell, verify::line};
use crate::catalogue::{Config, presets};
use crate::cosim::{Built, Effort, Lanes, Models, Report, verify};
use crate::network::{Classifier, Digits, Evaluation, Outcome, Variant, Verilated, evaluate};
use crate::{flow, generator, output, report};
use std::path::PathBuf;

/// Generate and co-simulate every preset, then run a digit classifier on the simulated RTL
///
/// Shows how much accuracy 8, 4 and 2 bits cost when every multiply-accumulate is done by the
/// Verilated unit, and writes the Verilog and an HTML report.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl demo
  qrtl demo -o /tmp/demo")]
pub(super) struct Args {
    /// Folder for the Verilog and the report
    #[arg(short, long, value_name = "DIR", default_value = "build/demo")]
    output: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<Verdict, Error> {
    let files = flow::library();
    for (name, text) in &files {
        output::write_if_changed(&args.output.join("rtl").join(name), text)?;
    }
    print(&format!("Verilog: {} files in {}\n\n", files.len(), args.output.join("rtl").display()))?;

    let models = Built::discover(&notice)?;
    prebuild(&models)?;
    print("Co-simulation: every preset against its reference\n")?;
    let mut reports = Vec::new();
    for config in presets() {
        let report = verify_preset(&config, &models)?;
        print(&line(&report))?;
        if let Some(failure) = &report.failure {
            tell(&format!("{}: FAILED\n{failure}", report.preset));
        }
        reports.push(report);
    }

    let digits = Digits::embedded();
    let progress = Progress::new("classifier");
    progress.begin(Variant::grid().len() as u64);
    let evaluation = evaluate(
        &Classifier::embedded(),
        &digits,
        &Variant::grid(),
        |config| Ok(Verilated::new(&models.rtl(config, &generator::render(config), Lanes::WIDE, false)?)),
        |_| progress.advance(1),
    )?;
    drop(progress);
    print(&table(&evaluation))?;

    let page = args.output.join("report.html");
    output::write_if_changed(&page, report::html(&reports, &evaluation))?;
    print(&format!("\nReport: {}\n", page.display()))?;
    let equal = |outcome: &Outcome| outcome.compared > 0 && outcome.mismatches == 0;
    Ok(Verdict::positive_if(reports.iter().all(Report::passed) && evaluation.outcomes.iter().all(equal)))
}

/// Compiles every model the demo needs on all cores, so that nobody waits for them one by one.
fn prebuild(models: &Built) -> Result<(), Error> {
    let mut wanted: Vec<(Config, Lanes)> = presets().map(|config| (config, Lanes::ONE)).collect();
    for variant in Variant::grid() {
        let config = variant.mac()?;
        if wanted.iter().all(|(known, lanes)| known.name() != config.name() || *lanes == Lanes::ONE) {
            wanted.push((config, Lanes::WIDE));
        }
    }
    let progress = Progress::new("compiling models");
    progress.begin(wanted.len() as u64);
    models.build_all(&wanted, &|| progress.advance(1))
}

fn verify_preset(config: &Config, models: &Built) -> Result<Report, Error> {
    let effort = Effort {
        cases: 1 << 20,
        seed: 1,
        exhaustive: false,
        threads: std::thread::available_parallelism().map_or(1, usize::from),
        wave: None,
    };
    let progress = Progress::new(config.name());
    let verilog = generator::render(config);
    Ok(verify(config, &verilog, models, &effort, &|total| progress.begin(total), &|step| {
        progress.advance(step)
    })?)
}

fn table(evaluation: &Evaluation) -> String {
    let mut text = format!(
        "\nClassifier: {}, {} test images, every multiply-accumulate on the simulated RTL\n\
         FP32 accuracy {:.2} %\n\n{:<28} {:<20} {:>9} {:>8} {:>9} {:>10} {:>10}\n",
        evaluation.network,
        evaluation.test_images,
        evaluation.percent(evaluation.float_correct),
        "variant",
        "unit",
        "accuracy",
        "drop",
        "SQNR dB",
        "cycles",
        "mismatches",
    );
    for outcome in &evaluation.outcomes {
        text += &format!(
            "{:<28} {:<20} {:>7.2} % {:>8.2} {:>9.1} {:>10} {:>10}\n",
            outcome.variant.to_string(),
            outcome.mac,
            evaluation.percent(outcome.correct),
            evaluation.drop(outcome),
            outcome.logits.sqnr_db,
            outcome.cycles,
            outcome.mismatches,
        );
    }
    text
}
