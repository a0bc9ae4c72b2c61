//! One thing that an audit found out about a design.

use serde::Serialize;

/// One thing that was found out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// About what.
    pub what: String,
    /// What was found.
    pub text: String,
}

impl Finding {
    pub(crate) fn new(what: &str, text: &str) -> Finding {
        Finding { what: what.to_string(), text: text.to_string() }
    }
}
