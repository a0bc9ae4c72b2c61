//! Linear forms of the inputs in exact integers.

use crate::catalogue::Integer;

/// `constant + coefficients[0]*x[0] + ...`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) constant: i128,
    pub(super) coefficients: Vec<i128>,
}

impl Form {
    pub(super) fn constant(constant: i128, inputs: usize) -> Form {
        Form { constant, coefficients: vec![0; inputs] }
    }

    pub(super) fn input(input: usize, inputs: usize) -> Form {
        let mut form = Form::constant(0, inputs);
        form.coefficients[input] = 1;
        form
    }

    /// The form times a factor.
    pub(super) fn times(&self, factor: i128) -> Form {
        let coefficients = self.coefficients.iter().map(|coefficient| coefficient * factor).collect();
        Form { constant: self.constant * factor, coefficients }
    }

    pub(super) fn plus(&self, other: &Form) -> Form {
        let pairs = self.coefficients.iter().zip(&other.coefficients);
        let coefficients = pairs.map(|(one, other)| one + other).collect();
        Form { constant: self.constant + other.constant, coefficients }
    }

    /// The smallest and the largest value, for inputs of that type; some inputs reach both.
    pub(super) fn range(&self, input: Integer) -> (i128, i128) {
        self.coefficients.iter().fold((self.constant, self.constant), |(min, max), &coefficient| {
            let (one, other) = (coefficient * input.min(), coefficient * input.max());
            (min + one.min(other), max + one.max(other))
        })
    }
}

/// The number closest to 0 that is equal modulo two to the width.
pub(super) fn centred(number: i128, bits: u32) -> i128 {
    let modulus = 1i128 << bits;
    let rest = number.rem_euclid(modulus);
    if rest >= modulus / 2 { rest - modulus } else { rest }
}
