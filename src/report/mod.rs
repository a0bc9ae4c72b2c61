//! Views of results: JUnit for servers, HTML for people.

mod junit;

pub use junit::junit;
