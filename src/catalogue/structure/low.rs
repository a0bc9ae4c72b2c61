//! The low bits of a product, which rows finish from the lowest on.

use super::body::Body;
use super::net::{Net, concatenation};

/// The finished bits, the lowest first.
#[derive(Debug, Default)]
pub(super) struct Low {
    parts: Vec<String>,
    bits: u32,
}

impl Low {
    pub(super) fn of(net: Net) -> Low {
        Low { bits: net.bits(), parts: vec![net.text()] }
    }

    /// Takes the next bits, `bits` of them.
    pub(super) fn push(&mut self, part: String, bits: u32) {
        self.parts.push(part);
        self.bits += bits;
    }

    /// All of them as a vector that a register can take, named by the row they were finished in.
    pub(super) fn net(&self, body: &mut Body, row: u32) -> Net {
        body.wire(&format!("low_{row}"), self.bits, &self.text(None))
    }

    /// The whole product: `row` above the finished bits.
    pub(super) fn below(&self, row: &Net) -> String {
        self.text(Some(row.text()))
    }

    fn text(&self, above: Option<String>) -> String {
        let parts: Vec<String> = above.into_iter().chain(self.parts.iter().rev().cloned()).collect();
        concatenation(&parts)
    }
}
