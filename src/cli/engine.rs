//! The `--engine` option of subcommands that compute outputs.

/// Source of the outputs.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(super) enum EngineOption {
    /// The Verilated RTL.
    Rtl,
    /// The software reference.
    Reference,
}
