//! The Vivado script: out-of-context synthesis, and packaging as IP.

use serde_json::{Value as Json, json};

use super::clock;
use crate::unit::{Config, Role, Target};

pub(crate) const TEMPLATE: (&str, &str) = ("vivado", include_str!("../../../templates/flow/vivado.tcl.tera"));

/// A small part of the 7 series, which every edition of Vivado supports; the default of other targets too.
const XC7_PART: &str = "xc7a35tcpg236-1";
/// A small part of UltraScale+.
const XCUP_PART: &str = "xczu3eg-sbva484-1-e";

/// Cells of other vendors, which Vivado does not know.
pub(crate) fn refusal(config: &Config) -> Option<(String, &'static str)> {
    let foreign = config.primitives().iter().find(|&&cell| cell != "DSP48E2")?;
    let reason = format!("it instantiates {foreign}, which is no cell of a Xilinx family");
    Some((reason, "choose the target xc7, xcup or generic, or leave vivado out"))
}

pub(crate) fn context(config: &Config) -> Json {
    let ports = config.ports();
    let valid = ports.iter().filter(|port| port.role == Role::Valid);
    let streams: Vec<&str> = valid.filter_map(|port| port.name.strip_suffix("_tvalid")).collect();
    json!({
        "name": config.name(),
        "summary": config.summary(),
        "version": env!("CARGO_PKG_VERSION"),
        "part": if config.target() == Target::Xcup { XCUP_PART } else { XC7_PART },
        "clock": clock(config),
        "reset": ports.iter().find(|port| port.role == Role::Reset).map(|port| port.name),
        "streams": streams,
    })
}
