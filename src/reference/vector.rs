//! Elements packed in one port, the first in the lowest bits.

use crate::unit::Integer;

/// The value of one element, from the 64-bit words of the port.
pub(crate) fn element(words: &[u64], integer: Integer, index: u32) -> i64 {
    let start = index * integer.bits;
    let bit = |place: u32| words[(place / 64) as usize] >> (place % 64) & 1;
    let pattern = (0..integer.bits).fold(0, |pattern, place| pattern | bit(start + place) << place);
    integer.decode(pattern) as i64
}

/// Sets one element of a port whose bits are 0.
pub(crate) fn set_element(words: &mut [u64], integer: Integer, index: u32, value: i64) {
    let start = index * integer.bits;
    let pattern = integer.encode(value.into());
    for place in 0..integer.bits {
        words[((start + place) / 64) as usize] |= (pattern >> place & 1) << ((start + place) % 64);
    }
}
