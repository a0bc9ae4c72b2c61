//! Quantization of one tensor.

/// Scale and zero point of a tensor of 8-bit codes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantization {
    /// Real distance between neighbouring codes, positive and finite.
    pub scale: f32,
    /// Code of real zero, -128 to 127; of an unsigned tensor, minus 128.
    pub zero_point: i32,
}

impl Quantization {
    /// The scale as a binary64 number, exactly.
    pub fn wide_scale(self) -> f64 {
        self.scale.into()
    }

    /// Ratio of this scale to another, in binary64.
    pub fn ratio(self, other: Self) -> f64 {
        self.wide_scale() / other.wide_scale()
    }
}
