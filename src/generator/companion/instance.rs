//! Instantiation template: declarations of the connected nets, then the instance.

use serde_json::{Value as Json, json};

use crate::unit::Config;

pub(crate) const TEMPLATE: (&str, &str) =
    ("instance", include_str!("../../../templates/flow/instance.vh.tera"));

pub(crate) fn context(config: &Config) -> Json {
    let ports = config.ports();
    let type_width = ports.iter().map(|port| port.net_type().len()).max().unwrap_or(0);
    let name_width = ports.iter().map(|port| port.name.len()).max().unwrap_or(0);
    let lines: Vec<Json> = ports
        .iter()
        .map(|port| {
            let net = format!("{};", port.name);
            json!({
                "declaration": format!("wire {:<type_width$} {net:<w$}", port.net_type(), w = name_width + 1),
                "connection": format!(".{:<name_width$} ({})", port.name, port.name),
                "help": port.help,
            })
        })
        .collect();
    json!({ "name": config.name(), "ports": lines })
}
