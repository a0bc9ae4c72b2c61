//! Products of vector elements and their sums, computed without packing.
//!
//! They are defined in `docs/units/packed_multiplier.md`.

use super::model::Model;
use super::pipelined::PipelinedModel;
use crate::catalogue::{PackedMultiplierParameters, Pairing};
use crate::circuit::packed_multiplier::FactorRow;
use crate::unit::{Column, Integer};

/// The reference of a packed multiplier: the products in place, or their sums cycle by cycle.
pub(crate) fn model(parameters: &PackedMultiplierParameters, lanes: usize) -> Box<dyn Model> {
    let products = Products::new(parameters);
    match parameters.packing.terms {
        1 => Box::new(products),
        terms => Box::new(Sums::new(products, lanes, parameters.stages as usize, terms)),
    }
}

/// The elements of an operand.
#[derive(Clone, Copy)]
struct Vector {
    integer: Integer,
    lanes: u32,
}

impl Vector {
    fn new(FactorRow { integer, lanes, .. }: FactorRow) -> Self {
        Self { integer, lanes }
    }

    /// An operand has at most 64 bits: 4 elements of 16.
    fn element(self, pattern: u64, position: u32) -> i64 {
        self.integer.decode(pattern >> (self.integer.bits * position)) as i64
    }
}

/// `a[i] * b[j]` for every `i` and `j`, those of `b[0]` first, or `a[i] * b[i]`.
#[derive(Clone, Copy)]
struct Products {
    a: Vector,
    b: Vector,
    is_elementwise: bool,
    /// Bits of an element of the result.
    bits: u32,
}

impl Products {
    fn new(parameters: &PackedMultiplierParameters) -> Self {
        let (a, b) = (Vector::new(parameters.packing.a), Vector::new(parameters.packing.b));
        let growth = parameters.packing.terms.next_power_of_two().trailing_zeros();
        let is_elementwise = parameters.pairing == Pairing::Elementwise;
        Self { a, b, is_elementwise, bits: a.integer.bits + b.integer.bits + growth }
    }

    fn count(self) -> u32 {
        if self.is_elementwise { self.a.lanes } else { self.a.lanes * self.b.lanes }
    }

    fn product(self, a: u64, b: u64, position: u32) -> i64 {
        let (i, j) = if self.is_elementwise {
            (position, position)
        } else {
            (position % self.a.lanes, position / self.a.lanes)
        };
        self.a.element(a, i) * self.b.element(b, j)
    }
}

impl Model for Products {
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]) {
        let ([a, b], [products]) = (inputs, outputs) else { unreachable!("two vectors and their products") };
        for index in 0..a.len() {
            let (a, b) = (a.get(index), b.get(index));
            let values = (0..self.count()).map(|position| self.product(a, b, position));
            set_elements(products, index, self.bits, values);
        }
    }
}

/// Sums of `terms` products, one after another.
struct Sums {
    products: PipelinedModel,
    elements: Products,
    terms: u32,
    lanes: Vec<Lane>,
    /// Scratch: the pipeline outputs of a batch: valid bit, products.
    arriving: [Column; 2],
}

/// The state of one lane.
#[derive(Clone, Default)]
struct Lane {
    terms: u32,
    partial: Vec<i64>,
    valid: u64,
    sum: Vec<i64>,
}

impl Sums {
    fn new(elements: Products, lanes: usize, stages: usize, terms: u32) -> Self {
        let zeros = vec![0; elements.count() as usize];
        let lane = Lane { partial: zeros.clone(), sum: zeros, ..Lane::default() };
        Self {
            products: PipelinedModel::new(Box::new(elements), lanes, stages),
            elements,
            terms,
            lanes: vec![lane; lanes],
            arriving: [1, elements.bits * elements.count()].map(|bits| Column::zeros(bits, 0)),
        }
    }
}

impl Model for Sums {
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]) {
        let ([rst, en, valid_in, ..], [valid_out, sums]) = (inputs, outputs) else {
            unreachable!("three control bits, a valid bit and sums")
        };
        self.arriving.iter_mut().for_each(|column| column.resize(valid_in.len()));
        self.products.run(inputs, &mut self.arriving);
        let [valid, products] = &self.arriving;
        let (bits, count) = (self.elements.bits, self.lanes.len());
        for row in 0..rst.len() {
            for (position, lane) in self.lanes.iter_mut().enumerate() {
                let index = row * count + position;
                valid_out.set(index, lane.valid);
                set_elements(sums, index, bits, lane.sum.iter().copied());
                if rst.get(row) == 1 {
                    (lane.terms, lane.valid) = (0, 0);
                    lane.sum.fill(0);
                } else if en.get(row) == 1 {
                    lane.valid = 0;
                    if valid.get(index) == 1 {
                        lane.take(&elements(products, index, bits, self.elements.count()), self.terms);
                    }
                }
            }
        }
    }
}

impl Lane {
    fn take(&mut self, products: &[i64], terms: u32) {
        let base = if self.terms == 0 { vec![0; products.len()] } else { std::mem::take(&mut self.partial) };
        self.partial = base.iter().zip(products).map(|(base, product)| base + product).collect();
        self.terms += 1;
        if self.terms == terms {
            (self.terms, self.valid) = (0, 1);
            self.sum.clone_from(&self.partial);
        }
    }
}

/// Writes elements side by side, the first in the lowest bits. All of them have at most 128 bits.
fn set_elements(column: &mut Column, index: usize, bits: u32, values: impl Iterator<Item = i64>) {
    let mask = u64::MAX >> (64 - bits);
    let placed =
        values.zip(0..).map(|(value, position)| u128::from(value as u64 & mask) << (bits * position));
    let all = placed.fold(0, |all, element| all | element);
    column.set_words(index, &[all as u64, (all >> 64) as u64]);
}

/// The elements written by [`set_elements`], as patterns: their sums are correct modulo the width.
fn elements(column: &Column, index: usize, bits: u32, count: u32) -> Vec<i64> {
    let words = column.words(index);
    let all = u128::from(words[0]) | u128::from(*words.get(1).unwrap_or(&0)) << 64;
    let mask = u64::MAX >> (64 - bits);
    (0..count).map(|position| (all >> (bits * position)) as i64 & mask as i64).collect()
}
