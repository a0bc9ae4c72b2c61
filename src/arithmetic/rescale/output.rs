//! Output stage of a rescaling.

use super::error::RescaleError;
use crate::arithmetic::quantizer::CodeFormat;

/// Output stage: adds the zero point and clamps to the codes of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutputStage {
    format: CodeFormat,
    zero_point: i32,
    min: i32,
    max: i32,
}

impl OutputStage {
    /// Creates a stage for codes of `format`, clamped to their full range.
    ///
    /// # Errors
    /// [`RescaleError::ZeroPoint`] if `zero_point` is not a code of the format.
    pub fn new(format: CodeFormat, zero_point: i32) -> Result<Self, RescaleError> {
        let (min, max) = (format.min(), format.max());
        if !(min..=max).contains(&zero_point) {
            return Err(RescaleError::ZeroPoint { zero_point, min, max });
        }
        Ok(Self { format, zero_point, min, max })
    }

    /// Narrows the clamp to `min..=max`.
    ///
    /// # Errors
    /// [`RescaleError::EmptyClamp`] and [`RescaleError::ClampOutsideType`].
    pub fn clamped(self, min: i32, max: i32) -> Result<Self, RescaleError> {
        if min > max {
            return Err(RescaleError::EmptyClamp { min, max });
        }
        if min < self.min || max > self.max {
            return Err(RescaleError::ClampOutsideType { min, max, type_min: self.min, type_max: self.max });
        }
        Ok(Self { min, max, ..self })
    }

    /// Adds a fused ReLU: the smallest code is the zero point.
    ///
    /// # Errors
    /// [`RescaleError::EmptyClamp`] if the clamp ends below the zero point.
    pub fn relu(self) -> Result<Self, RescaleError> {
        self.clamped(self.min.max(self.zero_point), self.max)
    }

    /// Integer format of the codes.
    pub fn format(self) -> CodeFormat {
        self.format
    }

    /// Code of real zero.
    pub fn zero_point(self) -> i32 {
        self.zero_point
    }

    /// Smallest output code.
    pub fn min(self) -> i32 {
        self.min
    }

    /// Largest output code.
    pub fn max(self) -> i32 {
        self.max
    }

    /// Bounds of a rescaled value before the zero point is added; they fit 17 bits.
    pub(crate) fn bounds(self) -> (i32, i32) {
        (self.min - self.zero_point, self.max - self.zero_point)
    }

    /// Computes `clamp(rescaled + zero_point, min, max)` without overflow.
    pub fn apply(self, rescaled: i128) -> i32 {
        let (min, max) = self.bounds();
        rescaled.clamp(i128::from(min), i128::from(max)) as i32 + self.zero_point
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(bits: u32, signed: bool, zero_point: i32) -> Result<OutputStage, RescaleError> {
        OutputStage::new(CodeFormat::new(bits, signed).unwrap(), zero_point)
    }

    #[test]
    fn relu_clamps_at_zero_point() {
        let relu = output(8, true, -19).unwrap().relu().unwrap();
        assert_eq!((relu.min(), relu.max()), (-19, 127));
        assert_eq!(relu.apply(-5), -19);
        assert_eq!(relu.apply(5), -14);
        assert_eq!(relu.apply(i128::MAX), 127);
        assert_eq!(relu.apply(i128::MIN), -19);
    }

    #[test]
    fn clamp_is_idempotent() {
        let stage = output(4, false, 8).unwrap();
        let mut compared = 0;
        for value in -40..=40 {
            let once = stage.apply(value);
            assert_eq!(stage.apply(i128::from(once - stage.zero_point())), once);
            compared += 1;
        }
        assert_eq!(compared, 81);
    }

    #[test]
    fn rejects_illegal_stages() {
        assert_eq!(
            output(8, true, 128),
            Err(RescaleError::ZeroPoint { zero_point: 128, min: -128, max: 127 })
        );
        assert_eq!(output(2, false, -1), Err(RescaleError::ZeroPoint { zero_point: -1, min: 0, max: 3 }));
        let int8 = output(8, true, 0).unwrap();
        assert_eq!(int8.clamped(3, 2), Err(RescaleError::EmptyClamp { min: 3, max: 2 }));
        assert_eq!(
            int8.clamped(-129, 2),
            Err(RescaleError::ClampOutsideType { min: -129, max: 2, type_min: -128, type_max: 127 })
        );
        assert_eq!(int8.clamped(-8, -1).unwrap().relu(), Err(RescaleError::EmptyClamp { min: 0, max: -1 }));
    }
}
