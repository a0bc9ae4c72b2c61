//! One self-contained HTML page: what was co-simulated, and what each number format and each rounding rule costs
//! in accuracy.
//!
//! [`html()`] takes results and nothing else, so no figure on the page is typed by hand. The page loads
//! nothing, runs no script, and follows the reader's choice of light or dark.

mod accuracy;
mod axis;
mod errors;
mod filters;
mod formats;
mod rules;
mod view;

use std::sync::LazyLock;

use tera::{Context, Tera};

use crate::cosim::Report;
use crate::generator;
use crate::network::Evaluation;

const PAGE: &str = "report.html";

// The delimiters are those of the Verilog templates, so that there is one syntax to know. Unlike Verilog,
// HTML is escaped; what a page includes is escaped as the page is.
static ENGINE: LazyLock<Tera> = LazyLock::new(|| {
    let mut tera = generator::engine(&[]);
    tera.autoescape_on([".html"]);
    filters::register(&mut tera);
    tera.add_raw_templates([
        (PAGE, include_str!("../../../templates/report.html.tera")),
        ("report/style.css", include_str!("../../../templates/report/style.css")),
        ("report/accuracy.svg", include_str!("../../../templates/report/accuracy.svg.tera")),
        ("report/errors.svg", include_str!("../../../templates/report/errors.svg.tera")),
        ("report/rules.svg", include_str!("../../../templates/report/rules.svg.tera")),
    ])
    .expect("templates are part of the program");
    tera
});

/// The page: how the presets compared with their references, and the classifier with its quantized
/// variants.
///
/// # Panics
/// When template and context disagree, which no user input can bring about.
pub fn html(cosimulation: &[Report], evaluation: &Evaluation) -> String {
    let page = view::page(cosimulation, evaluation);
    let context = Context::from_serialize(&page).expect("the view is a JSON object");
    ENGINE.render(PAGE, &context).unwrap_or_else(|error| panic!("template of the report: {error}"))
}

#[cfg(test)]
mod tests;
