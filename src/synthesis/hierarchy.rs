//! Figures of a module and of the modules that it instantiates.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::error::SynthesisError;
use super::family::Family;
use super::part::Part;
use super::resources::{Figures, Resources};
use super::synthesizer::{SynthesisInput, Synthesizer};
use crate::generator::render;
use crate::toolchain::parallel::in_parallel;
use crate::unit::Config;

/// A module to synthesize with the modules that it instantiates.
#[derive(Clone, Debug)]
pub struct Hierarchy {
    /// The module.
    pub config: Config,
    /// Its instances, by name.
    pub instances: Vec<(String, Config)>,
    /// FPGA family.
    pub family: Family,
    /// Whether synthesis may use DSP blocks.
    pub dsp: bool,
    /// Device; `None` for the usual one of the family if it holds the module, otherwise the smallest that does.
    pub part: Option<&'static Part>,
}

/// Cells of a module that is instantiated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InstanceFigures {
    /// Name of the instance.
    pub name: String,
    /// Cells of the module, synthesized alone.
    #[serde(flatten)]
    pub resources: Resources,
}

/// Figures of a module and of its instances.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HierarchyFigures {
    /// Name of the module.
    pub name: String,
    /// Command-line arguments that make it.
    pub config: String,
    /// Name of the family.
    pub target: String,
    /// Name of the device for place and route, and for the shares of the text.
    pub part: String,
    /// Digest of the inputs of the figures: see [`Synthesizer::input_digest`].
    pub source: String,
    /// Instances in the order of the text.
    pub instances: Vec<InstanceFigures>,
    /// Sum over the instances.
    pub sum: Resources,
    /// Figures of the whole module, synthesized as one.
    pub whole: Figures,
}

impl Hierarchy {
    fn input<'a>(&self, config: &'a Config, verilog: &'a str, part: &'static Part) -> SynthesisInput<'a> {
        SynthesisInput { config, verilog, part, dsp: self.dsp }
    }

    /// Digest of the inputs of the figures on the usual part of the family.
    pub(super) fn source(&self, synthesizer: &Synthesizer) -> String {
        let usual = Part::usual(self.family, self.dsp);
        synthesizer.input_digest(&self.input(&self.config, &render(&self.config), usual))
    }

    /// Number of calls of `done` by [`Hierarchy::figures`].
    pub fn steps(&self) -> u64 {
        self.instances.len() as u64 + 1
    }

    /// Synthesizes each instance alone and the whole module; calls `done` after each.
    ///
    /// # Errors
    /// [`SynthesisError`] if a tool fails or exceeds the time limit.
    pub fn figures(
        &self,
        synthesizer: &Synthesizer,
        done: &(dyn Fn() + Sync),
    ) -> Result<HierarchyFigures, SynthesisError> {
        let usual = Part::usual(self.family, self.dsp);
        let instances = self.instances.iter().map(|(_, config)| config);
        let all: Vec<&Config> = instances.chain([&self.config]).collect();
        let mut cells = in_parallel(&all, |own| {
            let resources = synthesizer.resources(&self.input(own, &render(own), usual));
            done();
            resources
        })?;
        let whole = cells.pop().expect("the module itself");
        let part = self.part.unwrap_or_else(|| Part::that_holds(self.family, &whole));
        let names = self.instances.iter().map(|(name, _)| name.clone());
        Ok(HierarchyFigures {
            name: self.config.name().to_string(),
            config: self.config.arguments(),
            target: self.family.name().to_string(),
            part: part.name.to_string(),
            source: self.source(synthesizer),
            instances: names
                .zip(&cells)
                .map(|(name, resources)| InstanceFigures { name, resources: *resources })
                .collect(),
            sum: cells.iter().copied().sum(),
            whole: synthesizer.figures(&self.input(&self.config, &render(&self.config), part))?,
        })
    }
}

impl HierarchyFigures {
    /// Share of the part that each kind of cell takes, such as `LUT 71 %`; empty for an unknown part.
    pub fn shares(&self) -> String {
        let shares = Part::from_name(&self.part).map(|part| part.shares(&self.whole.resources));
        let used = shares.into_iter().flatten().filter(|(_, used, _)| *used > 0);
        let words = used.map(|(name, used, available)| match available {
            0 => format!("{name} {used} of none"),
            _ => format!("{name} {:.0} %", 100.0 * used as f64 / available as f64),
        });
        words.collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Display for HierarchyFigures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.instances.iter().map(|instance| instance.name.len());
        let width = names.chain([self.name.len(), "sum of instances".len()]).max().unwrap_or(0);
        writeln!(
            f,
            "{:<width$} {:>6} {:>6} {:>6} {:>4} {:>4} {:>9}",
            "instance", "LUT", "carry", "FF", "DSP", "RAM", "Fmax MHz"
        )?;
        let mut line = |name: &str, cells: &Resources, fmax: &str| {
            let line = format!(
                "{name:<width$} {:>6} {:>6} {:>6} {:>4} {:>4} {fmax:>9}",
                cells.lut, cells.carry, cells.ff, cells.dsp, cells.ram
            );
            writeln!(f, "{}", line.trim_end())
        };
        for instance in &self.instances {
            line(&instance.name, &instance.resources, "")?;
        }
        line("sum of instances", &self.sum, "")?;
        let fmax = self.whole.fmax_mhz.map_or("-".to_string(), |fmax| format!("{fmax:.1}"));
        line(&self.name, &self.whole.resources, &fmax)?;
        writeln!(f, "of {}: {}", self.part, self.shares())
    }
}
