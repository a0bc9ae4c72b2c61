//! The low bits of a product, which rows finish from the lowest on.

use super::body::Body;
use super::net::{Net, concatenation};

/// The finished bits, the lowest first.
#[derive(Debug, Default)]
pub(crate) struct Low {
    parts: Vec<String>,
    bits: u32,
}

impl Low {
    pub(crate) fn of(net: Net) -> Low {
        Low { bits: net.bits(), parts: vec![net.text()] }
    }

    /// Takes the next bits, `bits` of them.
    pub(crate) fn push(&mut self, part: String, bits: u32) {
        self.parts.push(part);
        self.bits += bits;
    }

    /// All of them as a vector that a register can take, named by the row they were finished in.
    pub(crate) fn net(&self, body: &mut Body, row: u32) -> Net {
        body.wire(&format!("low_{row}"), self.bits, &self.text(None))
    }

    /// The whole product: `row` above the finished bits.
    pub(crate) fn below(&self, row: &Net) -> String {
        self.text(Some(row.text()))
    }

    fn text(&self, above: Option<String>) -> String {
        let parts: Vec<String> = above.into_iter().chain(self.parts.iter().rev().cloned()).collect();
        concatenation(&parts)
    }
}
