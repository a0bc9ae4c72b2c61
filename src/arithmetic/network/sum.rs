//! Sums, differences and products of two tensors in fixed point: (T6), (T7), (T8).

use crate::arithmetic::rescale::Rescaler;
use crate::arithmetic::rescale::rules::{RegisterWidth, gemmlowp};

/// Left shift of the inputs of a sum, in bits.
const INPUT_SHIFT: u32 = 20;

/// One operand of a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// Zero point of the operand.
    pub zero_point: i32,
    /// Q0.31 fraction of its scale, negative for the subtrahend of a difference.
    pub multiplier: i32,
    /// Left shift of its scale.
    pub shift: i32,
}

/// A sum of two tensors in fixed point: (T6), (T7).
#[derive(Debug, Clone, PartialEq)]
pub struct Sum {
    /// First operand.
    pub left: Term,
    /// Second operand.
    pub right: Term,
    /// Whether the second operand is subtracted.
    pub is_difference: bool,
    /// Rescaling of the sum.
    pub rescaler: Rescaler,
}

impl Term {
    /// The operand in the fixed point of the sum.
    pub fn scaled(self, code: i8) -> i64 {
        let raised = i64::from(i32::from(code) - self.zero_point) << INPUT_SHIFT;
        gemmlowp(raised, self.multiplier, self.shift, RegisterWidth::Bits32)
    }

    fn table(self) -> [i64; 256] {
        std::array::from_fn(|index| self.scaled(index as u8 as i8))
    }
}

impl Sum {
    /// Output codes for operands of equal shape.
    pub fn apply(&self, left: &[i8], right: &[i8]) -> Vec<i8> {
        let (left_table, right_table) = (self.left.table(), self.right.table());
        let sign = if self.is_difference { -1 } else { 1 };
        let sum = |(&left, &right): (&i8, &i8)| {
            let sum = left_table[usize::from(left as u8)] + sign * right_table[usize::from(right as u8)];
            self.rescaler.rescale(sum, 0) as i8
        };
        left.iter().zip(right).map(sum).collect()
    }
}

/// A product of two tensors: (T8).
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// Zero points of the operands.
    pub zero_points: [i32; 2],
    /// Rescaling of the product.
    pub rescaler: Rescaler,
}

impl Product {
    /// Output codes for operands of equal shape.
    pub fn apply(&self, left: &[i8], right: &[i8]) -> Vec<i8> {
        let product = |(&left, &right): (&i8, &i8)| {
            let factors = [i32::from(left) - self.zero_points[0], i32::from(right) - self.zero_points[1]];
            self.rescaler.rescale((factors[0] * factors[1]).into(), 0) as i8
        };
        left.iter().zip(right).map(product).collect()
    }
}
