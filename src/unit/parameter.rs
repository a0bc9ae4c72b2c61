//! Parameters of units: names, legal values, defaults.

use std::borrow::Cow;
use std::fmt;

use super::error::ConfigError;
use super::matrix::Matrix;
use crate::text::suggestion;

/// One parameter of a unit.
#[derive(Debug, serde::Serialize)]
pub struct Parameter {
    /// The name used by `--set name=value`.
    pub name: &'static str,
    /// The legal values of this parameter alone.
    #[serde(flatten)]
    pub kind: Kind,
    /// The default.
    pub default: Value,
    /// One line of help, with the unit of measurement if there is one.
    pub help: &'static str,
}

/// The legal values of a parameter.
#[derive(Clone, Copy, Debug, serde::Serialize)]
#[serde(tag = "kind", content = "legal", rename_all = "lowercase")]
pub enum Kind {
    /// A whole number within inclusive bounds.
    Integer {
        /// Smallest legal value.
        min: i64,
        /// Largest legal value.
        max: i64,
    },
    /// `true` or `false`.
    Flag,
    /// One of a few words.
    Choice(&'static [&'static str]),
    /// A number within inclusive bounds, or a word that names another source of the number.
    Source {
        /// Smallest legal number.
        min: i64,
        /// Largest legal number.
        max: i64,
        /// The legal words.
        words: &'static [&'static str],
        /// The longest legal list with one number per channel; 1 where no list is legal.
        channels: usize,
    },
    /// A matrix of whole numbers.
    Matrix,
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Of [`Kind::Integer`] and [`Kind::Source`].
    Integer(i64),
    /// Of [`Kind::Flag`].
    Flag(bool),
    /// Of [`Kind::Choice`] and [`Kind::Source`].
    Word(&'static str),
    /// Of [`Kind::Source`]: one number per channel, at least two.
    List(Cow<'static, [i64]>),
    /// Of [`Kind::Matrix`].
    Matrix(Matrix),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(number) => write!(f, "{number}"),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Word(word) => f.write_str(word),
            Self::List(numbers) => {
                let numbers: Vec<String> = numbers.iter().map(i64::to_string).collect();
                f.write_str(&numbers.join(","))
            }
            Self::Matrix(matrix) => write!(f, "{matrix}"),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer { min, max } => write!(f, "{min}..={max}"),
            Self::Flag => f.write_str("true | false"),
            Self::Choice(words) => f.write_str(&words.join(" | ")),
            Self::Source { min, max, words, channels } => {
                write!(f, "{min}..={max}")?;
                words.iter().try_for_each(|word| write!(f, " | {word}"))?;
                if *channels > 1 { write!(f, " | 2 to {channels} numbers with commas") } else { Ok(()) }
            }
            Self::Matrix => {
                let side = Matrix::SIDE;
                write!(f, "1 to {side} rows with semicolons, each of 1 to {side} numbers with commas")
            }
        }
    }
}

/// Whether the text is two numbers with a hyphen between them.
fn is_range_with_hyphen(text: &str) -> bool {
    let numbers = text.split_once('-').map(|(low, high)| [low, high]);
    numbers.is_some_and(|numbers| numbers.iter().all(|number| number.parse::<u32>().is_ok()))
}

/// The `target` of a device or series, by the start of its name.
fn family_of_device(name: &str) -> Option<&'static str> {
    const STARTS: [(&str, &str); 17] = [
        ("xczu", "xcup"),
        ("xcku", "xcup"),
        ("xcvu", "xcup"),
        ("zynqmp", "xcup"),
        ("ultrascale", "xcup"),
        ("kria", "xcup"),
        ("xc7", "xc7"),
        ("artix", "xc7"),
        ("kintex", "xc7"),
        ("spartan7", "xc7"),
        ("virtex7", "xc7"),
        ("zynq", "xc7"),
        ("lfe5", "ecp5"),
        ("hx", "ice40"),
        ("lp", "ice40"),
        ("up5k", "ice40"),
        ("icestick", "ice40"),
    ];
    let name = name.to_lowercase();
    STARTS.iter().find(|(start, _)| name.starts_with(start)).map(|(_, family)| *family)
}

impl AsRef<str> for Parameter {
    fn as_ref(&self) -> &str {
        self.name
    }
}

/// Longest default, in characters, that tables show in full.
const LONGEST_DEFAULT: usize = 60;

impl Parameter {
    /// Text of the default in tables; the size in place of a long matrix or list.
    pub fn default_text(&self) -> String {
        let text = self.default.to_string();
        match &self.default {
            Value::Matrix(matrix) if text.len() > LONGEST_DEFAULT => {
                format!("{} x {} numbers", matrix.rows().len(), matrix.columns())
            }
            Value::List(numbers) if text.len() > LONGEST_DEFAULT => format!("{} numbers", numbers.len()),
            _ => text,
        }
    }

    /// Parses a value as typed by a user.
    ///
    /// # Errors
    /// [`ConfigError::Value`] with the legal values and, for words, the nearest legal one;
    /// [`ConfigError::Matrix`] for a matrix.
    pub fn parse(&self, text: &str) -> Result<Value, ConfigError> {
        let number =
            |min, max| text.parse().ok().filter(|number| (min..=max).contains(number)).map(Value::Integer);
        let word =
            |words: &[&'static str]| words.iter().find(|&&word| word == text).map(|&word| Value::Word(word));
        let value = match self.kind {
            Kind::Integer { min, max } => number(min, max),
            Kind::Flag => text.parse().ok().map(Value::Flag),
            Kind::Choice(words) => word(words),
            Kind::Source { min, max, words, channels } => {
                word(words).or_else(|| number(min, max)).or_else(|| {
                    let numbers: Option<Vec<i64>> = text
                        .split(',')
                        .map(|number| number.parse().ok().filter(|number| (min..=max).contains(number)))
                        .collect();
                    numbers
                        .filter(|list| (2..=channels).contains(&list.len()))
                        .map(|list| Value::List(list.into()))
                })
            }
            Kind::Matrix => {
                let matrix = Matrix::parse(text);
                let failed = |source| ConfigError::Matrix { parameter: self.name, source };
                return matrix.map(Value::Matrix).map_err(failed);
            }
        };
        value.ok_or_else(|| ConfigError::Value {
            parameter: self.name,
            value: text.to_string(),
            problem: match self.kind {
                Kind::Integer { .. } if text.parse::<i128>().is_err() => "not a number",
                Kind::Choice(_) | Kind::Flag => "not a legal word",
                _ => "out of range",
            },
            legal: self.kind.to_string(),
            hint: self.hint(text),
        })
    }

    /// What the user may have meant by an illegal value, to append to the message.
    fn hint(&self, text: &str) -> String {
        match self.kind {
            _ if text.contains('=') && text.contains(',') => {
                " (one setting per --set: repeat --set for each parameter)".to_string()
            }
            Kind::Integer { .. } if text.contains("..") => {
                " (a config has one value; `qrtl sweep` verifies a range)".to_string()
            }
            Kind::Integer { .. } if is_range_with_hyphen(text) => {
                format!(" (`qrtl sweep` takes the range as {}={})", self.name, text.replacen('-', "..=", 1))
            }
            Kind::Choice(words) => match family_of_device(text).filter(|_| self.name == "target") {
                Some(family) => format!(" ({text} is of the family {family})"),
                None => suggestion(text, words.iter().copied()),
            },
            _ => String::new(),
        }
    }
}
