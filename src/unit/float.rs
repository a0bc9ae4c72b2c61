//! Floating-point formats of ports.

use super::number::Integer;

/// A binary floating-point format: a sign, an exponent and a fraction, from the high bit down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Float {
    /// The name in parameters, module names and lists: `f32`, `e4m3`.
    pub name: &'static str,
    /// Width of the exponent field.
    pub exponent_bits: u32,
    /// Width of the fraction field.
    pub fraction_bits: u32,
    /// Whether the largest exponent encodes infinity and NaN, as in IEEE 754. Without infinity, only the code
    /// of all ones is NaN.
    pub infinity: bool,
}

impl Float {
    /// IEEE 754 binary32.
    pub const F32: Self = Self { name: "f32", exponent_bits: 8, fraction_bits: 23, infinity: true };
    /// E4M3 (FN), largest 448.
    pub const E4M3: Self = Self { name: "e4m3", exponent_bits: 4, fraction_bits: 3, infinity: false };
    /// E5M2, largest 57344.
    pub const E5M2: Self = Self { name: "e5m2", exponent_bits: 5, fraction_bits: 2, infinity: true };

    /// The unsigned integer type of its bit patterns.
    pub const fn pattern(self) -> Integer {
        Integer::unsigned(1 + self.exponent_bits + self.fraction_bits)
    }

    /// The exponent bias.
    pub const fn bias(self) -> u32 {
        (1 << (self.exponent_bits - 1)) - 1
    }

    /// Ones in every bit except the sign.
    pub const fn magnitude_mask(self) -> u64 {
        self.pattern().mask() >> 1
    }

    /// The pattern of the largest finite number.
    pub const fn largest(self) -> u64 {
        let reserved = if self.infinity { 1 << self.fraction_bits } else { 1 };
        self.magnitude_mask() - reserved
    }
}
