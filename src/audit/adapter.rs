//! A wrapper that gives a third-party module the name and the ports of a config.
//!
//! With it, whatever takes the Verilog of a config takes a design with other names, polarities and parameters.

use std::fmt::Write as _;
use std::time::Duration;

use super::error::AuditError;
use super::port_list::{ListedPort, PortList, list_ports};
use super::settings::{parse_integer, split_list};
use super::sources::DesignSources;
use crate::circuit::verilog::vector_type;
use crate::text::suggestion;
use crate::toolchain::builder::Builder;
use crate::unit::{Config, Direction, Integer, Port, Role};

/// The role of the result in the maps of `qrtl audit`.
const OUT: &str = "out";

/// Warnings of Verilator about legal Verilog, which do not stop the verification of a third-party design.
const WAIVED: [&str; 12] = [
    "ASCRANGE",
    "CASEINCOMPLETE",
    "CASEOVERLAP",
    "CMPCONST",
    "IMPLICIT",
    "LATCH",
    "MODDUP",
    "PINMISSING",
    "REALCVT",
    "TIMESCALEMOD",
    "UNSIGNED",
    "WIDTH",
];

/// Verilog of a third-party design for a config, on one line before the text so that line numbers stay.
pub fn waived() -> String {
    WAIVED.map(|warning| format!("/* verilator lint_off {warning} */ ")).concat()
}

/// Connection of a port of the config.
struct Connection {
    /// Port of the config.
    unit: Port,
    /// Port of the design.
    design: ListedPort,
    /// Whether the polarity differs.
    is_inverted: bool,
}

/// Verilog of a design, preprocessed, and of a module with the name and the ports of a config that instantiates it.
///
/// `maps` has words `PORT=DESIGN_PORT`, or `PORT=!DESIGN_PORT` for the other polarity; ports of equal names need
/// none. `ties` has words `DESIGN_PORT=VALUE`. A design without an enable gets a gated clock. One without `valid_out`
/// gets a shift register of `valid_in` as long as the latency of the config, and needs no reset.
///
/// # Errors
/// [`AuditError`] for sources that Verilator does not accept, and for ports that are missing, of another width or
/// direction, or not driven.
pub fn adapted(
    config: &Config,
    sources: &DesignSources,
    maps: &[String],
    ties: &[String],
    builder: &Builder,
    limit: Duration,
) -> Result<String, AuditError> {
    if sources.top == config.name() {
        return Err(AuditError::SameName(sources.top.clone()));
    }
    let list = list_ports(sources, builder, limit)?;
    let text = sources.preprocessed(builder)?;
    let adapter = Adapter::new(config, &list, maps, ties)?;
    Ok(format!("{}{text}\n{}", waived(), adapter.module(config, sources)))
}

/// The name of the result of a unit: its sum, or the only output beside the valid bit.
fn result_port(ports: &[Port]) -> Option<&'static str> {
    let results: Vec<&str> = ports
        .iter()
        .filter(|port| port.direction == Direction::Output && port.name != "valid_out")
        .map(|port| port.name)
        .collect();
    match results[..] {
        [only] => Some(only),
        _ => results.into_iter().find(|name| *name == "accum"),
    }
}

struct Adapter {
    connections: Vec<Connection>,
    ties: Vec<(ListedPort, i128)>,
    /// Ports of the config without a counterpart, which the wrapper replaces.
    replaced: Vec<Port>,
}

impl Adapter {
    fn new(config: &Config, list: &PortList, maps: &[String], ties: &[String]) -> Result<Self, AuditError> {
        let ports = config.ports();
        let mut mapped: Vec<(&str, &str)> = Vec::new();
        for word in split_list(maps) {
            let (unit, design) = assignment(word, "--map", "--map PORT=DESIGN_PORT")?;
            let unit = if unit == OUT { result_port(&ports).unwrap_or(unit) } else { unit };
            if !ports.iter().any(|port| port.name == unit) {
                return Err(AuditError::UnknownUnitPort {
                    name: unit.to_string(),
                    hint: suggestion(unit, ports.iter().map(|port| port.name)),
                    known: ports.iter().map(|port| port.name).collect::<Vec<_>>().join(", "),
                });
            }
            mapped.push((unit, design));
        }
        let find = |name: &str| {
            list.ports.iter().find(|port| port.name == name).cloned().ok_or_else(|| {
                AuditError::UnknownDesignPort {
                    name: name.to_string(),
                    hint: suggestion(name, list.ports.iter().map(|port| port.name.as_str())),
                    top: list.top.clone(),
                }
            })
        };
        let mut adapter = Self { connections: Vec::new(), ties: Vec::new(), replaced: Vec::new() };
        for word in split_list(ties) {
            let (port, value) = assignment(word, "--tie", "--tie DESIGN_PORT=VALUE")?;
            let port = find(port)?;
            let value = parse_integer(value).ok_or_else(|| AuditError::InvalidValue {
                key: port.name.clone(),
                value: value.to_string(),
                expected: "an integer".to_string(),
            })?;
            adapter.ties.push((port, value));
        }
        let is_tied = |name: &str| adapter.ties.iter().any(|(tied, _)| tied.name == name);
        let mut designs = mapped.iter().map(|(_, design)| design.trim_start_matches('!'));
        if let Some(twice) = designs.find(|design| is_tied(design)) {
            return Err(AuditError::Duplicate(format!("the port {twice}")));
        }
        let counterpart = |name: &str| {
            let explicit = mapped.iter().find(|(port, _)| *port == name).map(|(_, design)| *design);
            let equal =
                list.ports.iter().map(|port| port.name.as_str()).find(|own| *own == name && !is_tied(own));
            explicit.or(equal)
        };
        // Without valid bits a pipeline has nothing to reset.
        let has_valid_line =
            ports.iter().any(|port| port.name == "valid_out") && counterpart("valid_out").is_none();
        let is_replaceable = |name: &str| match name {
            "rst" => has_valid_line,
            _ => ["en", "valid_in", "valid_out"].contains(&name),
        };
        for unit in ports {
            match counterpart(unit.name) {
                Some(word) => {
                    let design = find(word.trim_start_matches('!'))?;
                    let connection = Connection { unit, design, is_inverted: word.starts_with('!') };
                    connection.check()?;
                    adapter.connections.push(connection);
                }
                None if is_replaceable(unit.name) => adapter.replaced.push(unit),
                None => return Err(adapter.unmapped(&unit, list)),
            }
        }
        adapter.require_driven(list)?;
        Ok(adapter)
    }

    fn is_used(&self, port: &ListedPort) -> bool {
        let mut used = self.connections.iter().map(|connection| &connection.design);
        used.any(|other| other.name == port.name) || self.ties.iter().any(|(tied, _)| tied.name == port.name)
    }

    fn unmapped(&self, unit: &Port, list: &PortList) -> AuditError {
        let direction = direction(unit.direction);
        let free = list.ports.iter().filter(|port| port.direction == Some(direction) && !self.is_used(port));
        let free: Vec<String> = free.map(|port| format!("{} ({} bits)", port.name, port.bits)).collect();
        AuditError::UnmappedPort {
            port: unit.name,
            top: list.top.clone(),
            direction,
            free: if free.is_empty() { "none".to_string() } else { free.join(", ") },
        }
    }

    /// Every input of the design must be mapped or tied.
    fn require_driven(&self, list: &PortList) -> Result<(), AuditError> {
        let undriven = list.ports.iter().find(|port| port.direction == Some("input") && !self.is_used(port));
        match undriven {
            Some(port) => Err(AuditError::UndrivenPort { port: port.name.clone(), top: list.top.clone() }),
            None => Ok(()),
        }
    }

    /// The wrapper.
    fn module(&self, config: &Config, sources: &DesignSources) -> String {
        let ports = config.ports();
        let declarations: Vec<String> = ports.iter().map(declaration).collect();
        let mut text = format!("module {} (\n    {}\n);\n", config.name(), declarations.join(",\n    "));
        let is_replaced = |name: &str| self.replaced.iter().any(|port| port.name == name);
        if is_replaced("en") {
            text += "    // The design has no enable: its clock stands still instead.\n\
                     \x20   wire gated_clk = clk & (en | rst);\n";
        }
        if is_replaced("valid_out") {
            text += &valid_line(config.behaviour().latency());
        }
        let mut pins = Vec::new();
        for Connection { unit, design, is_inverted } in &self.connections {
            let signal = if unit.role == Role::Clock && is_replaced("en") { "gated_clk" } else { unit.name };
            let pin = match (unit.direction, is_inverted) {
                (_, false) => signal.to_string(),
                (Direction::Input, true) => format!("~{signal}"),
                (Direction::Output, true) => {
                    let own = vector_type(Integer::unsigned(unit.width()));
                    let _ = write!(
                        text,
                        "    wire {own} inverted_{0};\n    assign {0} = ~inverted_{0};\n",
                        unit.name
                    );
                    format!("inverted_{}", unit.name)
                }
            };
            pins.push(format!(".{}({pin})", design.name));
        }
        for (port, value) in &self.ties {
            pins.push(format!(".{}({})", port.name, constant(*value, port.bits)));
        }
        let assigned = sources.parameters.iter().filter_map(|parameter| parameter.split_once('='));
        let assigned: Vec<String> = assigned.map(|(name, value)| format!(".{name}({value})")).collect();
        let parameters =
            if assigned.is_empty() { String::new() } else { format!("#({}) ", assigned.join(", ")) };
        let _ = write!(
            text,
            "    {} {parameters}dut (\n        {}\n    );\nendmodule\n",
            sources.top,
            pins.join(",\n        ")
        );
        text
    }
}

impl Connection {
    fn check(&self) -> Result<(), AuditError> {
        let Self { unit, design, .. } = self;
        let expected = direction(unit.direction);
        if design.direction.is_some_and(|found| found != expected) {
            return Err(AuditError::Direction { port: unit.name, design: design.name.clone(), expected });
        }
        let bits = design.bits * design.elements;
        if bits != unit.width() {
            return Err(AuditError::PortWidth {
                port: unit.name,
                expected: unit.width(),
                design: design.name.clone(),
                found: bits,
            });
        }
        Ok(())
    }
}

/// A shift register of `valid_in`.
fn valid_line(latency: usize) -> String {
    if latency == 0 {
        return "    assign valid_out = valid_in;\n".to_string();
    }
    let next = match latency {
        1 => "valid_in".to_string(),
        _ => format!("{{valid[{}:0], valid_in}}", latency - 2),
    };
    format!(
        "    // The design has no valid_out: the latency of the config says when a result is valid.\n\
         \x20   reg [{msb}:0] valid;\n\
         \x20   always @(posedge clk) begin\n\
         \x20       if (rst) valid <= {latency}'d0;\n\
         \x20       else if (en) valid <= {next};\n\
         \x20   end\n\
         \x20   assign valid_out = valid[{msb}];\n",
        msb = latency - 1
    )
}

fn declaration(port: &Port) -> String {
    let own = if port.width() == 1 {
        String::new()
    } else {
        format!(
            "{} ",
            vector_type(Integer { bits: port.width(), signed: port.integer.signed && port.elements == 1 })
        )
    };
    format!("{} wire {own}{}", direction(port.direction), port.name)
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Input => "input",
        Direction::Output => "output",
    }
}

/// A constant of a width in two's complement.
fn constant(value: i128, bits: u32) -> String {
    let mask = if bits < 128 { (1u128 << bits) - 1 } else { u128::MAX };
    format!("{bits}'h{:x}", value as u128 & mask)
}

fn assignment<'a>(
    word: &'a str,
    option: &'static str,
    form: &'static str,
) -> Result<(&'a str, &'a str), AuditError> {
    word.split_once('=').ok_or_else(|| AuditError::NotAnAssignment { option, word: word.to_string(), form })
}
