//! Decomposition of a bias into products, for a mac without a bias input.

/// Maximum number of pairs of one bias.
///
/// A longer sequence would take more cycles than any sum of the classifier.
const MOST: u32 = 4096;

/// Error for a bias that needs too many products.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a bias of {bias} is more than {MOST} products of {a} * {b}, the largest of the unit: choose wider operands or larger scales"
)]
pub(crate) struct BiasTooLong {
    bias: i32,
    a: i32,
    b: i32,
}

/// Finds pairs whose products add up to `bias`.
///
/// The first factor is in 1..=`a`, the second in -`b`..=`b`.
pub(crate) fn pairs(bias: i32, a: i32, b: i32) -> Result<Vec<(i32, i32)>, BiasTooLong> {
    // The product of two unsigned 16-bit operands needs all 32 bits.
    let (magnitude, largest) = (bias.unsigned_abs(), a as u32 * b as u32);
    if magnitude / largest >= MOST {
        return Err(BiasTooLong { bias, a, b });
    }
    let rest = magnitude % largest;
    let parts = [(a, (rest / a as u32) as i32), ((rest % a as u32) as i32, 1)];
    let whole = std::iter::repeat_n((a, b), (magnitude / largest) as usize);
    let pairs = whole.chain(parts).filter(|&(a, b)| a != 0 && b != 0);
    Ok(pairs.map(|(a, b)| (a, b * bias.signum())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_sum_to_bias_and_fit_operands() {
        let mut compared = 0;
        for (a, b) in [(127, 127), (255, 255), (127, 7), (7, 7), (15, 3), (1, 1), (3, 3)] {
            for bias in (-3000i32..3000).chain([-40_000, 65_026]).filter(|bias| bias.abs() / (a * b) < 4000) {
                let pairs = pairs(bias, a, b).unwrap();
                assert_eq!(pairs.iter().map(|(a, b)| a * b).sum::<i32>(), bias);
                assert!(pairs.iter().all(|&(x, w)| (1..=a).contains(&x) && w != 0 && w.abs() <= b));
                assert!(pairs.len() <= (bias.abs() / (a * b)) as usize + 2);
                compared += 1;
            }
        }
        assert!(compared > 40_000);
    }

    #[test]
    fn rejects_bias_of_too_many_products() {
        let refused = pairs(i32::MIN, 1, 1).unwrap_err().to_string();
        assert_eq!(pairs(i32::MIN, 65_535, 65_535).unwrap(), [(65_535, -32_768), (32_768, -1)]);
        assert!(
            refused.starts_with("a bias of -2147483648 is more than 4096 products of 1 * 1"),
            "{refused}"
        );
    }
}
