//! Text view of comparisons.

use super::comparison::SynthesisComparison;
use super::resources::Figures;
use crate::unit::Config;

/// One line per config and one for its inferred form, below a line of titles.
pub fn comparison_table<'a>(
    configs: impl IntoIterator<Item = &'a Config>,
    results: &[SynthesisComparison],
) -> String {
    let mut text = format!(
        "{:<28} {:<12} {:>6} {:>6} {:>6} {:>4} {:>4} {:>9}\n",
        "config", "arch", "LUT", "carry", "FF", "DSP", "RAM", "Fmax MHz"
    );
    for (config, result) in configs.into_iter().zip(results) {
        text += &line(config.name(), result.arch.as_deref().unwrap_or("-"), &result.figures);
        if result.arch.is_some() {
            text += &line("", "inferred", &result.inferred);
        }
    }
    text
}

fn line(name: &str, arch: &str, figures: &Figures) -> String {
    let cells = figures.resources;
    let fmax = figures.fmax_mhz.map_or("-".to_string(), |fmax| format!("{fmax:.1}"));
    format!(
        "{name:<28} {arch:<12} {:>6} {:>6} {:>6} {:>4} {:>4} {fmax:>9}\n",
        cells.lut, cells.carry, cells.ff, cells.dsp, cells.ram
    )
}
