//! Number formats of the pages.

use tera::{Kwargs, State, Tera, TeraResult};

/// Adds the filters that the templates of the report use.
pub(crate) fn register(tera: &mut Tera) {
    tera.register_filter("count", |value: u64, _: Kwargs, _: &State| count(value));
    tera.register_filter("rate", |value: f64, _: Kwargs, _: &State| rate(value));
    tera.register_filter("fixed", |value: f64, arguments: Kwargs, _: &State| -> TeraResult<String> {
        Ok(fixed(value, arguments.must_get("places")?))
    });
}

/// A count with thousands separators: `65,536`.
pub(crate) fn count(value: u64) -> String {
    let digits = value.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(|group| str::from_utf8(group).expect("ASCII digits"));
    groups.collect::<Vec<_>>().join(",")
}

/// A number with fixed decimals, a typographic minus sign, and no minus zero.
pub(crate) fn fixed(value: f64, places: usize) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "∞" } else { "−∞" }.to_string();
    }
    let text = format!("{value:.places$}");
    match text.strip_prefix('-') {
        Some(magnitude) if magnitude.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) => {
            format!("−{magnitude}")
        }
        Some(magnitude) => magnitude.to_string(),
        None => text,
    }
}

/// Three digits and an SI prefix: `36.9 M`.
fn rate(value: f64) -> String {
    let prefixes = [(1e9, " G"), (1e6, " M"), (1e3, " k"), (1.0, "")];
    let &(unit, prefix) = prefixes.iter().find(|(unit, _)| value >= *unit).unwrap_or(&prefixes[3]);
    let scaled = value / unit;
    let places = if scaled < 9.995 { 2 } else { usize::from(scaled < 99.95) };
    format!("{scaled:.places$}{prefix}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped() {
        let written = [0, 999, 1_000, 65_536, 1_000_001].map(count);
        assert_eq!(written, ["0", "999", "1,000", "65,536", "1,000,001"]);
    }

    #[test]
    fn fixed_numbers_have_a_typographic_minus_and_no_minus_zero() {
        let written = [-1.25, -0.001, 97.5, f64::INFINITY, f64::NEG_INFINITY].map(|value| fixed(value, 1));
        assert_eq!(written, ["−1.2", "0.0", "97.5", "∞", "−∞"]);
    }

    #[test]
    fn rates_keep_three_digits() {
        let written = [0.5, 42.0, 1_234.0, 36_900_000.0, 999_000_000.0, 2.5e9].map(rate);
        assert_eq!(written, ["0.50", "42.0", "1.23 k", "36.9 M", "999 M", "2.50 G"]);
    }
}
