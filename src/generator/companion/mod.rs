//! Companion files of a generated module for FPGA flows, made from the same port list.
//!
//! Pure, like the generator: no file is read or written here.

mod assertions;
mod cocotb;
mod core_file;
mod file_list;
mod instance;
mod library;
mod manifest;
mod quartus;
mod stream_testbench;
mod testbench;
mod vhdl;
mod vivado;

pub use library::library;

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde_json::Value as Json;
use tera::{Context, Tera};

use super as generator;
use crate::catalogue::for_each_unit;
use crate::unit::{Config, Role};

/// Templates of all companion files, and the parts shared by testbench models.
const TEMPLATES: &[(&str, &str)] = &[
    file_list::TEMPLATE,
    core_file::TEMPLATE,
    instance::TEMPLATE,
    library::README,
    testbench::FRAME,
    stream_testbench::TEMPLATE,
    vivado::TEMPLATE,
    quartus::SOURCES,
    quartus::CLOCK,
    vhdl::TEMPLATE,
    assertions::TEMPLATE,
    cocotb::TEMPLATE,
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
    /// `_vivado.tcl`: a script that synthesizes the module in Vivado, or packages it as IP.
    Vivado,
    /// `.qip` and, for a unit with a clock, `.sdc`: source and clock for Quartus.
    Quartus,
    /// `_pkg.vhd`: a VHDL package with the component declaration.
    Vhdl,
    /// `_sva.sv`: SystemVerilog assertions, bound to the module.
    Assertions,
    /// `test_<name>.py`: a cocotb testbench with the Python package as golden model.
    Cocotb,
}

/// One companion file before it is rendered.
struct CompanionFile {
    /// File name.
    name: String,
    /// Name of the template.
    template: String,
    /// Context of the template: a JSON object.
    context: Json,
}

/// The Verilog of a config and its companions, as file name and text; with a testbench also the simulation models of
/// the FPGA cells that the Verilog instantiates.
///
/// # Errors
/// [`UnsupportedCompanion`] for the first kind that the config cannot have.
pub fn files(
    config: &Config,
    companions: &[Companion],
) -> Result<Vec<(String, String)>, UnsupportedCompanion> {
    companions.iter().try_for_each(|companion| companion.require_supported(config))?;
    let mut files = vec![(format!("{}.v", config.name()), super::render(config))];
    files.extend(companions.iter().flat_map(|companion| companion.files(config)));
    if companions.iter().any(|companion| companion.simulates()) {
        files.extend(super::primitives(config));
    }
    Ok(files)
}

/// Error for an unknown kind of companion file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{name}' is not a companion file; use one or more of {}", Companion::names())]
pub struct UnknownCompanion {
    /// The requested name.
    pub name: String,
}

/// Error for a companion file that a config cannot have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{config} cannot have the companion file '{companion}': {reason}; {fix}")]
pub struct UnsupportedCompanion {
    /// The kind of file.
    pub companion: Companion,
    /// Name of the config.
    pub config: String,
    /// The reason.
    pub reason: String,
    /// The fix.
    pub fix: &'static str,
}

impl Companion {
    /// All kinds.
    pub const ALL: [Self; 9] = [
        Self::FileList,
        Self::Core,
        Self::Testbench,
        Self::Instance,
        Self::Vivado,
        Self::Quartus,
        Self::Vhdl,
        Self::Assertions,
        Self::Cocotb,
    ];

    /// Name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::FileList => "filelist",
            Self::Core => "core",
            Self::Testbench => "testbench",
            Self::Instance => "instance",
            Self::Vivado => "vivado",
            Self::Quartus => "quartus",
            Self::Vhdl => "vhdl",
            Self::Assertions => "sva",
            Self::Cocotb => "cocotb",
        }
    }

    /// The names of all kinds, for messages.
    fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }

    /// Whether the file is for simulation, which needs the models of FPGA cells.
    pub fn simulates(self) -> bool {
        match self {
            Self::FileList | Self::Core | Self::Testbench | Self::Assertions | Self::Cocotb => true,
            Self::Instance | Self::Vivado | Self::Quartus | Self::Vhdl => false,
        }
    }

    /// Checks that a config can have this kind of file.
    ///
    /// # Errors
    /// [`UnsupportedCompanion`] with the reason and the fix.
    pub fn require_supported(self, config: &Config) -> Result<(), UnsupportedCompanion> {
        let refusal = match self {
            Self::Vivado => vivado::refusal(config),
            Self::Quartus => quartus::refusal(config),
            Self::Assertions => assertions::refusal(config),
            Self::Cocotb => cocotb::refusal(config),
            Self::FileList | Self::Core | Self::Testbench | Self::Instance | Self::Vhdl => None,
        };
        match refusal {
            None => Ok(()),
            Some((reason, fix)) => {
                let config = config.name().to_string();
                Err(UnsupportedCompanion { companion: self, config, reason, fix })
            }
        }
    }

    /// Name and text of the files of this kind, which are placed beside the module's `<name>.v`.
    ///
    /// # Panics
    /// When the config cannot have them, see [`Self::require_supported`].
    pub fn files(self, config: &Config) -> Vec<(String, String)> {
        let render = |file: CompanionFile| (file.name, render(&file.template, file.context));
        self.sources(config).into_iter().map(render).collect()
    }

    /// Name and text of the first file of this kind.
    ///
    /// # Panics
    /// As [`Self::files`].
    pub fn file(self, config: &Config) -> (String, String) {
        self.files(config).swap_remove(0)
    }

    fn sources(self, config: &Config) -> Vec<CompanionFile> {
        let file = |suffix: &str, template: &str, context: Json| CompanionFile {
            name: format!("{}{suffix}", config.name()),
            template: template.to_string(),
            context,
        };
        match self {
            Self::FileList => vec![file(".f", file_list::TEMPLATE.0, file_list::context(config))],
            Self::Core => vec![file(".core", core_file::TEMPLATE.0, core_file::context(config))],
            Self::Testbench => match config.frame_function() {
                Some(function) => {
                    let context = stream_testbench::context(config, &*function);
                    vec![file("_tb.v", stream_testbench::TEMPLATE.0, context)]
                }
                None => vec![file("_tb.v", &testbench::template(config), testbench::context(config))],
            },
            Self::Instance => vec![file("_instance.vh", instance::TEMPLATE.0, instance::context(config))],
            Self::Vivado => vec![file("_vivado.tcl", vivado::TEMPLATE.0, vivado::context(config))],
            Self::Quartus => {
                let mut files = vec![file(".qip", quartus::SOURCES.0, quartus::sources_context(config))];
                if let Some(context) = quartus::clock_context(config) {
                    files.push(file(".sdc", quartus::CLOCK.0, context));
                }
                files
            }
            Self::Vhdl => vec![file("_pkg.vhd", vhdl::TEMPLATE.0, vhdl::context(config))],
            Self::Assertions => vec![file("_sva.sv", assertions::TEMPLATE.0, assertions::context(config))],
            Self::Cocotb => vec![CompanionFile {
                name: format!("test_{}.py", config.name()),
                ..file("", cocotb::TEMPLATE.0, cocotb::context(config))
            }],
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

/// Name of the clock; `None` for a combinational unit.
fn clock(config: &Config) -> Option<&'static str> {
    config.ports().iter().find(|port| port.role == Role::Clock).map(|port| port.name)
}

fn render(template: &str, context: Json) -> String {
    let context = Context::from_serialize(&context).expect("contexts are JSON objects");
    let text =
        ENGINE.render(template, &context).unwrap_or_else(|error| panic!("template {template}: {error}"));
    // Two blank lines separate functions in Python, and nothing elsewhere.
    let is_python = template == cocotb::TEMPLATE.0;
    let checked = if is_python { text.replace("\n\n\n", "\n\n") } else { text.clone() };
    generator::assert_plain_text(template, &checked);
    text
}

/// For each kind of file, the names that its templates read and the names that its contexts provide, over
/// configs of all units. They must be equal.
#[doc(hidden)]
#[cfg(feature = "internals")]
pub fn names_read_and_offered(configs: &[Config]) -> Vec<(&'static str, BTreeSet<String>, BTreeSet<String>)> {
    let mut sources = vec![("library", vec![(library::README.0.to_string(), library::readme())])];
    for companion in Companion::ALL {
        let supported = configs.iter().filter(|config| companion.require_supported(config).is_ok());
        let files = supported.flat_map(|config| companion.sources(config));
        sources.push((companion.name(), files.map(|file| (file.template, file.context)).collect()));
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
