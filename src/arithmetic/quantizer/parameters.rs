//! Quantization parameters and their application to tensors.

use super::derive::Division;
use super::error::QuantizerError;
use super::format::CodeFormat;
use super::granularity::{Granularity, ScaleLayout};
use super::metrics::{LossAccumulator, Metrics};
use crate::arithmetic::real::Real;
use crate::arithmetic::rounding::Rounding;

/// Reference points between reals and codes, one per part of the tensor.
#[derive(Debug, Clone, PartialEq)]
pub enum Zero<T> {
    /// Zero points, the codes of real 0: (Q2), and (Q1) if all are 0.
    Points(Vec<i32>),
    /// Offsets, the reals of the smallest code: (Q3).
    Offsets(Vec<T>),
}

/// Parameters that convert reals to codes and back.
///
/// [`TensorQuantizer::new`] ensures that every code of the format dequantizes to a finite number.
#[derive(Debug, Clone, PartialEq)]
pub struct TensorQuantizer<T> {
    format: CodeFormat,
    granularity: Granularity,
    rounding: Rounding,
    scales: Vec<T>,
    zero: Zero<T>,
    division: Division,
}

impl<T: Real> TensorQuantizer<T> {
    /// Creates parameters from scales and zeros, in row-major order of the parts.
    ///
    /// # Errors
    /// [`QuantizerError::Count`], [`QuantizerError::Scale`], [`QuantizerError::Underflow`], [`QuantizerError::Overflow`],
    /// [`QuantizerError::ZeroPoint`] or [`QuantizerError::Offset`].
    pub fn new(
        format: CodeFormat,
        granularity: Granularity,
        rounding: Rounding,
        scales: Vec<T>,
        zero: Zero<T>,
    ) -> Result<Self, QuantizerError> {
        let parameters = Self { format, granularity, rounding, scales, zero, division: Division::Exact };
        parameters.check()?;
        Ok(parameters)
    }

    /// The same parameters, applied with another arithmetic of the division by the scale.
    #[must_use]
    pub fn with_division(self, division: Division) -> Self {
        Self { division, ..self }
    }

    fn check(&self) -> Result<(), QuantizerError> {
        let expected = self.scales.len();
        let (min, max) = (self.format.min(), self.format.max());
        let (what, found) = match &self.zero {
            Zero::Points(points) => ("zero point", points.len()),
            Zero::Offsets(offsets) => ("offset", offsets.len()),
        };
        if found != expected {
            return Err(QuantizerError::Count { what, found, expected });
        }
        for (index, &scale) in self.scales.iter().enumerate() {
            let (value, dtype) = (scale.to_f64(), T::NAME);
            if !scale.is_finite() || scale <= T::ZERO {
                return Err(QuantizerError::Scale { index, value });
            }
            if !scale.is_normal() {
                return Err(QuantizerError::Underflow { index, value, dtype });
            }
            match &self.zero {
                Zero::Points(points) if !(min..=max).contains(&points[index]) => {
                    return Err(QuantizerError::ZeroPoint { index, value: points[index], min, max });
                }
                Zero::Offsets(offsets) if !offsets[index].is_finite() => {
                    return Err(QuantizerError::Offset { index, value: offsets[index].to_f64() });
                }
                _ => {}
            }
            let map = self.affine_map(index);
            if [min, max].iter().any(|&code| !map.real(code).is_finite()) {
                return Err(QuantizerError::Overflow { index, value, dtype });
            }
        }
        Ok(())
    }

    /// Integer format of the codes.
    pub fn format(&self) -> CodeFormat {
        self.format
    }

    /// Elements that share a scale.
    pub fn granularity(&self) -> Granularity {
        self.granularity
    }

    /// Rounding of reals to integers.
    pub fn rounding(&self) -> Rounding {
        self.rounding
    }

    /// Scale of each part, the real distance between neighbouring codes.
    pub fn scales(&self) -> &[T] {
        &self.scales
    }

    /// Zero point or offset of each part.
    pub fn zero(&self) -> &Zero<T> {
        &self.zero
    }

    /// Quantizes a tensor by (Q1), (Q2) or (Q3).
    ///
    /// Divides (or multiplies by the reciprocal), rounds, adds the zero point and saturates to `qmin..=qmax`, in this
    /// order.
    ///
    /// # Errors
    /// [`QuantizerError::Empty`], [`QuantizerError::Shape`], [`QuantizerError::Axis`], [`QuantizerError::Count`] or [`QuantizerError::NotFinite`].
    pub fn quantize(&self, reals: &[T], shape: &[usize]) -> Result<Vec<i32>, QuantizerError> {
        let layout = self.layout(shape, reals.len())?;
        check_finite(reals)?;
        let mut codes = Vec::with_capacity(reals.len());
        for (part, run) in layout.runs() {
            let map = self.affine_map(part);
            codes.extend(reals[run].iter().map(|&real| map.code(real)));
        }
        Ok(codes)
    }

    /// Dequantizes codes by (Q4), or by (Q3) if the parameters have offsets.
    ///
    /// # Errors
    /// [`QuantizerError::Empty`], [`QuantizerError::Shape`], [`QuantizerError::Axis`], [`QuantizerError::Count`] or [`QuantizerError::Code`].
    pub fn dequantize(&self, codes: &[i32], shape: &[usize]) -> Result<Vec<T>, QuantizerError> {
        let layout = self.layout(shape, codes.len())?;
        let (min, max) = (self.format.min(), self.format.max());
        if let Some(index) = codes.iter().position(|code| !(min..=max).contains(code)) {
            return Err(QuantizerError::Code { index, value: codes[index], min, max });
        }
        let mut reals = Vec::with_capacity(codes.len());
        for (part, run) in layout.runs() {
            let map = self.affine_map(part);
            reals.extend(codes[run].iter().map(|&code| map.real(code)));
        }
        Ok(reals)
    }

    /// Measures the loss of quantizing a tensor.
    ///
    /// # Errors
    /// As [`TensorQuantizer::quantize`].
    pub fn metrics(&self, reals: &[T], shape: &[usize]) -> Result<Metrics, QuantizerError> {
        self.metrics_of_all(&[(reals, shape)])
    }

    /// Measures the loss of quantizing several tensors, each with its shape.
    ///
    /// # Errors
    /// As [`TensorQuantizer::quantize`]; [`QuantizerError::Empty`] without a tensor.
    pub(crate) fn metrics_of_all(&self, tensors: &[(&[T], &[usize])]) -> Result<Metrics, QuantizerError> {
        if tensors.is_empty() {
            return Err(QuantizerError::Empty);
        }
        let all = tensors.iter().flat_map(|(reals, _)| reals.iter().copied());
        let mut losses = LossAccumulator::of(all);
        for &(reals, shape) in tensors {
            let layout = self.layout(shape, reals.len())?;
            check_finite(reals)?;
            for (part, run) in layout.runs() {
                let map = self.affine_map(part);
                for &real in &reals[run] {
                    let restored = map.real(map.code(real));
                    losses.add(real.to_f64(), restored.to_f64(), map.clips(real));
                }
            }
        }
        Ok(losses.metrics())
    }

    fn layout(&self, shape: &[usize], elements: usize) -> Result<ScaleLayout, QuantizerError> {
        let layout = ScaleLayout::new(self.granularity, shape, elements)?;
        let (found, expected) = (self.scales.len(), layout.parts());
        if found == expected {
            Ok(layout)
        } else {
            Err(QuantizerError::Count { what: "scale", found, expected })
        }
    }

    /// Affine map of one part: through (zero point, 0) or through (qmin, offset).
    fn affine_map(&self, part: usize) -> AffineMap<T> {
        let (base, origin) = match &self.zero {
            Zero::Points(points) => (points[part], T::ZERO),
            Zero::Offsets(offsets) => (self.format.min(), offsets[part]),
        };
        AffineMap {
            base,
            origin,
            scale: self.scales[part],
            inverse: (self.division == Division::Reciprocal).then(|| T::ONE / self.scales[part]),
            low: T::from_i32(self.format.min() - base),
            high: T::from_i32(self.format.max() - base),
            rounding: self.rounding,
        }
    }
}

/// Rejects NaN and infinity.
pub(crate) fn check_finite<T: Real>(reals: &[T]) -> Result<(), QuantizerError> {
    match reals.iter().position(|real| !real.is_finite()) {
        Some(index) => Err(QuantizerError::NotFinite { index, value: reals[index].to_f64() }),
        None => Ok(()),
    }
}

/// The scale of a part, which must be a normal number.
pub(crate) fn normal_scale<T: Real>(index: usize, scale: T) -> Result<T, QuantizerError> {
    let (value, dtype) = (scale.to_f64(), T::NAME);
    if !scale.is_finite() {
        Err(QuantizerError::Overflow { index, value, dtype })
    } else if !scale.is_normal() {
        Err(QuantizerError::Underflow { index, value, dtype })
    } else {
        Ok(scale)
    }
}

/// The map `real = (code - base) * scale + origin`.
///
/// `code - base` is clamped to `low..=high`.
#[derive(Clone, Copy)]
struct AffineMap<T> {
    base: i32,
    origin: T,
    scale: T,
    /// Reciprocal of the scale, if it replaces the division.
    inverse: Option<T>,
    low: T,
    high: T,
    rounding: Rounding,
}

impl<T: Real> AffineMap<T> {
    /// Rounded steps from the base, before saturation.
    #[inline]
    fn steps(&self, real: T) -> T {
        let distance = real - self.origin;
        self.rounding.round(self.inverse.map_or_else(|| distance / self.scale, |inverse| distance * inverse))
    }

    #[inline]
    fn code(&self, real: T) -> i32 {
        self.base + self.steps(real).clamp(self.low, self.high).to_i32()
    }

    #[inline]
    fn clips(&self, real: T) -> bool {
        let steps = self.steps(real);
        steps < self.low || steps > self.high
    }

    #[inline]
    fn real(&self, code: i32) -> T {
        T::from_i32(code - self.base) * self.scale + self.origin
    }
}
