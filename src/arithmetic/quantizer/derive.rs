//! Derivation of parameters from the range of a tensor.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use super::error::QuantizerError;
use super::format::CodeFormat;
use super::granularity::{Granularity, ScaleLayout};
use super::parameters::{TensorQuantizer, Zero, check_finite, normal_scale};
use crate::arithmetic::real::Real;
use crate::arithmetic::rounding::Rounding;

/// Mapping of a range of reals to codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// (Q1): the largest magnitude maps to `qmax`, real 0 to code 0.
    Symmetric,
    /// (Q2): the range, widened to contain 0, maps to all codes.
    ///
    /// Real 0 maps to the integer zero point.
    Affine,
    /// (Q3): the range maps to all codes.
    ///
    /// The smallest real, the offset, maps to `qmin`.
    Offset,
}

impl Scheme {
    /// Every scheme.
    pub const ALL: [Self; 3] = [Self::Symmetric, Self::Affine, Self::Offset];

    /// Name used on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Symmetric => "symmetric",
            Self::Affine => "affine",
            Self::Offset => "offset",
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Scheme {
    type Err = QuantizerError;

    fn from_str(word: &str) -> Result<Self, QuantizerError> {
        let found = Self::ALL.into_iter().find(|scheme| scheme.name() == word);
        found.ok_or_else(|| QuantizerError::UnknownScheme(word.into()))
    }
}

/// Arithmetic of `x / scale`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Division {
    /// A division, as in ONNX Runtime and TFLite.
    #[default]
    Exact,
    /// A multiplication by `1 / scale`, which is rounded first, as in PyTorch.
    Reciprocal,
}

/// Choice of quantization for a tensor whose parameters are derived from its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct QuantizerConfig {
    /// Integer format of the codes.
    #[serde(flatten)]
    pub format: CodeFormat,
    /// Mapping of reals to codes.
    pub scheme: Scheme,
    /// Elements that share a scale.
    pub granularity: Granularity,
    /// Rounding of codes and zero points.
    pub rounding: Rounding,
    /// Arithmetic of the division by the scale.
    pub division: Division,
}

impl QuantizerConfig {
    /// Derives parameters from a row-major tensor.
    ///
    /// A part without any range has scale 1, as in ONNX Runtime.
    ///
    /// # Errors
    /// [`QuantizerError::Empty`], [`QuantizerError::Shape`], [`QuantizerError::Axis`], [`QuantizerError::BlockSize`],
    /// [`QuantizerError::NotFinite`]; [`QuantizerError::Overflow`] or [`QuantizerError::Underflow`] if the range
    /// is too wide or too narrow for a scale of type `T`.
    pub fn derive<T: Real>(
        &self,
        reals: &[T],
        shape: &[usize],
    ) -> Result<TensorQuantizer<T>, QuantizerError> {
        let layout = ScaleLayout::new(self.granularity, shape, reals.len())?;
        check_finite(reals)?;
        let ranges = self.ranges(layout, reals);
        let mut scales = Vec::with_capacity(ranges.len());
        for (index, &range) in ranges.iter().enumerate() {
            scales.push(self.scale(index, range)?);
        }
        let zero = match self.scheme {
            Scheme::Symmetric => Zero::Points(vec![0; ranges.len()]),
            Scheme::Affine => {
                let points =
                    ranges.iter().zip(&scales).map(|(range, &scale)| self.zero_point(range.low, scale));
                Zero::Points(points.collect())
            }
            Scheme::Offset => Zero::Offsets(ranges.iter().map(|range| range.low).collect()),
        };
        let quantizer = TensorQuantizer::new(self.format, self.granularity, self.rounding, scales, zero)?;
        Ok(quantizer.with_division(self.division))
    }

    /// Smallest and largest real of each part.
    ///
    /// The range is widened to contain 0 if the scheme requires it.
    fn ranges<T: Real>(&self, layout: ScaleLayout, reals: &[T]) -> Vec<RealRange<T>> {
        let mut ranges = vec![None; layout.parts()];
        for (part, run) in layout.runs() {
            for &real in &reals[run] {
                let seen = ranges[part].unwrap_or(match self.scheme {
                    Scheme::Symmetric | Scheme::Affine => RealRange { low: T::ZERO, high: T::ZERO },
                    Scheme::Offset => RealRange { low: real, high: real },
                });
                ranges[part] = Some(RealRange { low: seen.low.min(real), high: seen.high.max(real) });
            }
        }
        ranges.into_iter().flatten().collect()
    }

    fn scale<T: Real>(
        &self,
        index: usize,
        RealRange { low, high }: RealRange<T>,
    ) -> Result<T, QuantizerError> {
        let (extent, steps) = match self.scheme {
            Scheme::Symmetric => (high.max(low.abs()), self.format.max()),
            Scheme::Affine | Scheme::Offset => (high - low, self.format.steps()),
        };
        if extent == T::ZERO {
            return Ok(T::ONE);
        }
        normal_scale(index, extent / T::from_i32(steps))
    }

    fn zero_point<T: Real>(&self, low: T, scale: T) -> i32 {
        let (min, max) = (T::from_i32(self.format.min()), T::from_i32(self.format.max()));
        self.rounding.round(min - low / scale).clamp(min, max).to_i32()
    }
}

#[derive(Debug, Clone, Copy)]
struct RealRange<T> {
    low: T,
    high: T,
}
