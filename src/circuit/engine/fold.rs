//! How many products of a layer are computed at once.

/// How many products of a layer are computed at once: `inputs` times `outputs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Fold {
    /// Input codes that are read at once.
    pub inputs: usize,
    /// Output channels that are computed at once.
    pub outputs: usize,
}
