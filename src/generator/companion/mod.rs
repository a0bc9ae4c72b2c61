//! What goes with a generated module into an FPGA flow: text made from the same port list.
//!
//! Pure, like the generator: no file is read or written here.

mod core_file;
mod file_list;
mod instance;
mod library;
mod manifest;
mod testbench;

pub use library::library;

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde_json::Value as Json;
use tera::{Context, Tera};

use super as generator;
use crate::unit::Config;

static ENGINE: LazyLock<Tera> = LazyLock::new(|| {
    generator::engine(&[
        file_list::TEMPLATE,
        core_file::TEMPLATE,
        instance::TEMPLATE,
        library::README,
        testbench::FRAME,
        ("testbench/multiplier", include_str!("../../../templates/flow/testbench/multiplier.v.tera")),
        (
            "testbench/serial_requantizer",
            include_str!("../../../templates/flow/testbench/requantizer.v.tera"),
        ),
        ("testbench/requantizer", include_str!("../../../templates/flow/testbench/requantizer.v.tera")),
        ("testbench/float.v", include_str!("../../../templates/flow/testbench/float.v.tera")),
        ("testbench/fp8.v", include_str!("../../../templates/flow/testbench/fp8.v.tera")),
        ("testbench/pipelined.v", include_str!("../../../templates/flow/testbench/pipelined.v.tera")),
        ("testbench/fp8_decoder", include_str!("../../../templates/flow/testbench/fp8_decoder.v.tera")),
        ("testbench/fp8_encoder", include_str!("../../../templates/flow/testbench/fp8_encoder.v.tera")),
        ("testbench/fp8_multiplier", include_str!("../../../templates/flow/testbench/fp8_multiplier.v.tera")),
        ("testbench/dot_product", include_str!("../../../templates/flow/testbench/dot_product.v.tera")),
        (
            "testbench/packed_multiplier",
            include_str!("../../../templates/flow/testbench/packed_multiplier.v.tera"),
        ),
        (
            "testbench/constant_matrix",
            include_str!("../../../templates/flow/testbench/constant_matrix.v.tera"),
        ),
        ("testbench/fp8_dot", include_str!("../../../templates/flow/testbench/fp8_dot.v.tera")),
        ("testbench/quantizer", include_str!("../../../templates/flow/testbench/quantizer.v.tera")),
        ("testbench/dequantizer", include_str!("../../../templates/flow/testbench/dequantizer.v.tera")),
        ("testbench/mac", include_str!("../../../templates/flow/testbench/mac.v.tera")),
    ])
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
    /// `_instance.vh`: an instance to paste.
    Instance,
}

/// A companion that does not exist was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{name}' is no companion file; use one or more of filelist, core, testbench, instance")]
pub struct UnknownCompanion {
    /// What was asked for.
    pub name: String,
}

impl Companion {
    /// All of them.
    pub const ALL: [Companion; 4] =
        [Companion::FileList, Companion::Core, Companion::Testbench, Companion::Instance];

    /// The word users type.
    pub fn name(self) -> &'static str {
        match self {
            Companion::FileList => "filelist",
            Companion::Core => "core",
            Companion::Testbench => "testbench",
            Companion::Instance => "instance",
        }
    }

    /// Whether it is for simulators, and the models of cells with it.
    pub fn simulates(self) -> bool {
        self != Companion::Instance
    }

    /// The file's name, which lies beside the module's `<name>.v`, and its text.
    pub fn file(self, config: &Config) -> (String, String) {
        let suffix = match self {
            Companion::FileList => ".f",
            Companion::Core => ".core",
            Companion::Testbench => "_tb.v",
            Companion::Instance => "_instance.vh",
        };
        let (template, context) = self.source(config);
        (format!("{}{suffix}", config.name()), render(&template, context))
    }

    fn source(self, config: &Config) -> (String, Json) {
        match self {
            Companion::FileList => (file_list::TEMPLATE.0.to_string(), file_list::context(config)),
            Companion::Core => (core_file::TEMPLATE.0.to_string(), core_file::context(config)),
            Companion::Testbench => (testbench::template(config), testbench::context(config)),
            Companion::Instance => (instance::TEMPLATE.0.to_string(), instance::context(config)),
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

    fn from_str(name: &str) -> Result<Companion, UnknownCompanion> {
        let found = Companion::ALL.into_iter().find(|companion| companion.name() == name);
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

/// Per kind of file, the names that its templates read and those that its contexts offer, over
/// configs of all units: equal, or one of the two has a typing error.
#[doc(hidden)]
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
