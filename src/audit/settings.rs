//! Properties that the ports do not show: the assignments of `--set`.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::design_kind::DesignKind;
use super::error::AuditError;
use crate::text::suggestion;

const REQUANTIZER: &[&str] = &[
    "multiplier",
    "shift",
    "right_shift",
    "total_shift",
    "scale",
    "zero_point",
    "bias",
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

/// Splits the values of a repeatable option at commas.
pub(crate) fn split_list(values: &[String]) -> impl Iterator<Item = &str> {
    values.iter().flat_map(|value| value.split(',')).map(str::trim)
}

/// Parses a decimal, `0x` or `0b` integer in which `_` separates digits.
pub(crate) fn parse_integer(text: &str) -> Option<i128> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let digits = digits.replace('_', "");
    let magnitude = match digits.get(..2) {
        Some("0x") => i128::from_str_radix(&digits[2..], 16).ok()?,
        Some("0b") => i128::from_str_radix(&digits[2..], 2).ok()?,
        _ => digits.parse().ok()?,
    };
    Some(sign * magnitude)
}

/// Values of `--set` by name.
#[derive(Clone, Debug, Default)]
pub struct Settings(BTreeMap<&'static str, String>);

impl Settings {
    /// Parses `KEY=VALUE` assignments.
    ///
    /// # Errors
    /// [`AuditError::NotAnAssignment`], [`AuditError::UnknownName`], [`AuditError::Duplicate`].
    pub fn parse(kind: DesignKind, assignments: &[String]) -> Result<Self, AuditError> {
        let known = if kind == DesignKind::Requantizer { REQUANTIZER } else { PRODUCTS };
        let mut settings = BTreeMap::new();
        for word in split_list(assignments) {
            let malformed = || AuditError::NotAnAssignment {
                option: "--set",
                word: word.to_string(),
                form: "--set KEY=VALUE",
            };
            let (key, value) = word.split_once('=').ok_or_else(malformed)?;
            let unknown = || AuditError::UnknownName {
                kind: kind.name(),
                category: "setting",
                name: key.to_string(),
                hint: suggestion(key, known.iter().copied()),
                known: known.join(", "),
            };
            let name = known.iter().find(|name| **name == key).ok_or_else(unknown)?;
            if settings.insert(*name, value.to_string()).is_some() {
                return Err(AuditError::Duplicate(format!("the setting {key}")));
            }
        }
        Ok(Self(settings))
    }

    /// Whether a setting is given.
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// The settings with one more number.
    pub(crate) fn with(mut self, key: &'static str, value: u32) -> Self {
        self.0.insert(key, value.to_string());
        self
    }

    /// The integer value of a setting, `None` if it is not set.
    ///
    /// # Errors
    /// [`AuditError::InvalidValue`] outside the range.
    pub fn integer(&self, key: &str, range: RangeInclusive<i64>) -> Result<Option<i64>, AuditError> {
        let parse = |value: &str| {
            let number = parse_integer(value).and_then(|number| i64::try_from(number).ok())?;
            range.contains(&number).then_some(number)
        };
        self.parsed(key, parse, || format!("an integer from {} to {}", range.start(), range.end()))
    }

    /// A number of bits, lanes or elements, `None` if it is not set.
    ///
    /// # Errors
    /// [`AuditError::InvalidValue`] outside 1 to 4096.
    pub fn count(&self, key: &str) -> Result<Option<u32>, AuditError> {
        Ok(self.integer(key, 1..=4096)?.map(|count| count as u32))
    }

    /// A positive real number, `None` if it is not set.
    ///
    /// # Errors
    /// [`AuditError::InvalidValue`] for anything else.
    pub fn real(&self, key: &str) -> Result<Option<f64>, AuditError> {
        let parse = |value: &str| value.parse().ok().filter(|real: &f64| real.is_finite() && *real > 0.0);
        self.parsed(key, parse, || "a positive number".to_string())
    }

    /// The values of a Boolean setting to try: the given one, or both if it is not set.
    ///
    /// # Errors
    /// [`AuditError::InvalidValue`] for anything but `true` and `false`.
    pub fn flags(&self, key: &str) -> Result<Vec<bool>, AuditError> {
        let given = self.parsed(key, |value| value.parse().ok(), || "true or false".to_string())?;
        Ok(given.map_or_else(|| vec![true, false], |flag| vec![flag]))
    }

    fn parsed<T>(
        &self,
        key: &str,
        parse: impl FnOnce(&str) -> Option<T>,
        expected: impl FnOnce() -> String,
    ) -> Result<Option<T>, AuditError> {
        let Some(value) = self.0.get(key) else { return Ok(None) };
        let invalid =
            || AuditError::InvalidValue { key: key.to_string(), value: value.clone(), expected: expected() };
        parse(value).map(Some).ok_or_else(invalid)
    }
}
