//! Exact dot products of integers.

use super::accumulated::AccumulatingModel;
use super::model::Model;
use crate::catalogue::{DotProductParameters, ZeroPoint, ZeroPointOperand};
use crate::unit::{Column, Integer};

/// The reference of a dot product: the sums in place, or with its accumulator cycle by cycle.
pub(crate) fn model(parameters: &DotProductParameters, lanes: usize) -> Box<dyn Model> {
    let (a, b) = (Vector::new(parameters.a), Vector::new(parameters.b));
    let elements = parameters.lanes;
    let sum_bits = a.difference_bits() + b.difference_bits() + elements.next_power_of_two().trailing_zeros();
    let bits = parameters.acc_bits.unwrap_or(sum_bits);
    let sums = Box::new(DotProductModel { a, b, elements, mask: u64::MAX >> (64 - bits) });
    match parameters.acc_bits {
        Some(_) => Box::new(AccumulatingModel::new(sums, lanes, parameters.stages as usize, bits)),
        None => sums,
    }
}

/// The sum of the products of `a` and `b`, less their zero points, element by element, in integers.
struct DotProductModel {
    a: Vector,
    b: Vector,
    elements: u32,
    /// Mask of the low bits of the sum that are kept.
    mask: u64,
}

impl Model for DotProductModel {
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]) {
        let ([a, b, zero_points @ ..], [sums]) = (inputs, outputs) else {
            unreachable!("two vectors and a sum")
        };
        let mut zero_points = zero_points.iter();
        let za = if self.a.zero_point.is_none() { zero_points.next() } else { None };
        let zb = if self.b.zero_point.is_none() { zero_points.next() } else { None };
        for index in 0..a.len() {
            let (a, b) = (self.a.differences(a, za, index), self.b.differences(b, zb, index));
            let products = (0..self.elements).map(|element| a(element) * b(element));
            sums.set(index, products.sum::<i64>() as u64 & self.mask);
        }
    }
}

/// One of the two vectors: the type of its elements, and their zero point unless that is a port.
struct Vector {
    integer: Integer,
    zero_point: Option<i64>,
    is_shifted: bool,
}

impl Vector {
    fn new(operand: ZeroPointOperand) -> Self {
        let zero_point = match operand.zero_point {
            ZeroPoint::None => Some(0),
            ZeroPoint::Constant(zero) => Some(zero),
            ZeroPoint::Port => None,
        };
        let is_shifted = operand.zero_point != ZeroPoint::None;
        Self { integer: operand.port, zero_point, is_shifted }
    }

    /// An element less a zero point spans twice its range.
    fn difference_bits(&self) -> u32 {
        self.integer.bits + u32::from(self.is_shifted)
    }

    /// The elements of a transaction by index, less the zero point.
    fn differences(&self, column: &Column, port: Option<&Column>, index: usize) -> impl Fn(u32) -> i64 {
        let (words, integer) = (column.words(index), self.integer);
        let port = port.map(|port| integer.decode(port.get(index)) as i64);
        let zero = port.or(self.zero_point).unwrap_or(0);
        move |position| integer.element(&words, position) as i64 - zero
    }
}
