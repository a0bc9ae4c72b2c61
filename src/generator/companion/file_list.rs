//! The list of source files for the option `-f` of simulators.

use serde_json::{Value as Json, json};

use crate::unit::Config;

pub(crate) const TEMPLATE: (&str, &str) =
    ("filelist", include_str!("../../../templates/flow/filelist.f.tera"));

pub(crate) fn context(config: &Config) -> Json {
    json!({ "name": config.name(), "primitives": config.primitives() })
}
