//! The 8-bit float format of the units that carry one.

use crate::arithmetic::float8::Float8;
use crate::unit::Float;

/// The arithmetic of the format that a port has.
pub(crate) fn arithmetic(format: Float) -> Float8 {
    Float8::from_name(format.name).expect("the catalogue offers no other")
}
