//! The output of `qrtl list`, as text and as JSON.

use std::fmt;

use serde::Serialize;

use super::{UNITS, presets};
use crate::unit::{Behaviour, Direction, Parameter, Port, Role, Unit};

/// One unit: its parameters and its presets.
#[derive(Debug, Serialize)]
pub struct UnitListing {
    /// Name of the unit.
    pub unit: &'static str,
    /// One-line description.
    pub summary: &'static str,
    /// The parameters, in the order in which they are digested.
    pub parameters: &'static [Parameter],
    /// The presets, in the order in which they ship.
    pub presets: Vec<PresetListing>,
}

/// One preset of a unit.
#[derive(Debug, Serialize)]
pub struct PresetListing {
    /// The name of the preset and of its module.
    pub name: &'static str,
    /// The settings in which it differs from the defaults, `key=value`.
    pub sets: &'static [&'static str],
    /// Feed-forward, pipelined or sequential, and the latency.
    #[serde(flatten)]
    pub behaviour: Behaviour,
    /// The ports, in the order of the module header.
    pub ports: Vec<Port>,
}

/// All units with their presets.
pub fn listing() -> Vec<UnitListing> {
    UNITS.iter().map(|&unit| UnitListing::new(unit)).collect()
}

impl UnitListing {
    fn new(unit: &'static dyn Unit) -> Self {
        let configs = presets().filter(|config| config.unit().name() == unit.name());
        Self {
            unit: unit.name(),
            summary: unit.summary(),
            parameters: unit.parameters(),
            presets: unit
                .presets()
                .iter()
                .zip(configs)
                .map(|(preset, config)| {
                    let (behaviour, ports) = (config.behaviour(), config.ports());
                    PresetListing { name: preset.name, sets: preset.sets, behaviour, ports }
                })
                .collect(),
        }
    }
}

impl fmt::Display for UnitListing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}\n\n  parameters", self.unit, self.summary)?;
        let rows = self.parameters.iter().map(|parameter| {
            vec![
                format!("{}={}", parameter.name, parameter.default_text()),
                parameter.kind.to_string(),
                parameter.help.to_string(),
            ]
        });
        write_table(f, rows.collect())?;
        writeln!(f, "\n  presets")?;
        let rows = self
            .presets
            .iter()
            .map(|preset| vec![preset.name.to_string(), signature(&preset.ports), preset.sets.join(" ")]);
        write_table(f, rows.collect())
    }
}

/// `a s8, b s8 -> product s16`: the data ports, without clock and control.
pub fn signature(ports: &[Port]) -> String {
    let side = |direction| {
        let ports = ports.iter().filter(|port| port.role == Role::Data && port.direction == direction);
        ports.map(|port| format!("{} {}", port.name, port.short())).collect::<Vec<_>>().join(", ")
    };
    format!("{} -> {}", side(Direction::Input), side(Direction::Output))
}

fn write_table(f: &mut fmt::Formatter<'_>, rows: Vec<Vec<String>>) -> fmt::Result {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> =
        (0..columns).map(|column| rows.iter().map(|row| row[column].len()).max().unwrap_or(0)).collect();
    for row in &rows {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        writeln!(f, "    {}", cells.join("  ").trim_end())?;
    }
    Ok(())
}
