//! Counts as people type them: `1000000`, `1_000_000`, `1M`, `1e6`, `2^20`.

use std::ops::RangeInclusive;
use std::str::FromStr;

use crate::text::whole_number;

/// Parses a count.
///
/// # Errors
/// A message with the accepted forms, or with the range.
pub(super) fn count<T: TryFrom<u64> + FromStr>(text: &str, legal: RangeInclusive<u64>) -> Result<T, String> {
    let forms = "write a whole number such as 1000000, 1_000_000, 1M, 1e6 or 2^20";
    let number = whole_number(text).ok_or_else(|| format!("not a count; {forms}"))?;
    let (low, high) = (legal.start(), legal.end());
    let legal = legal.contains(&number).then(|| T::try_from(number).ok()).flatten();
    legal.ok_or_else(|| format!("{number} is not in {low}..={high}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<u64, String> {
        count(text, 1..=1 << 40)
    }

    #[test]
    fn reads_every_form() {
        for (text, number) in [
            ("7", 7),
            ("1_000_000", 1_000_000),
            ("1M", 1_000_000),
            ("64k", 64_000),
            ("3G", 3_000_000_000),
            ("1e6", 1_000_000),
            ("2^20", 1 << 20),
        ] {
            assert_eq!(parsed(text), Ok(number), "{text}");
        }
    }

    #[test]
    fn rejects_what_is_no_count_and_states_the_forms() {
        for text in ["", "M", "1.5M", "-3", "1e", "2^", "^3", "many", "1e400", "9^99", "1e-2"] {
            assert!(parsed(text).unwrap_err().contains("1M, 1e6 or 2^20"), "{text}");
        }
        assert_eq!(parsed("0").unwrap_err(), "0 is not in 1..=1099511627776");
        assert_eq!(
            count::<u32>("5G", 1..=u64::MAX).unwrap_err(),
            format!("5000000000 is not in 1..={}", u64::MAX)
        );
    }
}
