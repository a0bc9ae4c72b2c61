//! Order of two factors by their width.

use super::net::Factor;

/// The factors in the order in which the narrower one determines the number of rows.
pub(crate) fn wider_first(a: Factor, b: Factor) -> (Factor, Factor) {
    if a.bits() < b.bits() { (b, a) } else { (a, b) }
}
