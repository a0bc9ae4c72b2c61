//! Low bits of a product, which are completed row by row.

use super::body::Body;
use super::net::{Net, concatenation};

/// The completed bits, the lowest first.
#[derive(Debug, Default)]
pub(crate) struct LowBits {
    parts: Vec<String>,
    bits: u32,
}

impl LowBits {
    pub(crate) fn of(net: Net) -> Self {
        Self { bits: net.bits(), parts: vec![net.text()] }
    }

    /// Appends the next bits, `bits` of them.
    pub(crate) fn push(&mut self, part: String, bits: u32) {
        self.parts.push(part);
        self.bits += bits;
    }

    /// All of them as one vector, named by the row that completed them.
    pub(crate) fn net(&self, body: &mut Body, row: u32) -> Net {
        body.wire(&format!("low_{row}"), self.bits, &self.text(None))
    }

    /// The whole product: `row` above the completed bits.
    pub(crate) fn below(&self, row: &Net) -> String {
        self.text(Some(row.text()))
    }

    fn text(&self, above: Option<String>) -> String {
        let parts: Vec<String> = above.into_iter().chain(self.parts.iter().rev().cloned()).collect();
        concatenation(&parts)
    }
}
