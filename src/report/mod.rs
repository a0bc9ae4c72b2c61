//! One self-contained HTML page: what was co-simulated, and what each integer format costs in accuracy.
//!
//! [`render`] takes results and nothing else, so no figure on the page is typed by hand. The page loads
//! nothing, runs no script, and follows the reader's choice of light or dark.

mod accuracy;
mod axis;
mod errors;
mod filters;
mod view;

use std::sync::LazyLock;

use serde::Serialize;
use tera::{Context, Tera};

use crate::generator;
use crate::network::Evaluation;

/// Everything the page shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// One row per co-simulated preset.
    pub cosimulation: Vec<CosimulationRow>,
    /// The classifier and its quantized variants; at least one of them.
    pub evaluation: Evaluation,
}

/// How one preset compared with its reference.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CosimulationRow {
    /// Name of the preset.
    pub preset: String,
    /// The kind of hardware it is.
    pub unit: String,
    /// What its inputs may be, such as `2^16`.
    pub domain: String,
    /// Vectors or cycles compared.
    pub compared: u64,
    /// Whether these were all inputs there are.
    pub exhaustive: bool,
    /// How many of them differed.
    pub mismatches: u64,
    /// Time that simulation and comparison took.
    pub seconds: f64,
}

const PAGE: &str = "report.html";

// The delimiters are those of the Verilog templates, so that there is one syntax to know. Unlike Verilog,
// HTML is escaped; what a page includes is escaped as the page is.
static ENGINE: LazyLock<Tera> = LazyLock::new(|| {
    let mut tera = generator::engine(&[]);
    tera.autoescape_on([".html"]);
    filters::register(&mut tera);
    tera.add_raw_templates([
        (PAGE, include_str!("../../templates/report.html.tera")),
        ("report/style.css", include_str!("../../templates/report/style.css")),
        ("report/accuracy.svg", include_str!("../../templates/report/accuracy.svg.tera")),
        ("report/errors.svg", include_str!("../../templates/report/errors.svg.tera")),
    ])
    .expect("templates are part of the program");
    tera
});

/// The page.
///
/// # Panics
/// When template and context disagree, which no user input can bring about.
pub fn render(report: &Report) -> String {
    let context = Context::from_serialize(&view::page(report)).expect("the view is a JSON object");
    ENGINE.render(PAGE, &context).unwrap_or_else(|error| panic!("template of the report: {error}"))
}

#[cfg(test)]
mod tests;
