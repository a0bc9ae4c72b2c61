//! Derivation of parameters from the range of a tensor.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use super::convention::Convention;
use super::error::QuantizerError;
use super::format::CodeFormat;
use super::granularity::{Granularity, ScaleLayout};
use super::parameters::{TensorQuantizer, check_finite};
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
        let ranges = part_ranges(layout, reals);
        self.quantizer_of_ranges(&ranges, Convention::Published)
    }
}

/// Smallest and largest of the reals that share a scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RealRange<T> {
    /// Smallest real.
    pub low: T,
    /// Largest real.
    pub high: T,
}

impl<T: Real> RealRange<T> {
    /// The range of one number.
    pub(crate) fn of(real: T) -> Self {
        Self { low: real, high: real }
    }

    /// The smallest range that contains both.
    pub(crate) fn hull(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    /// Largest absolute value.
    pub(crate) fn magnitude(self) -> T {
        self.low.abs().max(self.high.abs())
    }
}

/// Smallest and largest real of each part, none of which is empty.
pub(crate) fn part_ranges<T: Real>(layout: ScaleLayout, reals: &[T]) -> Vec<RealRange<T>> {
    let mut ranges: Vec<Option<RealRange<T>>> = vec![None; layout.parts()];
    for (part, run) in layout.runs() {
        for &real in &reals[run] {
            let own = RealRange::of(real);
            ranges[part] = Some(ranges[part].map_or(own, |range| range.hull(own)));
        }
    }
    ranges.into_iter().flatten().collect()
}
