//! Whole numbers as people type them.

/// The whole number that people type as `1000000`, `1_000_000`, `1M`, `1e6` or `2^20`; `None` for another text, or
/// past 64 bits.
pub fn whole_number(text: &str) -> Option<u64> {
    let text = text.replace('_', "");
    if let Some((base, exponent)) = text.split_once('^') {
        return base.parse::<u64>().ok()?.checked_pow(exponent.parse().ok()?);
    }
    if let Some((digits, exponent)) = text.split_once(['e', 'E']) {
        return digits.parse::<u64>().ok()?.checked_mul(10u64.checked_pow(exponent.parse().ok()?)?);
    }
    let units = [('k', 1_000), ('K', 1_000), ('M', 1_000_000), ('G', 1_000_000_000)];
    match units.iter().find_map(|(unit, factor)| Some((text.strip_suffix(*unit)?, factor))) {
        Some((digits, factor)) => digits.parse::<u64>().ok()?.checked_mul(*factor),
        None => text.parse().ok(),
    }
}
