//! What computes, for the verbs that offer a choice.

/// What computes the outputs.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(super) enum EngineOption {
    /// The Verilated RTL.
    Rtl,
    /// The software reference.
    Reference,
}
