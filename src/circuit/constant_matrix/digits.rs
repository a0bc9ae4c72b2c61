//! Canonical signed digits of constants.
//!
//! They are the form with the fewest additions and subtractions of powers of two (Reitwiesner 1960; Hartley,
//! IEEE TCAS-II 43(10), 1996, for filters).

/// The nonzero digits of a number, lowest first: the power of two, and whether it is subtracted.
pub(crate) fn digits(number: i64) -> impl Iterator<Item = (u32, bool)> {
    let (mut rest, mut weight) = (number, 0);
    std::iter::from_fn(move || {
        if rest == 0 {
            return None;
        }
        let zeros = rest.trailing_zeros();
        weight += zeros;
        rest >>= zeros;
        // The digit that makes the next digit 0.
        let digit = 2 - (rest & 3);
        rest -= digit;
        Some((weight, digit < 0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_sum_to_the_number_and_no_two_are_adjacent() {
        for number in -70_000..=70_000 {
            let digits: Vec<(u32, bool)> = digits(number).collect();
            let sum: i64 = digits
                .iter()
                .map(|&(weight, negative)| if negative { -(1 << weight) } else { 1 << weight })
                .sum();
            assert_eq!(sum, number);
            assert!(digits.windows(2).all(|pair| pair[0].0 + 1 < pair[1].0), "{number}: {digits:?}");
        }
    }
}
