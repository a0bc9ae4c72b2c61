//! Readings that are tried when no candidate matches: faults that are common in hardware.

use super::analysis::RequantizerAnalysis;
use super::candidate::RoundingCandidate;
use super::parameter_sources::ParameterSource;
use super::reading::{CodeOverflow, Reading};
use super::selection::{ReadCandidate, Sample};
use crate::audit::operands::decode;

/// The least scale whose codes bound the accumulator closely.
const LEAST_SCALE: f64 = 1.0 / 256.0;

/// Constants that are tried as a bias.
const MOST_OFFSETS: usize = 3;

/// Common widths of a product register.
const REGISTERS: [u32; 5] = [16, 24, 32, 48, 64];

impl RequantizerAnalysis {
    /// A common fault, or an operand that is not mapped, that explains most mismatches of a candidate.
    pub(crate) fn explanation(&self, candidate: ReadCandidate, sample: &Sample) -> Option<String> {
        let twice = self.saturating_twice(&self.readings(sample));
        let twice = self.nearest_readings(candidate.rounding, &twice, sample);
        if twice.first().is_some_and(|(_, wrong)| *wrong == 0) {
            return Some("if it saturates before the zero point is added and then again".to_string());
        }
        let bias = self.unmapped_bias(candidate, sample)?;
        Some(format!("if {bias} is added to the accumulator before it is scaled (--set bias={bias})"))
    }

    /// A constant that is added to the accumulator, and that removes most mismatches.
    fn unmapped_bias(&self, candidate: ReadCandidate, sample: &Sample) -> Option<i64> {
        if !matches!(self.parameters.bias, ParameterSource::Constant(0)) {
            return None;
        }
        let before = self.mismatches(candidate, sample, sample.rows());
        let readings = self.readings(sample);
        let least_wrong = |bias: i64| {
            let biased = self.with_bias(bias);
            let roundings = RoundingCandidate::all(self.parameters.has_multiplier).into_iter();
            let nearest = roundings.flat_map(|rounding| biased.nearest_readings(rounding, &readings, sample));
            nearest.map(|(_, wrong)| wrong).min().unwrap_or(usize::MAX)
        };
        let tried = self.common_offsets(candidate.reading, sample).into_iter();
        let (bias, wrong) = tried.map(|bias| (bias, least_wrong(bias))).min_by_key(|(_, wrong)| *wrong)?;
        (wrong < before / 2).then_some(bias)
    }

    /// Integers other than 0 that most accumulators have to be increased by to explain their codes.
    ///
    /// A code bounds what it comes from, by the rounding: to nearest, down or up.
    fn common_offsets(&self, reading: Reading, sample: &Sample) -> Vec<i64> {
        let (least, most) = reading.overflow.range(self.out_bits, reading.out_signed);
        let mut codes = Vec::new();
        for row in 0..sample.rows() {
            let code = decode(sample.results[0][row], self.out_bits, reading.out_signed);
            let parameters = self.parameters.at(&sample.operands, row, 0, reading.parameters);
            let is_inside = i128::from(code) > least && i128::from(code) < most;
            if is_inside && (LEAST_SCALE..=1.0).contains(&parameters.scale) {
                let acc = decode(sample.operands[0][row], self.acc_bits, reading.acc_signed);
                let code = code as f64 - parameters.zero_point as f64;
                codes.push((code, parameters.scale, acc as f64));
            }
        }
        // A bias cannot be told from a rounding constant: the last of equal ones is rounding to nearest.
        let overlaps = [(-1.0, 0.0), (0.0, 1.0), (-0.5, 0.5)].into_iter().map(|(low, high)| {
            let bounds = |&(code, scale, acc): &(f64, f64, f64)| {
                ((code + low) / scale - acc, (code + high) / scale - acc)
            };
            widest_overlap(codes.iter().map(bounds))
        });
        let Some((_, low, high)) = overlaps.max_by_key(|(count, ..)| *count) else { return Vec::new() };
        let offsets = low.ceil() as i64..=high.floor() as i64;
        offsets.filter(|offset| *offset != 0).take(MOST_OFFSETS).collect()
    }

    /// The readings in which the zero point is added to a saturated value.
    pub(crate) fn saturating_twice(&self, readings: &[Reading]) -> Vec<Reading> {
        let twice = |reading: &Reading| match reading.overflow {
            CodeOverflow::Saturates(least, most) => {
                Some(Reading { overflow: CodeOverflow::SaturatesTwice(least, most), ..*reading })
            }
            _ => None,
        };
        if self.parameters.has_zero_point() {
            readings.iter().filter_map(twice).collect()
        } else {
            Vec::new()
        }
    }

    /// The readings in which the product wraps before it is shifted.
    pub(crate) fn wrapping_products(&self, readings: &[Reading]) -> Vec<Reading> {
        let mut widths: Vec<u32> = REGISTERS.to_vec();
        widths.extend([self.acc_bits, self.out_bits]);
        widths.extend(self.parameters.multiplier.port_bits());
        let exact = self.acc_bits + self.parameters.multiplier.port_bits().unwrap_or(32);
        widths.retain(|&width| width < exact && width >= self.acc_bits);
        widths.sort_unstable();
        widths.dedup();
        let wrapped = |reading: &Reading| {
            let reading = *reading;
            widths.clone().into_iter().map(move |width| Reading { product_bits: Some(width), ..reading })
        };
        readings.iter().flat_map(wrapped).collect()
    }
}

/// The interval that most of some intervals contain, after their number.
fn widest_overlap(intervals: impl Iterator<Item = (f64, f64)>) -> (usize, f64, f64) {
    let mut ends: Vec<(f64, bool)> = intervals.flat_map(|(low, high)| [(low, false), (high, true)]).collect();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let (mut open, mut best) = (0usize, (0, 0.0, -1.0));
    for (at, &(value, closes)) in ends.iter().enumerate() {
        if closes {
            open -= 1;
        } else {
            open += 1;
            if open > best.0 {
                best = (open, value, ends[at + 1..].first().map_or(value, |(end, _)| *end));
            }
        }
    }
    best
}
