//! Fold of a layer: the number of products computed per cycle.

/// Fold of a layer: `inputs * outputs` products are computed per cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Fold {
    /// Input codes read per cycle.
    pub inputs: usize,
    /// Output channels computed at the same time.
    pub outputs: usize,
}

impl std::fmt::Display for Fold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}x{}", self.inputs, self.outputs)
    }
}
