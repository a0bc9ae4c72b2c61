//! Exact products.

use multiversion::multiversion;

use super::model::Model;
use crate::catalogue::MultiplierParameters;
use crate::unit::{Column, Integer};

/// The reference of a multiplier, which has no state.
pub(crate) fn model(parameters: &MultiplierParameters, _: usize) -> Box<dyn Model> {
    let &MultiplierParameters { a, b, .. } = parameters;
    let product = Integer { bits: a.bits + b.bits, signed: a.signed || b.signed };
    Box::new(MultiplierModel { a, b, product })
}

/// `product = a * b` in integers.
struct MultiplierModel {
    a: Integer,
    b: Integer,
    product: Integer,
}

impl Model for MultiplierModel {
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]) {
        run(self, inputs, outputs);
    }
}

/// All callees are inlined here, so that each version is vectorised as a whole.
#[multiversion(targets("x86_64+avx2"))]
fn run(model: &MultiplierModel, inputs: &[Column], outputs: &mut [Column]) {
    match (&inputs[0], &inputs[1]) {
        (Column::U8(a), Column::U8(b)) => model.products(a, b, &mut outputs[0]),
        (Column::U8(a), Column::U16(b)) => model.products(a, b, &mut outputs[0]),
        (Column::U16(a), Column::U8(b)) => model.products(a, b, &mut outputs[0]),
        (Column::U16(a), Column::U16(b)) => model.products(a, b, &mut outputs[0]),
        _ => unreachable!("operands have at most 16 bits"),
    }
}

impl MultiplierModel {
    #[inline(always)]
    fn products<A: Into<i32> + Copy, B: Into<i32> + Copy>(&self, a: &[A], b: &[B], products: &mut Column) {
        let pairs = a.iter().zip(b);
        // Products of 16 by 16 bits fit 32 bits.
        let product = |(&a, &b): (&A, &B)| {
            value(a.into(), self.a).wrapping_mul(value(b.into(), self.b)) as u32
                & (u32::MAX >> (32 - self.product.bits))
        };
        match products {
            Column::U8(data) => {
                data.iter_mut().zip(pairs).for_each(|(slot, pair)| *slot = product(pair) as u8);
            }
            Column::U16(data) => {
                data.iter_mut().zip(pairs).for_each(|(slot, pair)| *slot = product(pair) as u16);
            }
            Column::U32(data) => data.iter_mut().zip(pairs).for_each(|(slot, pair)| *slot = product(pair)),
            _ => unreachable!("products have at most 32 bits"),
        }
    }
}

/// The value of a bit pattern of at most 16 bits.
fn value(pattern: i32, integer: Integer) -> i32 {
    let shift = 32 - integer.bits;
    if integer.signed { (pattern << shift) >> shift } else { pattern }
}
