//! Fused activations: (T2).

use super::quantization::Quantization;

/// An activation that a layer applies as a clamp of its output codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Activation {
    /// No clamp beyond the code range.
    None,
    /// Reals below 0 become 0.
    Relu,
    /// Reals are clamped to 0..=6.
    Relu6,
    /// Reals are clamped to -1..=1.
    ReluN1To1,
}

impl Activation {
    /// Smallest and largest output code, -128 to 127: (T2).
    ///
    /// The smallest exceeds the largest where no code lies inside the range.
    pub fn range(self, output: Quantization) -> (i32, i32) {
        let code = |real: f32| {
            let steps = f64::from((real / output.scale).round());
            (steps + f64::from(output.zero_point)).clamp(-65536.0, 65536.0) as i32
        };
        let (low, high) = match self {
            Self::None => (-128, 127),
            Self::Relu => (code(0.0), 127),
            Self::Relu6 => (code(0.0), code(6.0)),
            Self::ReluN1To1 => (code(-1.0), code(1.0)),
        };
        (low.max(-128), high.min(127))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_round_half_away_and_stay_inside_the_codes() {
        let output = Quantization { scale: 0.0625, zero_point: -100 };
        assert_eq!(Activation::None.range(output), (-128, 127));
        assert_eq!(Activation::Relu.range(output), (-100, 127));
        assert_eq!(Activation::Relu6.range(output), (-100, -4));
        assert_eq!(Activation::ReluN1To1.range(output), (-116, -84));
        // 1 / 0.4 is 2.5, half way between two codes.
        let coarse = Quantization { scale: 0.4, zero_point: 126 };
        assert_eq!(Activation::ReluN1To1.range(coarse), (123, 127));
    }
}
