//! `qrtl prove`: proves that modules meet the specification of their unit.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;

use super::progress::{ProgressBar, prepare_tools};
use super::rtl_options::RtlOptions;
use super::select::Select;
use super::{CliError, ExitStatus, OutputFormat, print_error, print_json, print_notice, print_verdict};
use crate::files::output;
use crate::generator::render;
use crate::proof;
use crate::proof::{ClaimResult, ClaimVerdict, Proof, Prover};
use crate::report;
use crate::toolchain::environment::Environment;
use crate::verification::Progress;

/// Prove that a module meets the specification of its unit
///
/// An SMT solver decides claims for all operands and from any state: multiplier, mac, dot_product,
/// multi_precision_dot, packed_multiplier, requantizer (rules single, gemmlowp and f32 with signed 8-bit codes). A
/// constant_matrix is proved by a certificate of linear forms. The name of a unit selects all its presets. The
/// tools are pinned and fetched on first use.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl prove int8_multiplier --target xc7 --dsp avoid
  qrtl prove int8_mac --set arch=booth_dadda --format json
  qrtl prove requantizer_gemmlowp --time-limit 600")]
pub(super) struct Args {
    /// Unit or preset
    unit: String,
    #[command(flatten)]
    select: Select,
    #[command(flatten)]
    rtl: RtlOptions,
    /// Limit each claim to S seconds
    #[arg(long, value_name = "S", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    time_limit: u64,
    /// Write the results as a self-contained HTML page
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Select the output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    let mut configs = args.select.configs(&args.unit)?;
    // Presets without a specification are skipped, but a single config must have one.
    if configs.len() > 1 && configs.iter().any(|config| proof::check_specified(config).is_ok()) {
        configs.retain(|config| match proof::check_specified(config) {
            Ok(()) => true,
            Err(error) => {
                print_notice(&format!("skipping {}: {error}", config.name()));
                false
            }
        });
    }
    configs.iter().try_for_each(proof::check_specified)?;
    args.rtl.require_one(configs.len())?;
    output::check_all(&args.html)?;
    let prover = prepare_tools(|| {
        Prover::open(&Environment::of_process(), Duration::from_secs(args.time_limit), &print_notice)
    })?;
    let mut proofs = Vec::new();
    let progress = ProgressBar::new("prove");
    progress.begin(configs.len() as u64);
    for config in &configs {
        let verilog = if args.rtl.is_set() { args.rtl.text(config)? } else { render(config) };
        let proof = prover.prove(config, &verilog)?;
        if args.format == OutputFormat::Text {
            print_verdict(&proof.to_string())?;
            print_counterexample(&proof);
        }
        proofs.push(proof);
        progress.advance(1);
    }
    drop(progress);
    match args.format {
        OutputFormat::Text => print_verdict(&verdict(&proofs))?,
        OutputFormat::Json => print_json(&json!({ "results": proofs }))?,
    }
    if let Some(path) = &args.html {
        output::write_if_changed(path, report::html_of_proofs(&proofs, &super::command_line()))?;
    }
    Ok(ExitStatus::success_if(proofs.iter().all(Proof::holds)))
}

/// The verdict over all claims in one line.
fn verdict(proofs: &[Proof]) -> String {
    let claims = || proofs.iter().flat_map(|proof| &proof.claims);
    let (number, seconds) = (claims().count(), claims().map(|claim| claim.seconds).sum::<f64>());
    let failed: Vec<&str> =
        proofs.iter().filter(|proof| !proof.holds()).map(|proof| proof.module.as_str()).collect();
    match failed.as_slice() {
        [] => format!("all proved: {number} claim{} in {seconds:.1} s\n", if number == 1 { "" } else { "s" }),
        _ => format!("{} of {} modules FAILED: {}\n", failed.len(), proofs.len(), failed.join(", ")),
    }
}

/// Prints the counterexample of a failed claim to stderr.
fn print_counterexample(proof: &Proof) {
    for ClaimResult { claim, verdict, .. } in &proof.claims {
        if let ClaimVerdict::Fails { counterexample } = verdict {
            let values = counterexample.join("\n  ");
            print_error(&format!("{}: {claim} FAILS for\n  {values}\n", proof.module));
        }
    }
}
