//! The committed table of figures: properties of the presets, and the documents generated from it.

use std::fs;
use std::path::PathBuf;

use qrtl::catalogue::presets;
use qrtl::report::quality_files;
use qrtl::synthesis::{Figures, QorTable, SynthesisComparison};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs")
}

fn table() -> QorTable {
    serde_json::from_str(&fs::read_to_string(folder().join("qor.json")).unwrap()).unwrap()
}

#[test]
fn no_preset_takes_more_luts_than_operator() {
    let table = table();
    let chosen: Vec<&SynthesisComparison> =
        table.results.iter().filter(|result| result.arch.is_some()).collect();
    assert!(chosen.len() > 100, "{}", chosen.len());
    for result in chosen {
        let [own, inferred] = [result.figures, result.inferred].map(|figures| figures.resources);
        let name = format!("{} on {}", result.config, result.target);
        assert!(own.lut <= inferred.lut, "{name}: {} LUTs, the operator {}", own.lut, inferred.lut);
        assert!(own.dsp <= inferred.dsp, "{name}: {} DSP blocks, the operator {}", own.dsp, inferred.dsp);
    }
}

/// Block memories have simulation models on iCE40 only, and cells of UltraScale+ are those of 7 series.
#[test]
fn netlists_of_presets_were_compared_with_their_reference() {
    let table = table();
    let compared: Vec<(&SynthesisComparison, u64)> = table
        .results
        .iter()
        .filter_map(|result| result.netlist_compared.map(|compared| (result, compared)))
        .collect();
    for (result, values) in &compared {
        assert!(*values >= 1 << 4, "{} on {}: {values}", result.config, result.target);
    }
    for preset in presets().filter(|preset| preset.family() != Some("xcup")) {
        let is_own = |result: &SynthesisComparison| result.preset.as_deref() == Some(preset.name());
        let families = compared.iter().filter(|(result, _)| is_own(result)).count();
        let is_bound = preset.family().is_some() || preset.behaviour().is_stream();
        assert!(families >= if is_bound { 1 } else { 3 }, "{}: {families} netlists", preset.name());
    }
}

/// Whether one result is smaller and faster than another, without more DSP blocks.
fn dominates(better: &Figures, other: &Figures) -> bool {
    let (Some(fast), Some(slow)) = (better.fmax_mhz, other.fmax_mhz) else { return false };
    let [own, beside] = [better.resources, other.resources];
    own.lut < beside.lut && fast > slow && own.dsp <= beside.dsp
}

/// The number of stages that a config states, or the preset that states it.
fn stages(result: &SynthesisComparison) -> Option<&str> {
    let stated = result.config.split_once("stages=").and_then(|(_, text)| text.split(' ').next());
    stated.or(result.preset.as_deref())
}

#[test]
fn no_preset_is_dominated_by_other_structures() {
    let table = table();
    let mut compared = 0;
    for result in table.results.iter().chain(&table.for_speed).filter(|result| result.arch.is_some()) {
        let name = format!("{} on {}", result.config, result.target);
        assert!(!dominates(&result.inferred, &result.figures), "{name}: by the operator");
        compared += usize::from(result.figures.fmax_mhz.is_some());
    }
    assert!(compared > 80, "{compared}");
    // What the objectives choose at each number of stages, beside every structure by name.
    let is_chosen = |result: &&SynthesisComparison| result.config.contains("objective=");
    let mut chosen_structures = 0;
    for chosen in table.variants.iter().filter(is_chosen) {
        let same = |other: &&SynthesisComparison| {
            (&other.unit, &other.target, stages(other)) == (&chosen.unit, &chosen.target, stages(chosen))
        };
        for other in table.variants.iter().filter(same) {
            let name = format!("{} on {}: by {}", chosen.config, chosen.target, other.config);
            assert!(!dominates(&other.figures, &chosen.figures), "{name}");
            chosen_structures += 1;
        }
    }
    assert!(chosen_structures > 50, "{chosen_structures}");
}

#[test]
fn portable_structure_is_smaller_and_faster_than_operator() {
    let table = table();
    let booth_dadda = |result: &&SynthesisComparison| {
        result.unit == "multiplier" && result.arch.as_deref() == Some("booth_dadda")
    };
    let portable: Vec<&SynthesisComparison> = table.variants.iter().filter(booth_dadda).collect();
    assert!(portable.len() >= 6, "{}", portable.len());
    for result in portable {
        let (own, inferred) = (result.figures, result.inferred);
        let name = format!("{} on {}: {own:?} against {inferred:?}", result.config, result.target);
        assert!(own.resources.lut < inferred.resources.lut, "{name}");
        assert!(own.fmax_mhz.unwrap() > inferred.fmax_mhz.unwrap(), "{name}");
    }
}

#[test]
fn documents_and_plots_match_table() {
    let files = quality_files(&table());
    assert!(files.len() > 4);
    for (name, text) in files {
        let written = fs::read_to_string(folder().join(&name)).unwrap_or_default();
        assert!(
            written == text,
            "docs/{name} is not what qor.json says; write it with qrtl synth --table docs"
        );
    }
}

/// A row of a document's table with a preset and, for each family, its LUTs and in brackets the operator's.
fn row(line: &str) -> Option<(String, Vec<[u64; 2]>)> {
    let mut cells = line.strip_prefix("| `")?.trim_end_matches('|').split('|').map(str::trim);
    let preset = cells.next()?.trim_end_matches('`').to_string();
    let pair = |cell: &str| {
        let (own, operator) = cell.strip_suffix(')')?.split_once(" (")?;
        Some([own.parse().ok()?, operator.parse().ok()?])
    };
    Some((preset, cells.map(pair).collect::<Option<Vec<_>>>()?))
}

#[test]
fn documented_luts_of_architectures_equal_table() {
    let table = table();
    let text = fs::read_to_string(folder().join("architectures.md")).unwrap();
    let rows: Vec<_> = text.lines().filter_map(row).filter(|(_, pairs)| pairs.len() == 3).collect();
    assert!(rows.len() >= 7, "{} rows", rows.len());
    for (preset, pairs) in rows {
        for (family, stated) in ["ice40", "ecp5", "xc7"].into_iter().zip(pairs) {
            let result = table.results.iter().find(|result| {
                let is_fabric = !result.config.contains("dsp=allow");
                result.preset.as_deref() == Some(&preset) && result.target == family && is_fabric
            });
            let result = result.unwrap_or_else(|| panic!("{preset} on {family} is not in the table"));
            let measured = [result.figures, result.inferred].map(|figures| figures.resources.lut);
            assert_eq!(stated, measured, "{preset} on {family}");
        }
    }
}
