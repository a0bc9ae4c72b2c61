//! The FuseSoC core file (CAPI2).

use serde_json::{Value as Json, json};

use crate::unit::Config;

pub(crate) const TEMPLATE: (&str, &str) = ("core", include_str!("../../../templates/flow/fusesoc.core.tera"));

pub(crate) fn context(config: &Config) -> Json {
    json!({
        "name": config.name(),
        "unit": config.unit().name(),
        "summary": config.summary(),
        "primitives": config.primitives(),
        "version": env!("CARGO_PKG_VERSION"),
    })
}
