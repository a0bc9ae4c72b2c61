//! Grids of configs: every combination of some values of a unit's parameters.

use std::collections::HashSet;

use super::config::{Config, find_parameter};
use super::definition::Unit;
use super::error::ConfigError;
use super::parameter::{Kind, Parameter, Value};

/// The values of one parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// The parameter.
    pub parameter: &'static str,
    /// Its values, in the order given, without repetitions.
    pub values: Vec<Value>,
}

/// A unit with lists of values for some parameters; the others have their defaults.
#[derive(Debug)]
pub struct Grid {
    unit: &'static dyn Unit,
    axes: Vec<Axis>,
}

/// Combinations that violate the same rule of the unit.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RefusedCombinations {
    /// The number of combinations.
    pub combinations: usize,
    /// The error of the first one.
    pub reason: String,
}

impl Grid {
    /// The largest number of combinations in one grid, legal or not.
    pub const MOST: u128 = 1 << 16;

    /// Reads axes as users write them: `a_bits=2..=8`, `stages=0,1,2..=4`, `overflow=wrap,saturate`.
    ///
    /// # Errors
    /// [`ConfigError::Syntax`], [`ConfigError::UnknownParameter`], [`ConfigError::Value`],
    /// [`ConfigError::Range`], [`ConfigError::Incomplete`], [`ConfigError::NotSwept`],
    /// [`ConfigError::Repeated`], [`ConfigError::TooMany`].
    pub fn new(unit: &'static dyn Unit, sets: &[impl AsRef<str>]) -> Result<Self, ConfigError> {
        let mut grid = Self { unit, axes: Vec::new() };
        for text in sets.iter().map(AsRef::as_ref) {
            let (name, values) =
                text.split_once('=').ok_or_else(|| ConfigError::Syntax { text: text.to_string() })?;
            let parameter = find_parameter(unit, name)?;
            if matches!(parameter.kind, Kind::Matrix) {
                return Err(ConfigError::NotSwept { unit: unit.name(), parameter: parameter.name });
            }
            if let Some(first) = grid.axes.iter().find(|axis| axis.parameter == parameter.name) {
                return Err(ConfigError::Repeated {
                    parameter: parameter.name,
                    first: join(&first.values),
                    second: values.to_string(),
                });
            }
            grid.axes.push(Axis { parameter: parameter.name, values: parse_values(parameter, values)? });
            refuse_too_many(grid.axes.iter().map(|axis| axis.values.len() as u128).product())?;
        }
        Ok(grid)
    }

    /// The unit.
    pub fn unit(&self) -> &'static dyn Unit {
        self.unit
    }

    /// The axes, in the order given.
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// The number of combinations, legal or not.
    pub fn combinations(&self) -> usize {
        self.axes.iter().map(|axis| axis.values.len()).product()
    }

    /// The settings of a combination, the last axis changing fastest.
    fn settings(&self, index: usize) -> Vec<String> {
        let mut rest = index;
        let mut settings: Vec<String> = Vec::with_capacity(self.axes.len());
        for Axis { parameter, values } in self.axes.iter().rev() {
            settings.push(format!("{parameter}={}", values[rest % values.len()]));
            rest /= values.len();
        }
        settings.reverse();
        settings
    }

    /// The legal configs, in order, and the refused combinations.
    ///
    /// # Errors
    /// [`ConfigError::NoneLegal`] when all combinations were refused.
    pub fn configs(&self) -> Result<(Vec<Config>, Vec<RefusedCombinations>), ConfigError> {
        let mut configs = Vec::new();
        let mut refused: Vec<(String, RefusedCombinations)> = Vec::new();
        let mut first = None;
        for index in 0..self.combinations() {
            match Config::new(self.unit, None, &self.settings(index)) {
                Ok(config) => configs.push(config),
                Err(error) => {
                    let rule = without_values(&error.to_string());
                    match refused.iter_mut().find(|(known, _)| *known == rule) {
                        Some((_, refused)) => refused.combinations += 1,
                        None => refused
                            .push((rule, RefusedCombinations { combinations: 1, reason: error.to_string() })),
                    }
                    first.get_or_insert(error);
                }
            }
        }
        match first {
            Some(first) if configs.is_empty() => {
                Err(ConfigError::NoneLegal { combinations: self.combinations(), first: Box::new(first) })
            }
            _ => Ok((configs, refused.into_iter().map(|(_, refused)| refused).collect())),
        }
    }
}

/// Parses numbers, words and ranges separated by commas.
fn parse_values(parameter: &Parameter, text: &str) -> Result<Vec<Value>, ConfigError> {
    let mut values: Vec<Value> = Vec::new();
    for item in text.split(',') {
        let range = || ConfigError::Range { parameter: parameter.name, range: item.to_string() };
        let ends: Vec<&str> = item.splitn(2, "..").map(|end| end.trim_start_matches('=')).collect();
        if ends.contains(&"") {
            return Err(ConfigError::Incomplete { parameter: parameter.name, values: text.to_string() });
        }
        match item.split_once("..") {
            None => values.push(parameter.parse(item)?),
            Some((low, high)) => {
                let high = high.strip_prefix('=').filter(|high| !high.contains("..")).ok_or_else(range)?;
                let (Value::Integer(low), Value::Integer(high)) =
                    (parameter.parse(low)?, parameter.parse(high)?)
                else {
                    return Err(range());
                };
                if low > high {
                    return Err(range());
                }
                let more = (i128::from(high) - i128::from(low) + 1).unsigned_abs();
                refuse_too_many(values.len() as u128 + more)?;
                values.extend((low..=high).map(Value::Integer));
            }
        }
    }
    let mut seen = HashSet::new();
    values.retain(|value| seen.insert(value.clone()));
    Ok(values)
}

fn refuse_too_many(combinations: u128) -> Result<(), ConfigError> {
    match combinations > Grid::MOST {
        true => Err(ConfigError::TooMany { combinations, most: Grid::MOST }),
        false => Ok(()),
    }
}

fn join(values: &[Value]) -> String {
    values.iter().map(Value::to_string).collect::<Vec<_>>().join(",")
}

/// The text of an error with every number replaced, which identifies the rule.
fn without_values(text: &str) -> String {
    let words = text.split(' ').map(|word| word.split_once('=').map_or(word, |(parameter, _)| parameter));
    words.collect::<Vec<_>>().join(" ").replace(|c: char| c.is_ascii_digit(), "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::unit;

    fn grid(name: &str, sets: &[&str]) -> Result<Grid, ConfigError> {
        Grid::new(unit(name).unwrap(), sets)
    }

    #[test]
    fn ranges_lists_and_words_make_every_combination_once() {
        let grid = grid("multiplier", &["a_bits=2..=4", "stages=0,2,2..=3", "a_signed=true,false"]).unwrap();
        assert_eq!(grid.combinations(), 3 * 3 * 2);
        let (configs, refused) = grid.configs().unwrap();
        let names: Vec<&str> = configs.iter().map(Config::name).collect();
        assert_eq!(names[..3], ["mul_s2_s8", "mul_u2_s8", "mul_s2_s8_p2"]);
        assert_eq!(names[17], "mul_u4_s8_p3");
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), 18);
        assert_eq!(refused, []);
    }

    #[test]
    fn counts_configs_that_break_the_same_rule_together() {
        let narrow = grid("mac", &["a_bits=2..=5", "b_bits=2", "acc_bits=4,5"]).unwrap();
        let (configs, refused) = narrow.configs().unwrap();
        // A product of s2 and s2 has 4 bits, and each bit of an operand adds one.
        assert_eq!(configs.len(), 3);
        assert_eq!(refused.len(), 1);
        assert_eq!(refused[0].combinations, 5);
        assert!(refused[0].reason.starts_with("acc_bits=4 is narrower"), "{}", refused[0].reason);

        let sets = ["target=ice40,ecp5,xc7", "arch=auto,ccu2c_rows", "dsp=allow,avoid"];
        let (configs, refused) = grid("multiplier", &sets).unwrap().configs().unwrap();
        let counts: Vec<usize> = refused.iter().map(|refused| refused.combinations).collect();
        assert_eq!((configs.len(), counts), (8, vec![4]));
    }

    #[test]
    fn rejects_grids_that_cannot_be_swept_with_the_fix() {
        let message = |name, sets: &[&str]| match grid(name, sets) {
            Ok(grid) => grid.configs().map(drop).unwrap_err().to_string(),
            Err(error) => error.to_string(),
        };
        for (unit, set, said) in [
            ("multiplier", "a_bits=8..=2", "a_bits=8..=2 is not a range"),
            ("multiplier", "a_bits=2..8", "lo..=hi"),
            ("multiplier", "target=ice40..=ecp5", "target=ice40..=ecp5 is not a range"),
            ("multiplier", "a_bits=2..=4..=6", "a_bits=2..=4..=6 is not a range"),
            ("multiplier", "a_bits=", "a_bits= is incomplete"),
            ("multiplier", "a_bits=2,3,", "a_bits=2,3, is incomplete; write values with commas"),
            ("multiplier", "a_bits=..=4", "a_bits=..=4 is incomplete"),
            ("multiplier", "a_bits=2..=", "a_bits=2..= is incomplete"),
            ("multiplier", "a_bits=2..", "ranges as lo..=hi"),
            ("constant_matrix", "weights=1,2;3,4", "qrtl verify constant_matrix --set weights="),
            ("constant_matrix", "weights=1", "weights is a matrix, which cannot be swept"),
            ("multiplier", "a_bits=2..=99", "a_bits=99 is out of range"),
            ("multiplier", "a_bitz=2", "did you mean 'a_bits'?"),
            ("multiplier", "stages", "'stages' is not a setting"),
            ("multiplier", "arch=ccu2c_rows", "none of the 1 combinations is legal: arch=ccu2c_rows"),
            ("requantizer", "multiplier=0..=99999999", "are too many for one sweep, the limit is 65536"),
        ] {
            let found = message(unit, &[set]);
            assert!(found.contains(said), "{set}: {found}");
        }
        let twice = message("multiplier", &["a_bits=2..=4", "a_bits=5"]);
        assert_eq!(twice, "a_bits is set twice, to 2,3,4 and to 5; keep one of them");
        let many = ["a_bits=2..=16", "b_bits=2..=16", "stages=0..=4", "target=generic,ice40,ecp5,xc7,xcup"];
        let many =
            [&many[..], &["a_signed=true,false", "b_signed=true,false", "arch=auto,mux_rows,booth_rows,dsp"]]
                .concat();
        assert!(message("multiplier", &many).contains("are too many for one sweep"));
    }
}
