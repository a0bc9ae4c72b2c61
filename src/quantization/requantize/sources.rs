//! Sources of scales and zero points: numbers and arrays.

use super::error::RequantizeError;
use crate::arithmetic::quantizer::CodeFormat;
use crate::arithmetic::rescale::{OutputStage, RescaleError, Scale};
use crate::files::tensor;
use crate::files::tensor::{Array, Cause, Dtype};
use crate::quantization::quantize::NumberSource;

/// Sources of the numbers of a rescaling.
///
/// Each is one number for all channels, or an array with one per channel of the last axis.
#[derive(Debug, Clone, PartialEq)]
pub struct RescaleSources {
    /// Ratio of the accumulator's step to the output's step.
    pub scale: ScaleSource,
    /// Code of real zero.
    pub zero_point: NumberSource,
    /// Smallest code; `None` for that of the output type.
    pub min: Option<i32>,
    /// Largest code; `None` for that of the output type.
    pub max: Option<i32>,
}

/// A scale in one of its two forms.
#[derive(Debug, Clone, PartialEq)]
pub enum ScaleSource {
    /// `multiplier * 2^(shift - 31)`.
    Fixed {
        /// Q0.31 fraction.
        multiplier: NumberSource,
        /// Left shift; negative shifts right.
        shift: NumberSource,
    },
    /// A real number.
    Real(NumberSource),
}

/// Numbers read from their sources; a list of one number applies to all channels.
#[derive(Debug, Clone, PartialEq)]
pub struct RescaleParameters {
    /// Scale of each channel.
    pub scales: Vec<Scale>,
    /// Zero point and clamp of each channel.
    pub outputs: Vec<OutputStage>,
}

impl RescaleSources {
    /// Reads the numbers and checks the conditions common to all rules.
    ///
    /// # Errors
    /// [`RequantizeError`] for the first number that cannot be used.
    pub fn resolve(&self, format: CodeFormat) -> Result<RescaleParameters, RequantizeError> {
        let scales = match &self.scale {
            ScaleSource::Fixed { multiplier, shift } => {
                let mut multipliers: Vec<i64> = integers("--multiplier", multiplier)?;
                let mut shifts: Vec<i32> = integers("--shift", shift)?;
                let channels = multipliers.len().max(shifts.len());
                broadcast(&mut multipliers, channels);
                broadcast(&mut shifts, channels);
                Scale::fixed_channels(&multipliers, &shifts)?
            }
            ScaleSource::Real(scale) => {
                reals(scale)?.into_iter().map(Scale::real).collect::<Result<_, _>>()?
            }
        };
        let (min, max) = (self.min.unwrap_or(format.min()), self.max.unwrap_or(format.max()));
        let points: Vec<i32> = integers("--zero-point", &self.zero_point)?;
        let outputs = points.into_iter().map(|point| OutputStage::new(format, point)?.clamped(min, max));
        Ok(RescaleParameters { scales, outputs: outputs.collect::<Result<_, _>>()? })
    }
}

impl RescaleParameters {
    /// Number of channels with separate numbers; 1 if all share one set.
    ///
    /// # Errors
    /// [`RescaleError::UnequalOutputs`] if the lists of scales and zero points differ in length.
    pub fn channels(&self) -> Result<usize, RescaleError> {
        match (self.scales.len(), self.outputs.len()) {
            (1, channels) | (channels, 1) => Ok(channels),
            (scales, outputs) if scales == outputs => Ok(scales),
            (scales, outputs) => Err(RescaleError::UnequalOutputs { scales, outputs }),
        }
    }
}

/// Repeats a single number for all channels.
fn broadcast<T: Copy>(numbers: &mut Vec<T>, channels: usize) {
    if let [number] = numbers[..] {
        *numbers = vec![number; channels];
    }
}

fn integers<T: TryFrom<i128>>(option: &'static str, value: &NumberSource) -> Result<Vec<T>, RequantizeError> {
    let refuse = |word: String| RequantizeError::Number { option, word, bits: 8 * size_of::<T>() as u32 };
    let fit = |number: i128| T::try_from(number).map_err(|_| refuse(number.to_string()));
    match value {
        NumberSource::Number(word) => {
            let number: i128 = word.parse().map_err(|_| refuse(word.clone()))?;
            Ok(vec![fit(number)?])
        }
        NumberSource::Array(source) => {
            let (name, array) = source.clone().read_named()?;
            let numbers = array.integers().ok_or_else(|| {
                let found = array.dtype().to_string();
                tensor::Error::named(&name, Cause::Type { found, accepted: vec![Dtype::Int32, Dtype::Int64] })
            })?;
            non_empty(numbers.map(fit).collect::<Result<_, _>>()?, name)
        }
    }
}

fn reals(value: &NumberSource) -> Result<Vec<f64>, RequantizeError> {
    match value {
        // `NumberSource::from_str` has parsed the word as a number before.
        NumberSource::Number(word) => Ok(vec![word.parse().unwrap_or(f64::NAN)]),
        NumberSource::Array(source) => match source.clone().read_named()? {
            (name, Array::Float64(scales)) => non_empty(scales.into_data(), name),
            (name, Array::Float32(scales)) => {
                non_empty(scales.into_data().into_iter().map(f64::from).collect(), name)
            }
            (name, other) => {
                let accepted = vec![Dtype::Float64, Dtype::Float32];
                let found = other.dtype().to_string();
                Err(tensor::Error::named(&name, Cause::Type { found, accepted }).into())
            }
        },
    }
}

fn non_empty<T>(numbers: Vec<T>, file: String) -> Result<Vec<T>, RequantizeError> {
    if numbers.is_empty() { Err(RequantizeError::NoNumbers { file }) } else { Ok(numbers) }
}
