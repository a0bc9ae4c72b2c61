//! Page of the demo: the answer in a sentence, and the network layer by layer.

use serde::Serialize;

use crate::demo::{Evaluation, Logits, NetworkResult, checked_in_figures};
use crate::network::ModuleReport;
use crate::synthesis::{Family, HierarchyFigures, QorTable};

/// What a number format costs: points of accuracy, and LUTs of one multiply-accumulate unit.
#[derive(Debug, Serialize)]
pub(crate) struct Cost {
    format: String,
    /// Percentage points of the best scheme; negative for a gain.
    drop: f64,
    /// Preset whose LUTs on iCE40 stand for the format.
    preset: &'static str,
    lut: Option<u64>,
}

/// Widths, or FP8, and the preset of the catalogue that stands for them.
const UNITS: [(&str, &str); 5] = [
    ("W8A8", "int8_mac"),
    ("W4A8", "w4a8_mac"),
    ("W4A4", "int4_mac"),
    ("W2A2", "int2_mac"),
    ("FP8", "fp8_dot_e4m3_h100"),
];

/// The cost of each format that was evaluated.
pub(crate) fn costs(evaluation: &Evaluation) -> Vec<Cost> {
    let table = checked_in_figures();
    let cost = |(format, preset): (&str, &'static str)| {
        let own = evaluation.outcomes.iter().filter(|outcome| outcome.variant.widths() == format);
        let float8 = (format == "FP8").then_some(&evaluation.float8.logits);
        let logits: Vec<&Logits> = own.map(|outcome| &outcome.logits).chain(float8).collect();
        let best = logits.into_iter().max_by_key(|logits| logits.correct)?;
        let lut = lut(&table, preset);
        Some(Cost { format: format.to_string(), drop: evaluation.drop(best), preset, lut })
    };
    UNITS.into_iter().filter_map(cost).collect()
}

/// LUTs of a preset on iCE40.
fn lut(table: &QorTable, preset: &str) -> Option<u64> {
    let is_own = |target: &str, name: Option<&str>| target == Family::Ice40.name() && name == Some(preset);
    let own = table.results.iter().find(|result| is_own(&result.target, result.preset.as_deref()));
    own.map(|own| own.figures.resources.lut)
}

/// The network as one RTL top.
#[derive(Debug, Serialize)]
pub(crate) struct DigitsSection<'a> {
    images: usize,
    accuracy: f64,
    float_accuracy: f64,
    compared: usize,
    mismatches: usize,
    cycles: u64,
    bottleneck: &'a str,
    layers: Vec<LayerRow<'a>>,
    devices: Vec<Device<'a>>,
}

/// A module of the network.
#[derive(Debug, Serialize)]
struct LayerRow<'a> {
    #[serde(flatten)]
    module: &'a ModuleReport,
    /// Shape of the output, such as `1 x 8 x 8 x 8`.
    output: String,
    /// LUTs on iCE40.
    lut: Option<u64>,
}

/// Cells and speed of the network on a device.
#[derive(Debug, Serialize)]
struct Device<'a> {
    part: &'a str,
    lut: u64,
    dsp: u64,
    ram: u64,
    shares: String,
    fmax_mhz: Option<f64>,
    /// Images a second at that clock frequency.
    rate: Option<u64>,
}

/// The network, layer by layer.
pub(crate) fn digits<'a>(result: &'a NetworkResult) -> DigitsSection<'a> {
    let report = &result.report;
    let ice40 = result.figures.iter().find(|figures| figures.target == Family::Ice40.name());
    let lut = |name: &str| {
        let instances = ice40.map(|figures| figures.instances.iter());
        instances?.find(|instance| instance.name == name).map(|instance| instance.resources.lut)
    };
    let layer = |module: &'a ModuleReport| LayerRow { module, output: shape(module), lut: lut(&module.name) };
    DigitsSection {
        images: result.images,
        accuracy: result.percent(result.correct),
        float_accuracy: result.percent(result.float_correct),
        compared: result.compared,
        mismatches: result.mismatches,
        cycles: result.cycles / result.images.max(1) as u64,
        bottleneck: &report.bottleneck,
        layers: report.modules.iter().map(layer).collect(),
        devices: result.figures.iter().map(|figures| device(figures, report.cycles)).collect(),
    }
}

fn shape(module: &ModuleReport) -> String {
    module.shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" x ")
}

fn device(figures: &HierarchyFigures, cycles: usize) -> Device<'_> {
    let (cells, fmax_mhz) = (figures.whole.resources, figures.whole.fmax_mhz);
    Device {
        part: &figures.part,
        lut: cells.lut,
        dsp: cells.dsp,
        ram: cells.ram,
        shares: figures.shares(),
        fmax_mhz,
        rate: fmax_mhz.map(|fmax| (fmax * 1e6 / cycles as f64).round() as u64),
    }
}
