//! Quality of results: figures of all presets on all families, and regressions.

use serde::{Deserialize, Serialize};

use super::comparison::{SynthesisComparison, uses_dsp};
use super::error::SynthesisError;
use super::family::Family;
use super::hierarchy::{Hierarchy, HierarchyFigures};
use super::part::Part;
use super::resources::Figures;
use super::synthesizer::{SynthesisInput, Synthesizer};
use crate::catalogue::UNITS;
use crate::generator::render;
use crate::toolchain::parallel::in_parallel;
use crate::unit::{Config, Kind, Unit};

/// Relative tolerance of a figure in a check against the table.
const TOLERANCE: f64 = 0.02;

/// Units with plots, and the numbers of stages shown.
///
/// The numbers are low, medium, and high enough to saturate the clock frequency.
const PLOTTED: [(&str, [u32; 3]); 5] = [
    ("multiplier", [0, 2, 4]),
    ("mac", [2, 4, 6]),
    ("dot_product", [1, 5, 10]),
    ("constant_matrix", [0, 5, 10]),
    ("requantizer", [1, 3, 6]),
];

/// Presets that are measured for the objective `speed` as well.
const FOR_SPEED: [&str; 8] = [
    "int8_multiplier",
    "w4a8_multiplier",
    "int4_multiplier",
    "int8_mac",
    "int8_dot8",
    "int4_dot16",
    "requantizer_single",
    "requantizer_per_channel",
];

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

/// Configs of all presets for a family.
///
/// A preset that belongs to one family appears there only. Where there is a choice, it appears without DSP
/// blocks and, except on iCE40, with them.
fn presets_on(family: Family) -> Vec<Config> {
    let mut configs = Vec::new();
    for (unit, preset) in
        UNITS.iter().flat_map(|unit| unit.presets().iter().map(move |preset| (*unit, preset)))
    {
        let config = |sets: &[String]| Config::new(unit, Some(preset.name), sets).expect("a preset's family");
        let has = |name: &str| unit.parameters().iter().any(|parameter| parameter.name == name);
        let own = config(&[]);
        let target = format!("target={}", family.name());
        let modes = match family {
            Family::Ice40 => &["dsp=avoid"][..],
            _ => &["dsp=avoid", "dsp=allow"],
        };
        match own.family() {
            Some(only) if only != family.name() => {}
            None if has("dsp") => {
                configs.extend(modes.iter().map(|mode| config(&[target.clone(), mode.to_string()])));
            }
            None if has("target") => configs.push(config(&[target])),
            _ => configs.push(own),
        }
    }
    configs
}

/// Architectures and stages of the first preset of a unit, without DSP blocks.
fn variants_on(unit: &'static dyn Unit, family: Family) -> Vec<Config> {
    let plotted = PLOTTED.iter().find(|(name, _)| *name == unit.name());
    let (Some((_, registers)), Some(preset)) = (plotted, unit.presets().first()) else { return Vec::new() };
    let kind = |name: &str| {
        unit.parameters().iter().find(|parameter| parameter.name == name).map(|parameter| &parameter.kind)
    };
    let own = Config::new(unit, Some(preset.name), &[""; 0]).expect("a preset");
    let kept = own.settings().into_iter().filter(|set| {
        set.split_once('=')
            .is_some_and(|(name, _)| !unit.is_implementation(name) && !["stages", "target"].contains(&name))
    });
    let target = kind("target").map(|_| format!("target={}", family.name()));
    let kept: Vec<String> = kept.chain(target).collect();
    let mut structures = match kind("arch") {
        Some(Kind::Choice(words)) => {
            let named = words.iter().filter(|word| !["auto", "dsp"].contains(*word));
            named.map(|word| vec![format!("arch={word}")]).collect()
        }
        _ => vec![Vec::new()],
    };
    if kind("objective").is_some() {
        structures.push(vec!["objective=speed".to_string(), "dsp=avoid".to_string()]);
    }
    let mut configs = Vec::new();
    for structure in structures {
        for count in registers {
            let stages = [format!("stages={count}")];
            configs.extend(Config::new(unit, None, &[&kept[..], &stages, &structure].concat()).ok());
        }
    }
    configs
}

/// The presets measured for the objective `speed`, without DSP blocks.
fn for_speed_on(family: Family) -> Vec<Config> {
    let sets = [&format!("target={}", family.name()), "objective=speed", "dsp=avoid"];
    let presets = UNITS.iter().flat_map(|unit| unit.presets().iter().map(move |preset| (*unit, preset.name)));
    let shown = presets.filter(|(_, preset)| FOR_SPEED.contains(preset));
    shown
        .map(|(unit, preset)| Config::new(unit, Some(preset), &sets).expect("a preset of any family"))
        .collect()
}

impl QorTable {
    /// Measures what `kept` lacks and what changed: of the pinned tools, equal inputs have equal figures.
    ///
    /// `only` restricts the changed configs to those of a unit; `done` is called after each config.
    ///
    /// # Errors
    /// [`SynthesisError`] if a tool fails or exceeds the time limit.
    pub fn measure(
        synthesizer: &Synthesizer,
        kept: &Self,
        only: Option<&'static dyn Unit>,
        networks: &[Hierarchy],
        done: &(dyn Fn() + Sync),
    ) -> Result<Self, SynthesisError> {
        let is_other = |config: &Config| only.is_some_and(|unit| unit.name() != config.unit().name());
        let compare = |designs: &[(Config, Family)], kept: &[SynthesisComparison], may_use_dsp: bool| {
            in_parallel(designs, |(config, family)| {
                let dsp = may_use_dsp && uses_dsp(config, *family);
                let part = Part::usual(*family, dsp);
                let is_current = |known: &&SynthesisComparison| {
                    let design = SynthesisInput { config, verilog: &render(config), part, dsp };
                    is_other(config) || known.source == synthesizer.input_digest(&design)
                };
                let comparison = match find(kept, config, *family).filter(is_current) {
                    Some(known) => Ok(known.clone()),
                    None => SynthesisComparison::measure(synthesizer, config, part, dsp),
                };
                done();
                comparison
            })
        };
        let [results, variants, for_speed] = Self::designs();
        Ok(Self {
            results: compare(&results, &kept.results, true)?,
            variants: compare(&variants, &kept.variants, false)?,
            for_speed: compare(&for_speed, &kept.for_speed, false)?,
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
        Self::designs().iter().map(Vec::len).sum()
    }

    fn designs() -> [Vec<(Config, Family)>; 3] {
        let on = |families: &[Family], configs: &dyn Fn(Family) -> Vec<Config>| {
            let all = families
                .iter()
                .flat_map(|&family| configs(family).into_iter().map(move |config| (config, family)));
            all.collect::<Vec<_>>()
        };
        let placeable = Family::ALL.into_iter().filter(|family| family.is_placeable()).collect::<Vec<_>>();
        let variants = |family| UNITS.iter().flat_map(|unit| variants_on(*unit, family)).collect();
        [on(&Family::ALL, &presets_on), on(&placeable, &variants), on(&placeable, &for_speed_on)]
    }

    /// Returns one line per figure that is worse than in the table.
    ///
    /// Configs whose inputs changed are measured again, inferred forms excepted, and the first preset of each
    /// family always: the pinned tools give equal figures for equal inputs.
    ///
    /// # Errors
    /// [`SynthesisError`] if a tool fails or exceeds the time limit.
    pub fn regressions(
        &self,
        synthesizer: &Synthesizer,
        networks: &[Hierarchy],
        done: &(dyn Fn() + Sync),
    ) -> Result<Vec<String>, SynthesisError> {
        let [results, variants, for_speed] = Self::designs();
        let firsts = Family::ALL.map(|family| results.iter().position(|(_, other)| *other == family));
        let with_dsp = results.iter().map(|(config, family)| (config, family, uses_dsp(config, *family)));
        let with_dsp = with_dsp.map(|design| (design, &self.results));
        let without = [(&variants, &self.variants), (&for_speed, &self.for_speed)];
        let without = without.into_iter().flat_map(|(designs, known)| {
            designs.iter().map(move |(config, family)| ((config, family, false), known))
        });
        let numbered: Vec<_> = with_dsp.chain(without).enumerate().collect();
        let lines = in_parallel(&numbered, |(index, ((config, family, dsp), known))| {
            let before = find(known, config, **family);
            let name = format!("{} on {}", config.name(), family.title());
            let Some(before) = before else {
                let unit = config.unit().name();
                return Ok(vec![format!("{name}: not in the table; add it with qrtl synth {unit} --table")]);
            };
            let verilog = render(config);
            let part = Part::usual(**family, *dsp);
            let design = SynthesisInput { config, verilog: &verilog, part, dsp: *dsp };
            let lines =
                if before.source == synthesizer.input_digest(&design) && !firsts.contains(&Some(*index)) {
                    Vec::new()
                } else {
                    worse(&name, &before.figures, &synthesizer.figures(&design)?)
                };
            done();
            Ok::<_, SynthesisError>(lines)
        })?;
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

/// Finds the figures of a config on a family.
fn find<'a>(
    comparisons: &'a [SynthesisComparison],
    config: &Config,
    family: Family,
) -> Option<&'a SynthesisComparison> {
    let arguments = config.arguments();
    comparisons.iter().find(|known| known.target == family.name() && known.config == arguments)
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
    use crate::catalogue::presets;
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

    #[test]
    fn every_preset_is_in_the_table_of_a_family() {
        let [results, variants, for_speed] = QorTable::designs();
        for preset in presets() {
            let name = preset.name();
            assert!(results.iter().any(|(config, _)| config.preset() == Some(name)), "{name}");
        }
        assert!(variants.len() >= 2 * 3 * 9, "{}", variants.len());
        assert_eq!(for_speed.len(), 2 * FOR_SPEED.len());
    }
}
