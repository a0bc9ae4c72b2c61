//! Numbers that explain recorded outputs where the given ones do not.

use std::fmt;

use serde::Serialize;

use super::identification::RuleFinding;
use super::identify::{Hypotheses, finding};
use super::recording::Recording;
use crate::arithmetic::rescale::{OutputStage, RescaleError, Rule, Scale};
use crate::quantization::requantize::RescaleParameters;

/// Relative deviation of an estimated scale from the given one that counts as none.
const EQUAL: f64 = 2e-3;
/// Relative deviation from a power of two that counts as that power.
const NEAR_POWER: f64 = 0.02;

/// Zero point, clamp and scale estimated from the recording, where they differ from the given numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Amendment {
    /// Zero point, if it is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zero_point: Option<i32>,
    /// Smallest code, if it is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<i32>,
    /// Largest code, if it is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<i32>,
    /// Factor of the scale, if it is not 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale_factor: Option<f64>,
    /// Whether the smallest code is the zero point.
    pub is_relu: bool,
    /// Rules that reproduce every output with these numbers.
    pub rules: Vec<Rule>,
}

impl Amendment {
    /// Estimates the numbers of all channels together; `None` if they are the given ones, or cannot be estimated.
    pub(super) fn find(hypotheses: &Hypotheses, recording: &Recording) -> Result<Option<Self>, RescaleError> {
        let parameters = hypotheses.parameters;
        let output = parameters.outputs[0];
        if parameters.outputs.iter().any(|other| *other != output) {
            return Ok(None);
        }
        let Some(estimate) = Estimate::new(recording, parameters) else { return Ok(None) };
        let factor = estimate.scale_factor();
        let zero_point = estimate.offset.round() as i32;
        let (least, most) = estimate.codes;
        let (type_min, type_max) = (output.format().min(), output.format().max());
        let min = if estimate.saturates.0 { least } else { type_min };
        let max = if estimate.saturates.1 { most } else { type_max };
        let amended = OutputStage::new(output.format(), zero_point).and_then(|stage| stage.clamped(min, max));
        let Ok(amended) = amended else { return Ok(None) };
        let changed = |new: i32, old: i32| (new != old).then_some(new);
        let mut amendment = Self {
            zero_point: changed(zero_point, output.zero_point()),
            min: changed(min, output.min()).filter(|_| estimate.saturates.0),
            max: changed(max, output.max()).filter(|_| estimate.saturates.1),
            scale_factor: factor,
            is_relu: estimate.saturates.0 && min == zero_point && min > type_min,
            rules: Vec::new(),
        };
        let is_same = amendment.zero_point.is_none()
            && amendment.min.is_none()
            && amendment.max.is_none()
            && factor.is_none();
        if is_same {
            return Ok(None);
        }
        let scaled = |scale: &Scale| scaled(*scale, factor.unwrap_or(1.0));
        let form = |scales: &Vec<Scale>| scales.iter().map(scaled).collect::<Vec<_>>();
        let formed: Vec<_> = hypotheses.formed.iter().map(|(name, scales)| (*name, form(scales))).collect();
        let own = RescaleParameters {
            scales: form(&parameters.scales),
            outputs: vec![amended; parameters.outputs.len()],
            biases: parameters.biases.clone(),
        };
        let amended = Hypotheses { parameters: &own, formed: &formed, ..*hypotheses };
        for (rule, tried) in amended.try_all(recording)? {
            if matches!(finding(&tried), RuleFinding::Explains { .. }) {
                amendment.rules.push(rule);
            }
        }
        Ok(Some(amendment))
    }
}

/// A scale times a factor; a power of two moves the shift of the fixed-point form.
fn scaled(scale: Scale, factor: f64) -> Scale {
    match scale {
        Scale::Fixed { multiplier, shift } if factor.log2().fract() == 0.0 => {
            Scale::Fixed { multiplier, shift: shift.saturating_add(factor.log2() as i32) }
        }
        other => Scale::Real(other.to_f64() * factor),
    }
}

/// Straight line through the recorded codes that do not saturate.
struct Estimate {
    /// Slope over the given scale.
    factor: f64,
    /// Code of real zero.
    offset: f64,
    /// Smallest and largest recorded code.
    codes: (i32, i32),
    /// Whether many accumulators have the smallest, and the largest code.
    saturates: (bool, bool),
}

impl Estimate {
    /// Least squares of codes over `acc * scale`; `None` without two codes between the ends.
    fn new(recording: &Recording, parameters: &RescaleParameters) -> Option<Self> {
        let scales = &parameters.scales;
        let real = |index: usize| recording.biased[index] as f64 * scales[index % scales.len()].to_f64();
        let (least, most) = (*recording.codes.iter().min()?, *recording.codes.iter().max()?);
        let inside: Vec<(f64, f64)> = (0..recording.codes.len())
            .filter(|&index| recording.codes[index] > least && recording.codes[index] < most)
            .map(|index| (real(index), recording.codes[index].into()))
            .filter(|(x, _)| x.is_finite())
            .collect();
        let count = inside.len() as f64;
        let mean = |of: fn(&(f64, f64)) -> f64| inside.iter().map(of).sum::<f64>() / count;
        let (x_mean, y_mean) = (mean(|pair| pair.0), mean(|pair| pair.1));
        let (mut covariance, mut variance) = (0.0, 0.0);
        for (x, y) in &inside {
            covariance += (x - x_mean) * (y - y_mean);
            variance += (x - x_mean) * (x - x_mean);
        }
        let factor = covariance / variance;
        if !(factor.is_finite() && factor > 0.0) {
            return None;
        }
        let line = |x: f64| factor * (x - x_mean) + y_mean;
        let beyond = |bound: i32, sign: f64| {
            (0..recording.codes.len())
                .filter(|&index| recording.codes[index] == bound)
                .any(|index| (line(real(index)) - f64::from(bound)) * sign > 1.5)
        };
        Some(Self {
            factor,
            offset: y_mean - factor * x_mean,
            codes: (least, most),
            saturates: (beyond(least, -1.0), beyond(most, 1.0)),
        })
    }

    /// The factor that the given scale is off by; `None` for 1. A factor near a power of two is that power.
    fn scale_factor(&self) -> Option<f64> {
        let power = self.factor.log2().round().exp2();
        match self.factor / power - 1.0 {
            rest if power == 1.0 && rest.abs() < EQUAL => None,
            rest if power != 1.0 && rest.abs() < NEAR_POWER => Some(power),
            _ => Some(self.factor),
        }
    }
}

impl fmt::Display for Amendment {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut numbers = Vec::new();
        numbers.extend(self.scale_factor.map(|factor| match factor.log2() {
            power if power.fract() == 0.0 => format!("a scale times 2^{power}"),
            _ => format!("a scale about {:+.2} % off", 100.0 * (factor - 1.0)),
        }));
        numbers.extend(self.zero_point.map(|zero_point| format!("--zero-point {zero_point}")));
        numbers.extend(self.min.map(|min| {
            let why = if self.is_relu { " (a fused ReLU)" } else { "" };
            format!("--min {min}{why}")
        }));
        numbers.extend(self.max.map(|max| format!("--max {max}")));
        let numbers = numbers.join(", ");
        match &self.rules[..] {
            [] => write!(f, "The outputs look like {numbers}, but no rule reproduces them with that."),
            rules => {
                let names: Vec<&str> = rules.iter().map(|rule| rule.name()).collect();
                write!(f, "With {numbers}, the outputs are those of {}.", names.join(", "))
            }
        }
    }
}
