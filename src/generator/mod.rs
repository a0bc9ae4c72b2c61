//! Renders the Verilog text of a config: pure and deterministic.
//!
//! The templates are near-verbatim Verilog with `<[ value ]>`, `<% statement %>` and
//! `<# comment #>`, because Verilog's own `{{8{a[7]}}, a}` collides with Tera's usual delimiters.
//! Templates do no arithmetic: contexts carry final numbers and texts.

pub mod companion;
mod fold;
mod identifiers;

use std::sync::LazyLock;

use serde_json::Value as Json;
use tera::{Context, Delimiters, Tera};

use crate::catalogue::for_each_unit;
use crate::unit::{Behaviour, Config, ConfigError, Unit};
use fold::folded;
pub(crate) use identifiers::identifiers;

/// Templates of the module frame, and of the parts that bodies share.
const PARTS: &[(&str, &str)] = &[
    ("module.v", include_str!("../../templates/module.v.tera")),
    ("network", include_str!("../../templates/network.v.tera")),
    ("pipeline.v", include_str!("../../templates/pipeline.v.tera")),
    ("difference.v", include_str!("../../templates/difference.v.tera")),
    ("structure.v", include_str!("../../templates/structure.v.tera")),
    ("engine/walk.v", include_str!("../../templates/engine/walk.v.tera")),
    ("engine/leaving.v", include_str!("../../templates/engine/leaving.v.tera")),
    ("engine/beat.v", include_str!("../../templates/engine/beat.v.tera")),
    ("engine/memory.v", include_str!("../../templates/engine/memory.v.tera")),
    ("tables.v", include_str!("../../templates/tables.v.tera")),
    ("float/normalize.v", include_str!("../../templates/float/normalize.v.tera")),
    ("float/fp8_product.v", include_str!("../../templates/float/fp8_product.v.tera")),
];

/// The body of each unit, `templates/<unit>.v.tera`.
macro_rules! bodies {
    ($($unit:ident: $parameters:ident $companions:tt,)*) => {
        const BODIES: &[(&str, &str)] = &[
            $((stringify!($unit), include_str!(concat!("../../templates/", stringify!($unit), ".v.tera"))),)*
        ];
    };
}

for_each_unit!(bodies);

/// Simulation models of the FPGA cells that units instantiate by name.
const PRIMITIVES: &[(&str, &str)] = &[
    ("CCU2C", include_str!("../../templates/primitives/CCU2C.v")),
    ("DSP48E2", include_str!("../../templates/primitives/DSP48E2.v")),
    ("SB_MAC16", include_str!("../../templates/primitives/SB_MAC16.v")),
];

static ENGINE: LazyLock<Tera> = LazyLock::new(|| engine(&[PARTS, BODIES].concat()));

/// An engine with the project's delimiters and nothing escaped.
///
/// # Panics
/// When a template does not parse, which a test over all of them finds.
pub fn engine(templates: &[(&'static str, &'static str)]) -> Tera {
    let mut tera = Tera::new();
    tera.set_delimiters(Delimiters {
        block_start: "<%".into(),
        block_end: "%>".into(),
        variable_start: "<[".into(),
        variable_end: "]>".into(),
        comment_start: "<#".into(),
        comment_end: "#>".into(),
    })
    .expect("delimiters are two bytes each");
    tera.autoescape_on(Vec::<String>::new());
    tera.add_raw_templates(templates.iter().copied()).expect("templates are part of the program");
    tera
}

/// Renders the Verilog file of a config: its module, named like the file, and the instantiated modules.
///
/// The text is ASCII with LF line ends and one trailing newline.
///
/// # Panics
/// When template and context disagree, which a test over all units finds.
pub fn render(config: &Config) -> String {
    let text = folded(&render_module(config, false));
    assert_plain_text(config.name(), &text);
    text
}

/// The module and those that it instantiates; a part has a short header.
fn render_module(config: &Config, is_part: bool) -> String {
    let context = Context::from_serialize(&context(config, is_part)).expect("contexts are JSON objects");
    ENGINE
        .render(config.unit().name(), &context)
        .unwrap_or_else(|error| panic!("template of {}: {error}", config.unit().name()))
}

/// Returns the config with another module name.
///
/// # Errors
/// [`ConfigError::ModuleName`] when the name is not a plain identifier, or occurs inside the module.
pub fn named(config: Config, name: &str) -> Result<Config, ConfigError> {
    let config = config.named(name)?;
    let uses = identifiers(&render(&config)).filter(|word| *word == name).count();
    match uses {
        // The declaration of the module itself.
        1 => Ok(config),
        _ => Err(ConfigError::ModuleName { name: name.to_string() }),
    }
}

/// Simulation models of the cells that a config instantiates by name: file and text.
///
/// # Panics
/// When a unit names a cell that has no model, which a test over all cells finds.
pub fn primitives(config: &Config) -> Vec<(String, String)> {
    let model = |name: &&str| {
        let found = PRIMITIVES.iter().find(|(known, _)| known == name);
        let (name, text) = found.unwrap_or_else(|| panic!("{name} has no simulation model"));
        (format!("{name}.v"), text.to_string())
    };
    config.primitives().iter().map(model).collect()
}

/// ASCII, LF only, no trailing blanks, no two blank lines, exactly one newline at the end.
///
/// # Panics
/// When a template violates this, which a test over all of them finds.
pub(crate) fn assert_plain_text(name: &str, text: &str) {
    let plain = text.is_ascii()
        && !text.contains(['\r', '\t'])
        && text.lines().all(|line| line.trim_end() == line)
        && text.ends_with('\n')
        && !text.ends_with("\n\n")
        && !text.contains("\n\n\n");
    assert!(plain, "{name} is not plain text:\n{text}");
}

/// The context of the unit's template, and that of the module header.
fn context(config: &Config, is_part: bool) -> Json {
    let mut context = config.context();
    let keys = context.as_object_mut().expect("a unit's context is a JSON object");
    keys.insert("name".into(), config.name().into());
    keys.insert("summary".into(), config.summary().into());
    keys.insert("facts".into(), config.facts().into());
    keys.insert("version".into(), env!("CARGO_PKG_VERSION").into());
    keys.insert("command".into(), command(config).into());
    keys.insert("digest".into(), config.digest().into());
    keys.insert("ports".into(), port_lines(config).into());
    let parts = config.parts();
    let parts = parts.iter().map(|part| render_module(part, true).trim_end().to_string());
    keys.insert("parts".into(), parts.collect::<Vec<_>>().into());
    keys.insert("is_part".into(), is_part.into());
    context
}

/// One line per port: declaration, comma and comment; types, names and comments aligned.
fn port_lines(config: &Config) -> Vec<String> {
    let ports = config.ports();
    let type_width = ports.iter().map(|port| port.net_type().len()).max().unwrap_or(0);
    let mut declarations: Vec<String> = ports.iter().map(|port| port.declaration(type_width) + ",").collect();
    declarations.last_mut().expect("every unit has ports").pop();
    let width = declarations.iter().map(String::len).max().unwrap_or(0);
    let lines = declarations.iter().zip(&ports);
    lines.map(|(declaration, port)| format!("{declaration:<width$} // {}", port.help)).collect()
}

/// The command that reproduces the file.
fn command(config: &Config) -> String {
    let name =
        if config.name() == config.own_name() { String::new() } else { format!(" --name {}", config.name()) };
    format!("qrtl generate {}{name}", config.arguments())
}

/// The names that a unit's template reads and the names that its context provides. They must be equal,
/// because Tera treats an unknown name as false.
#[doc(hidden)]
#[cfg(feature = "internals")]
pub fn names_read_and_offered(unit: &'static dyn Unit, config: &Config) -> (Vec<String>, Vec<String>) {
    let pipelined = matches!(config.behaviour(), Behaviour::Pipelined { .. });
    let frames = ["module.v", "pipeline.v"];
    let mut read: Vec<String> = frames[..1 + usize::from(pipelined)]
        .iter()
        .chain([&unit.name()])
        .flat_map(|name| ENGINE.get_template_variables(name).expect("every unit has a template"))
        .map(str::to_string)
        .collect();
    let mut offered: Vec<String> =
        context(config, false).as_object().expect("a JSON object").keys().cloned().collect();
    // What a template sets for the parts that it includes needs no context.
    let is_set = |name: &str| {
        let own = PARTS.iter().chain(BODIES).filter(|(body, _)| [unit.name(), "structure.v"].contains(body));
        own.into_iter().any(|(_, text)| text.contains(&format!(" set {name} = ")))
    };
    read.retain(|name| offered.contains(name) || !is_set(name));
    read.sort();
    read.dedup();
    offered.sort();
    (read, offered)
}
