//! Sources of a compiled model: the unit as it ships, the wrapper of lanes, the C++ shim.

use std::sync::LazyLock;

use serde_json::{Value as Json, json};
use tera::{Context, Tera};

use super::abi_version::ABI_VERSION;
use crate::generator;
use crate::text::hex_digest;
use crate::toolchain::builder::{ExpectedPort, ModelSource};
use crate::toolchain::compiler::Optimization;
use crate::toolchain::verilate::Trace;
use crate::unit::{Behaviour, Config, Direction, Port, Role};

static ENGINE: LazyLock<Tera> = LazyLock::new(|| {
    generator::engine(&[
        ("abi.h", include_str!("../../templates/abi.h.tera")),
        ("group.v", include_str!("../../templates/group.v.tera")),
        ("lanes.sv", include_str!("../../templates/lanes.sv.tera")),
        ("shim.cpp", include_str!("../../templates/shim.cpp.tera")),
    ])
});

/// Number of unmodified instances of a unit that a model steps at once.
///
/// Lanes are independent streams that share clock, reset and enable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lanes(pub u32);

impl Lanes {
    /// One instance.
    pub const ONE: Self = Self(1);
    /// Lanes for units that the C++ compiler vectorises: multipliers, macs, integer requantizers.
    pub const WIDE: Self = Self(64);
    /// Lanes for larger units: they share the cost of an evaluation, and compile ten times faster than 64.
    pub const MEDIUM: Self = Self(16);

    /// Lanes of a bit-sliced model: 512 bits are the widest word of any processor.
    pub const SLICED: Self = Self(512);

    /// Bytes of Verilog up to which 64 instances compile in seconds.
    const MAX_WIDE_BYTES: usize = 2500;

    /// The fastest lanes for a long run of a config.
    ///
    /// One lane for units with many operands and for bit-level logic, whose own work exceeds the overhead of an
    /// evaluation.
    pub fn for_long_runs(config: &Config) -> Self {
        let ports = config.ports();
        let bits: u32 = ports.iter().map(Port::width).sum();
        let is_packed = ports.iter().any(|port| port.elements > 1);
        match generator::render(config).len() {
            _ if config.behaviour().is_stream() => Self::ONE,
            _ if bits > 256 || is_packed || config.is_bitwise() => Self::ONE,
            ..=Self::MAX_WIDE_BYTES => Self::WIDE,
            _ => Self::MEDIUM,
        }
    }
}

/// Source of a model of `verilog`, which must define the module of the config.
pub fn model_source(config: &Config, verilog: &str, lanes: Lanes, trace: Trace) -> ModelSource {
    let name = config.name();
    let mut files = vec![(format!("{name}.v"), verilog.to_string())];
    files.extend(generator::primitives(config));
    let mut top = name.to_string();
    if lanes != Lanes::ONE {
        top = format!("{name}_x{}", lanes.0);
        files.push((format!("{top}.sv"), wrapper(config, &top, lanes)));
    }
    let shim = shim(config, &top, lanes, trace, model(config, &top, &digest(&files), ""), None);
    ModelSource { top, files, ports: expected(config, ""), shim, optimization: Optimization::Full }
}

/// Source of a model of a module with variants, selected by an input that the config does not have.
pub fn variants_source(config: &Config, verilog: &str, select: &str) -> ModelSource {
    let top = config.name().to_string();
    let files = vec![(format!("{top}.v"), verilog.to_string())];
    let unit = model(config, &top, &digest(&files), "");
    let shim = shim(config, &top, Lanes::ONE, Trace::Off, unit, Some(select));
    let mut ports = expected(config, "");
    ports.push(ExpectedPort { name: select.to_string(), bits: None });
    ModelSource { top, files, ports, shim, optimization: Optimization::Light }
}

/// The shim of a top module with one model.
fn shim(config: &Config, top: &str, lanes: Lanes, trace: Trace, model: Json, select: Option<&str>) -> String {
    render(
        "shim.cpp",
        json!({
            "top": top,
            "name": config.name(),
            "abi": ABI_VERSION,
            "lanes": lanes.0,
            "trace": trace == Trace::On,
            "coverage": trace == Trace::Coverage,
            "ties": [],
            "careful": false,
            "models": [model],
            "select": select,
        }),
    )
}

/// Source of one top module with a model of one lane for each config and its Verilog.
///
/// The names of the configs must differ. It compiles in a fraction of the time of separate models. Each
/// model has its own clock, so that the registers of the others cost nothing while one is driven.
pub fn group_source(members: &[(Config, String)]) -> ModelSource {
    let mut files: Vec<(String, String)> = Vec::new();
    let mut ports: Vec<ExpectedPort> = Vec::new();
    let (mut units, mut models) = (Vec::new(), Vec::new());
    for (index, (config, verilog)) in members.iter().enumerate() {
        let name = config.name();
        let mut own = vec![(format!("{name}.v"), verilog.clone())];
        own.extend(generator::primitives(config));
        let prefix = format!("u{index}_");
        models.push(model(config, name, &digest(&own), &prefix));
        units.push(json!({ "name": name, "instance": format!("u{index}"), "ports": port_lines(config) }));
        ports.extend(expected(config, &prefix));
        // Several configs may instantiate the same cell.
        own.retain(|file| !files.contains(file));
        files.extend(own);
    }
    let context = json!({ "top": GROUP, "units": units });
    files.push((format!("{GROUP}.v"), render("group.v", context)));
    let shim = render(
        "shim.cpp",
        json!({
            "top": GROUP,
            "name": GROUP,
            "abi": ABI_VERSION,
            "lanes": 1,
            "trace": false,
            "coverage": false,
            "ties": [],
            "careful": false,
            "models": models,
            "select": null,
        }),
    );
    ModelSource { top: GROUP.to_string(), files, ports, shim, optimization: Optimization::Light }
}

/// The expected ports of a config, their names with a prefix.
fn expected(config: &Config, prefix: &str) -> Vec<ExpectedPort> {
    let ports = config.ports().into_iter();
    ports
        .map(|port| ExpectedPort { name: format!("{prefix}{}", port.name), bits: Some(port.width()) })
        .collect()
}

/// The clock of a generated module.
const CLOCK: &str = "clk";

/// A port of a third-party module.
#[derive(Clone, Debug)]
pub struct Pin {
    /// Member of the Verilated class.
    pub member: String,
    /// Whether the pin is an input.
    pub driven: bool,
}

/// An input of a third-party module that is tied to a constant.
#[derive(Clone, Debug)]
pub struct TiedInput {
    /// Member of the Verilated class.
    pub member: String,
    /// Its value in memory, least significant byte first.
    pub bytes: Vec<u8>,
}

/// The shim of a third-party module.
///
/// `clocks` are the members of all clocks, which have their active edges at the same time, and whether
/// that edge is the falling one.
pub fn design_shim(
    top: &str,
    clocks: &[(&str, bool)],
    pins: &[Pin],
    ties: &[TiedInput],
    trace: Trace,
) -> String {
    let ports: Vec<Json> = pins
        .iter()
        .map(|pin| json!({ "name": pin.member, "member": pin.member, "driven": pin.driven }))
        .collect();
    let ties: Vec<Json> =
        ties.iter().map(|tie| json!({ "member": tie.member, "bytes": tie.bytes })).collect();
    let clocks: Vec<Json> = clocks
        .iter()
        .map(|&(member, falls)| json!({ "member": member, "idle": u32::from(falls), "active": u32::from(!falls) }))
        .collect();
    render(
        "shim.cpp",
        json!({
            "top": top,
            "name": top,
            "abi": ABI_VERSION,
            "lanes": 1,
            "trace": trace == Trace::On,
            "ties": ties,
            "careful": true,
            "models": [{ "symbol": top, "digest": "", "clocks": clocks, "ports": ports }],
            "select": null,
        }),
    )
}

/// Name of the top module of a group; names of configs have no capitals.
const GROUP: &str = "Group";

/// Template context of a model whose ports are members of the top module with a prefix.
fn model(config: &Config, symbol: &str, digest: &str, prefix: &str) -> Json {
    let ports = config.ports();
    let ports = data_ports(&ports).map(|port| {
        json!({
            "name": port.name,
            "member": format!("{prefix}{}", port.name),
            "driven": port.is_driven(),
        })
    });
    let clock = json!({ "member": format!("{prefix}{CLOCK}"), "idle": 0, "active": 1 });
    let clocks = if is_clocked(config) { vec![clock] } else { Vec::new() };
    json!({
        "symbol": symbol,
        "digest": digest,
        "clocks": clocks,
        "ports": ports.collect::<Vec<_>>(),
    })
}

/// Digest of the Verilog that a model is built from.
pub fn digest(files: &[(String, String)]) -> String {
    let texts: Vec<&[u8]> = files.iter().map(|(_, text)| text.as_bytes()).collect();
    hex_digest(&texts)
}

/// The ports that have a column: all but the clock, in the order of the module header.
pub fn data_ports(ports: &[Port]) -> impl Iterator<Item = &Port> {
    ports.iter().filter(|port| port.role != Role::Clock)
}

/// Whether the unit has a clock.
pub fn is_clocked(config: &Config) -> bool {
    config.behaviour() != Behaviour::FeedForward { latency: 0 }
}

/// Whether a port has one value per lane, not one for all lanes.
///
/// Reset and enable are shared, so that the C++ compiler can vectorise the lanes without branches.
pub fn is_per_lane(port: &Port) -> bool {
    !matches!(port.role, Role::Clock | Role::Reset | Role::Enable)
}

fn wrapper(config: &Config, top: &str, lanes: Lanes) -> String {
    let context = json!({
        "name": config.name(),
        "top": top,
        "lanes": lanes.0,
        "last": lanes.0 - 1,
        "ports": port_lines(config),
    });
    render("lanes.sv", context)
}

/// Template context of the ports that a wrapper declares.
fn port_lines(config: &Config) -> Vec<Json> {
    let ports = config.ports();
    let line = |port: &Port| {
        json!({
            "name": port.name,
            "direction": match port.direction {
                Direction::Input => "input ",
                Direction::Output => "output",
            },
            "range": match port.width() {
                1 => String::new(),
                width => format!(" [{}:0]", width - 1),
            },
            "per_lane": is_per_lane(port),
        })
    };
    ports.iter().map(line).collect()
}

fn render(template: &str, context: Json) -> String {
    let context = Context::from_serialize(&context).expect("contexts are JSON objects");
    ENGINE.render(template, &context).unwrap_or_else(|error| panic!("template {template}: {error}"))
}
