//! Tables whose sum, rounded, is a function of two codes.

/// Rounding of the sum of two table entries to an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TieRounding {
    /// Half up.
    HalfUp,
    /// Half to even.
    HalfEven,
}

/// Tables of two operands in fixed point: the rounded and clamped sum of their entries is the function.
///
/// Entries are in the order of the bit patterns of the codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdditionTables {
    /// Bits below the integer.
    pub fraction_bits: u32,
    /// Rounding of the sum.
    pub rounding: TieRounding,
    /// Entries of the first operand.
    pub left: Vec<i64>,
    /// Entries of the second operand.
    pub right: Vec<i64>,
}

/// Number of codes.
const CODES: usize = 256;
/// The roundings, each with the most bits below the integer and the most bits of a sum: half to even is rounded by
/// way of binary32, whose significand has 24.
const ROUNDINGS: [(TieRounding, u32, u32); 2] =
    [(TieRounding::HalfUp, 20, 32), (TieRounding::HalfEven, 12, 24)];

impl AdditionTables {
    /// The tables with the fewest bits; `None` if there are none.
    ///
    /// `results` has the row of each first operand, in the order of bit patterns; results of `min` and `max` are
    /// clamped. Each pair of codes bounds the sum of two entries from below and above. Such a system of
    /// differences has a solution exactly if the relaxation of all bounds ends (Bellman and Ford), and one with more
    /// bits if it has one with fewer.
    pub fn new(results: &[Vec<i8>], (min, max): (i8, i8)) -> Option<Self> {
        ROUNDINGS.into_iter().find_map(|(rounding, most, most_sum_bits)| {
            let system = BoundSystem { results, min, max, rounding };
            let mut best = system.solve(most)?;
            let mut low = 0;
            while low < best.fraction_bits {
                let middle = low + (best.fraction_bits - low) / 2;
                match system.solve(middle) {
                    Some(tables) => best = tables,
                    None => low = middle + 1,
                }
            }
            (sum_bits(&best.left, &best.right) <= most_sum_bits).then_some(best)
        })
    }
}

/// Bits of the entries of a table, as two's complement.
pub(crate) fn entry_bits(table: &[i64]) -> u32 {
    table.iter().map(|entry| signed_bits(*entry)).max().unwrap_or(1)
}

/// Bits that hold both entries and their sum: offsets of opposite signs make a sum shorter than an entry.
pub(crate) fn sum_bits(left: &[i64], right: &[i64]) -> u32 {
    let low = left.iter().min().zip(right.iter().min()).map_or(0, |(left, right)| left + right);
    let high = left.iter().max().zip(right.iter().max()).map_or(0, |(left, right)| left + right);
    [signed_bits(low), signed_bits(high), entry_bits(left), entry_bits(right)].into_iter().max().unwrap_or(1)
}

/// Bounds of the sums of all pairs of entries.
struct BoundSystem<'a> {
    results: &'a [Vec<i8>],
    min: i8,
    max: i8,
    rounding: TieRounding,
}

impl BoundSystem<'_> {
    /// Least and greatest sum with a result; none where it is clamped.
    fn bounds(&self, result: i8, fraction_bits: u32) -> [Option<i64>; 2] {
        let [low, high] = self.rounding.bounds(result, fraction_bits);
        [(result != self.min).then_some(low), (result != self.max).then_some(high)]
    }

    /// Tables with that many fraction bits.
    fn solve(&self, fraction_bits: u32) -> Option<AdditionTables> {
        let bounds: Vec<_> = (i8::MIN..=i8::MAX).map(|result| self.bounds(result, fraction_bits)).collect();
        // The second table is negated, so that both bounds are bounds of a difference.
        let (mut left, mut negated) = (vec![0i64; CODES], vec![0i64; CODES]);
        let mut is_solved = false;
        // The longest chain of bounds has every entry once.
        for _ in 0..2 * CODES {
            is_solved = true;
            for (entry, row) in left.iter_mut().zip(self.results) {
                for (other, &result) in negated.iter_mut().zip(row) {
                    let [low, high] = bounds[(i16::from(result) + 128) as usize];
                    if let Some(low) = low.filter(|low| *entry - *other < *low) {
                        *other = *entry - low;
                        is_solved = false;
                    }
                    if let Some(high) = high.filter(|high| *entry - *other > *high) {
                        *entry = *other + high;
                        is_solved = false;
                    }
                }
            }
            if is_solved {
                break;
            }
        }
        let center = (left.iter().min()? + left.iter().max()?) >> 1;
        is_solved.then(|| AdditionTables {
            fraction_bits,
            rounding: self.rounding,
            left: left.iter().map(|entry| entry - center).collect(),
            right: negated.iter().map(|entry| center - entry).collect(),
        })
    }
}

impl TieRounding {
    /// Least and greatest sum with a result, in units of the last fraction bit.
    fn bounds(self, result: i8, fraction_bits: u32) -> [i64; 2] {
        let one = 1i64 << fraction_bits;
        let middle = i64::from(result) * one;
        // Without a fraction every sum is an integer.
        let half = one / 2;
        match self {
            Self::HalfUp => [middle - half, middle + (one - half) - 1],
            Self::HalfEven if fraction_bits == 0 => [middle, middle],
            Self::HalfEven => {
                let open = i64::from(result & 1 != 0);
                [middle - half + open, middle + half - open]
            }
        }
    }
}

/// Bits of a number in two's complement.
fn signed_bits(number: i64) -> u32 {
    65 - (number ^ (number >> 63)).leading_zeros()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn results(function: impl Fn(i8, i8) -> i8) -> Vec<Vec<i8>> {
        let codes = || (0..=u8::MAX).map(|pattern| pattern as i8);
        codes().map(|left| codes().map(|right| function(left, right)).collect()).collect()
    }

    /// What the hardware computes from the tables.
    fn sum(tables: &AdditionTables, left: usize, right: usize) -> i64 {
        let sum = tables.left[left] + tables.right[right];
        let scale = 2f64.powi(-(tables.fraction_bits as i32));
        let sum = sum as f64 * scale;
        let rounded = match tables.rounding {
            TieRounding::HalfUp => (sum + 0.5).floor(),
            TieRounding::HalfEven => sum.round_ties_even(),
        };
        rounded.clamp(-128.0, 127.0) as i64
    }

    fn agrees(function: impl Fn(i8, i8) -> i8) -> AdditionTables {
        let results = results(function);
        let tables = AdditionTables::new(&results, (-128, 127)).unwrap();
        for (left, row) in results.iter().enumerate() {
            for (right, &result) in row.iter().enumerate() {
                assert_eq!(sum(&tables, left, right), i64::from(result), "{left} {right}");
            }
        }
        tables
    }

    #[test]
    fn tables_give_sums_of_real_numbers() {
        let tables = agrees(|left, right| {
            (f64::from(left) * 0.7123 + f64::from(right) * 0.4111 - 20.3).round().clamp(-128.0, 127.0) as i8
        });
        assert_eq!(tables.rounding, TieRounding::HalfUp);
        assert!((4..=16).contains(&tables.fraction_bits), "{tables:?}");
        assert!(sum_bits(&tables.left, &tables.right) <= 26, "{tables:?}");
    }

    #[test]
    fn integers_need_no_fraction() {
        let tables = agrees(|left, right| (i32::from(left) + i32::from(right) - 9).clamp(-128, 127) as i8);
        assert_eq!(tables.fraction_bits, 0);
        assert!(entry_bits(&tables.left) <= 9, "{tables:?}");
    }

    #[test]
    fn halves_to_even_need_the_other_rounding() {
        let tables = agrees(|left, right| {
            ((f32::from(left) + f32::from(right)) * 0.5).round_ties_even().clamp(-128.0, 127.0) as i8
        });
        assert_eq!((tables.rounding, tables.fraction_bits), (TieRounding::HalfEven, 1));
    }

    #[test]
    fn a_sum_has_the_bits_of_its_entries() {
        assert_eq!(sum_bits(&[-120, 0], &[100, 110]), 8);
        assert_eq!(sum_bits(&[-130], &[130]), 9);
        assert_eq!(sum_bits(&[-3, 3], &[-4, 4]), 4);
    }

    #[test]
    fn a_product_has_no_tables() {
        let product =
            |left: i8, right: i8| ((i32::from(left) * i32::from(right)) >> 6).clamp(-128, 127) as i8;
        assert_eq!(AdditionTables::new(&results(product), (-128, 127)), None);
    }
}
