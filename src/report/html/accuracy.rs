//! Plot of accuracy: one bar per variant, grouped by widths, and a line for the float network.

use serde::Serialize;

use super::axis::{PlotAxis, Tick, pixel};
use super::filters::fixed;
use super::view::{Group, Method};

const LEFT: f64 = 44.0;
const RIGHT: f64 = 86.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = 50.0;
const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 380.0;
/// Share of a group's width that stays empty.
const GAP: f64 = 0.14;

/// Coordinates and texts of the plot.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct AccuracyPlot {
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    base: f64,
    ticks: Vec<Tick>,
    float: Tick,
    legend: Vec<Key>,
    clusters: Vec<Cluster>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Key {
    x: f64,
    class: String,
    label: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Cluster {
    center: f64,
    label: String,
    bars: Vec<Bar>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Bar {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    center: f64,
    class: String,
    label: String,
    title: String,
}

/// Draws groups of equally many rows. `float` is the accuracy of the float network in percent.
pub(crate) fn plot(float: f64, groups: &[Group], methods: &[Method]) -> AccuracyPlot {
    let base = HEIGHT - BOTTOM;
    let y = PlotAxis { values: [0.0, 100.0], pixels: [base, TOP] };
    let right = WIDTH - RIGHT;
    let pitch = (right - LEFT) / groups.len().max(1) as f64;
    let clusters = groups.iter().enumerate().map(|(index, group)| {
        let start = LEFT + pitch * (index as f64 + GAP / 2.0);
        let width = pitch * (1.0 - GAP) / group.rows.len().max(1) as f64;
        let bars = group.rows.iter().enumerate().map(|(index, row)| {
            let x = start + width * index as f64;
            let top = y.at(row.accuracy);
            Bar {
                x: pixel(x + 1.0),
                y: top,
                width: pixel(width - 2.0),
                height: pixel(base - top),
                center: pixel(x + width / 2.0),
                class: row.class.clone(),
                label: fixed(row.accuracy, 1),
                title: format!("{} {}: {} %", group.widths, row.method, fixed(row.accuracy, 2)),
            }
        });
        Cluster {
            center: pixel(start + pitch * (1.0 - GAP) / 2.0),
            label: group.widths.clone(),
            bars: bars.collect(),
        }
    });
    AccuracyPlot {
        width: WIDTH,
        height: HEIGHT,
        left: LEFT,
        right,
        base,
        ticks: y.ticks(5),
        float: Tick { at: y.at(float), label: format!("{} %", fixed(float, 2)) },
        legend: legend(methods),
        clusters: clusters.collect(),
    }
}

fn legend(methods: &[Method]) -> Vec<Key> {
    let pitch = (WIDTH - LEFT - RIGHT) / methods.len().max(1) as f64;
    let key = |(index, method): (usize, &Method)| Key {
        x: pixel(LEFT + pitch * index as f64),
        class: method.class.clone(),
        label: method.name.clone(),
    };
    methods.iter().enumerate().map(key).collect()
}
