//! Error histograms: one panel per variant, and one row of panels with common axes per pair of widths.

use serde::Serialize;

use super::axis::{PlotAxis, Tick, pixel};
use super::filters::fixed;
use super::view::{Group, Method};

const LEFT: f64 = 64.0;
const TOP: f64 = 26.0;
const WIDTH: f64 = 960.0;
const GUTTER: f64 = 16.0;
const PANEL_HEIGHT: f64 = 64.0;
/// Height of the axis below a row of panels.
const AXIS_HEIGHT: f64 = 32.0;
/// Number of bins; odd, so that an error of 0 is in the middle of a bin.
const BINS: usize = 51;

/// Coordinates and texts of all panels.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ErrorPlot {
    width: f64,
    height: f64,
    columns: Vec<Tick>,
    rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Row {
    label: String,
    middle: f64,
    top: f64,
    base: f64,
    axis: f64,
    panels: Vec<Panel>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Panel {
    left: f64,
    right: f64,
    zero: f64,
    class: String,
    path: String,
    note: String,
    title: String,
    ticks: Vec<Tick>,
}

/// Draws one row of panels per group.
pub(crate) fn plot(groups: &[Group], methods: &[Method]) -> ErrorPlot {
    let pitch = (WIDTH - LEFT + GUTTER) / methods.len().max(1) as f64;
    let left = |column: usize| LEFT + pitch * column as f64;
    let columns = methods.iter().enumerate().map(|(index, method)| Tick {
        at: pixel(left(index) + (pitch - GUTTER) / 2.0),
        label: method.name.clone(),
    });
    let rows = groups.iter().enumerate().map(|(index, group)| {
        let top = TOP + (PANEL_HEIGHT + AXIS_HEIGHT) * index as f64;
        let base = top + PANEL_HEIGHT;
        let extent = largest(group);
        let histograms: Vec<_> = group.rows.iter().map(|row| histogram(row.errors, extent)).collect();
        let highest = histograms.iter().flatten().copied().max().unwrap_or(0).max(1);
        let y = PlotAxis { values: [0.0, highest as f64], pixels: [base, top] };
        let panels = group.rows.iter().zip(&histograms).map(|(row, bins)| {
            let column = methods.iter().position(|method| method.name == row.method).unwrap_or(0);
            let (start, end) = (pixel(left(column)), pixel(left(column) + pitch - GUTTER));
            let x = PlotAxis { values: [-extent, extent], pixels: [start, end] };
            Panel {
                left: start,
                right: end,
                zero: x.at(0.0),
                class: row.class.clone(),
                path: steps(bins, x, y),
                note: format!("{} dB", fixed(row.sqnr_db, 1)),
                title: format!("{} {}: SQNR {} dB", group.widths, row.method, fixed(row.sqnr_db, 1)),
                ticks: x.ticks(4),
            }
        });
        Row {
            label: group.widths.clone(),
            middle: pixel((top + base) / 2.0),
            top,
            base,
            axis: base + 15.0,
            panels: panels.collect(),
        }
    });
    let rows: Vec<_> = rows.collect();
    let height = TOP + (PANEL_HEIGHT + AXIS_HEIGHT) * rows.len() as f64;
    ErrorPlot { width: WIDTH, height, columns: columns.collect(), rows }
}

/// The largest error in a row of panels; 1 if all errors are 0.
fn largest(group: &Group) -> f64 {
    let errors = group.rows.iter().flat_map(|row| row.errors);
    let largest = errors.fold(0.0f64, |largest, &error| largest.max(f64::from(error).abs()));
    if largest > 0.0 { largest } else { 1.0 }
}

/// Number of errors in each of [`BINS`] equal parts of -extent..=extent.
fn histogram(errors: &[f32], extent: f64) -> Vec<usize> {
    let mut bins = vec![0; BINS];
    for &error in errors {
        let position = (f64::from(error) / extent + 1.0) / 2.0 * BINS as f64;
        bins[(position as usize).min(BINS - 1)] += 1;
    }
    bins
}

/// The outline of a histogram as an SVG path that begins and ends on the base line.
fn steps(bins: &[usize], x: PlotAxis, y: PlotAxis) -> String {
    let [low, high] = x.values;
    let edge = |index: usize| x.at(low + (high - low) * index as f64 / bins.len() as f64);
    let mut path = format!("M{} {}", edge(0), y.at(0.0));
    for (index, &count) in bins.iter().enumerate() {
        path += &format!("V{}H{}", y.at(count as f64), edge(index + 1));
    }
    path + &format!("V{}Z", y.at(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_every_error_once_in_its_bin() {
        let bins = histogram(&[-1.0, -0.999, 0.0, 0.001, 1.0], 1.0);
        assert_eq!(bins.iter().sum::<usize>(), 5);
        assert_eq!((bins[0], bins[BINS / 2], bins[BINS - 1]), (2, 2, 1));
    }

    #[test]
    fn outline_starts_and_ends_on_base_line() {
        let x = PlotAxis { values: [-1.0, 1.0], pixels: [0.0, 20.0] };
        let y = PlotAxis { values: [0.0, 4.0], pixels: [40.0, 0.0] };
        assert_eq!(steps(&[1, 4], x, y), "M0 40V30H10V0H20V40Z");
    }
}
