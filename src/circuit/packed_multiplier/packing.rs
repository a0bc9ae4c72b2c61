//! Packing of narrow products into one wide product: ranges, spacing, and fit into a DSP block.
//!
//! The elements of a factor are added up, each `step` bits above the one before it. The product of
//! two such words holds every product of an element of one with an element of the other, in a field
//! of its own, as long as each fits its field.

use super::block::Block;
use crate::unit::{Integer, choice};

/// Smallest and largest value.
type Range = (i128, i128);

choice! {
    /// One of the two factors.
    pub(crate) enum FactorSide {
        A = "a",
        B = "b",
    }
}

impl FactorSide {
    /// Both of them.
    pub(crate) const BOTH: [Self; 2] = [Self::A, Self::B];
}

/// The elements of one factor.
#[derive(Clone, Copy, Debug)]
pub struct FactorRow {
    /// The type of an element.
    pub integer: Integer,
    /// Whether no element is ever its most negative value.
    pub narrow: bool,
    /// The number of elements.
    pub lanes: u32,
}

impl FactorRow {
    fn range(self) -> Range {
        (self.integer.min() + i128::from(self.narrow), self.integer.max())
    }

    /// Bits of the word of the elements from `first` on, in two's complement.
    pub(crate) fn word_bits(self, step: u32, first: u32) -> u32 {
        let weight: i128 = (0..self.lanes - first).map(|index| 1 << (step * index)).sum();
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
pub struct Packing {
    /// The block that multiplies.
    pub block: Block,
    /// The elements of `a`.
    pub a: FactorRow,
    /// The elements of `b`.
    pub b: FactorRow,
    /// Products in a sum, 1 without sums.
    pub terms: u32,
}

impl Packing {
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

    /// The type of an element of the result: wide enough for operands of any value.
    pub(crate) fn result(self) -> Integer {
        let growth = self.terms.next_power_of_two().trailing_zeros();
        let bits = self.a.integer.bits + self.b.integer.bits + growth;
        Integer { bits, signed: self.a.integer.signed || self.b.integer.signed }
    }

    /// The largest number of products whose sum fits a field.
    pub(crate) fn longest(self) -> i128 {
        let ((min, max), field) = (self.product(), self.field());
        let above = field.max() / max;
        if min < 0 { above.min(field.min() / min) } else { above }
    }

    /// Bits from an element of `a` or `b` to the next.
    pub(crate) fn step(self, side: FactorSide) -> u32 {
        match side {
            FactorSide::A => self.field().bits,
            FactorSide::B => self.field().bits * self.a.lanes,
        }
    }

    /// The elements of a factor.
    pub(crate) fn row(self, side: FactorSide) -> FactorRow {
        match side {
            FactorSide::A => self.a,
            FactorSide::B => self.b,
        }
    }

    /// Bits of a factor.
    pub(crate) fn word_bits(self, side: FactorSide) -> u32 {
        self.row(side).word_bits(self.step(side), 0)
    }

    /// Bits of one product of the words.
    pub(crate) fn product_bits(self) -> u32 {
        let single = Self { terms: 1, ..self }.field();
        self.field().bits * (self.fields() - 1) + single.bits
    }

    /// Bits of all fields.
    pub(crate) fn sum_bits(self) -> u32 {
        self.field().bits * self.fields()
    }

    /// Half of the range of every field from `from` on, except the highest: added to the fields, it makes
    /// them positive, so that none borrows from the next.
    pub(crate) fn bias(self, from: u32) -> u64 {
        let field = self.field();
        let bias = (from..self.fields() - 1).map(|index| 1 << (field.bits * (index + 1) - 1));
        if field.signed { bias.sum() } else { 0 }
    }

    /// The factor on the wider side of the block and the other one; `None` when they do not fit. The
    /// wider side has the adder, which a factor of several signed elements needs.
    pub(crate) fn placed(self) -> Option<[FactorSide; 2]> {
        // Checked first, because wider words may overflow the arithmetic below.
        if self.sum_bits() > self.block.sum_bits() {
            return None;
        }
        let [wide, narrow] = self.block.factors();
        let fits = |&[first, second]: &[FactorSide; 2]| {
            self.word_bits(first) <= wide && self.word_bits(second) <= narrow
        };
        let uses_adder = |&[first, _]: &[FactorSide; 2]| {
            let row = self.row(first);
            row.lanes > 1 && row.integer.signed
        };
        let orders =
            [[FactorSide::A, FactorSide::B], [FactorSide::B, FactorSide::A]].into_iter().filter(fits);
        orders.max_by_key(|order| (uses_adder(order), self.word_bits(order[0])))
    }
}

/// Bits of the narrowest two's complement type that holds a range.
fn signed_bits((min, max): Range) -> u32 {
    let bits = |value: i128| 129 - if value < 0 { (!value).leading_zeros() } else { value.leading_zeros() };
    bits(min).max(bits(max))
}
