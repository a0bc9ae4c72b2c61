//! Sources of scales and zero points: numbers and arrays.

use super::error::RequantizeError;
use crate::arithmetic::quantizer::CodeFormat;
use crate::arithmetic::rescale::{MultiplierForm, OutputStage, RescaleError, Rescaler, Rule, Scale};
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
    /// Bias of rule `f32_bias`, in accumulator steps: `bias / (input scale * weight scale)`.
    pub bias: Option<NumberSource>,
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
    /// The scales of three tensors, rounded to binary32 as files store them.
    Tensors {
        /// Scale of the input.
        input: NumberSource,
        /// Scale of the weights.
        weight: NumberSource,
        /// Scale of the output.
        output: NumberSource,
        /// How the ratio is formed.
        form: MultiplierForm,
    },
}

/// Numbers read from their sources; a list of one number applies to all channels.
#[derive(Debug, Clone, PartialEq)]
pub struct RescaleParameters {
    /// Scale of each channel.
    pub scales: Vec<Scale>,
    /// Zero point and clamp of each channel.
    pub outputs: Vec<OutputStage>,
    /// Bias of each channel, for rule `f32_bias`.
    pub biases: Option<Vec<f32>>,
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
            ScaleSource::Tensors { form, .. } => self.formed_scales(*form)?.unwrap_or_default(),
        };
        let (min, max) = (self.min.unwrap_or(format.min()), self.max.unwrap_or(format.max()));
        let points: Vec<i32> = integers("--zero-point", &self.zero_point)?;
        let outputs = points.into_iter().map(|point| OutputStage::new(format, point)?.clamped(min, max));
        let outputs = outputs.collect::<Result<_, _>>()?;
        let biases = self.bias.as_ref().map(reals).transpose()?;
        let biases = biases.map(|biases| biases.into_iter().map(|bias| bias as f32).collect());
        Ok(RescaleParameters { scales, outputs, biases })
    }

    /// Scale of each channel, formed from the scales of three tensors; `None` for other sources.
    ///
    /// # Errors
    /// [`RequantizeError`] for the first number that cannot be used.
    pub(crate) fn formed_scales(&self, form: MultiplierForm) -> Result<Option<Vec<Scale>>, RequantizeError> {
        let ScaleSource::Tensors { input, weight, output, .. } = &self.scale else { return Ok(None) };
        let [mut inputs, mut weights, mut outputs] = [reals(input)?, reals(weight)?, reals(output)?];
        let channels = inputs.len().max(weights.len()).max(outputs.len());
        for scales in [&mut inputs, &mut weights, &mut outputs] {
            broadcast(scales, channels);
            if scales.len() != channels {
                return Err(RescaleError::UnequalScales { channels, scales: scales.len() }.into());
            }
        }
        let scale = |channel: usize| {
            let [input, weight, output] = [&inputs, &weights, &outputs].map(|scales| scales[channel]);
            for scale in [input, weight, output] {
                // A scale that is subnormal or infinite as binary32 cannot come from a file.
                Scale::real((scale as f32).into())?;
            }
            Scale::real(form.ratio(input as f32, weight as f32, output as f32))
        };
        Ok(Some((0..channels).map(scale).collect::<Result<_, RescaleError>>()?))
    }
}

impl RescaleParameters {
    /// Number of channels with separate numbers; 1 if all share one set.
    ///
    /// # Errors
    /// [`RescaleError::UnequalOutputs`] and [`RescaleError::UnequalBiases`] if the lists differ in length.
    pub fn channels(&self) -> Result<usize, RescaleError> {
        let channels = match (self.scales.len(), self.outputs.len()) {
            (1, channels) | (channels, 1) => channels,
            (scales, outputs) if scales == outputs => scales,
            (scales, outputs) => return Err(RescaleError::UnequalOutputs { scales, outputs }),
        };
        match self.biases.as_ref().map_or(1, Vec::len) {
            1 => Ok(channels),
            biases if channels == 1 || biases == channels => Ok(biases),
            biases => Err(RescaleError::UnequalBiases { channels, biases }),
        }
    }

    /// The rescaling by a rule.
    ///
    /// # Errors
    /// Those of [`Rescaler::per_channel`] and [`Rescaler::with_float_bias`], and [`RescaleError::UnusedBias`] for a
    /// bias under another rule than `f32_bias`.
    pub fn rescaler(&self, rule: Rule, acc_bits: u32) -> Result<Rescaler, RescaleError> {
        match &self.biases {
            Some(biases) if rule == Rule::F32Bias => {
                Rescaler::with_float_bias(acc_bits, &self.scales, biases, &self.outputs)
            }
            Some(_) => Err(RescaleError::UnusedBias(rule)),
            None => Rescaler::per_channel(rule, acc_bits, &self.scales, &self.outputs),
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
