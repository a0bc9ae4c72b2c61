//! Choice of the engine that computes the codes.

use crate::simulation::Models;

/// Engine that computes the codes; all engines compute the same.
#[derive(Clone, Copy)]
pub enum RequantizeEngine<'a> {
    /// The software reference.
    Reference,
    /// The Verilated requantizer.
    Rtl(&'a dyn Models),
}

impl RequantizeEngine<'_> {
    /// Name in summaries.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::Rtl(_) => "rtl",
        }
    }
}
