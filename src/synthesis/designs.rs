//! Which configs the table of figures has, on which families.

use super::comparison::uses_dsp;
use super::family::Family;
use super::netlist::is_simulated;
use super::part::Part;
use super::synthesizer::SynthesisInput;
use crate::catalogue::UNITS;
use crate::unit::{Config, Kind, Unit};

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

/// A config that is measured on a family.
#[derive(Debug)]
pub(super) struct MeasuredDesign {
    pub(super) config: Config,
    pub(super) family: Family,
    /// Whether synthesis may use DSP blocks.
    pub(super) dsp: bool,
    /// Whether its netlist is compared with the reference.
    pub(super) is_simulated: bool,
}

impl MeasuredDesign {
    /// Module name and family, for messages.
    pub(super) fn name(&self) -> String {
        format!("{} on {}", self.config.name(), self.family.title())
    }

    /// Inputs of synthesis for the usual device of the family.
    pub(super) fn input<'a>(&'a self, verilog: &'a str) -> SynthesisInput<'a> {
        let part = Part::usual(self.family, self.dsp);
        SynthesisInput { config: &self.config, verilog, part, dsp: self.dsp }
    }
}

/// The designs of each list of the table.
#[derive(Debug)]
pub(super) struct MeasuredDesigns {
    /// Every preset on every family, with and without DSP blocks if possible.
    pub(super) results: Vec<MeasuredDesign>,
    /// Architectures and stages of the first preset of each unit with plots, without DSP blocks.
    pub(super) variants: Vec<MeasuredDesign>,
    /// Some presets made for the objective `speed`, without DSP blocks.
    pub(super) for_speed: Vec<MeasuredDesign>,
}

impl MeasuredDesigns {
    pub(super) fn new() -> Self {
        let placeable: Vec<Family> = Family::ALL.into_iter().filter(|family| family.is_placeable()).collect();
        let variants = |family| UNITS.iter().flat_map(|unit| variants_on(*unit, family)).collect();
        let results = on_families(&Family::ALL, &presets_on).map(|(config, family)| MeasuredDesign {
            dsp: uses_dsp(&config, family),
            is_simulated: is_simulated(&config, family),
            config,
            family,
        });
        let without_dsp =
            |(config, family)| MeasuredDesign { config, family, dsp: false, is_simulated: false };
        Self {
            results: results.collect(),
            variants: on_families(&placeable, &variants).map(without_dsp).collect(),
            for_speed: on_families(&placeable, &for_speed_on).map(without_dsp).collect(),
        }
    }

    /// Number of designs.
    pub(super) fn len(&self) -> usize {
        self.results.len() + self.variants.len() + self.for_speed.len()
    }
}

/// The configs of each family.
fn on_families<'a>(
    families: &'a [Family],
    configs: &'a dyn Fn(Family) -> Vec<Config>,
) -> impl Iterator<Item = (Config, Family)> + 'a {
    families.iter().flat_map(|&family| configs(family).into_iter().map(move |config| (config, family)))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::presets;

    #[test]
    fn every_preset_is_in_the_table_of_a_family() {
        let designs = MeasuredDesigns::new();
        for preset in presets() {
            let name = preset.name();
            let own = || designs.results.iter().filter(|design| design.config.preset() == Some(name));
            assert!(own().next().is_some(), "{name}");
            let only_xcup = own().all(|design| design.family == Family::Xcup);
            assert!(only_xcup || own().any(|design| design.is_simulated), "{name}");
        }
        assert!(designs.variants.len() >= 2 * 3 * 9, "{}", designs.variants.len());
        assert_eq!(designs.for_speed.len(), 2 * FOR_SPEED.len());
    }
}
