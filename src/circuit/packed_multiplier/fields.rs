//! The datapath from the operands to the fields that hold the products.

use std::ops::Range;

use super::packing::{FactorSide, Packing};
use super::word::{PackedWord, word};
use crate::circuit::{Body, Ccu2cFunction, Factor, Net, adder, concatenation, repeated};

/// Register positions of the datapath.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RegisterPositions {
    pub(crate) operands: bool,
    pub(crate) words: bool,
    pub(crate) product: bool,
    pub(crate) fields: bool,
}

impl RegisterPositions {
    /// `stages` registers, at the positions that benefit a DSP block most.
    pub(crate) fn new(stages: u32) -> Self {
        Self { operands: stages > 2, words: stages > 3, product: stages > 1, fields: stages > 0 }
    }
}

/// All fields side by side.
pub(crate) struct Fields {
    pub(crate) net: Net,
    /// The fields whose sign is inverted by the bias that keeps them from borrowing.
    inverted: Range<u32>,
}

/// The product of the packed operands, with the registers of the datapath.
pub(crate) fn product(body: &mut Body, packing: Packing, registers: RegisterPositions) -> Net {
    let [wide, narrow] = packing.placed().expect("a config that does not fit is refused");
    let operand = |side: FactorSide| {
        let row = packing.row(side);
        match row.lanes {
            1 => Factor::new(side.word(), row.integer).net,
            lanes => Net::new(side.word(), row.integer.bits * lanes),
        }
    };
    let (mut first, mut second) = (operand(wide), operand(narrow));
    if registers.operands {
        body.insert_registers(&mut [&mut first, &mut second]);
    }
    let mut whole = |side: FactorSide, net: &Net, adds: bool| match word(
        body,
        side.word(),
        net,
        packing.row(side),
        packing.step(side),
        adds,
    ) {
        PackedWord::Whole(net) => net,
        PackedWord::Halves([high, low]) => {
            let sum = format!("{} + {}", high.text(), low.text());
            body.wire(&format!("{}_word", side.word()), packing.word_bits(side), &sum)
        }
    };
    first = whole(wide, &first, packing.block.adds());
    second = whole(narrow, &second, false);
    if registers.words {
        body.insert_registers(&mut [&mut first, &mut second]);
    }
    let [first, second] = [first, second].map(|net| format!("$signed({})", net.text()));
    let mut product = body.signed("products", packing.product_bits(), &format!("{first} * {second}"));
    if registers.product {
        body.insert_registers(&mut [&mut product]);
    }
    product
}

/// The constant that a block with an adder adds to a product, or starts a sum of products with.
fn bias(packing: Packing) -> String {
    format!("{}'d{}", packing.sum_bits(), packing.bias(0))
}

/// The product and the bias.
pub(crate) fn biased(body: &mut Body, packing: Packing, product: Net) -> Net {
    if !packing.block.adds() || !packing.field().signed {
        return product;
    }
    body.wire("fields", packing.sum_bits(), &format!("{} + {}", product.text(), bias(packing)))
}

/// The next value of the register `accum`: its value plus the product, without its value on `start`.
pub(crate) fn next_sum(body: &mut Body, packing: Packing, product: Net) -> String {
    let all = packing.sum_bits();
    let addend = Factor { net: product, signed: packing.field().signed };
    if packing.block.adds() {
        return format!("(start ? {} : accum) + {}", bias(packing), addend.extended(all));
    }
    // The carry LUT of a bit clears the sum as well.
    let bits: Vec<_> = (0..all)
        .map(|bit| [addend.bit(bit), "1'b1".to_string(), format!("accum[{bit}]"), "start".to_string()])
        .collect();
    body.blank_line();
    adder(body, "next", Ccu2cFunction::AddUnless, &bits).text()
}

/// The fields of the output of the block, with a bias if the block has adders. Without adders, the borrow of
/// the field below is added back to each field except the lowest.
pub(crate) fn fields(body: &mut Body, packing: Packing, sum: Net) -> Fields {
    let (bits, all, last) = (packing.field().bits, packing.sum_bits(), packing.fields() - 1);
    if !packing.field().signed {
        return Fields { net: sum, inverted: 0..0 };
    }
    if packing.block.adds() {
        return Fields { net: sum, inverted: 0..last };
    }
    let above = all - bits;
    let bias = packing.bias(1) >> bits;
    let bias = if bias > 0 { format!(" + {above}'d{bias}") } else { String::new() };
    let borrowed = concatenation(&[repeated("1'b0", above - 1), sum.bit(bits - 1)]);
    let upper = body.wire("upper", above, &format!("{}{bias} + {borrowed}", sum.slice(all - 1, bits)));
    let net = body.wire("fields", all, &concatenation(&[upper.text(), sum.slice(bits - 1, 0)]));
    Fields { net, inverted: 1..last }
}

/// The elements of the result, the first in the lowest bits.
pub(crate) fn unpacked(packing: Packing, fields: &Fields) -> String {
    let (field, result) = (packing.field(), packing.result());
    let extra = result.bits - field.bits;
    let elements = (0..packing.fields()).rev().flat_map(|index| {
        let (hi, lo) = (field.bits * (index + 1) - 1, field.bits * index);
        let (sign, whole) = (fields.net.bit(hi), fields.net.slice(hi, lo));
        match field.signed {
            true if fields.inverted.contains(&index) => {
                [repeated(&format!("~{sign}"), extra + 1), fields.net.slice(hi - 1, lo)]
            }
            true => [repeated(&sign, extra), whole],
            false => [repeated("1'b0", extra), whole],
        }
    });
    concatenation(&elements.collect::<Vec<_>>())
}
