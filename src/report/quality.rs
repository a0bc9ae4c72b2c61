//! Cells and clock frequency of every preset on every family, for `docs/qor.md`.

use super::pareto::pareto;
use crate::synthesis::{Family, Figures, HierarchyFigures, QorTable, Resources, SynthesisComparison};
use crate::toolchain::{NEXTPNR, YOSYS};

/// All files of `qrtl synth --table`, as path and text.
pub fn quality_files(quality: &QorTable) -> Vec<(String, String)> {
    let pictures = pictures(quality);
    let json = serde_json::to_string_pretty(quality).expect("figures are plain data") + "\n";
    let mut files =
        vec![("qor.md".to_string(), document(quality, &pictures)), ("qor.json".to_string(), json)];
    files.extend(pictures);
    files
}

/// One plot per unit and family.
fn pictures(quality: &QorTable) -> Vec<(String, String)> {
    let mut units: Vec<&str> = quality.variants.iter().map(|variant| variant.unit.as_str()).collect();
    units.dedup();
    units.sort_unstable();
    units.dedup();
    let mut pictures = Vec::new();
    for unit in units {
        for family in Family::ALL {
            let own: Vec<&SynthesisComparison> = quality
                .variants
                .iter()
                .filter(|variant| variant.unit == unit && variant.target == family.name())
                .collect();
            if !own.is_empty() {
                let path = format!("qor/{unit}_{}.svg", family.name());
                pictures.push((path, pareto(unit, family, &own)));
            }
        }
    }
    pictures
}

fn document(quality: &QorTable, pictures: &[(String, String)]) -> String {
    let mut text = format!(
        "# Quality of results\n\n\
         Cells and clock frequency of every preset, by Yosys {} and nextpnr {}, compared with the same function written \
         with the operator `*` and without a target (\"inferred\"). This command measures them:\n\n\
         <!-- not run: minutes; .ci/run checks the table -->\n```sh\nqrtl synth --table docs\n```\n\n\
         `qrtl synth --table docs --check` measures the configs whose inputs have changed, and fails if a figure is \
         more than 2 % worse. The netlists of presets on iCE40, ECP5 and 7 series are simulated and compared with \
         the reference before their figures enter the tables.\n\n\
         - LUT: SB_LUT4 on iCE40; LUT4, and two for each CCU2C, on ECP5; LUT1 to LUT6 and shift registers on Xilinx.\n\
         - carry: SB_CARRY of one bit, CCU2C of two, CARRY4 of four, CARRY8 of eight.\n\
         - RAM: block RAMs: SB_RAM40_4K, DP16KD, RAMB18 (a RAMB36 counts as two).\n\
         - MHz: the clock frequency with registers at all inputs and outputs, the median of three seeds, on iCE40 HX8K \
         (UP5K where DSP blocks are used) and ECP5 25F, speed grade 6. It is empty for a module that does not fit, \
         and for Xilinx, whose cell counts are estimates by Yosys: no vendor tool was run.\n",
        YOSYS.version(),
        NEXTPNR.version(),
    );
    for family in Family::ALL {
        text += &format!("\n## {}\n\n", family.title());
        let of_family = |result: &&SynthesisComparison| result.target == family.name();
        let own = || quality.results.iter().filter(of_family);
        let (avoiding, others): (Vec<&SynthesisComparison>, Vec<&SynthesisComparison>) =
            own().partition(|result| result.config.contains("dsp=avoid"));
        text += &table("without DSP blocks", &avoiding);
        text += &table("default settings", &others);
        let for_speed: Vec<&SynthesisComparison> = quality.for_speed.iter().filter(of_family).collect();
        text += &table("for speed, without DSP blocks", &for_speed);
    }
    text +=
        "\n## Networks\n\nThe modules of a network one by one, and the whole network placed and routed.\n\n";
    text += &quality.networks.iter().map(network_table).collect::<String>();
    text += "\n## Area against clock frequency\n\nThe first preset of each unit with every structure and with several numbers of pipeline stages, without DSP blocks.\n\n";
    for (path, _) in pictures {
        text += &format!("![{path}]({path})\n");
    }
    text
}

/// Presets made for each objective, beside the operator: LUTs, and clock frequency where it was measured.
pub(crate) fn objectives_table(quality: &QorTable) -> String {
    let mut text = "| preset | made for | iCE40 | operator | ECP5 | operator | 7 series | operator |\n\
                    |---|---|--:|--:|--:|--:|--:|--:|\n"
        .to_string();
    let of = |results: &'_ [SynthesisComparison], preset: &str, family: Family| {
        let own = results.iter().find(|result| {
            let is_fabric = !result.config.contains("dsp=allow");
            result.preset.as_deref() == Some(preset) && result.target == family.name() && is_fabric
        });
        let cells = own.map(|own| [own.figures, own.inferred].map(cell));
        cells.map_or("| | ".to_string(), |[own, operator]| format!("| {own} | {operator} "))
    };
    let of_one_family = quality.for_speed.iter().filter(|result| result.target == Family::Ice40.name());
    for preset in of_one_family.filter_map(|result| result.preset.as_deref()) {
        for (objective, results) in [("area", &quality.results), ("speed", &quality.for_speed)] {
            let cells: String = [Family::Ice40, Family::Ecp5, Family::Xc7]
                .iter()
                .map(|&family| of(results, preset, family))
                .collect();
            text += &format!("| `{preset}` | {objective} {cells}|\n");
        }
    }
    text
}

/// LUTs, and the clock frequency in MHz if there is one.
fn cell(figures: Figures) -> String {
    let lut = figures.resources.lut;
    figures.fmax_mhz.map_or(lut.to_string(), |fmax| format!("{lut} @ {fmax:.0}"))
}

/// The instances of a network, their sum, and the whole.
fn network_table(network: &HierarchyFigures) -> String {
    let row = |name: &str, cells: Resources, fmax: &str| {
        format!(
            "| {name} | {} | {} | {} | {} | {} | {fmax} |\n",
            cells.lut, cells.carry, cells.ff, cells.dsp, cells.ram
        )
    };
    let mut text = format!(
        "`qrtl synth data/{} --part {} --place-and-route`: {}.\n\n\
         | instance | LUT | carry | FF | DSP | RAM | MHz |\n|---|--:|--:|--:|--:|--:|--:|\n",
        network.config,
        network.part,
        network.shares(),
    );
    for instance in &network.instances {
        text += &row(&format!("`{}`", instance.name), instance.resources, "");
    }
    let fmax = network.whole.fmax_mhz.map_or(String::new(), |fmax| format!("{fmax:.1}"));
    text += &row("sum", network.sum, "");
    text + &row(&format!("`{}`", network.name), network.whole.resources, &fmax) + "\n"
}

fn table(title: &str, results: &[&SynthesisComparison]) -> String {
    if results.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "| {title} | structure | LUT | carry | FF | DSP | RAM | MHz | inferred: LUT | DSP | MHz |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"
    );
    for result in results {
        let (own, inferred) = (&result.figures, &result.inferred);
        let frequency = |fmax: Option<f64>| fmax.map_or(String::new(), |fmax| format!("{fmax:.1}"));
        let beside = match &result.arch {
            Some(_) => {
                let cells = inferred.resources;
                format!("{} | {} | {}", cells.lut, cells.dsp, frequency(inferred.fmax_mhz))
            }
            None => " | | ".to_string(),
        };
        text += &format!(
            "| `{}` | {} | {} | {} | {} | {} | {} | {} | {beside} |\n",
            result.preset.as_deref().unwrap_or(&result.config),
            result.arch.as_deref().unwrap_or(""),
            own.resources.lut,
            own.resources.carry,
            own.resources.ff,
            own.resources.dsp,
            own.resources.ram,
            frequency(own.fmax_mhz),
        );
    }
    text + "\n"
}
