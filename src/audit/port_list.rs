//! Ports and parameters of a design, as a user has to map them.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

use super::error::AuditError;
use super::ports::DesignPorts;
use super::sources::DesignSources;
use crate::toolchain::builder::Builder;
use crate::toolchain::verilate::Trace;

/// Ports and parameters of a module.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PortList {
    /// Module.
    pub top: String,
    /// Ports in the order of the declaration.
    pub ports: Vec<ListedPort>,
    /// Parameters in the order of the declaration.
    pub parameters: Vec<ListedParameter>,
}

/// A port of a module.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListedPort {
    /// Name, as `--map` takes it.
    pub name: String,
    /// `input` or `output`, `None` if Verilator does not say.
    pub direction: Option<&'static str>,
    /// Width of one element.
    pub bits: u32,
    /// Number of elements of an unpacked array; 1 for any other port.
    pub elements: u32,
    /// Named values of an enumeration.
    pub values: Vec<NamedValue>,
    /// Fields of a packed struct, the first with the highest bits.
    pub fields: Vec<ListedField>,
}

/// A field of a packed struct.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListedField {
    /// Name with that of the port, as `--map` and `--tie` take it.
    pub name: String,
    /// Width.
    pub bits: u32,
    /// Named values of an enumeration.
    pub values: Vec<NamedValue>,
}

/// A value of an enumeration.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NamedValue {
    /// Name, as `--tie` takes it.
    pub name: String,
    /// Value.
    pub value: i128,
}

/// A parameter of a module.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListedParameter {
    /// Name, as `-G` takes it.
    pub name: String,
    /// Value in this elaboration, `None` if it is not an integer.
    pub value: Option<i128>,
}

/// Elaborates a design and lists the ports of its top module.
///
/// # Errors
/// An [`AuditError`] if Verilator does not accept the design.
pub fn list_ports(
    sources: &DesignSources,
    builder: &Builder,
    limit: Duration,
) -> Result<PortList, AuditError> {
    sources.digests()?;
    let verilated = sources.verilate(builder, Trace::Off, limit)?;
    let ports = DesignPorts::new(&sources.top, &verilated.generated.ports);
    let ports = ports.with_types(&verilated.top, verilated.tree.as_ref());
    let tree = verilated.tree.as_ref();
    let port = |port: &super::ports::DesignPort| {
        let declared = || tree?.is_output(&verilated.top, &port.name);
        let is_output = port.member.is_output.or_else(declared);
        ListedPort {
            name: port.name.clone(),
            direction: is_output.map(|is_output| if is_output { "output" } else { "input" }),
            bits: port.width,
            elements: port.member.elements,
            values: named(ports.values(&port.name)),
            fields: ports
                .fields(&port.name)
                .into_iter()
                .filter_map(|name| {
                    let bits = ports.find(&name).ok()?.width;
                    Some(ListedField { values: named(ports.values(&name)), name, bits })
                })
                .collect(),
        }
    };
    let parameters = tree.map(|tree| tree.parameters(&verilated.top)).unwrap_or_default();
    Ok(PortList {
        top: sources.top.clone(),
        ports: ports.all().iter().map(port).collect(),
        parameters: parameters.into_iter().map(|(name, value)| ListedParameter { name, value }).collect(),
    })
}

fn named(values: Vec<(String, i128)>) -> Vec<NamedValue> {
    values.into_iter().map(|(name, value)| NamedValue { name, value }).collect()
}

impl fmt::Display for PortList {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "{}: {} ports", self.top, self.ports.len())?;
        let names = self.ports.iter().flat_map(|port| {
            std::iter::once(port.name.len()).chain(port.fields.iter().map(|field| field.name.len() + 2))
        });
        let width = names.max().unwrap_or(0);
        for port in &self.ports {
            let elements = if port.elements == 1 { String::new() } else { format!(" x {}", port.elements) };
            let direction = port.direction.unwrap_or("unknown");
            let values = values_text(&port.values);
            writeln!(f, "  {:<width$}  {direction:<7} {:>5} bits{elements}{values}", port.name, port.bits)?;
            for field in &port.fields {
                let name = format!("  {}", field.name);
                writeln!(
                    f,
                    "  {name:<width$}  field   {:>5} bits{}",
                    field.bits,
                    values_text(&field.values)
                )?;
            }
        }
        for ListedParameter { name, value } in &self.parameters {
            let value = value.map_or_else(String::new, |value| format!("={value}"));
            writeln!(f, "  parameter {name}{value}")?;
        }
        Ok(())
    }
}

fn values_text(values: &[NamedValue]) -> String {
    values.iter().map(|NamedValue { name, value }| format!(" {name}={value}")).collect()
}
