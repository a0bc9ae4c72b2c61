//! Softmax engine: a table of exponentials, a sum, a reciprocal, and one multiplier for all products.

use serde_json::{Value as Json, json};

use super::memory::{bits_of, memory, word};
use super::products::counter;
use crate::arithmetic::network::{RECIPROCAL_SLOPE, RECIPROCAL_START, Softmax};

/// Bits of an exponential, a number in Q0.31 without its sign.
const EXPONENTIAL_BITS: u32 = 31;

/// Bits of `e(0)` as a term of the sum: 2^19.
const TERM_BITS: u32 = 20;

/// Number of low bits of an exponential that are dropped in its term of the sum.
const DROPPED_BITS: u32 = EXPONENTIAL_BITS - TERM_BITS + 1;

/// Bits of `1 - half*y` in Q2.29 and its sign: the first estimate is off by at most 1/17.
const ERROR_BITS: u32 = 26;

/// Multiplications of a reciprocal: one for the first estimate, two for each of three Newton steps.
const MULTIPLICATIONS: usize = 7;

/// Steps of a multiplication: four products of halves, three registers behind them.
const MULTIPLICATION_STEPS: usize = 7;

/// Steps of a multiplication bit by bit: four products of halves, two registers behind them.
const SERIAL_STEPS: usize = 6;

/// Clock cycles of a product of halves bit by bit: one loads them, 17 are bits.
const SERIAL_PRODUCT: usize = 18;

/// The largest right shift of a product to its code, and the least one.
const RIGHT: std::ops::RangeInclusive<u32> = 23..=31;

/// An engine of softmax.
#[derive(Clone, Debug)]
pub struct SoftmaxEngine {
    /// Softmax of each row of codes.
    pub softmax: Softmax,
    /// Codes of a frame: one row or more.
    pub length: usize,
    /// Whether products are added up bit by bit, in 74 clock cycles instead of 7.
    pub serial: bool,
}

impl SoftmaxEngine {
    /// The longest row, whose sum of exponentials has no more bits than its normalized form.
    pub const LONGEST_ROW: usize = 1024;

    /// Rows of a frame.
    pub fn rows(&self) -> usize {
        self.length / self.softmax.depth
    }

    /// Clock cycles of a frame at most, while nothing stalls.
    pub fn cycles(&self) -> usize {
        let depth = self.softmax.depth;
        let multiplication =
            if self.serial { SERIAL_STEPS + 4 * (SERIAL_PRODUCT - 1) } else { MULTIPLICATION_STEPS };
        // A code arrives, is summed, and leaves; three registers behind the last term, and the output register.
        let codes = depth * (2 + multiplication) + 3 + 1;
        let normalization = self.normalization_steps() as usize + 1;
        self.rows() * (codes + normalization + MULTIPLICATIONS * multiplication)
    }

    /// Words of the table of exponentials, a power of two; beyond them all exponentials are 0.
    pub fn table_words(&self) -> usize {
        1 << self.distance_bits()
    }

    fn distance_bits(&self) -> u32 {
        let last = self.softmax.exponentials.iter().rposition(|word| word.is_some_and(|word| word > 0));
        bits_of(last.unwrap_or(0))
    }

    fn sum_bits(&self) -> u32 {
        bits_of(self.softmax.depth << (TERM_BITS - 1))
    }

    /// Number of left shifts of the smallest sum, that of a single exponential.
    fn normalization_steps(&self) -> u32 {
        self.sum_bits() - TERM_BITS
    }

    /// The code and its rounding bit in a product, shifted right by the left shifts that the sum did not need.
    fn scaled(&self) -> String {
        let (steps, most) = (self.normalization_steps(), RIGHT.end() - RIGHT.start());
        let bits = bits_of(steps as usize);
        match steps {
            0 => "result[30:22]".to_string(),
            // The runtime never shifts by more than 31 in all.
            _ if steps > most => {
                format!("result[30:22] >> (right > {bits}'d{most} ? {bits}'d{most} : right)")
            }
            _ => "result[30:22] >> right".to_string(),
        }
    }

    /// The context of `templates/softmax_engine.v.tera`, but for the module header.
    pub(crate) fn context(&self) -> Json {
        let words = self.softmax.exponentials[..self.table_words()].iter();
        // A code that the runtime skips is -128, as is one whose exponential is 0.
        let words: Vec<String> =
            words.map(|value| word(EXPONENTIAL_BITS, [value.unwrap_or(0).into()])).collect();
        let depth = self.softmax.depth;
        let (sum_bits, steps) = (self.sum_bits(), self.normalization_steps());
        let distance_bits = self.distance_bits();
        let right_bits = bits_of(steps as usize);
        json!({
            "serial": self.serial,
            "exponentials": memory(
                "exponentials",
                "Exponentials by the distance to the largest code, in Q0.31.",
                EXPONENTIAL_BITS,
                &words,
            ),
            "address": if distance_bits == 8 { "distance".to_string() } else { format!("distance[{}:0]", distance_bits - 1) },
            "far": match distance_bits {
                8 => None,
                7 => Some("distance[7]".to_string()),
                _ => Some(format!("distance[7:{distance_bits}] != {}'d0", 8 - distance_bits)),
            },
            "index": counter(bits_of(depth - 1), depth - 1),
            "index_last": depth - 1,
            "row": (self.rows() > 1).then(|| counter(bits_of(self.rows() - 1), self.rows() - 1)),
            "sum_msb": sum_bits - 1,
            "no_sum": format!("{sum_bits}'d0"),
            "term": format!("{{{}'d0, exponential[30:{DROPPED_BITS}]}}", sum_bits - TERM_BITS + 1),
            "term_rounding": format!("{{{}'d0, exponential[{}]}}", sum_bits - 1, DROPPED_BITS - 1),
            "half": format!("{{1'b0, sum, {}'d0}}", 31 - sum_bits),
            "right": (steps > 0).then(|| json!({
                "counter": counter(right_bits, steps as usize),
                "doubled_sum": format!("{{sum[{}:0], 1'b0}}", sum_bits - 2),
            })),
            "scaled": self.scaled(),
            "start": format!("32'd{RECIPROCAL_START}"),
            "slope": format!("-32'sd{}", -RECIPROCAL_SLOPE),
            "error_msb": ERROR_BITS - 1,
            "negated_error": format!("{ERROR_BITS}'d0 - result[{}:0]", ERROR_BITS - 1),
            "wide_error": format!("{{{{{}{{error[{}]}}}}, error}}", 32 - ERROR_BITS, ERROR_BITS - 1),
            "last_round": format!("3'd{}", MULTIPLICATIONS - 1),
            "last_step": format!("3'd{}", if self.serial { SERIAL_STEPS } else { MULTIPLICATION_STEPS } - 1),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arithmetic::rescale::primitives::saturating_rounding_doubling_high_mul as multiply;

    #[test]
    fn newton_steps_fit_their_registers() {
        let highest = 1i32 << (ERROR_BITS - 1);
        for half in (1 << 30..=i32::MAX).step_by(9_973).chain([i32::MAX - 1, i32::MAX]) {
            let mut y = RECIPROCAL_START + multiply(half, RECIPROCAL_SLOPE);
            for _ in 0..3 {
                let error = (1 << 29) - multiply(half, y);
                assert!((-highest..highest).contains(&error), "{half}: {error}");
                y += multiply(y, error) << 2;
                assert!(y > 0, "{half}: {y}");
            }
        }
    }

    #[test]
    fn sums_of_the_longest_row_need_no_right_shift() {
        let softmax = Softmax::new(SoftmaxEngine::LONGEST_ROW, 1.0, 0.1).unwrap();
        let engine = SoftmaxEngine { softmax, length: SoftmaxEngine::LONGEST_ROW, serial: false };
        assert_eq!((engine.sum_bits(), engine.normalization_steps()), (30, 10));
    }

    #[test]
    fn table_ends_with_last_nonzero_exponential() {
        let words = |scale| {
            let softmax = Softmax::new(10, 1.0, scale).unwrap();
            SoftmaxEngine { softmax, length: 10, serial: false }.table_words()
        };
        assert_eq!([0.01, 0.166, 1.0, 100.0].map(words), [256, 128, 16, 2]);
    }
}
