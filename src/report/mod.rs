//! Views of results: JUnit XML, HTML pages, tables and plots.

pub mod documents;
mod formats;
mod html;
mod junit;
mod pareto;
mod quality;

pub use html::{
    html_of_audit, html_of_demo, html_of_network, html_of_proofs, html_of_rules, html_of_scores,
    html_of_sweep, html_of_synthesis, html_of_verify,
};
pub use junit::{junit, junit_of_audit};
pub use quality::quality_files;
