//! The FuseSoC core, in version 2 of its core API.

use super::super::catalogue::Config;
use serde_json::{Value as Json, json};

pub(super) const TEMPLATE: (&str, &str) = ("core", include_str!("../../templates/flow/fusesoc.core.tera"));

pub(super) fn context(config: &Config) -> Json {
    json!({
        "name": config.name(),
        "unit": config.unit().name(),
        "summary": config.unit().summary(),
        "primitives": config.primitives(),
        "version": env!("CARGO_PKG_VERSION"),
    })
}
