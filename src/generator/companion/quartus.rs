//! Files for Quartus: the source as a `.qip`, the clock as a `.sdc`.

use serde_json::{Value as Json, json};

use super::clock;
use crate::unit::Config;

pub(crate) const SOURCES: (&str, &str) =
    ("quartus/qip", include_str!("../../../templates/flow/quartus.qip.tera"));
pub(crate) const CLOCK: (&str, &str) =
    ("quartus/sdc", include_str!("../../../templates/flow/quartus.sdc.tera"));

/// Cells of other vendors, which Quartus does not know.
pub(crate) fn refusal(config: &Config) -> Option<(String, &'static str)> {
    let foreign = config.primitives().first()?;
    let reason = format!("it instantiates {foreign}, which is no cell of an Intel family");
    Some((reason, "choose another target, or leave quartus out"))
}

pub(crate) fn sources_context(config: &Config) -> Json {
    json!({ "name": config.name(), "clock": clock(config), "version": env!("CARGO_PKG_VERSION") })
}

/// Context of the constraint; `None` for a unit without a clock.
pub(crate) fn clock_context(config: &Config) -> Option<Json> {
    clock(config).map(|_| sources_context(config))
}
