//! Linear forms of the inputs in exact integers.

use crate::unit::Integer;

/// `constant + coefficients[0]*x[0] + coefficients[1]*x[1] + ...`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LinearForm {
    pub(crate) constant: i128,
    pub(crate) coefficients: Vec<i128>,
}

impl LinearForm {
    /// A constant, as a form of `inputs` inputs.
    pub(crate) fn constant(constant: i128, inputs: usize) -> Self {
        Self { constant, coefficients: vec![0; inputs] }
    }

    /// `x[index]`, as a form of `inputs` inputs.
    pub(crate) fn input(index: usize, inputs: usize) -> Self {
        let mut form = Self::constant(0, inputs);
        form.coefficients[index] = 1;
        form
    }

    /// The value, if it does not depend on the inputs.
    pub(crate) fn as_constant(&self) -> Option<i128> {
        self.coefficients.iter().all(|&coefficient| coefficient == 0).then_some(self.constant)
    }

    /// `factor` times the form.
    pub(crate) fn times(&self, factor: i128) -> Self {
        let coefficients = self.coefficients.iter().map(|coefficient| coefficient * factor).collect();
        Self { constant: self.constant * factor, coefficients }
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        let pairs = self.coefficients.iter().zip(&other.coefficients);
        let coefficients = pairs.map(|(one, other)| one + other).collect();
        Self { constant: self.constant + other.constant, coefficients }
    }

    /// The form with the smallest numbers that is equal modulo two to the width.
    pub(crate) fn modulo(&self, bits: u32) -> Self {
        let coefficients = self.coefficients.iter().map(|&coefficient| centered(coefficient, bits)).collect();
        Self { constant: centered(self.constant, bits), coefficients }
    }

    /// An equal form modulo two to the width of the type, whose values all fit the type; `None` if there is none.
    pub(crate) fn within(&self, integer: Integer, x: Integer) -> Option<Self> {
        let modulus = 1i128 << integer.bits;
        let turns = (self.range(x).0 - integer.min()).div_euclid(modulus);
        let form =
            Self { constant: self.constant - turns * modulus, coefficients: self.coefficients.clone() };
        integer.holds(form.range(x).1).then_some(form)
    }

    /// Smallest and largest value, for inputs of type `x`; both are reached.
    pub(crate) fn range(&self, x: Integer) -> (i128, i128) {
        self.coefficients.iter().fold((self.constant, self.constant), |(min, max), &coefficient| {
            let (one, other) = (coefficient * x.min(), coefficient * x.max());
            (min + one.min(other), max + one.max(other))
        })
    }
}

/// The number closest to 0 that is equal modulo two to the width.
fn centered(number: i128, bits: u32) -> i128 {
    let modulus = 1i128 << bits;
    let remainder = number.rem_euclid(modulus);
    if remainder >= modulus / 2 { remainder - modulus } else { remainder }
}
