//! Contents of memories as Verilog literals.

use serde_json::{Value as Json, json};

/// The context of `templates/engine/memory.v.tera`: a memory initialized with the given words.
pub(crate) fn memory(name: &str, why: &str, bits: u32, words: &[String]) -> Json {
    json!({
        "name": name,
        "why": why,
        "msb": bits - 1,
        "last": words.len() - 1,
        "words": words.iter().map(|word| literal(bits, word)).collect::<Vec<_>>(),
    })
}

/// A Verilog constant of `bits` bits; parts of 256 bits if it has more, for a single one would not fit into a line.
pub(crate) fn literal(bits: u32, digits: &str) -> String {
    const PART: usize = 64;
    if digits.len() <= PART {
        return format!("{bits}'h{digits}");
    }
    let (first, rest) = digits.split_at((digits.len() - 1) % PART + 1);
    let mut parts = vec![format!("{}'h{first}", bits as usize - 4 * rest.len())];
    parts.extend(
        (0..rest.len()).step_by(PART).map(|start| format!("{}'h{}", 4 * PART, &rest[start..][..PART])),
    );
    format!("{{{}}}", parts.join(", "))
}

/// Numbers of `bits` bits side by side in hexadecimal digits, the first in the lowest bits.
pub(crate) fn word(bits: u32, numbers: impl IntoIterator<Item = i64>) -> String {
    let (mut digits, mut pending, mut filled) = (Vec::new(), 0u128, 0);
    for number in numbers {
        pending |= u128::from(number as u64 & (u64::MAX >> (64 - bits))) << filled;
        filled += bits;
        while filled >= 4 {
            digits.push((pending & 15) as u32);
            pending >>= 4;
            filled -= 4;
        }
    }
    if filled > 0 {
        digits.push(pending as u32);
    }
    digits.iter().rev().map(|&digit| char::from_digit(digit, 16).expect("a digit")).collect()
}

/// Bits that hold the numbers from 0 to `last`, at least one.
pub(crate) fn bits_of(last: usize) -> u32 {
    (usize::BITS - last.leading_zeros()).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs_the_first_number_into_the_lowest_bits() {
        assert_eq!(word(8, [0x12, -1]), "ff12");
        assert_eq!(word(4, [1, 2, -8]), "821");
        assert_eq!(word(3, [1, -1, 0]), "039");
        assert_eq!(word(2, [-1]), "3");
    }

    #[test]
    fn long_constants_are_concatenations() {
        assert_eq!(literal(12, "abc"), "12'habc");
        assert_eq!(literal(256, &"a".repeat(64)), format!("256'h{}", "a".repeat(64)));
        let parts = format!("{{1'h1, 256'h{}, 256'h{}}}", "b".repeat(64), "c".repeat(64));
        assert_eq!(literal(513, &format!("1{}{}", "b".repeat(64), "c".repeat(64))), parts);
        assert_eq!(literal(512, &"d".repeat(128)), format!("{{256'h{0}, 256'h{0}}}", "d".repeat(64)));
    }

    #[test]
    fn counts_bits_of_indices() {
        assert_eq!([0, 1, 2, 3, 4, 255, 256].map(bits_of), [1, 1, 2, 2, 3, 8, 9]);
    }
}
