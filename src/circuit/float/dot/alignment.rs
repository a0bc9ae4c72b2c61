//! Alignment: shifts by powers of two bring the significands of all products to common weights.
//!
//! The narrow shifts come first, so that few bits go through most of them.

use super::{Dot, Products};
use crate::circuit::body::Body;
use crate::circuit::float::{ROUNDING_STEPS, Steps};
use crate::circuit::lanes::LaneVector;
use crate::circuit::net::{Net, concatenation, repeated};

/// What the significands are aligned to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum DotAlignment {
    /// The least exponent: no bit is lost. The sum is rounded to nearest, ties to even.
    Least {
        /// The least exponent of a product.
        least: u32,
        /// The largest exponent of a product.
        largest: u32,
    },
    /// The largest exponent of all products: lower bits are cut off, toward zero, and those of the sum too.
    ///
    /// The exponent of a product that is 0 must be 0.
    Largest {
        /// Bits of a significand before the point.
        integer_bits: u32,
        /// Bits behind the point, of a term and below the leading one of the sum.
        fraction_bits: u32,
    },
}

impl DotAlignment {
    /// Whether the largest exponent is needed.
    pub(super) fn has_largest(self) -> bool {
        matches!(self, Self::Largest { .. })
    }

    /// Width of a term without its sign.
    pub(super) fn magnitude_bits(self, significand_bits: u32) -> u32 {
        match self {
            Self::Least { least, largest } => significand_bits + largest - least,
            Self::Largest { integer_bits, fraction_bits } => integer_bits + fraction_bits,
        }
    }

    /// Shifts of a product, each by a bit of its distance.
    fn levels(self, dot: &Dot) -> u32 {
        match self {
            Self::Least { .. } => dot.exponent_bits,
            // A shift by all bits of a term leaves none.
            Self::Largest { .. } => 32 - (dot.term_bits() - 2).leading_zeros(),
        }
    }

    /// Steps from products to the last shift.
    pub(super) fn steps(self, dot: &Dot) -> u32 {
        self.levels(dot) - 1 + u32::from(self.has_largest())
    }

    /// Steps from the normalized magnitude to the result.
    pub(super) fn result_steps(self) -> u32 {
        match self {
            Self::Least { .. } => ROUNDING_STEPS,
            Self::Largest { .. } => 1,
        }
    }
}

/// Finds the largest exponent, by halves; the products wait for it. Returns it in step with them.
pub(super) fn largest(body: &mut Body, dot: &Dot, stages: u32, products: &mut Products) -> Net {
    body.comment(&["The largest exponent, by halves."]);
    let mut steps = Steps::new(dot.levels(), stages);
    let mut candidates = products.exponents.clone();
    for level in (0..dot.levels()).rev() {
        let name = format!("largest_of_{}", dot.lanes() >> level);
        let larger = LaneVector::declared(body, &name, dot.exponent_bits, 1 << level);
        let [left, right] = candidates.pair(dot.exponent_bits - 1, 0);
        let line = format!("assign {} = {left} > {right} ? {left} : {right};", larger.at());
        body.lanes(&name, 1 << level, vec![line]);
        candidates = larger;
        if level > 0 {
            steps.end(body, &mut products.live(&mut candidates.net));
        }
    }
    body.insert_registers(&mut products.live(&mut candidates.net));
    candidates.net
}

/// Shifts the significands, and complements those of negative products in the last shift.
///
/// Returns a term for each lane of the adder tree, which are 1 too small for negative products, and the bits that the
/// tree must add, in registers.
pub(super) fn align(
    body: &mut Body,
    dot: &Dot,
    stages: u32,
    mut products: Products,
    largest: Option<Net>,
) -> (LaneVector, Net) {
    let mut steps = Steps::new(dot.alignment.steps(dot), stages);
    if let Some(largest) = largest {
        let distances = LaneVector::declared(body, "distances", dot.exponent_bits, dot.products);
        let line = format!("assign {} = {} - {};", distances.at(), largest.text(), products.exponents.at());
        body.lanes("distances", dot.products, vec![line]);
        products.exponents = distances;
        steps.end(body, &mut products.all());
    }
    body.comment(&[
        "Shifts by powers of two, the narrowest first. The last one complements negative terms, which",
        "makes them 1 too small: the adder tree adds it.",
    ]);
    let levels = dot.alignment.levels(dot);
    for level in 0..levels - 1 {
        products = shifted(body, dot, products, level, levels);
        if level < levels - 2 {
            steps.end(body, &mut products.all());
        }
    }
    // The widest zeros but for those of the last shift: resets of these registers make them.
    body.insert_registers(&mut products.all());
    let mut terms = complemented(body, dot, &products, levels - 1);
    terms.clear_from(body, dot.products);
    let padding = repeated("1'b0", dot.lanes() - dot.products);
    let negatives = concatenation(&[padding, products.negatives.net.text()]);
    let mut carries = body.wire("carries", dot.lanes(), &negatives);
    body.insert_registers(&mut [&mut terms.net, &mut carries]);
    (terms, carries)
}

/// The products after the shift by `2^level`, and the higher bits of their distances.
fn shifted(body: &mut Body, dot: &Dot, products: Products, level: u32, levels: u32) -> Products {
    let (value, bits) = shift(dot, &products, level);
    let Products { exponents: distances, .. } = &products;
    let [name, rest_name] = ["aligned", "rest"].map(|stem| format!("{stem}_{}", 1 << level));
    let significands = LaneVector::declared(body, &name, bits, dot.products);
    let rest = LaneVector::declared(body, &rest_name, levels - 1 - level, dot.products);
    let lines = vec![
        format!("assign {} = {value};", significands.at()),
        format!("assign {} = {};", rest.at(), distances.field(rest.bits, 1)),
    ];
    body.lanes(&name, dot.products, lines);
    Products { significands, exponents: rest, ..products }
}

/// The terms after the last shift, those of negative products complemented.
fn complemented(body: &mut Body, dot: &Dot, products: &Products, level: u32) -> LaneVector {
    let (value, bits) = shift(dot, products, level);
    assert_eq!(bits + 1, dot.term_bits(), "the shifts have {bits} bits");
    let terms = LaneVector::declared(body, "terms", dot.term_bits(), dot.lanes());
    let complement = repeated(&products.negatives.at(), dot.term_bits());
    let line = format!("assign {} = {complement} ^ {{1'b0, {value}}};", terms.at());
    body.lanes("terms", dot.products, vec![line]);
    terms
}

/// The significand of lane `i` after the shift by `2^level`, and its width.
///
/// The zeros that it shifts in cost nothing where a register with a synchronous reset follows.
fn shift(dot: &Dot, products: &Products, level: u32) -> (String, u32) {
    let amount = 1 << level;
    let Products { exponents, significands: value, .. } = products;
    let zeros = |bits: u32| repeated("1'b0", bits);
    let (bits, select) = (value.bits, exponents.field(0, 0));
    let (moved, kept, width) = match dot.alignment {
        DotAlignment::Least { least, largest } => {
            // No product has an exponent below the least: the last shift leaves out the bits below it.
            let cut = if exponents.bits == 1 { least } else { 0 };
            let width = (bits + amount).min(dot.significand_bits + largest);
            let moved = [value.field(width - amount - 1, 0), zeros(amount - cut)];
            (moved, [zeros(width - bits), value.field(bits - 1, cut)], width - cut)
        }
        DotAlignment::Largest { .. } => {
            let width = (bits + amount).min(dot.term_bits() - 1);
            let moved = [zeros(amount), value.field(bits - 1, bits + amount - width)];
            (moved, [value.at(), zeros(width - bits)], width)
        }
    };
    let shifted = format!("({select} ? {} : {})", concatenation(&moved), concatenation(&kept));
    let levels = dot.alignment.levels(dot);
    if level > 0 || exponents.bits == levels {
        return (shifted, width);
    }
    // Where it is narrow, a product is cleared that lies below all bits of the terms.
    let is_near = format!("~|{}", exponents.field(exponents.bits - 1, levels));
    (format!("{} & {shifted}", repeated(&is_near, width)), width)
}
