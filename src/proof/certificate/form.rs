//! Linear forms of the inputs in exact integers.

use crate::unit::Integer;

/// `constant + coefficients[0]*x[0] + ...`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) constant: i128,
    pub(crate) coefficients: Vec<i128>,
}

impl Form {
    pub(crate) fn constant(constant: i128, inputs: usize) -> Form {
        Form { constant, coefficients: vec![0; inputs] }
    }

    pub(crate) fn input(input: usize, inputs: usize) -> Form {
        let mut form = Form::constant(0, inputs);
        form.coefficients[input] = 1;
        form
    }

    /// The form times a factor.
    pub(crate) fn times(&self, factor: i128) -> Form {
        let coefficients = self.coefficients.iter().map(|coefficient| coefficient * factor).collect();
        Form { constant: self.constant * factor, coefficients }
    }

    pub(crate) fn plus(&self, other: &Form) -> Form {
        let pairs = self.coefficients.iter().zip(&other.coefficients);
        let coefficients = pairs.map(|(one, other)| one + other).collect();
        Form { constant: self.constant + other.constant, coefficients }
    }

    /// The smallest and the largest value, for inputs of that type; some inputs reach both.
    pub(crate) fn range(&self, input: Integer) -> (i128, i128) {
        self.coefficients.iter().fold((self.constant, self.constant), |(min, max), &coefficient| {
            let (one, other) = (coefficient * input.min(), coefficient * input.max());
            (min + one.min(other), max + one.max(other))
        })
    }
}

/// The number closest to 0 that is equal modulo two to the width.
pub(crate) fn centred(number: i128, bits: u32) -> i128 {
    let modulus = 1i128 << bits;
    let rest = number.rem_euclid(modulus);
    if rest >= modulus / 2 { rest - modulus } else { rest }
}
