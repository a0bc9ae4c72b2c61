//! Companion files of a generated module for FPGA flows, made from the same port list.
//!
//! Pure, like the generator: no file is read or written here.

mod core_file;
mod file_list;
mod instance;
mod library;
mod manifest;
mod stream_testbench;
mod testbench;

pub use library::library;

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde_json::Value as Json;
use tera::{Context, Tera};

use super as generator;
use crate::catalogue::for_each_unit;
use crate::unit::Config;

/// Templates of all companion files, and the parts shared by testbench models.
const TEMPLATES: &[(&str, &str)] = &[
    file_list::TEMPLATE,
    core_file::TEMPLATE,
    instance::TEMPLATE,
    library::README,
    testbench::FRAME,
    stream_testbench::TEMPLATE,
    ("testbench/float.v", include_str!("../../../templates/flow/testbench/float.v.tera")),
    ("testbench/fp8.v", include_str!("../../../templates/flow/testbench/fp8.v.tera")),
    ("testbench/pipelined.v", include_str!("../../../templates/flow/testbench/pipelined.v.tera")),
    ("testbench/requantizer.v", include_str!("../../../templates/flow/testbench/requantizer.v.tera")),
];

/// The behavioural model of a unit, `templates/flow/testbench/<unit>.v.tera`; units with streams share one
/// testbench.
macro_rules! entry {
    ($unit:ident stream) => {
        None
    };
    ($unit:ident $($companion:ident)*) => {
        Some((
            concat!("testbench/", stringify!($unit)),
            include_str!(concat!("../../../templates/flow/testbench/", stringify!($unit), ".v.tera")),
        ))
    };
}

macro_rules! testbenches {
    ($($unit:ident: $parameters:ident [$($companion:ident)*],)*) => {
        const TESTBENCHES: &[Option<(&str, &str)>] = &[$(entry!($unit $($companion)*),)*];
    };
}

for_each_unit!(testbenches);

static ENGINE: LazyLock<Tera> = LazyLock::new(|| {
    let testbenches = TESTBENCHES.iter().copied().flatten();
    generator::engine(&TEMPLATES.iter().copied().chain(testbenches).collect::<Vec<_>>())
});

/// A kind of file that accompanies the Verilog of a config.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Companion {
    /// `.f`: the list of sources that simulators and linters take with `-f`.
    FileList,
    /// `.core`: a FuseSoC core, CAPI2.
    Core,
    /// `_tb.v`: a self-checking Verilog-2005 testbench.
    Testbench,
    /// `_instance.vh`: an instantiation template.
    Instance,
}

/// The Verilog of a config and its companions, as file name and text; with a testbench also the simulation models of
/// the FPGA cells that the Verilog instantiates.
pub fn files(config: &Config, companions: &[Companion]) -> Vec<(String, String)> {
    let mut files = vec![(format!("{}.v", config.name()), super::render(config))];
    files.extend(companions.iter().map(|companion| companion.file(config)));
    if companions.iter().any(|companion| companion.simulates()) {
        files.extend(super::primitives(config));
    }
    files
}

/// Error for an unknown kind of companion file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{name}' is not a companion file; use one or more of filelist, core, testbench, instance")]
pub struct UnknownCompanion {
    /// The requested name.
    pub name: String,
}

impl Companion {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::FileList, Self::Core, Self::Testbench, Self::Instance];

    /// Name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::FileList => "filelist",
            Self::Core => "core",
            Self::Testbench => "testbench",
            Self::Instance => "instance",
        }
    }

    /// Whether the file is for simulation, which needs the models of FPGA cells.
    pub fn simulates(self) -> bool {
        self != Self::Instance
    }

    /// The name and the text of the file, which is placed beside the module's `<name>.v`.
    pub fn file(self, config: &Config) -> (String, String) {
        let suffix = match self {
            Self::FileList => ".f",
            Self::Core => ".core",
            Self::Testbench => "_tb.v",
            Self::Instance => "_instance.vh",
        };
        let (template, context) = self.source(config);
        (format!("{}{suffix}", config.name()), render(&template, context))
    }

    fn source(self, config: &Config) -> (String, Json) {
        match self {
            Self::FileList => (file_list::TEMPLATE.0.to_string(), file_list::context(config)),
            Self::Core => (core_file::TEMPLATE.0.to_string(), core_file::context(config)),
            Self::Testbench => match config.frame_function() {
                Some(function) => {
                    (stream_testbench::TEMPLATE.0.to_string(), stream_testbench::context(config, &*function))
                }
                None => (testbench::template(config), testbench::context(config)),
            },
            Self::Instance => (instance::TEMPLATE.0.to_string(), instance::context(config)),
        }
    }
}

impl fmt::Display for Companion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Companion {
    type Err = UnknownCompanion;

    fn from_str(name: &str) -> Result<Self, UnknownCompanion> {
        let found = Self::ALL.into_iter().find(|companion| companion.name() == name);
        found.ok_or_else(|| UnknownCompanion { name: name.to_string() })
    }
}

fn render(template: &str, context: Json) -> String {
    let context = Context::from_serialize(&context).expect("contexts are JSON objects");
    let text =
        ENGINE.render(template, &context).unwrap_or_else(|error| panic!("template {template}: {error}"));
    generator::assert_plain_text(template, &text);
    text
}

/// For each kind of file, the names that its templates read and the names that its contexts provide, over
/// configs of all units. They must be equal.
#[doc(hidden)]
#[cfg(feature = "internals")]
pub fn names_read_and_offered(configs: &[Config]) -> Vec<(&'static str, BTreeSet<String>, BTreeSet<String>)> {
    let mut sources = vec![("library", vec![(library::README.0.to_string(), library::readme())])];
    for companion in Companion::ALL {
        sources.push((companion.name(), configs.iter().map(|config| companion.source(config)).collect()));
    }
    let read = |template: &str| {
        let frame = template.starts_with("testbench/").then_some(testbench::FRAME.0);
        let names = frame.into_iter().chain([template]).flat_map(|template| {
            ENGINE.get_template_variables(template).expect("every companion has a template")
        });
        names.map(str::to_string).collect::<Vec<_>>()
    };
    sources
        .into_iter()
        .map(|(kind, sources)| {
            let offered =
                sources.iter().flat_map(|(_, context)| context.as_object().expect("an object").keys());
            let read = sources.iter().flat_map(|(template, _)| read(template)).collect();
            (kind, read, offered.cloned().collect())
        })
        .collect()
}
