//! The number types of operands and sums.

use std::ops::BitAnd;

use crate::unit::Integer;

/// The number type of operands, products and sums: unsigned types compute modulo their width, signed types
/// are wide enough for exact sums.
pub(crate) trait Number: Copy + Send {
    fn from_value(value: i64) -> Self;
    fn less(self, other: Self) -> Self;
    fn times(self, other: Self) -> Self;
    fn plus(self, other: Self) -> Self;
}

macro_rules! number {
    ($($number:ty),*) => {$(
        impl Number for $number {
            fn from_value(value: i64) -> $number {
                value as $number
            }

            fn less(self, other: $number) -> $number {
                self.wrapping_sub(other)
            }

            fn times(self, other: $number) -> $number {
                self.wrapping_mul(other)
            }

            fn plus(self, other: $number) -> $number {
                self.wrapping_add(other)
            }
        }
    )*};
}

number!(u32, u64, i64, i128);

/// A type that computes modulo its width.
pub(crate) trait Word: Number + Into<u64> + BitAnd<Output = Self> {
    /// 0 for a control bit of 1, all ones for 0.
    fn mask_unless(bit: u8) -> Self;
}

macro_rules! word {
    ($($word:ty),*) => {$(
        impl Word for $word {
            fn mask_unless(bit: u8) -> $word {
                <$word>::from(bit).wrapping_sub(1)
            }
        }
    )*};
}

word!(u32, u64);

/// A type that holds every sum, so that overflow is detected.
pub(crate) trait ExactNumber: Number + Ord {
    /// Converts a bound of the accumulator, which fits.
    fn from_bound(value: i128) -> Self;
    /// The low 64 bits.
    fn pattern(self) -> u64;
    /// The value of the integer type with the same low bits.
    fn wrapped(self, integer: Integer) -> Self;
}

impl ExactNumber for i64 {
    fn from_bound(value: i128) -> Self {
        value as Self
    }

    fn pattern(self) -> u64 {
        self as u64
    }

    fn wrapped(self, integer: Integer) -> Self {
        let shift = 64 - integer.bits;
        if integer.signed { self << shift >> shift } else { ((self as u64) << shift >> shift) as Self }
    }
}

impl ExactNumber for i128 {
    fn from_bound(value: Self) -> Self {
        value
    }

    fn pattern(self) -> u64 {
        self as u64
    }

    fn wrapped(self, integer: Integer) -> Self {
        integer.decode(self as u64)
    }
}
