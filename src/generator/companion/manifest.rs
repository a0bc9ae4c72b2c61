//! `rtl/manifest.json`: the shipped modules, for scripts.

use serde::Serialize;

use crate::text::sha256;
use crate::unit::{Behaviour, Config, Port, Values};

#[derive(Serialize)]
struct Manifest<'a> {
    generator: &'static str,
    presets: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    name: &'a str,
    unit: &'static str,
    file: &'a str,
    #[serde(flatten)]
    behaviour: Behaviour,
    settings: &'a Values,
    ports: Vec<Port>,
    digest: String,
    sha256: String,
}

/// The manifest of configs, each with the path and the text of its file.
pub(crate) fn manifest(modules: &[(Config, String, String)]) -> String {
    let presets = modules
        .iter()
        .map(|(config, path, text)| Entry {
            name: config.name(),
            unit: config.unit().name(),
            file: path,
            behaviour: config.behaviour(),
            settings: config.values(),
            ports: config.ports(),
            digest: config.digest(),
            sha256: sha256(text.as_bytes()),
        })
        .collect();
    let manifest = Manifest { generator: concat!("qrtl ", env!("CARGO_PKG_VERSION")), presets };
    serde_json::to_string_pretty(&manifest).expect("names and numbers are JSON") + "\n"
}
