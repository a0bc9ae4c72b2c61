//! Axes: maps from values to pixels.

use serde::Serialize;

/// A linear map from an interval of values to an interval of pixels; either may be descending.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PlotAxis {
    pub values: [f64; 2],
    pub pixels: [f64; 2],
}

/// A labelled position on an axis.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Tick {
    pub at: f64,
    pub label: String,
}

impl PlotAxis {
    /// Position of a value.
    pub fn at(&self, value: f64) -> f64 {
        let [low, high] = self.values;
        let [start, end] = self.pixels;
        pixel(start + (value - low) / (high - low) * (end - start))
    }

    /// Ticks at round values, at most `most` steps; there are at least two from four steps on.
    pub fn ticks(&self, most: usize) -> Vec<Tick> {
        let [low, high] = self.values;
        let step = nice_step((high - low) / most as f64);
        let whole = |places: &usize| {
            let scaled = step * 10f64.powi(*places as i32);
            (scaled - scaled.round()).abs() < 1e-6
        };
        let places = (0..12).find(whole).unwrap_or(12);
        let (first, last) = ((low / step).ceil() as i64, (high / step).floor() as i64);
        let tick = |index| {
            let value = index as f64 * step;
            Tick { at: self.at(value), label: super::filters::fixed(value, places) }
        };
        (first..=last).map(tick).collect()
    }
}

/// Rounds to a tenth of a pixel.
pub(crate) fn pixel(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// The smallest of 1, 2, 2.5, 5, 10 ... that is at least `least`, a positive number.
fn nice_step(least: f64) -> f64 {
    let power = 10f64.powf(least.log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0].map(|step| step * power);
    // Tolerates rounding errors of the power.
    steps.into_iter().find(|step| *step >= least * (1.0 - 1e-9)).unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_less_than_twice_the_minimum() {
        let steps = [0.03, 0.2, 0.21, 1.0, 7.0, 51.0].map(nice_step);
        let expected = [0.05, 0.2, 0.25, 1.0, 10.0, 100.0];
        for (step, expected) in steps.iter().zip(expected) {
            assert!((step / expected - 1.0f64).abs() < 1e-12, "{step} {expected}");
        }
    }

    #[test]
    fn ticks_have_as_many_decimals_as_their_step() {
        let axis = PlotAxis { values: [-0.25, 0.25], pixels: [0.0, 100.0] };
        let ticks: Vec<_> = axis.ticks(5).into_iter().map(|tick| (tick.at, tick.label)).collect();
        let expected = [(10.0, "−0.2"), (30.0, "−0.1"), (50.0, "0.0"), (70.0, "0.1"), (90.0, "0.2")];
        assert_eq!(ticks, expected.map(|(at, label)| (at, label.to_string())));
    }

    #[test]
    fn step_of_2_5_has_one_decimal() {
        let axis = PlotAxis { values: [-4.9, 4.9], pixels: [0.0, 98.0] };
        let labels: Vec<_> = axis.ticks(4).into_iter().map(|tick| tick.label).collect();
        assert_eq!(labels, ["−2.5", "0.0", "2.5"]);
    }

    #[test]
    fn accepts_descending_axis() {
        let axis = PlotAxis { values: [0.0, 100.0], pixels: [300.0, 20.0] };
        assert_eq!([0.0, 50.0, 100.0].map(|value| axis.at(value)), [300.0, 160.0, 20.0]);
    }
}
