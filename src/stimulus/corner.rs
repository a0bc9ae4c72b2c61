//! Corner cases and small values of a port.

use super::float;
use crate::unit::Port;

/// Choices of [`corner`]: sixteen magnitudes of a float with either sign; integers repeat after eight.
pub(crate) const CORNERS: u64 = 32;

/// A corner case, as the pattern of one element.
pub(crate) fn corner(port: &Port, choice: u64) -> u64 {
    if let Some(format) = port.float {
        return float::corner(format, choice);
    }
    let (min, max) = (port.min(), port.integer.max());
    let value = match choice % 8 {
        0 | 1 => min,
        2 | 3 => max,
        4 => min + 1,
        5 => max - 1,
        6 => 0,
        _ if port.integer.signed => -1,
        _ => 1,
    };
    port.integer.encode(value)
}

/// A value of any magnitude.
///
/// Uniform random operands are rarely small, but rescaling distinguishes only small ones.
pub(crate) fn small(port: &Port, choice: u64, random: u64) -> u64 {
    let shift = choice % u64::from(port.integer.bits);
    port.integer.encode(port.integer.decode(random) >> shift)
}
