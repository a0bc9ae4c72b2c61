//! Plot of area against clock frequency.

use std::sync::LazyLock;

use serde_json::json;
use tera::{Context, Tera};

use crate::generator::engine;
use crate::report::html::axis::PlotAxis;
use crate::synthesis::{Family, SynthesisComparison};

static ENGINE: LazyLock<Tera> =
    LazyLock::new(|| engine(&[("pareto.svg", include_str!("../../templates/report/pareto.svg.tera"))]));

/// Structures by colour; structures of the same colour never share a plot.
const COLOURS: [&[&str]; 6] = [
    &["inferred"],
    &["booth_dadda", "csd"],
    &["mux_rows", "shared", "adders"],
    &["booth_rows", "short_multiplier", ONLY],
    &["ccu2c_rows", "successive_approximation"],
    &[FAST],
];

/// Label for a unit with only one structure.
const ONLY: &str = "the only structure";
/// Label of the structure that the objective `speed` selects.
const FAST: &str = "objective=speed";

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 400.0;

/// Plot of a unit's variants on a family; only those with a clock frequency are drawn.
pub(crate) fn pareto(unit: &str, family: Family, variants: &[&SynthesisComparison]) -> String {
    let placed = variants.iter().filter_map(|variant| {
        let name = structure(variant);
        let colour =
            COLOURS.iter().position(|names| names.contains(&name)).expect("a colour of each structure");
        Some((variant, colour, variant.figures.resources.lut as f64, variant.figures.fmax_mhz?))
    });
    let placed: Vec<_> = placed.collect();
    let most = |value: fn(&(&&SynthesisComparison, usize, f64, f64)) -> f64| {
        placed.iter().map(value).fold(1.0, f64::max) * 1.08
    };
    let [left, right, top, bottom] = [60.0, WIDTH - 40.0, 74.0, HEIGHT - 50.0];
    let x = PlotAxis { values: [0.0, most(|point| point.2)], pixels: [left, right] };
    let y = PlotAxis { values: [0.0, most(|point| point.3)], pixels: [bottom, top] };
    let points = placed.iter().map(|(variant, colour, lut, fmax)| {
        json!({
            "x": x.at(*lut), "y": y.at(*fmax), "colour": colour, "label": stages(variant),
            // A ring around the structure that the objective selects.
            "radius": if structure(variant) == FAST { 8 } else { 5 },
            "title": format!("{}: {lut} LUTs, {fmax:.1} MHz", variant.config),
        })
    });
    let used = (0..COLOURS.len()).filter_map(|own| placed.iter().find(|point| point.1 == own));
    let legend = used.enumerate().map(|(index, (variant, colour, ..))| {
        json!({ "at": left + 6.0 + 108.0 * index as f64, "colour": colour, "name": structure(variant) })
    });
    let context = json!({
        "width": WIDTH, "height": HEIGHT, "left": left, "right": right, "bottom": bottom,
        "title": format!("{unit} on {}: area against clock frequency", family.title()),
        "legend": legend.collect::<Vec<_>>(),
        "x_ticks": x.ticks(8),
        "y_ticks": y.ticks(6),
        "front": front(placed.iter().map(|point| (point.2, point.3)).collect(), x, y),
        "points": points.collect::<Vec<_>>(),
    });
    let context = Context::from_serialize(&context).expect("a JSON object");
    ENGINE.render("pareto.svg", &context).expect("template and context agree")
}

/// The Pareto front, as the path of an SVG.
fn front(mut points: Vec<(f64, f64)>, x: PlotAxis, y: PlotAxis) -> String {
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.total_cmp(&a.1)));
    let mut best = 0.0;
    points.retain(|&(_, fmax)| {
        let is_better = fmax > best;
        best = f64::max(best, fmax);
        is_better
    });
    let steps = points.iter().map(|&(lut, fmax)| format!("{},{}", x.at(lut), y.at(fmax)));
    let path = steps.collect::<Vec<_>>().join(" L");
    if path.is_empty() { path } else { format!("M{path}") }
}

fn structure(variant: &SynthesisComparison) -> &str {
    match &variant.arch {
        _ if variant.config.contains(FAST) => FAST,
        Some(arch) => arch,
        None => ONLY,
    }
}

/// The number of pipeline stages that a config sets.
fn stages(variant: &SynthesisComparison) -> String {
    let set = variant.config.split(' ').find_map(|word| word.strip_prefix("stages="));
    set.unwrap_or_default().to_string()
}
