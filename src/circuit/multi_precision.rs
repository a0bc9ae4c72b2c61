//! Product of two words that are one, two or four numbers each, chosen while the circuit runs.
//!
//! The Booth rows of one wide product serve all widths. Numbers of the first word enter in reverse order: the products
//! of equal index then have equal weight, and the sum of all rows is the dot product of the two words.

use super::body::Body;
use super::booth_rows;
use super::digit::{Digit, digits};
use super::low::LowBits;
use super::net::{Factor, Net, concatenation, repeated};

/// Bits of a word.
pub(crate) const WORD_BITS: u32 = 8;

/// Widths of the numbers that a word may be, the widest first.
pub(crate) const WIDTHS: [u32; 3] = [8, 4, 2];

/// Weight of the lowest bit of the dot product of two words of numbers of a width, in powers of two.
pub(crate) fn weight(width: u32) -> u32 {
    WORD_BITS - width
}

/// The dot product of words `a` and `b` times two to the [`weight`], in twice [`WORD_BITS`] bits, as an expression.
///
/// `is_width` are the conditions of all [`WIDTHS`] but the last, which is what remains; numbers of `a` have the sign of
/// the factor, those of `b` are signed.
pub(crate) fn multi_precision_product(body: &mut Body, a: &Factor, b: &Net, is_width: [&str; 2]) -> String {
    let rows = digits(WORD_BITS, true);
    let mut low = LowBits::default();
    let mut row = None;
    for index in 0..rows {
        let operand = Factor { net: operand(body, a, index, is_width), signed: a.signed };
        let below = bit_below(body, b, index, is_width);
        let digit = Digit::of_bits(body, index, b.bit(2 * index + 1), b.bit(2 * index), below);
        row = Some(booth_rows::row(body, row, &mut low, &digit, &operand, (index, WORD_BITS + 2)));
    }
    body.blank_line();
    low.below(&row.expect("a word has a digit"))
}

/// The number of `a` that the digit `index` multiplies, at its weight.
fn operand(body: &mut Body, a: &Factor, index: u32, is_width: [&str; 2]) -> Net {
    let choices = WIDTHS.map(|width| {
        let low = width * (2 * index / width);
        let number = Factor { net: a.net.sub(low + width - 1, low), signed: a.signed };
        let zeros = repeated("1'b0", WORD_BITS - width - low);
        let [fill, number] = number.parts(low + width);
        concatenation(&[fill, number, zeros])
    });
    let [widest, middle, narrowest] = choices;
    let [is_widest, is_middle] = is_width;
    let value = format!("{is_widest} ? {widest} : {is_middle} ? {middle} : {narrowest}");
    body.wire(&format!("operand_{index}"), WORD_BITS, &value)
}

/// The bit of `b` below the digit `index`, or 0 where the digit is the lowest of a number.
fn bit_below(body: &mut Body, b: &Net, index: u32, is_width: [&str; 2]) -> String {
    let crosses = WIDTHS.iter().zip(is_width).filter(|(width, _)| !(2 * index).is_multiple_of(**width));
    let crosses: Vec<&str> = crosses.map(|(_, is_width)| is_width).collect();
    if crosses.is_empty() {
        return "1'b0".to_string();
    }
    let crosses = match &crosses[..] {
        [only] => (*only).to_string(),
        _ => format!("({})", crosses.join(" | ")),
    };
    let value = format!("{} & {crosses}", b.bit(2 * index - 1));
    body.wire(&format!("below_{index}"), 1, &value).name
}
