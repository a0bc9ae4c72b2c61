//! Factors: two vectors of integers, their zero points, and how they may be read.

use super::binding::Binding;
use super::error::AuditError;
use super::finding::Finding;
use super::role::{Role, Unit};
use super::settings::Settings;
use super::stimulus::decode;

/// Two vectors and an addend, as their ports carry them.
#[derive(Clone, Debug)]
pub(crate) struct Factors {
    pub unit: Unit,
    pub a: Vector,
    pub b: Vector,
    /// Width of the addend; none without one.
    pub addend: Option<u32>,
    pub out_bits: u32,
    /// Elements of the result.
    pub results: usize,
    /// Whether `a` and `b` may be two's complement.
    signs: [Vec<bool>; 2],
}

/// One vector.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Vector {
    pub bits: u32,
    pub elements: usize,
    zero_point: i64,
}

/// Whether `a` and `b` are two's complement.
pub(crate) type Signs = (bool, bool);

impl Factors {
    pub fn new(unit: Unit, binding: &Binding, settings: &Settings) -> Result<Factors, AuditError> {
        let vector = |role: Role, key: &str| {
            let zero_point = settings.integer(key, -(1 << 32)..=(1 << 32))?.unwrap_or(0);
            let (bits, elements) = (binding.bits(role), binding.elements(role));
            Ok::<_, AuditError>(Vector { bits, elements, zero_point })
        };
        let (a, b) = (vector(Role::A, "a_zero_point")?, vector(Role::B, "b_zero_point")?);
        let results = binding.elements(Role::Out);
        let factors = Factors {
            unit,
            a,
            b,
            addend: binding.role(Role::Addend).map(|addend| addend.bits),
            out_bits: binding.bits(Role::Out),
            results,
            signs: [settings.flags("a_signed")?, settings.flags("b_signed")?],
        };
        let fits = match unit {
            Unit::Multiplier => {
                let longest = a.elements.max(b.elements);
                results == longest && [a.elements, b.elements].iter().all(|&len| len == 1 || len == longest)
            }
            _ => a.elements == b.elements && results == 1,
        };
        match fits {
            true => Ok(factors),
            false => Err(AuditError::Elements(format!(
                "a has {} elements of {} bits, b {} of {}, and out {results} of {}",
                a.elements, a.bits, b.elements, b.bits, factors.out_bits
            ))),
        }
    }

    /// The widths of all operand elements.
    pub fn widths(&self) -> Vec<u32> {
        let vector = |vector: &Vector| vec![vector.bits; vector.elements];
        let addend = self.addend.into_iter().collect();
        [vector(&self.a), vector(&self.b), addend].concat()
    }

    /// Every way to read both factors, the likelier first.
    pub fn readings(&self) -> Vec<Signs> {
        let all = [(true, true), (false, false), (true, false), (false, true)];
        let may = |&(a, b): &Signs| self.signs[0].contains(&a) && self.signs[1].contains(&b);
        all.into_iter().filter(may).collect()
    }

    /// The product of one lane.
    pub fn product(&self, operands: &[Vec<u64>], row: usize, lane: usize, signs: Signs) -> i128 {
        let element = |vector: &Vector, first: usize, signed: bool| {
            let place = first + if vector.elements == 1 { 0 } else { lane };
            i128::from(decode(operands[place][row], vector.bits, signed) - vector.zero_point)
        };
        element(&self.a, 0, signs.0) * element(&self.b, self.a.elements, signs.1)
    }

    /// The sum of all products, and of the addend.
    pub fn sum(&self, operands: &[Vec<u64>], row: usize, signs: Signs) -> i128 {
        let products: i128 = (0..self.a.elements).map(|lane| self.product(operands, row, lane, signs)).sum();
        let place = self.a.elements + self.b.elements;
        let addend = self.addend.map_or(0, |bits| decode(operands[place][row], bits, signs.0 || signs.1));
        products + i128::from(addend)
    }

    /// The bits that every sum of a transaction fits.
    pub fn exact_bits(&self) -> u32 {
        let lanes = if self.unit == Unit::Multiplier { 1 } else { self.a.elements };
        let shifted = u32::from(self.a.zero_point != 0) + u32::from(self.b.zero_point != 0);
        let products = self.a.bits + self.b.bits + shifted + lanes.next_power_of_two().trailing_zeros();
        self.addend.map_or(products, |addend| products.max(addend) + 1)
    }

    /// The operands of one transaction in words.
    pub fn inputs(&self, operands: &[Vec<u64>], row: usize, signs: Signs) -> Vec<String> {
        let list = |first: usize, count: usize, bits: u32, signed: bool| {
            let values: Vec<String> = (first..first + count)
                .map(|place| decode(operands[place][row], bits, signed).to_string())
                .collect();
            if values.len() == 1 { values.concat() } else { format!("[{}]", values.join(" ")) }
        };
        let Factors { a, b, .. } = self;
        let mut inputs = vec![
            format!("a={}", list(0, a.elements, a.bits, signs.0)),
            format!("b={}", list(a.elements, b.elements, b.bits, signs.1)),
        ];
        let place = a.elements + b.elements;
        inputs.extend(self.addend.map(|bits| format!("c={}", list(place, 1, bits, signs.0 || signs.1))));
        inputs
    }

    /// What a match says of the operands.
    pub fn findings(&self, signs: Signs) -> Vec<Finding> {
        let text = |vector: &Vector, signed: bool| {
            let sign = if signed { "signed" } else { "unsigned" };
            let lanes = if vector.elements == 1 { String::new() } else { format!("{} of ", vector.elements) };
            let zero = if vector.zero_point == 0 {
                String::new()
            } else {
                format!(", zero point {}", vector.zero_point)
            };
            format!("{lanes}{sign}, {} bits{zero}", vector.bits)
        };
        vec![Finding::new("a", &text(&self.a, signs.0)), Finding::new("b", &text(&self.b, signs.1))]
    }
}

/// How a pair of signs is called.
pub(crate) fn sign_name(signs: Signs) -> &'static str {
    match signs {
        (true, true) => "signed",
        (false, false) => "unsigned",
        (true, false) => "signed_unsigned",
        (false, true) => "unsigned_signed",
    }
}

/// The same in words.
pub(crate) fn sign_words(signs: Signs) -> &'static str {
    match signs {
        (true, true) => "signed by signed",
        (false, false) => "unsigned by unsigned",
        (true, false) => "signed by unsigned",
        (false, true) => "unsigned by signed",
    }
}
