use super::error::Error;
use crate::arithmetic::quantizer::Format;
use crate::arithmetic::rescale::{Output, RescaleError, Scale};
use crate::files::tensor;
use crate::files::tensor::{Array, Cause, Dtype, read_npy};
use crate::quantization::quantize::Value;

/// The numbers beside the accumulator, as they were given: each one for all channels, or an npy file with
/// one per channel of the last axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// Accumulator steps per output step.
    pub scale: GivenScale,
    /// Code of real zero.
    pub zero_point: Value,
    /// Least code; that of the output type when left out.
    pub min: Option<i32>,
    /// Largest code; that of the output type when left out.
    pub max: Option<i32>,
}

/// The two forms of a scale.
#[derive(Debug, Clone, PartialEq)]
pub enum GivenScale {
    /// `multiplier * 2^(shift - 31)`.
    Fixed {
        /// Q0.31 fraction.
        multiplier: Value,
        /// Left shift, negative to the right.
        shift: Value,
    },
    /// A real number.
    Real(Value),
}

/// The numbers themselves: a list of one counts for all channels.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// Scales by channel.
    pub scales: Vec<Scale>,
    /// Zero points, with the clamp, by channel.
    pub outputs: Vec<Output>,
}

impl Given {
    /// Reads the files, and checks what holds for every rule.
    ///
    /// # Errors
    /// An [`Error`] for the first number that cannot be used.
    pub fn resolve(&self, format: Format) -> Result<Parameters, Error> {
        let scales = match &self.scale {
            GivenScale::Fixed { multiplier, shift } => {
                let mut multipliers: Vec<i64> = integers("--multiplier", multiplier)?;
                let mut shifts: Vec<i32> = integers("--shift", shift)?;
                let channels = multipliers.len().max(shifts.len());
                spread(&mut multipliers, channels);
                spread(&mut shifts, channels);
                Scale::fixed_channels(&multipliers, &shifts)?
            }
            GivenScale::Real(scale) => {
                reals(scale)?.into_iter().map(Scale::real).collect::<Result<_, _>>()?
            }
        };
        let (min, max) = (self.min.unwrap_or(format.min()), self.max.unwrap_or(format.max()));
        let points: Vec<i32> = integers("--zero-point", &self.zero_point)?;
        let outputs = points.into_iter().map(|point| Output::new(format, point)?.clamped(min, max));
        Ok(Parameters { scales, outputs: outputs.collect::<Result<_, _>>()? })
    }
}

impl Parameters {
    /// How many channels have numbers of their own; 1 when all share theirs.
    ///
    /// # Errors
    /// [`RescaleError::UnequalOutputs`] when scales and zero points are of different channels.
    pub fn channels(&self) -> Result<usize, RescaleError> {
        match (self.scales.len(), self.outputs.len()) {
            (1, channels) | (channels, 1) => Ok(channels),
            (scales, outputs) if scales == outputs => Ok(scales),
            (scales, outputs) => Err(RescaleError::UnequalOutputs { scales, outputs }),
        }
    }
}

/// One number stands for each of the channels.
fn spread<T: Copy>(numbers: &mut Vec<T>, channels: usize) {
    if let [number] = numbers[..] {
        *numbers = vec![number; channels];
    }
}

fn integers<T: TryFrom<i128>>(option: &'static str, value: &Value) -> Result<Vec<T>, Error> {
    let refuse = |word: String| Error::Number { option, word, bits: 8 * size_of::<T>() as u32 };
    let fit = |number: i128| T::try_from(number).map_err(|_| refuse(number.to_string()));
    match value {
        Value::Number(word) => {
            let number: i128 = word.parse().map_err(|_| refuse(word.clone()))?;
            Ok(vec![fit(number)?])
        }
        Value::File(path) => {
            let array = read_npy(path)?;
            let numbers = array.integers().ok_or_else(|| {
                let found = array.dtype().to_string();
                tensor::Error::new(path, Cause::Type { found, accepted: vec![Dtype::Int32, Dtype::Int64] })
            })?;
            some(numbers.map(fit).collect::<Result<_, _>>()?, path)
        }
    }
}

fn reals(value: &Value) -> Result<Vec<f64>, Error> {
    match value {
        // What is no number has become the name of a file.
        Value::Number(word) => Ok(vec![word.parse().unwrap_or(f64::NAN)]),
        Value::File(path) => match read_npy(path)? {
            Array::Float64(scales) => some(scales.into_data(), path),
            Array::Float32(scales) => some(scales.into_data().into_iter().map(f64::from).collect(), path),
            other => {
                let accepted = vec![Dtype::Float64, Dtype::Float32];
                let found = other.dtype().to_string();
                Err(tensor::Error::new(path, Cause::Type { found, accepted }).into())
            }
        },
    }
}

fn some<T>(numbers: Vec<T>, path: &std::path::Path) -> Result<Vec<T>, Error> {
    if numbers.is_empty() { Err(Error::NoNumbers { file: path.display().to_string() }) } else { Ok(numbers) }
}
