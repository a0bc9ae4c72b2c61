//! Self-contained HTML pages of the demo, rule comparisons, sweeps, audits, networks and other results.
//!
//! Each page is a function of the results alone, so that no figure is typed by hand. A page loads no
//! resources, runs no script, and follows the reader's choice of light or dark.

mod accuracy;
mod audit;
pub(crate) mod axis;
mod digits;
mod errors;
mod filters;
mod formats;
mod network;
mod results;
mod rounding;
mod rules;
mod sweep;
mod view;

use std::sync::LazyLock;

use serde::Serialize;
use tera::{Context, Tera};

use crate::audit::AuditReport;
use crate::demo::{Evaluation, NetworkResult};
use crate::generator;
use crate::mutation::Score;
use crate::network::HardwareReport;
use crate::proof::Proof;
use crate::rules::RuleComparison;
use crate::synthesis::SynthesisComparison;
use crate::verification::sweep::Sweep;
use crate::verification::{Report, Results};

const PAGE: &str = "report.html";
const RULES: &str = "rules.html";
const SWEEP: &str = "sweep.html";
const AUDIT: &str = "audit.html";
const NETWORK: &str = "network.html";
const RESULTS: &str = "results.html";

// The delimiters are those of the Verilog templates. Unlike Verilog, HTML is escaped, included files too.
static ENGINE: LazyLock<Tera> = LazyLock::new(|| {
    let mut tera = generator::engine(&[]);
    tera.autoescape_on([".html"]);
    filters::register(&mut tera);
    tera.add_raw_templates([
        (PAGE, include_str!("../../../templates/report.html.tera")),
        (RULES, include_str!("../../../templates/rules.html.tera")),
        (SWEEP, include_str!("../../../templates/sweep.html.tera")),
        (AUDIT, include_str!("../../../templates/audit.html.tera")),
        (NETWORK, include_str!("../../../templates/network.html.tera")),
        (RESULTS, include_str!("../../../templates/results.html.tera")),
        ("report/audit.css", include_str!("../../../templates/report/audit.css")),
        ("report/network.css", include_str!("../../../templates/report/network.css")),
        ("report/rules.css", include_str!("../../../templates/report/rules.css")),
        ("report/sweep.css", include_str!("../../../templates/report/sweep.css")),
        ("report/style.css", include_str!("../../../templates/report/style.css")),
        ("report/accuracy.svg", include_str!("../../../templates/report/accuracy.svg.tera")),
        ("report/errors.svg", include_str!("../../../templates/report/errors.svg.tera")),
        ("report/rounding.svg", include_str!("../../../templates/report/rounding.svg.tera")),
    ])
    .expect("templates are part of the program");
    tera
});

/// The page of the demo: co-simulation of the presets, accuracy of the quantized classifier, and the network.
///
/// # Panics
/// When template and context disagree, which no user input can cause.
pub fn html_of_demo(cosimulation: &[Report], evaluation: &Evaluation, network: &NetworkResult) -> String {
    render(PAGE, &view::page(cosimulation, evaluation, network))
}

/// The page of a rule comparison: how many accumulators each pair of rules rounds differently.
///
/// # Panics
/// When template and context disagree, which no user input can cause.
pub fn html_of_rules(compared: &RuleComparison) -> String {
    render(RULES, &rules::page(compared))
}

/// The page of a sweep: which configs of a unit equal their references.
///
/// # Panics
/// When template and context disagree, which no user input can cause.
pub fn html_of_sweep(sweep: &Sweep) -> String {
    render(SWEEP, &sweep::page(sweep))
}

/// The page of an audit: what a design computes, and how far each candidate is from it.
///
/// # Panics
/// When template and context disagree, which no user input can cause.
pub fn html_of_audit(report: &AuditReport) -> String {
    render(AUDIT, &audit::page(report))
}

/// The page of a network's hardware: cycles, multipliers and memory of each module.
///
/// # Panics
/// When template and context disagree, which no user input can cause.
pub fn html_of_network(name: &str, report: &HardwareReport) -> String {
    render(NETWORK, &network::page(name, report))
}

/// The page of `qrtl verify`: every config with its verdict, and the failures.
///
/// # Panics
/// When template and context disagree, which no user input can cause.
pub fn html_of_verify(results: &Results, command: &str) -> String {
    render(RESULTS, &results::of_verify(results, command))
}

/// The page of `qrtl prove`: every claim with its verdict, and the counterexamples.
///
/// # Panics
/// When template and context disagree, which no user input can cause.
pub fn html_of_proofs(proofs: &[Proof], command: &str) -> String {
    render(RESULTS, &results::of_proofs(proofs, command))
}

/// The page of `qrtl mutate`: the score of every module, and the mutants that were not killed.
///
/// # Panics
/// When template and context disagree, which no user input can cause.
pub fn html_of_scores(scores: &[Score], command: &str) -> String {
    render(RESULTS, &results::of_scores(scores, command))
}

/// The page of `qrtl synth`: the cells of every module, by its name, and the co-simulations of netlists.
///
/// # Panics
/// When template and context disagree, which no user input can cause.
pub fn html_of_synthesis(
    figures: &[(String, SynthesisComparison)],
    netlists: &[Report],
    command: &str,
) -> String {
    render(RESULTS, &results::of_synthesis(figures, netlists, command))
}

fn render(page: &str, view: &impl Serialize) -> String {
    let context = Context::from_serialize(view).expect("the view is a JSON object");
    ENGINE.render(page, &context).unwrap_or_else(|error| panic!("template {page}: {error}"))
}

#[cfg(test)]
mod tests;
