//! Template context of the page of a network's hardware.

use serde::Serialize;

use crate::network::{HardwareReport, ModuleReport};

/// Clock of the frame rates on the page, in Hz.
const CLOCK: u64 = 100_000_000;

/// Template context of the page.
#[derive(Serialize)]
pub(crate) struct NetworkPage<'a> {
    version: &'static str,
    name: &'a str,
    #[serde(flatten)]
    report: &'a HardwareReport,
    /// Frames per second at 100 MHz.
    frames: u64,
    /// Utilization of the multipliers in percent.
    utilization: f64,
    products: usize,
    rows: Vec<Row<'a>>,
}

/// A module.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    module: &'a ModuleReport,
    shape: String,
    fold: String,
    /// Its cycles in percent of those of a frame.
    share: f64,
    /// Utilization of its multipliers in percent.
    utilization: Option<f64>,
    is_bottleneck: bool,
}

pub(crate) fn page<'a>(name: &'a str, report: &'a HardwareReport) -> NetworkPage<'a> {
    NetworkPage {
        version: env!("CARGO_PKG_VERSION"),
        name,
        report,
        frames: CLOCK / report.cycles.max(1) as u64,
        utilization: 100.0 * report.use_of_multipliers,
        products: report.modules.iter().map(|module| module.products).sum(),
        rows: report.modules.iter().map(|module| row(report, module)).collect(),
    }
}

fn row<'a>(report: &HardwareReport, module: &'a ModuleReport) -> Row<'a> {
    let cycles = report.cycles as f64;
    let utilization = |multipliers| 100.0 * module.products as f64 / (multipliers as f64 * cycles);
    let has_products = module.products > 0 && module.multipliers > 0;
    Row {
        module,
        shape: module.shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" x "),
        fold: module.fold.map_or(String::new(), |fold| fold.to_string()),
        share: 100.0 * module.cycles as f64 / cycles,
        utilization: has_products.then(|| utilization(module.multipliers)),
        is_bottleneck: module.name == report.bottleneck,
    }
}
