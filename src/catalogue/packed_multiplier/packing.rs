//! How narrow products share one wide product: exact ranges, the bits between products, and what of
//! it fits a DSP block.
//!
//! The elements of a factor are added up, each `step` bits above the one before it. The product of
//! two such words holds every product of an element of one with an element of the other, in a field
//! of its own, as long as each fits its field.

use super::block::Block;
use crate::unit::{Integer, Values};

/// Smallest and largest value.
pub(crate) type Range = (i128, i128);

/// The elements of one factor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) integer: Integer,
    /// Whether the most negative value does not occur.
    pub(crate) narrow: bool,
    pub(crate) lanes: u32,
}

impl Row {
    pub(crate) fn new(values: &Values, name: &str) -> Row {
        Row {
            integer: Integer {
                bits: values.count(format!("{name}_bits")),
                signed: values.flag(format!("{name}_signed")),
            },
            narrow: values.flag(&format!("{name}_narrow")),
            lanes: values.count(&format!("{name}_lanes")),
        }
    }

    fn range(self) -> Range {
        (self.integer.min() + i128::from(self.narrow), self.integer.max())
    }

    /// Bits of the word of the elements from `first` on, in two's complement.
    pub(crate) fn word_bits(self, step: u32, first: u32) -> u32 {
        let weight: i128 = (0..self.lanes - first).map(|place| 1 << (step * place)).sum();
        let (min, max) = self.range();
        signed_bits((min * weight, max * weight))
    }

    /// `s8`, or `s8n` where the most negative value does not occur.
    pub(crate) fn short(self) -> String {
        format!("{}{}", self.integer.short(), if self.narrow { "n" } else { "" })
    }
}

/// Every product of an element of `a` with an element of `b`, `terms` of each added up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packing {
    pub(crate) block: Block,
    pub(crate) a: Row,
    pub(crate) b: Row,
    pub(crate) terms: u32,
}

impl Packing {
    pub(crate) fn new(values: &Values) -> Packing {
        Packing {
            block: Block::of(values.word("target")),
            a: Row::new(values, "a"),
            b: Row::new(values, "b"),
            terms: values.count("terms"),
        }
    }

    /// Products side by side.
    pub(crate) fn fields(self) -> u32 {
        self.a.lanes * self.b.lanes
    }

    /// The values of one product.
    fn product(self) -> Range {
        let ((a_min, a_max), (b_min, b_max)) = (self.a.range(), self.b.range());
        let corners = [a_min * b_min, a_min * b_max, a_max * b_min, a_max * b_max];
        corners.into_iter().fold((0, 0), |(min, max), corner| (min.min(corner), max.max(corner)))
    }

    /// The type of a field: the narrowest that holds a sum.
    pub(crate) fn field(self) -> Integer {
        let ((min, max), terms) = (self.product(), i128::from(self.terms));
        match min < 0 {
            true => Integer::signed(signed_bits((terms * min, terms * max))),
            false => Integer::unsigned(signed_bits((0, terms * max)) - 1),
        }
    }

    /// The type of an element of the result: as wide as if nothing were known of its values.
    pub(crate) fn result(self) -> Integer {
        let growth = self.terms.next_power_of_two().trailing_zeros();
        let bits = self.a.integer.bits + self.b.integer.bits + growth;
        Integer { bits, signed: self.a.integer.signed || self.b.integer.signed }
    }

    /// How many products may be added up in fields as they are.
    pub(crate) fn longest(self) -> i128 {
        let ((min, max), field) = (self.product(), self.field());
        let above = field.max() / max;
        if min < 0 { above.min(field.min() / min) } else { above }
    }

    /// Bits from an element of `a` or `b` to the next.
    pub(crate) fn step(self, name: &str) -> u32 {
        if name == "a" { self.field().bits } else { self.field().bits * self.a.lanes }
    }

    pub(crate) fn row(self, name: &str) -> Row {
        if name == "a" { self.a } else { self.b }
    }

    /// Bits of a factor.
    pub(crate) fn word_bits(self, name: &str) -> u32 {
        self.row(name).word_bits(self.step(name), 0)
    }

    /// Bits of one product of the words.
    pub(crate) fn product_bits(self) -> u32 {
        let single = Packing { terms: 1, ..self }.field();
        self.field().bits * (self.fields() - 1) + single.bits
    }

    /// Bits of all fields.
    pub(crate) fn sum_bits(self) -> u32 {
        self.field().bits * self.fields()
    }

    /// Half of the range of every field but the highest, and none of the lowest `from`: added to them, it
    /// makes them positive, so that none borrows from the next.
    pub(crate) fn bias(self, from: u32) -> u64 {
        let field = self.field();
        let bias = (from..self.fields() - 1).map(|place| 1 << (field.bits * (place + 1) - 1));
        if field.signed { bias.sum() } else { 0 }
    }

    /// The factor on the wider side of the block and the other one; none when they do not fit. The
    /// wider side has the adder, for a factor of several elements with signs.
    pub(crate) fn placed(self) -> Option<[&'static str; 2]> {
        // What is wider than any block has no words to speak of.
        if self.sum_bits() > self.block.sum_bits() {
            return None;
        }
        let [wide, narrow] = self.block.factors();
        let fits = |[first, second]: &[&'static str; 2]| {
            self.word_bits(first) <= wide && self.word_bits(second) <= narrow
        };
        let uses_adder = |[first, _]: &[&'static str; 2]| {
            let row = self.row(first);
            row.lanes > 1 && row.integer.signed
        };
        let orders = [["a", "b"], ["b", "a"]].into_iter().filter(fits);
        orders.max_by_key(|order| (uses_adder(order), self.word_bits(order[0])))
    }
}

/// Bits of the narrowest two's complement type that holds a range.
fn signed_bits((min, max): Range) -> u32 {
    let bits = |value: i128| 129 - if value < 0 { (!value).leading_zeros() } else { value.leading_zeros() };
    bits(min).max(bits(max))
}
