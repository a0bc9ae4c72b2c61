//! Arithmetic of the 8-bit float format of a unit.

use crate::arithmetic::small_float::SmallFloat;
use crate::unit::Float;

/// Arithmetic of the format of a port.
pub(crate) fn arithmetic(format: Float) -> SmallFloat {
    SmallFloat::from_name(format.name).expect("the catalogue offers no other")
}
