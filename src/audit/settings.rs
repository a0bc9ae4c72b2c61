//! What the ports do not say: `--set` pairs, checked against what the unit knows.

use std::collections::BTreeMap;

use super::error::AuditError;
use super::role::Unit;
use crate::text::suggestion;

const REQUANTIZER: &[&str] = &[
    "multiplier",
    "shift",
    "right_shift",
    "total_shift",
    "scale",
    "zero_point",
    "acc_bits",
    "multiplier_bits",
    "shift_bits",
    "zero_point_bits",
    "out_bits",
    "acc_signed",
    "out_signed",
];
const PRODUCTS: &[&str] =
    &["a_bits", "b_bits", "lanes", "out_bits", "a_signed", "b_signed", "a_zero_point", "b_zero_point"];

/// The assignments of an option that was given once or several times, each with commas or without.
pub(crate) fn words(options: &[String]) -> impl Iterator<Item = &str> {
    options.iter().flat_map(|option| option.split(',')).map(str::trim)
}

/// A whole number, decimal or as Verilog's users write it: `0x1f`, `0b101`, `1_000`.
pub(crate) fn number(text: &str) -> Option<i128> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let digits = digits.replace('_', "");
    let number = match digits.get(..2) {
        Some("0x") => i128::from_str_radix(&digits[2..], 16).ok()?,
        Some("0b") => i128::from_str_radix(&digits[2..], 2).ok()?,
        _ => digits.parse().ok()?,
    };
    Some(sign * number)
}

/// The settings by name.
#[derive(Clone, Debug, Default)]
pub struct Settings(BTreeMap<&'static str, String>);

impl Settings {
    /// Reads `KEY=VALUE` words.
    ///
    /// # Errors
    /// [`AuditError::Form`], [`AuditError::Unknown`], [`AuditError::Twice`].
    pub fn parse(unit: Unit, words: &[String]) -> Result<Settings, AuditError> {
        let known = if unit == Unit::Requantizer { REQUANTIZER } else { PRODUCTS };
        let mut settings = BTreeMap::new();
        for word in self::words(words) {
            let form =
                || AuditError::Form { option: "--set", word: word.to_string(), form: "--set KEY=VALUE" };
            let (key, value) = word.split_once('=').ok_or_else(form)?;
            let name = known.iter().find(|name| **name == key).ok_or_else(|| AuditError::Unknown {
                unit: unit.name(),
                kind: "setting",
                name: key.to_string(),
                hint: suggestion(key, known.iter().copied()),
                known: known.join(", "),
            })?;
            if settings.insert(*name, value.to_string()).is_some() {
                return Err(AuditError::Twice(format!("the setting {key}")));
            }
        }
        Ok(Settings(settings))
    }

    /// Whether it was given.
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// A whole number.
    ///
    /// # Errors
    /// [`AuditError::Value`] outside the range.
    pub fn integer(
        &self,
        key: &str,
        range: std::ops::RangeInclusive<i64>,
    ) -> Result<Option<i64>, AuditError> {
        let Some(value) = self.0.get(key) else { return Ok(None) };
        let number = number(value).and_then(|number| i64::try_from(number).ok());
        let number = number.filter(|number| range.contains(number));
        number.map(Some).ok_or_else(|| AuditError::Value {
            key: key.to_string(),
            value: value.clone(),
            expected: format!("a whole number from {} to {}", range.start(), range.end()),
        })
    }

    /// A number of bits, lanes or the like.
    ///
    /// # Errors
    /// [`AuditError::Value`] outside 1 to 4096.
    pub fn count(&self, key: &str) -> Result<Option<u32>, AuditError> {
        Ok(self.integer(key, 1..=4096)?.map(|count| count as u32))
    }

    /// A positive real number.
    ///
    /// # Errors
    /// [`AuditError::Value`] for anything else.
    pub fn real(&self, key: &str) -> Result<Option<f64>, AuditError> {
        let Some(value) = self.0.get(key) else { return Ok(None) };
        let number = value.parse().ok().filter(|number: &f64| number.is_finite() && *number > 0.0);
        number.map(Some).ok_or_else(|| AuditError::Value {
            key: key.to_string(),
            value: value.clone(),
            expected: "a positive number".to_string(),
        })
    }

    /// `true` or `false`; both where it was not given.
    ///
    /// # Errors
    /// [`AuditError::Value`] for anything else.
    pub fn flags(&self, key: &str) -> Result<Vec<bool>, AuditError> {
        match self.0.get(key).map(String::as_str) {
            None => Ok(vec![true, false]),
            Some("true") => Ok(vec![true]),
            Some("false") => Ok(vec![false]),
            Some(value) => Err(AuditError::Value {
                key: key.to_string(),
                value: value.to_string(),
                expected: "true or false".to_string(),
            }),
        }
    }
}
