//! Division of a sum of codes by their number, half away from zero, without a divider.

use std::ops::RangeInclusive;

/// `sum / divisor`, half away from zero, as `(sum * multiplier + offset) >> shift`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConstantDivision {
    /// Multiplier; 1 for a power of two.
    pub multiplier: i64,
    /// Offset of sums from 0 on.
    pub offset: i64,
    /// Offset of negative sums.
    pub negative_offset: i64,
    /// Right shift, which rounds down.
    pub shift: u32,
}

impl ConstantDivision {
    /// The division with the smallest shift that is exact for every sum of `divisor` 8-bit codes.
    pub fn new(divisor: usize) -> Self {
        let divisor = divisor as i64;
        let exact = |shift: u32| {
            let multiplier = (1 << shift) / divisor;
            [multiplier, multiplier + 1]
                .into_iter()
                .find_map(|multiplier| Self::exact(divisor, multiplier, shift))
        };
        (0..48).find_map(exact).expect("a multiplier of twice as many bits as a sum is exact")
    }

    /// The division with that multiplier and shift, if offsets make it exact.
    fn exact(divisor: i64, multiplier: i64, shift: u32) -> Option<Self> {
        let others = offsets(0..=127 * divisor, divisor, multiplier, shift)?;
        let negative = offsets(-128 * divisor..=-1, divisor, multiplier, shift)?;
        let half = 1 << shift >> 1;
        let nearest = |range: &RangeInclusive<i64>| half.clamp(*range.start(), *range.end());
        let both = *others.start().max(negative.start())..=*others.end().min(negative.end());
        if !both.is_empty() {
            let offset = nearest(&both);
            return Some(Self { multiplier, offset, negative_offset: offset, shift });
        }
        // Without ties, one offset at a longer shift is cheaper than two.
        if divisor % 2 == 1 {
            return None;
        }
        let (offset, negative_offset) = (nearest(&others), nearest(&negative));
        Some(Self { multiplier, offset, negative_offset, shift })
    }
}

/// Offsets for which the quotient of every sum is exact.
fn offsets(
    sums: RangeInclusive<i64>,
    divisor: i64,
    multiplier: i64,
    shift: u32,
) -> Option<RangeInclusive<i64>> {
    let (mut least, mut most) = (i64::MIN, i64::MAX);
    for sum in sums {
        let magnitude = (sum.abs() + divisor / 2) / divisor;
        let start = ((sum.signum() * magnitude) << shift) - sum * multiplier;
        least = least.max(start);
        most = most.min(start + (1 << shift) - 1);
        if least > most {
            return None;
        }
    }
    Some(least..=most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divides_every_sum_of_any_number_of_taps() {
        for divisor in (1..=130).chain([255, 256, 257, 1000, 1023, 1024]) {
            let ConstantDivision { multiplier, offset, negative_offset, shift } =
                ConstantDivision::new(divisor);
            let divisor = divisor as i64;
            for sum in -128 * divisor..=127 * divisor {
                let half = divisor / 2;
                let expected = if sum > 0 { (sum + half) / divisor } else { (sum - half) / divisor };
                let offset = if sum < 0 { negative_offset } else { offset };
                assert_eq!((sum * multiplier + offset) >> shift, expected, "{sum} / {divisor}");
            }
        }
    }

    #[test]
    fn division_by_power_of_two_needs_no_product() {
        let division = |divisor| {
            let ConstantDivision { multiplier, offset, negative_offset, shift } =
                ConstantDivision::new(divisor);
            (multiplier, offset, negative_offset, shift)
        };
        assert_eq!([1, 16].map(division), [(1, 0, 0, 0), (1, 8, 7, 4)]);
    }

    #[test]
    fn odd_divisor_needs_one_offset() {
        for divisor in (3..200).step_by(2) {
            let division = ConstantDivision::new(divisor);
            assert_eq!(division.offset, division.negative_offset, "{divisor}");
        }
    }
}
