//! Integer formats of codes.

use serde::Serialize;

use super::error::QuantizerError;

/// An integer format: 2 to 16 bits, two's complement or unsigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct CodeFormat {
    bits: u32,
    signed: bool,
}

impl CodeFormat {
    /// Creates a format of `bits` bits.
    ///
    /// # Errors
    /// [`QuantizerError::Bits`] outside 2 to 16 bits.
    pub fn new(bits: u32, signed: bool) -> Result<Self, QuantizerError> {
        if (2..=16).contains(&bits) { Ok(Self { bits, signed }) } else { Err(QuantizerError::Bits(bits)) }
    }

    /// Width in bits.
    pub fn bits(self) -> u32 {
        self.bits
    }

    /// Whether codes are two's complement.
    pub fn signed(self) -> bool {
        self.signed
    }

    /// Smallest code, `qmin`: -128, -8, -2 or 0.
    pub fn min(self) -> i32 {
        if self.signed { -(1 << (self.bits - 1)) } else { 0 }
    }

    /// Largest code, `qmax`: 127, 7, 1 or 255, 15, 3.
    pub fn max(self) -> i32 {
        self.min() + self.steps()
    }

    /// Number of steps from the smallest code to the largest, `qmax - qmin`.
    pub fn steps(self) -> i32 {
        (1 << self.bits) - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_ranges_equal_integer_types() {
        let range = |bits, signed| {
            let format = CodeFormat::new(bits, signed).unwrap();
            (format.min(), format.max())
        };
        assert_eq!([8, 4, 2].map(|bits| range(bits, true)), [(-128, 127), (-8, 7), (-2, 1)]);
        assert_eq!([8, 4, 2].map(|bits| range(bits, false)), [(0, 255), (0, 15), (0, 3)]);
        assert_eq!([true, false].map(|signed| range(16, signed)), [(-32768, 32767), (0, 65535)]);
    }

    #[test]
    fn rejects_widths_outside_2_to_16() {
        for bits in [0, 1, 17, u32::MAX] {
            assert_eq!(CodeFormat::new(bits, true), Err(QuantizerError::Bits(bits)));
        }
    }
}
