//! Word that packs the elements of one factor.

use super::packing::FactorRow;
use crate::circuit::{Body, Factor, Net, concatenation, repeated};

/// The elements of a factor added up, each `step` bits above the one before.
pub(crate) enum PackedWord {
    /// One vector.
    Whole(Net),
    /// Two numbers for the adder of the DSP block: all elements but the first, and the first.
    Halves([Net; 2]),
}

/// The word of the vector `net`, whose elements stand side by side. Without an adder in the block it
/// is composed here: the sign of an element is subtracted from the elements above it.
pub(crate) fn word(
    body: &mut Body,
    name: &str,
    net: &Net,
    row: FactorRow,
    step: u32,
    adds: bool,
) -> PackedWord {
    let (bits, last) = (row.integer.bits, row.lanes - 1);
    let element = |index: u32| Factor {
        net: net.sub(bits * index + bits - 1, bits * index),
        signed: row.integer.signed,
    };
    let numbered = |part: &str, index: u32| match index {
        0 => format!("{name}_{part}"),
        _ => format!("{name}_{part}_{index}"),
    };
    let mut word = element(last);
    if !word.signed {
        let elements = (0..last).rev().flat_map(|index| element(index).parts(step));
        let parts: Vec<String> = word.parts(bits + 1).into_iter().chain(elements).collect();
        return PackedWord::Whole(body.wire(
            &numbered("word", 0),
            row.word_bits(step, 0),
            &concatenation(&parts),
        ));
    }
    for index in (0..last).rev() {
        let (own, total) = (element(index), row.word_bits(step, index));
        if adds && index == 0 {
            let [sign, upper] = word.parts(total - step);
            let high = concatenation(&[sign, upper, format!("{step}'d0")]);
            let high = body.wire(&numbered("high", 0), total, &high);
            return PackedWord::Halves([high, body.wire(&numbered("low", 0), total, &own.extended(total))]);
        }
        let upper = word.extended(total - step);
        let borrowed = format!("{upper} + {}", repeated(&own.bit(bits * index + bits - 1), total - step));
        let above = body.wire(&numbered("upper", index), total - step, &borrowed);
        let [sign, low] = own.parts(step);
        let net = body.wire(&numbered("word", index), total, &concatenation(&[above.text(), sign, low]));
        word = Factor { net, signed: true };
    }
    PackedWord::Whole(word.net)
}
