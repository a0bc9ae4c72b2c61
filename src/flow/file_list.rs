//! The list of sources for `-f`.

use super::super::catalogue::Config;
use serde_json::{Value as Json, json};

pub(super) const TEMPLATE: (&str, &str) = ("filelist", include_str!("../../templates/flow/filelist.f.tera"));

pub(super) fn context(config: &Config) -> Json {
    json!({ "name": config.name(), "primitives": config.primitives() })
}
