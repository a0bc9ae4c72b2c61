//! The tools that build models, found once.

use std::sync::OnceLock;

use pyo3::prelude::*;
use qrtl::ModelBuilder;

use crate::error::raise;

static MODELS: OnceLock<ModelBuilder> = OnceLock::new();

/// Builds models on demand; a notice on stderr reports slow steps, such as fetching Verilator.
pub fn models() -> PyResult<&'static ModelBuilder> {
    if MODELS.get().is_none() {
        let found = ModelBuilder::discover(&notice).map_err(raise)?;
        // Another thread may have found them meanwhile.
        let _ = MODELS.set(found);
    }
    Ok(MODELS.get().expect("set above"))
}

/// Reports a slow step.
pub fn notice(text: &str) {
    eprintln!("qrtl: {text}");
}
