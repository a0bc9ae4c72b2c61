//! Views of results: JUnit for servers, HTML for people.

mod html;
mod junit;

pub use html::html;
pub use junit::junit;
