//! Arithmetic of the 8-bit float format of a unit.

use crate::arithmetic::float8::Float8;
use crate::unit::Float;

/// Arithmetic of the format of a port.
pub(crate) fn arithmetic(format: Float) -> Float8 {
    Float8::from_name(format.name).expect("the catalogue offers no other")
}
