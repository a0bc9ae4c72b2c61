//! Least accumulator of a matrix of integer weights, and inputs that need its last bit.

use std::fmt;

use serde::Serialize;

use crate::files::tensor::{Array, ArraySource, Tensor};
use crate::files::{tensor, tensor::Cause};

/// Range of the input codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct InputRange {
    /// Smallest code.
    pub min: i64,
    /// Largest code.
    pub max: i64,
}

/// Least accumulator of sums `bias + sum w*x`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AccumulatorBound {
    /// Number of weight rows; each row has one sum.
    pub rows: usize,
    /// Number of weights of a row.
    pub columns: usize,
    /// Range of the input.
    pub input: InputRange,
    /// Bits of the narrowest two's complement accumulator that holds every sum.
    pub bits: u32,
    /// Bits that also hold every sum of the first products, in the order of the weights: more if 0 is no input.
    pub bits_in_order: u32,
    /// First row that needs this width.
    pub row: usize,
    /// The sum of that row that needs it.
    pub sum: i64,
    /// Codes at which that sum occurs.
    #[serde(skip)]
    pub codes: Vec<i64>,
    /// Input on which an accumulator of fewer bits that saturates gives another sum, and that sum is small.
    pub saturation: Option<Saturation>,
}

/// An input whose sum fits, but whose first products leave a narrower accumulator.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Saturation {
    /// Bits of the accumulator.
    pub acc_bits: u32,
    /// Row of the weights.
    pub row: usize,
    /// Exact sum.
    pub exact: i64,
    /// Sum of the accumulator that saturates after each product.
    pub saturated: i64,
    /// Codes of the input.
    #[serde(skip)]
    pub codes: Vec<i64>,
}

/// Error for weights or numbers without a bound; each message ends with the fix.
#[derive(Debug, thiserror::Error)]
pub enum BoundError {
    /// An array cannot be read.
    #[error(transparent)]
    Read(#[from] tensor::Error),
    /// The weights are not a vector or a matrix.
    #[error(
        "{file}: has shape {shape:?}, but weights are one row, or rows of outputs: reshape to (outputs, inputs)"
    )]
    Shape {
        /// File of the weights.
        file: String,
        /// Its shape.
        shape: Vec<usize>,
    },
    /// There are no weights.
    #[error("{file}: holds no numbers: give at least one weight")]
    Empty {
        /// File of the weights.
        file: String,
    },
    /// Biases and rows differ in number.
    #[error("{biases} biases but {rows} rows of weights: give one bias per row")]
    Biases {
        /// Number of biases.
        biases: usize,
        /// Number of rows.
        rows: usize,
    },
    /// The range of the input is empty or too wide.
    #[error(
        "input codes {min}..={max} are no range of at most 32 bits: give the smallest and the largest code, A..B"
    )]
    Range {
        /// Smallest code.
        min: i64,
        /// Largest code.
        max: i64,
    },
    /// A sum has more than 64 bits.
    #[error("row {row}: the sums do not fit 64 bits: give weights and codes of fewer bits")]
    TooWide {
        /// Row of the weights.
        row: usize,
    },
}

/// Finds the least accumulator of `weights`, one row or a matrix of outputs and inputs.
///
/// `saturating` is the width of an accumulator that saturates after each product; the result then has an input on
/// which that shows, if there is one.
///
/// # Errors
/// Every [`BoundError`].
pub fn bound_accumulator(
    weights: ArraySource,
    biases: Option<ArraySource>,
    input: InputRange,
    saturating: Option<u32>,
) -> Result<AccumulatorBound, BoundError> {
    let InputRange { min, max } = input;
    if min > max || min < -(1 << 31) || max >= 1 << 32 {
        return Err(BoundError::Range { min, max });
    }
    let (file, array) = weights.read_named()?;
    let shape = array.shape().to_vec();
    let (rows, columns) = match shape[..] {
        [columns] => (1, columns),
        [rows, columns] => (rows, columns),
        _ => return Err(BoundError::Shape { file, shape }),
    };
    if rows == 0 || columns == 0 {
        return Err(BoundError::Empty { file });
    }
    let weights = integers(&file, &array)?;
    let biases = match biases {
        None => vec![0; rows],
        Some(source) => {
            let (file, array) = source.read_named()?;
            integers(&file, &array)?
        }
    };
    if biases.len() != rows {
        return Err(BoundError::Biases { biases: biases.len(), rows });
    }
    let all: Vec<Row> =
        weights.chunks(columns).zip(&biases).map(|(weights, &bias)| Row { weights, bias, input }).collect();
    let mut widest: Option<(u32, usize, i64, bool)> = None;
    let mut bits_in_order = 0;
    for (row, own) in all.iter().enumerate() {
        let [least, largest] = [own.extreme(false), own.extreme(true)];
        let [least, largest] = [least, largest].map(|sum| i64::try_from(sum).ok());
        let (Some(least), Some(largest)) = (least, largest) else { return Err(BoundError::TooWide { row }) };
        let is_largest = signed_bits(largest.into()) >= signed_bits(least.into());
        let sum = if is_largest { largest } else { least };
        let bits = signed_bits(sum.into());
        if widest.is_none_or(|(known, ..)| bits > known) {
            widest = Some((bits, row, sum, is_largest));
        }
        bits_in_order = bits_in_order.max(own.bits_in_order()).max(bits);
    }
    let (bits, row, sum, is_largest) = widest.expect("a row");
    let saturation = saturating.and_then(|acc_bits| {
        let shown = all.iter().enumerate().filter_map(|(row, own)| own.saturation(row, acc_bits));
        shown.min_by_key(|shown| shown.exact.unsigned_abs())
    });
    let codes = all[row].codes(is_largest);
    Ok(AccumulatorBound { rows, columns, input, bits, bits_in_order, row, sum, codes, saturation })
}

fn integers(file: &str, array: &Array) -> Result<Vec<i64>, BoundError> {
    let accepted = || vec![tensor::Dtype::Int8, tensor::Dtype::Int16, tensor::Dtype::Int32];
    let found = || Cause::Type { found: array.dtype().to_string(), accepted: accepted() };
    let numbers = array.integers().ok_or_else(|| tensor::Error::named(file, found()))?;
    let fit = |number: i128| {
        i32::try_from(number)
            .map(i64::from)
            .map_err(|_| BoundError::from(tensor::Error::named(file, found())))
    };
    numbers.map(fit).collect()
}

/// One row of weights.
struct Row<'a> {
    weights: &'a [i64],
    bias: i64,
    input: InputRange,
}

impl Row<'_> {
    /// Code that makes the product with a weight largest, or smallest.
    fn code(&self, weight: i64, is_largest: bool) -> i64 {
        if (weight >= 0) == is_largest { self.input.max } else { self.input.min }
    }

    fn codes(&self, is_largest: bool) -> Vec<i64> {
        self.weights.iter().map(|&weight| self.code(weight, is_largest)).collect()
    }

    fn products(&self, is_largest: bool) -> impl Iterator<Item = i128> + '_ {
        self.weights.iter().map(move |&weight| i128::from(weight) * i128::from(self.code(weight, is_largest)))
    }

    fn extreme(&self, is_largest: bool) -> i128 {
        i128::from(self.bias) + self.products(is_largest).sum::<i128>()
    }

    /// Bits of the widest sum of the first products.
    fn bits_in_order(&self) -> u32 {
        let widest = |is_largest| {
            let mut sum = i128::from(self.bias);
            let sums = self.products(is_largest).map(move |product| {
                sum += product;
                signed_bits(sum)
            });
            sums.max().unwrap_or(1)
        };
        widest(true).max(widest(false)).max(signed_bits(self.bias.into()))
    }

    /// Inputs that first leave the accumulator upwards and then return: the one with the smallest sum.
    fn saturation(&self, row: usize, acc_bits: u32) -> Option<Saturation> {
        let (least, most) = (-1i128 << (acc_bits - 1), (1i128 << (acc_bits - 1)) - 1);
        let up = self.products(true);
        let mut head = i128::from(self.bias);
        let mut tail: i128 = self.products(false).sum();
        let mut best: Option<(usize, i128)> = None;
        for ((index, up), down) in up.enumerate().zip(self.products(false)) {
            (head, tail) = (head + up, tail - down);
            let sum = head + tail;
            let is_shown = head > most && (least..=most).contains(&sum);
            if is_shown && best.is_none_or(|(_, known)| sum.abs() < known.abs()) {
                best = Some((index + 1, sum));
            }
        }
        let (split, exact) = best?;
        let code = |(index, &weight): (usize, &i64)| self.code(weight, index < split);
        let codes: Vec<i64> = self.weights.iter().enumerate().map(code).collect();
        let products = self.weights.iter().zip(&codes).map(|(w, x)| i128::from(*w) * i128::from(*x));
        let start = i128::from(self.bias).clamp(least, most);
        let saturated = products.fold(start, |sum, product| (sum + product).clamp(least, most));
        let fits = |sum: i128| i64::try_from(sum).ok();
        Some(Saturation { acc_bits, row, exact: fits(exact)?, saturated: fits(saturated)?, codes })
    }
}

/// Bits of the narrowest two's complement type of a number.
fn signed_bits(value: i128) -> u32 {
    129 - (value ^ (value >> 127)).leading_zeros()
}

impl AccumulatorBound {
    /// The input that needs the last bit, or on which saturation shows, in the smallest type that holds its codes.
    pub fn input_array(&self) -> Array {
        let codes = self.saturation.as_ref().map_or(&self.codes, |saturation| &saturation.codes);
        let shape = vec![codes.len()];
        macro_rules! cast {
            ($array:ident $type:ty) => {
                Array::$array(
                    Tensor::new(shape, codes.iter().map(|&code| code as $type).collect()).expect("one axis"),
                )
            };
        }
        match (self.input.min, self.input.max) {
            (-0x80.., ..=0x7f) => cast!(Int8 i8),
            (0.., ..=0xff) => cast!(Uint8 u8),
            (-0x8000.., ..=0x7fff) => cast!(Int16 i16),
            (0.., ..=0xffff) => cast!(Uint16 u16),
            (-0x8000_0000.., ..=0x7fff_ffff) => cast!(Int32 i32),
            _ => cast!(Int64 i64),
        }
    }
}

impl fmt::Display for AccumulatorBound {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { rows, columns, input, bits, bits_in_order, row, sum, .. } = self;
        writeln!(f, "{rows} x {columns} weights, inputs {}..={}", input.min, input.max)?;
        writeln!(f, "accumulator: {bits} bits, for the sum {sum} of row {row}")?;
        if *bits > 1 {
            let wrapped = (sum << (65 - bits)) >> (65 - bits);
            writeln!(f, "with {} bits that sum wraps to {wrapped}", bits - 1)?;
        }
        if bits_in_order > bits {
            writeln!(f, "sums of the first products: {bits_in_order} bits, if the accumulator saturates")?;
        }
        if let Some(Saturation { acc_bits, row, exact, saturated, .. }) = &self.saturation {
            writeln!(
                f,
                "saturating at {acc_bits} bits: row {row} gives {saturated} on an input whose sum is {exact}"
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INT8: InputRange = InputRange { min: -128, max: 127 };

    fn source(rows: usize, weights: &[i64]) -> ArraySource {
        let shape = vec![rows, weights.len() / rows];
        ArraySource::from(Array::Int64(Tensor::new(shape, weights.to_vec()).unwrap()))
    }

    fn bound(rows: usize, weights: &[i64], input: InputRange, saturating: Option<u32>) -> AccumulatorBound {
        bound_accumulator(source(rows, weights), None, input, saturating).unwrap()
    }

    /// Every input of small rows: the width is reached, and never exceeded.
    #[test]
    fn width_is_least_for_every_input_of_small_rows() {
        let input = InputRange { min: -3, max: 2 };
        for weights in [[3, -7, 1], [0, 0, 0], [-4, -4, -4], [1, 1, 1], [5, 0, -5]] {
            let found = bound(1, &weights, input, None);
            let mut widest = 1;
            for index in 0..6i64.pow(3) {
                let codes = [index % 6 - 3, index / 6 % 6 - 3, index / 36 - 3];
                let sum: i64 = weights.iter().zip(codes).map(|(w, x)| w * x).sum();
                widest = widest.max(signed_bits(sum.into()));
            }
            assert_eq!(found.bits, widest, "{weights:?}");
            let sum: i64 = weights.iter().zip(&found.codes).map(|(w, x)| w * x).sum();
            assert_eq!(sum, found.sum, "{weights:?}");
        }
    }

    #[test]
    fn widest_row_is_named() {
        let found = bound(3, &[1, 1, 127, -128, 2, 2], INT8, None);
        // 127*127 + 128*128 = 32513.
        assert_eq!((found.bits, found.row, found.sum), (16, 1, 32_513));
        assert!(found.to_string().contains("with 15 bits that sum wraps to -255"), "{found}");
    }

    #[test]
    fn order_matters_without_zero_input() {
        let found = bound(1, &[100, -100], InputRange { min: 10, max: 20 }, None);
        // The sum is at most 1000, after the first product it is 2000.
        assert_eq!((found.bits, found.bits_in_order), (11, 12));
    }

    #[test]
    fn saturation_shows_in_a_small_sum() {
        let found = bound(1, &[100, 100, -100, -100], INT8, Some(14));
        let shown = found.saturation.unwrap();
        let exact: i64 = [100, 100, -100, -100].iter().zip(&shown.codes).map(|(w, x)| w * x).sum();
        assert_eq!(exact, shown.exact);
        assert!(shown.exact.abs() < 1 << 13 && shown.saturated != shown.exact, "{shown:?}");
        assert_eq!(bound(1, &[1, 1], INT8, Some(16)).saturation, None);
    }

    #[test]
    fn rejects_what_has_no_bound() {
        let bound = |weights, biases, input| bound_accumulator(weights, biases, input, None).unwrap_err();
        let empty = Array::Int64(Tensor::new(vec![0, 3], vec![]).unwrap());
        assert!(matches!(bound(empty.into(), None, INT8), BoundError::Empty { .. }));
        let cube = Array::Int64(Tensor::new(vec![1, 1, 1], vec![1]).unwrap());
        assert!(matches!(bound(cube.into(), None, INT8), BoundError::Shape { .. }));
        let two = source(1, &[1, 2]);
        assert!(matches!(bound(source(1, &[1]), Some(two), INT8), BoundError::Biases { biases: 2, rows: 1 }));
        let reversed = InputRange { min: 1, max: 0 };
        assert!(matches!(bound(source(1, &[1]), None, reversed), BoundError::Range { .. }));
        let reals = Array::Float32(Tensor::new(vec![1], vec![0.5]).unwrap());
        assert!(matches!(bound(reals.into(), None, INT8), BoundError::Read(_)));
    }
}
