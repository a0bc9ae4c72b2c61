//! Choice between the RTL and the software reference.

use super::models::Models;

/// What computes the outputs of a unit; both compute the same if the RTL is correct.
#[derive(Clone, Copy)]
pub enum ComputeEngine<'a> {
    /// The software reference.
    Reference,
    /// The Verilated RTL.
    Rtl(&'a dyn Models),
}

impl ComputeEngine<'_> {
    /// Name in summaries.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::Rtl(_) => "rtl",
        }
    }
}
