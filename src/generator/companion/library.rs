//! The contents of `rtl/`: one folder per unit, one file per preset, README and manifest.

use serde_json::{Value as Json, json};

use super::manifest::manifest;
use crate::catalogue::signature;
use crate::unit::Config;
use crate::{catalogue, generator};

pub(crate) const README: (&str, &str) = ("library", include_str!("../../../templates/flow/library.md.tera"));

/// Every file of `rtl/`: the path relative to it, with forward slashes, and the text.
pub fn library() -> Vec<(String, String)> {
    let modules: Vec<(Config, String, String)> = catalogue::presets()
        .map(|config| {
            let (path, text) = (path(config.unit().name(), config.name()), generator::render(&config));
            (config, path, text)
        })
        .collect();
    let mut files = vec![
        ("README.md".to_string(), super::render(README.0, readme())),
        ("manifest.json".to_string(), manifest(&modules)),
    ];
    files.extend(modules.into_iter().map(|(_, path, text)| (path, text)));
    files
}

fn path(unit: &str, name: &str) -> String {
    format!("{unit}/{name}.v")
}

pub(crate) fn readme() -> Json {
    let units: Vec<Json> = catalogue::listing()
        .iter()
        .map(|unit| {
            let modules: Vec<Json> = unit
                .presets
                .iter()
                .map(|preset| {
                    json!({
                        "name": preset.name,
                        "path": path(unit.unit, preset.name),
                        "signature": signature(&preset.ports),
                        "latency": preset.behaviour.latency(),
                        "sets": preset.sets.iter().map(|set| format!("`{set}`")).collect::<Vec<_>>().join(", "),
                    })
                })
                .collect();
            json!({ "name": unit.unit, "summary": unit.summary, "modules": modules })
        })
        .collect();
    json!({ "units": units })
}
