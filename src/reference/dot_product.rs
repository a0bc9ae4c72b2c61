//! Exact dot products of integers.

use super::Model;
use crate::catalogue::{Integer, Values};
use crate::column::Column;

/// `sum` of the products of `a` and `b`, element by element, in integers.
pub(super) struct DotProductModel {
    a: Integer,
    b: Integer,
    lanes: u32,
}

impl DotProductModel {
    pub(super) fn new(values: &Values) -> DotProductModel {
        let integer = |name: &str| Integer {
            bits: values.count(&format!("{name}_bits")),
            signed: values.flag(&format!("{name}_signed")),
        };
        DotProductModel { a: integer("a"), b: integer("b"), lanes: values.count("lanes") }
    }
}

impl Model for DotProductModel {
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]) {
        let ([a, b], [sums]) = (inputs, outputs) else { unreachable!("two vectors and a sum") };
        let mask = Integer::unsigned(sum_bits(self)).mask();
        for index in 0..a.len() {
            let (a, b) = (a.words(index), b.words(index));
            let products = (0..self.lanes).map(|lane| element(&a, self.a, lane) * element(&b, self.b, lane));
            sums.set(index, products.sum::<i64>() as u64 & mask);
        }
    }
}

/// What 2^k products need is k bits more than one.
fn sum_bits(model: &DotProductModel) -> u32 {
    model.a.bits + model.b.bits + model.lanes.next_power_of_two().trailing_zeros()
}

/// The value of one element of a packed vector.
fn element(words: &[u64], integer: Integer, index: u32) -> i64 {
    let start = index * integer.bits;
    let bit = |place: u32| words[(place / 64) as usize] >> (place % 64) & 1;
    let pattern = (0..integer.bits).fold(0, |pattern, place| pattern | bit(start + place) << place);
    integer.decode(pattern) as i64
}
