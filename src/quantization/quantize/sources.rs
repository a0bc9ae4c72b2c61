//! Sources of known parameters: numbers and arrays.

use std::path::PathBuf;
use std::str::FromStr;

use super::error::QuantizeError;
use crate::arithmetic::Real;
use crate::arithmetic::calibration::Calibration;
use crate::arithmetic::quantizer::{Convention, Scheme, Zero};
use crate::files::tensor;
use crate::files::tensor::{Array, ArraySource, Cause, Dtype, Element, Tensor};

/// A number for the whole tensor, or an array with one number per part.
#[derive(Debug, Clone, PartialEq)]
pub enum NumberSource {
    /// The number as text, so that it is rounded once, to the type of the computation.
    Number(String),
    /// An array, from a file or in memory.
    Array(ArraySource),
}

/// Error for a number with a decimal comma.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a number has a decimal point: write {point}")]
pub struct DecimalComma {
    /// The number with a decimal point.
    pub point: String,
}

impl FromStr for NumberSource {
    type Err = DecimalComma;

    fn from_str(word: &str) -> Result<Self, DecimalComma> {
        if word.parse::<f64>().is_ok() {
            return Ok(Self::Number(word.into()));
        }
        let point = word.replacen(',', ".", 1);
        match point.parse::<f64>() {
            Ok(_) => Err(DecimalComma { point }),
            Err(_) => Ok(Self::Array(PathBuf::from(word).into())),
        }
    }
}

/// Known parameters of a quantization, or how they are derived.
///
/// Without a scale, all are derived from the tensors.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ParameterSources {
    /// Real distance between neighbouring codes.
    pub scale: Option<NumberSource>,
    /// Code of real 0, for the affine scheme.
    pub zero_point: Option<NumberSource>,
    /// Real number of the smallest code, for the offset scheme.
    pub offset: Option<NumberSource>,
    /// Method that derives the range, instead of a scale; `None` for the smallest and the largest real.
    pub calibration: Option<Calibration>,
    /// Formulas of the derived scale and zero point.
    pub convention: Convention,
}

/// Parameters read from their sources: one scale and one zero per part.
pub(crate) struct ResolvedParameters<T> {
    pub scales: Vec<T>,
    pub zero: Zero<T>,
}

impl ParameterSources {
    /// Reads the parameters of `parts` parts; `None` if they are to be derived.
    pub(crate) fn resolve<T>(
        &self,
        scheme: Scheme,
        parts: usize,
    ) -> Result<Option<ResolvedParameters<T>>, QuantizeError>
    where
        T: Real + Element + FromStr,
        Tensor<T>: TryFrom<Array, Error = Array>,
    {
        let superfluous = |option| Err(QuantizeError::Superfluous { scheme, option });
        let incomplete = |option| Err(QuantizeError::Incomplete { scheme, option });
        let scales = match (&self.scale, &self.zero_point, &self.offset) {
            (None, None, None) => return Ok(None),
            (None, ..) => return Err(QuantizeError::NoScale),
            (Some(_), ..) if self.calibration.is_some() => {
                return Err(QuantizeError::Contradiction("--calibrate"));
            }
            (Some(_), ..) if self.convention != Convention::Published => {
                return Err(QuantizeError::Contradiction("--convention"));
            }
            (Some(scale), ..) => reals(scale, parts)?,
        };
        let zero = match (scheme, &self.zero_point, &self.offset) {
            (Scheme::Symmetric | Scheme::Affine, _, Some(_)) => return superfluous("--offset"),
            (Scheme::Affine, None, _) => return incomplete("--zero-point"),
            (Scheme::Affine, Some(points), _) => Zero::Points(integers(points, parts)?),
            (Scheme::Symmetric, None, _) => Zero::Points(vec![0; parts]),
            (Scheme::Symmetric, Some(points), _) => match integers(points, parts)? {
                points if points.iter().all(|&point| point == 0) => Zero::Points(points),
                _ => return superfluous("--zero-point other than 0"),
            },
            (Scheme::Offset, Some(_), _) => return superfluous("--zero-point"),
            (Scheme::Offset, _, None) => return incomplete("--offset"),
            (Scheme::Offset, _, Some(offsets)) => Zero::Offsets(reals(offsets, parts)?),
        };
        Ok(Some(ResolvedParameters { scales, zero }))
    }
}

fn reals<T>(value: &NumberSource, parts: usize) -> Result<Vec<T>, QuantizeError>
where
    T: Element + FromStr,
    Tensor<T>: TryFrom<Array, Error = Array>,
{
    numbers(value, parts, &[T::DTYPE], |array| Tensor::try_from(array).map(Tensor::into_data))
}

fn integers(value: &NumberSource, parts: usize) -> Result<Vec<i32>, QuantizeError> {
    let accepted = [Dtype::Int32, Dtype::Int8, Dtype::Uint8, Dtype::Int16, Dtype::Uint16];
    fn widened<T: Copy + Into<i32>>(points: &Tensor<T>) -> Vec<i32> {
        points.data().iter().map(|&point| point.into()).collect()
    }
    numbers(value, parts, &accepted, |array| match array {
        Array::Int8(points) => Ok(widened(&points)),
        Array::Uint8(points) => Ok(widened(&points)),
        Array::Int16(points) => Ok(widened(&points)),
        Array::Uint16(points) => Ok(widened(&points)),
        Array::Int32(points) => Ok(points.into_data()),
        other => Err(other),
    })
}

/// Reads one number per part.
///
/// `unpack` returns an array whose type is not in `accepted`.
fn numbers<T: Clone + FromStr>(
    value: &NumberSource,
    parts: usize,
    accepted: &[Dtype],
    unpack: impl Fn(Array) -> Result<Vec<T>, Array>,
) -> Result<Vec<T>, QuantizeError> {
    let source = match value {
        NumberSource::Number(word) => {
            return word
                .parse()
                .map(|number| vec![number; parts])
                .map_err(|_| QuantizeError::Number(word.clone()));
        }
        NumberSource::Array(source) => source,
    };
    let (name, array) = source.clone().read_named()?;
    let numbers = unpack(array).map_err(|array| {
        let found = array.dtype().to_string();
        tensor::Error::named(&name, Cause::Type { found, accepted: accepted.to_vec() })
    })?;
    if numbers.len() == parts {
        Ok(numbers)
    } else {
        Err(QuantizeError::Count { file: name, found: numbers.len(), expected: parts })
    }
}
