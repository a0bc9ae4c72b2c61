//! Quality of results: figures of all presets on all families, and regressions.

use serde::{Deserialize, Serialize};

use super::comparison::SynthesisComparison;
use super::designs::{MeasuredDesign, MeasuredDesigns};
use super::error::SynthesisError;
use super::family::Family;
use super::hierarchy::{Hierarchy, HierarchyFigures};
use super::netlist::NetlistVerifier;
use super::resources::Figures;
use crate::generator::render;
use crate::toolchain::parallel::in_parallel;
use crate::unit::{Config, Unit};

/// Relative tolerance of a figure in a check against the table.
const TOLERANCE: f64 = 0.02;

/// The table of figures, `docs/qor.json`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct QorTable {
    /// Every preset on every family, with and without DSP blocks if possible.
    pub results: Vec<SynthesisComparison>,
    /// Variants in plots: architectures and stages of the first preset of a unit.
    pub variants: Vec<SynthesisComparison>,
    /// Some presets made for the objective `speed`, without DSP blocks.
    pub for_speed: Vec<SynthesisComparison>,
    /// Networks, module by module.
    #[serde(default)]
    pub networks: Vec<HierarchyFigures>,
}

impl QorTable {
    /// Measures what `kept` lacks and what changed: of the pinned tools, equal inputs have equal figures.
    ///
    /// Netlists are compared with the reference before their figures enter the table. `only` restricts the
    /// changed configs to those of a unit; `done` is called after each config.
    ///
    /// # Errors
    /// [`SynthesisError`] if a tool fails or exceeds the time limit, or a netlist is wrong.
    pub fn measure(
        verifier: &NetlistVerifier,
        kept: &Self,
        only: Option<&'static dyn Unit>,
        networks: &[Hierarchy],
        done: &(dyn Fn() + Sync),
    ) -> Result<Self, SynthesisError> {
        let synthesizer = verifier.synthesizer();
        let is_other = |config: &Config| only.is_some_and(|unit| unit.name() != config.unit().name());
        let compare = |designs: &[MeasuredDesign], kept: &[SynthesisComparison]| {
            in_parallel(designs, |design| {
                let known = find(kept, design);
                let comparison = match known {
                    Some(known) if is_other(&design.config) => Ok(known.clone()),
                    _ => measured(verifier, design, known),
                };
                done();
                comparison
            })
        };
        let designs = MeasuredDesigns::new();
        Ok(Self {
            results: compare(&designs.results, &kept.results)?,
            variants: compare(&designs.variants, &kept.variants)?,
            for_speed: compare(&designs.for_speed, &kept.for_speed)?,
            networks: in_parallel(networks, |design| {
                let figures = match kept.network(design) {
                    Some(known) if known.source == design.source(synthesizer) => Ok(known.clone()),
                    _ => design.figures(synthesizer, &|| ()),
                };
                done();
                figures
            })?,
        })
    }

    /// Figures of a network on a family.
    fn network(&self, design: &Hierarchy) -> Option<&HierarchyFigures> {
        let is_own = |known: &&HierarchyFigures| {
            known.name == design.config.name() && known.target == design.family.name()
        };
        self.networks.iter().find(is_own)
    }

    /// Number of configs in a whole table.
    pub fn size() -> usize {
        MeasuredDesigns::new().len()
    }

    /// Returns one line per figure that is worse than in the table, and per netlist that is wrong.
    ///
    /// Configs whose inputs changed are measured again, inferred forms excepted, and the first preset of each
    /// family always: the pinned tools give equal figures for equal inputs.
    ///
    /// # Errors
    /// [`SynthesisError`] if a tool fails or exceeds the time limit.
    pub fn regressions(
        &self,
        verifier: &NetlistVerifier,
        networks: &[Hierarchy],
        done: &(dyn Fn() + Sync),
    ) -> Result<Vec<String>, SynthesisError> {
        let MeasuredDesigns { results, variants, for_speed } = MeasuredDesigns::new();
        let firsts = Family::ALL.map(|family| results.iter().position(|design| design.family == family));
        let lists = [(&results, &self.results), (&variants, &self.variants), (&for_speed, &self.for_speed)];
        let rows = lists
            .into_iter()
            .flat_map(|(designs, known)| designs.iter().map(move |design| (design, find(known, design))));
        let numbered: Vec<_> = rows.enumerate().collect();
        let lines = in_parallel(&numbered, |(index, (design, known))| {
            let lines = design_regressions(verifier, design, *known, firsts.contains(&Some(*index)));
            done();
            lines
        })?;
        let synthesizer = verifier.synthesizer();
        let of_networks = in_parallel(networks, |design| {
            let name = format!("{} on {}", design.config.name(), design.family.title());
            done();
            match self.network(design) {
                None => Ok::<_, SynthesisError>(vec![format!(
                    "{name}: not in the table; add it with qrtl synth --table"
                )]),
                Some(known) if known.source == design.source(synthesizer) => Ok(Vec::new()),
                Some(known) => Ok(worse(&name, &known.whole, &design.figures(synthesizer, &|| ())?.whole)),
            }
        })?;
        Ok([lines.concat(), of_networks.concat()].concat())
    }
}

/// Figures of a design with its netlist compared; `known` is kept where the inputs are the same.
fn measured(
    verifier: &NetlistVerifier,
    design: &MeasuredDesign,
    known: Option<&SynthesisComparison>,
) -> Result<SynthesisComparison, SynthesisError> {
    let synthesizer = verifier.synthesizer();
    let verilog = render(&design.config);
    let input = design.input(&verilog);
    let current = known.filter(|known| known.source == synthesizer.input_digest(&input));
    let mut comparison = match current {
        Some(known) => known.clone(),
        None => SynthesisComparison::measure(synthesizer, &design.config, input.part, design.dsp)?,
    };
    if design.is_simulated && comparison.netlist_compared.is_none() {
        comparison.netlist_compared = Some(verifier.compared(&input)?);
    }
    Ok(comparison)
}

/// Figures of a design that are worse than in its row, and a netlist that is wrong or was never compared.
fn design_regressions(
    verifier: &NetlistVerifier,
    design: &MeasuredDesign,
    known: Option<&SynthesisComparison>,
    always: bool,
) -> Result<Vec<String>, SynthesisError> {
    let name = design.name();
    let unit = design.config.unit().name();
    let Some(known) = known else {
        return Ok(vec![format!("{name}: not in the table; add it with qrtl synth {unit} --table")]);
    };
    let synthesizer = verifier.synthesizer();
    let verilog = render(&design.config);
    let input = design.input(&verilog);
    if known.source == synthesizer.input_digest(&input) && !always {
        let is_missing = design.is_simulated && known.netlist_compared.is_none_or(|compared| compared == 0);
        let line = format!("{name}: the netlist was not compared; compare it with qrtl synth {unit} --table");
        return Ok(is_missing.then_some(line).into_iter().collect());
    }
    let mut lines = worse(&name, &known.figures, &synthesizer.figures(&input)?);
    if design.is_simulated {
        match verifier.compared(&input) {
            Err(wrong @ SynthesisError::WrongNetlist { .. }) => lines.push(wrong.to_string()),
            compared => drop(compared?),
        }
    }
    Ok(lines)
}

/// Finds the row of a design.
fn find<'a>(rows: &'a [SynthesisComparison], design: &MeasuredDesign) -> Option<&'a SynthesisComparison> {
    let arguments = design.config.arguments();
    rows.iter().find(|row| row.target == design.family.name() && row.config == arguments)
}

/// Lists figures that are worse than before by more than the tolerance.
fn worse(name: &str, before: &Figures, now: &Figures) -> Vec<String> {
    let counts = [
        ("LUTs", before.resources.lut, now.resources.lut),
        ("carry cells", before.resources.carry, now.resources.carry),
        ("flip-flops", before.resources.ff, now.resources.ff),
        ("DSP blocks", before.resources.dsp, now.resources.dsp),
        ("block RAMs", before.resources.ram, now.resources.ram),
    ];
    let mut lines = Vec::new();
    for (cells, before, now) in counts {
        if now as f64 > before as f64 * (1.0 + TOLERANCE) {
            lines.push(format!("{name}: {now} {cells}, {before} in the table"));
        }
    }
    if let (Some(before), Some(now)) = (before.fmax_mhz, now.fmax_mhz)
        && now < before * (1.0 - TOLERANCE)
    {
        lines.push(format!("{name}: {now:.1} MHz, {before:.1} in the table"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthesis::resources::Resources;

    #[test]
    fn reports_only_regressions_beyond_the_tolerance() {
        let figures = |lut, fmax_mhz| Figures {
            resources: Resources { lut, carry: 10, ff: 5, dsp: 1, ram: 0 },
            fmax_mhz,
        };
        assert_eq!(worse("x", &figures(100, Some(200.0)), &figures(102, Some(196.0))), [""; 0]);
        assert_eq!(worse("x", &figures(100, Some(200.0)), &figures(60, None)), [""; 0]);
        let lines = worse("x", &figures(100, Some(200.0)), &figures(103, Some(195.9)));
        assert_eq!(lines, ["x: 103 LUTs, 100 in the table", "x: 195.9 MHz, 200.0 in the table"]);
    }
}
