//! Exact dot products of integers.

use super::accumulated::Accumulated;
use super::model::Model;
use super::vector::element;
use crate::unit::{Column, Integer, Values};

/// The reference of a dot product: that of the sums in place, or with its accumulator cycle by cycle.
pub(crate) fn dot_product_model(values: &Values, lanes: usize) -> Box<dyn Model> {
    let accumulates = values.flag("accumulate");
    let (a, b) = (Vector::new(values, "a"), Vector::new(values, "b"));
    let elements = values.count("lanes");
    let sum_bits = a.difference_bits() + b.difference_bits() + elements.next_power_of_two().trailing_zeros();
    let bits = if accumulates { values.count("acc_bits") } else { sum_bits };
    let sums = Box::new(DotProductModel { a, b, elements, mask: u64::MAX >> (64 - bits) });
    match accumulates {
        true => Box::new(Accumulated::new(sums, lanes, values.count("stages") as usize, bits)),
        false => sums,
    }
}

/// The sum of the products of `a` and `b`, less their zero points, element by element, in integers.
struct DotProductModel {
    a: Vector,
    b: Vector,
    elements: u32,
    /// The bits of the sum that are kept.
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
    fn new(values: &Values, name: &str) -> Vector {
        let integer = Integer {
            bits: values.count(&format!("{name}_bits")),
            signed: values.flag(&format!("{name}_signed")),
        };
        let kind = values.word(&format!("{name}_zero_point"));
        let zero_point = match kind {
            "port" => None,
            "constant" => Some(values.integer(&format!("{name}_zero_point_value"))),
            _ => Some(0),
        };
        Vector { integer, zero_point, is_shifted: kind != "none" }
    }

    /// An element less a zero point spans twice its range.
    fn difference_bits(&self) -> u32 {
        self.integer.bits + u32::from(self.is_shifted)
    }

    /// The elements of a transaction by number, less the zero point.
    fn differences(&self, column: &Column, port: Option<&Column>, index: usize) -> impl Fn(u32) -> i64 {
        let (words, integer) = (column.words(index), self.integer);
        let port = port.map(|port| integer.decode(port.get(index)) as i64);
        let zero = port.or(self.zero_point).unwrap_or(0);
        move |place| element(&words, integer, place) - zero
    }
}
