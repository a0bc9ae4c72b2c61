//! Scale and zero point of a range, by the formulas of published equations or of a runtime.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::derive::{QuantizerConfig, RealRange, Scheme};
use super::error::QuantizerError;
use super::parameters::{TensorQuantizer, Zero, normal_scale};
use crate::arithmetic::real::Real;

/// Formulas that turn a range of reals into a scale and a zero point.
///
/// The conventions differ where a range is symmetric, tiny or empty, and in the last bit of affine parameters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Convention {
    /// Equations (Q1) to (Q3): the largest magnitude maps to `qmax`; an empty range has scale 1.
    #[default]
    Published,
    /// `torch.ao.quantization` observers.
    ///
    /// Symmetric: the largest magnitude maps to `(qmax - qmin) / 2`, 127.5 for int8. A scale is at least 2^-23.
    /// Zero point `qmin - round(low / scale)`.
    Torch,
    /// `compute_scale_zp` of `onnxruntime.quantization`.
    ///
    /// Symmetric: the largest magnitude maps to `qmax` in 8 and 16 bits and to `(qmax - qmin) / 2` in others. The scale is
    /// computed in float64 and then rounded; the zero point is `round(qmin - low / scale)` with the scale before
    /// that rounding. A range without a normal scale has scale 1 and zero point 0.
    OnnxRuntime,
}

impl Convention {
    /// Every convention.
    pub const ALL: [Self; 3] = [Self::Published, Self::Torch, Self::OnnxRuntime];

    /// Name used on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Torch => "torch",
            Self::OnnxRuntime => "onnxruntime",
        }
    }
}

impl fmt::Display for Convention {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Convention {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl FromStr for Convention {
    type Err = QuantizerError;

    fn from_str(word: &str) -> Result<Self, QuantizerError> {
        let found = Self::ALL.into_iter().find(|convention| convention.name() == word);
        found.ok_or_else(|| QuantizerError::UnknownConvention(word.into()))
    }
}

/// Smallest scale of torch's observers, the machine epsilon of float32.
const TORCH_EPSILON: f64 = f32::EPSILON as f64;

impl QuantizerConfig {
    /// Parameters of known ranges, one for each part of the tensor.
    ///
    /// Symmetric and affine ranges are widened to contain 0.
    ///
    /// # Errors
    /// [`QuantizerError::Overflow`] or [`QuantizerError::Underflow`] if a range is too wide or too narrow for a scale of
    /// type `T`; [`QuantizerError::NoConvention`] if the runtime does not define the scheme.
    pub fn quantizer_of_ranges<T: Real>(
        &self,
        ranges: &[RealRange<T>],
        convention: Convention,
    ) -> Result<TensorQuantizer<T>, QuantizerError> {
        self.check_convention(convention)?;
        let mut scales = Vec::with_capacity(ranges.len());
        let mut points = Vec::with_capacity(ranges.len());
        for (index, &range) in ranges.iter().enumerate() {
            if !range.low.is_finite() || !range.high.is_finite() {
                return Err(QuantizerError::Overflow { index, value: f64::INFINITY, dtype: T::NAME });
            }
            let range = match self.scheme {
                Scheme::Symmetric | Scheme::Affine => range.hull(RealRange::of(T::ZERO)),
                Scheme::Offset => range,
            };
            let (scale, point) = match convention {
                Convention::Published => self.published(index, range)?,
                Convention::Torch => self.torch(range),
                Convention::OnnxRuntime => self.onnx_runtime(range),
            };
            scales.push(scale);
            points.push(point);
        }
        let zero = match self.scheme {
            Scheme::Symmetric | Scheme::Affine => Zero::Points(points),
            Scheme::Offset => Zero::Offsets(ranges.iter().map(|range| range.low).collect()),
        };
        let quantizer = TensorQuantizer::new(self.format, self.granularity, self.rounding, scales, zero)?;
        Ok(quantizer.with_division(self.division))
    }

    fn check_convention(&self, convention: Convention) -> Result<(), QuantizerError> {
        let signed = self.format.signed();
        let fix = match self.scheme {
            _ if convention == Convention::Published => return Ok(()),
            Scheme::Offset => "--scheme affine",
            // The runtimes put zero point 128 there, which the symmetric scheme of (Q1) does not have.
            Scheme::Symmetric if !signed => "--scheme affine, or signed codes",
            Scheme::Symmetric | Scheme::Affine => return Ok(()),
        };
        Err(QuantizerError::NoConvention { convention: convention.name(), scheme: self.scheme, signed, fix })
    }

    fn published<T: Real>(&self, index: usize, range: RealRange<T>) -> Result<(T, i32), QuantizerError> {
        let (extent, steps) = match self.scheme {
            Scheme::Symmetric => (range.magnitude(), self.format.max()),
            Scheme::Affine | Scheme::Offset => (range.high - range.low, self.format.steps()),
        };
        let scale =
            if extent == T::ZERO { T::ONE } else { normal_scale(index, extent / T::from_i32(steps))? };
        let point = match self.scheme {
            Scheme::Symmetric | Scheme::Offset => 0,
            Scheme::Affine => {
                let (min, max) = (T::from_i32(self.format.min()), T::from_i32(self.format.max()));
                self.rounding.round(min - range.low / scale).clamp(min, max).to_i32()
            }
        };
        Ok((scale, point))
    }

    fn torch<T: Real>(&self, range: RealRange<T>) -> (T, i32) {
        let steps = T::from_i32(self.format.steps());
        let epsilon = T::from_f64(TORCH_EPSILON);
        if self.scheme == Scheme::Symmetric {
            let half = steps / T::from_i32(2);
            return ((range.magnitude() / half).max(epsilon), 0);
        }
        let scale = ((range.high - range.low) / steps).max(epsilon);
        let below = (range.low / scale).round_half_even().to_i32();
        (scale, self.format.min().saturating_sub(below).clamp(self.format.min(), self.format.max()))
    }

    fn onnx_runtime<T: Real>(&self, range: RealRange<T>) -> (T, i32) {
        let symmetric = self.scheme == Scheme::Symmetric;
        let extent = if symmetric {
            2.0 * range.magnitude().to_f64()
        } else {
            range.high.to_f64() - range.low.to_f64()
        };
        let steps = match (symmetric, self.format.bits()) {
            (true, 8 | 16) => 2 * self.format.max(),
            _ => self.format.steps(),
        };
        let scale = extent / f64::from(steps);
        if scale < T::MIN_POSITIVE.to_f64() {
            return (T::ONE, 0);
        }
        let (min, max) = (f64::from(self.format.min()), f64::from(self.format.max()));
        let point = if symmetric {
            0
        } else {
            (min - range.low.to_f64() / scale).round_ties_even().clamp(min, max) as i32
        };
        (T::from_f64(scale), point)
    }
}
