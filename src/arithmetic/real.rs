//! Float types of tensors; every formula is evaluated in the type of its input.

use std::fmt::{Debug, Display};
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

/// An IEEE 754 binary float: `f32` or `f64`.
///
/// A generic formula rounds after each operation as its type does: an `f32` tensor is quantized in `f32`, as
/// in ONNX and TFLite, an `f64` tensor in `f64`.
pub trait Real:
    Copy
    + PartialOrd
    + Debug
    + Display
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Rem<Output = Self>
    + Neg<Output = Self>
    + 'static
{
    /// NumPy's name of the type.
    const NAME: &'static str;
    /// Smallest positive normal number.
    const MIN_POSITIVE: Self;
    /// Positive zero.
    const ZERO: Self;
    /// One.
    const ONE: Self;

    /// Converts an integer, rounding to nearest; exact up to 2^24 in `f32`.
    fn from_i32(value: i32) -> Self;
    /// Converts a number, rounding to nearest.
    fn from_f64(value: f64) -> Self;
    /// Truncates toward zero and saturates at the limits of `i32`.
    fn to_i32(self) -> i32;
    /// Converts to `f64`, which is exact.
    fn to_f64(self) -> f64;
    /// Absolute value.
    fn abs(self) -> Self;
    /// Minimum of two numbers.
    fn min(self, other: Self) -> Self;
    /// Maximum of two numbers.
    fn max(self, other: Self) -> Self;
    /// Clamps to `low..=high`.
    fn clamp(self, low: Self, high: Self) -> Self;
    /// Whether the number is neither NaN nor infinite.
    fn is_finite(self) -> bool;
    /// Whether the number is neither zero, subnormal, infinite nor NaN.
    fn is_normal(self) -> bool;
    /// Rounds to the nearest integer, ties to even.
    fn round_half_even(self) -> Self;
    /// Rounds to the nearest integer, ties away from zero.
    fn round_half_away(self) -> Self;
    /// Rounds toward zero.
    fn truncate(self) -> Self;
    /// Rounds toward negative infinity.
    fn floor(self) -> Self;
}

macro_rules! real {
    ($type:ident, $name:literal) => {
        impl Real for $type {
            const NAME: &'static str = $name;
            const MIN_POSITIVE: Self = $type::MIN_POSITIVE;
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;

            fn from_i32(value: i32) -> Self {
                value as $type
            }
            fn from_f64(value: f64) -> Self {
                value as $type
            }
            fn to_i32(self) -> i32 {
                self as i32
            }
            fn to_f64(self) -> f64 {
                self.into()
            }
            fn abs(self) -> Self {
                self.abs()
            }
            fn min(self, other: Self) -> Self {
                self.min(other)
            }
            fn max(self, other: Self) -> Self {
                self.max(other)
            }
            fn clamp(self, low: Self, high: Self) -> Self {
                self.clamp(low, high)
            }
            fn is_finite(self) -> bool {
                self.is_finite()
            }
            fn is_normal(self) -> bool {
                self.is_normal()
            }
            fn round_half_even(self) -> Self {
                self.round_ties_even()
            }
            fn round_half_away(self) -> Self {
                self.round()
            }
            fn truncate(self) -> Self {
                self.trunc()
            }
            fn floor(self) -> Self {
                self.floor()
            }
        }
    };
}

real!(f32, "float32");
real!(f64, "float64");
