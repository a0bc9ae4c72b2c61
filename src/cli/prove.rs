//! `qrtl prove`: units against their specifications, by a solver.

use std::time::Duration;

use serde_json::json;

use super::select::Select;
use super::{CliError, ExitStatus, OutputFormat, print, print_error, print_json, print_notice};
use crate::generator::render;
use crate::proof;
use crate::proof::{Proof, Prover};
use crate::toolchain::environment::Environment;

/// Prove with a solver that a module does what its unit is specified to do
///
/// For all operands and from any state: multiplier, mac, dot_product (in two halves, cut at the
/// products), packed_multiplier, requantizer (rules single, gemmlowp and f32 with signed codes of 8 bits);
/// constant_matrix by a certificate of linear forms. A unit alone stands for all of its presets. The tools are pinned; the first use fetches them.
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
    /// Seconds that each claim may take
    #[arg(long, value_name = "S", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    time_limit: u64,
    /// How to write the results
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    let mut configs = args.select.configs(&args.unit)?;
    // A unit stands for those of its presets that are specified; a config of its own must be.
    if configs.len() > 1 && configs.iter().any(|config| proof::check_specified(config).is_ok()) {
        configs.retain(|config| match proof::check_specified(config) {
            Ok(()) => true,
            Err(error) => {
                print_notice(&format!("{} is left out: {error}", config.name()));
                false
            }
        });
    }
    configs.iter().try_for_each(proof::check_specified)?;
    let prover =
        Prover::open(&Environment::of_process(), Duration::from_secs(args.time_limit), &print_notice)?;
    let mut proofs = Vec::new();
    for config in &configs {
        let proof = prover.prove(config, &render(config))?;
        if args.format == OutputFormat::Text {
            print(&lines(config.name(), &proof))?;
        }
        proofs.push(proof);
    }
    if args.format == OutputFormat::Json {
        print_json(&json!({ "results": proofs }))?;
    }
    Ok(ExitStatus::success_if(proofs.iter().all(Proof::holds)))
}

/// A line a claim; what a failing one fails for is for people.
fn lines(name: &str, proof: &Proof) -> String {
    let mut text = String::new();
    for claim in &proof.claims {
        let verdict = match &claim.verdict {
            proof::ClaimVerdict::Holds => "proved",
            proof::ClaimVerdict::Fails { counterexample } => {
                print_error(&format!(
                    "{name}: {} FAILS for\n  {}\n",
                    claim.claim,
                    counterexample.join("\n  ")
                ));
                "FAILS"
            }
        };
        text += &format!("{name:<32} {verdict:<7} {:>7.1} s  {}\n", claim.seconds, claim.claim);
    }
    text
}
