//! Measured properties of a design.

use serde::Serialize;

/// One measured property, such as the latency.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// Name of the property.
    pub what: String,
    /// Measured value in words.
    pub text: String,
}

impl Finding {
    pub(crate) fn new(what: &str, text: &str) -> Self {
        Self { what: what.to_string(), text: text.to_string() }
    }
}
