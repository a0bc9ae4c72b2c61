//! The 8-bit float format of the units that carry one.

use crate::arithmetic::float8::Float8;
use crate::unit::Values;

/// The format that the parameter `format` names.
pub(crate) fn format(values: &Values) -> Float8 {
    Float8::from_name(values.word("format")).expect("the catalogue offers no other")
}
