//! Views of results: JUnit for servers, HTML for people.

mod html;
mod junit;

pub use html::{html, html_of_rules, html_of_sweep};
pub use junit::junit;
