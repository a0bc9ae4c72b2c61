//! Rounding of a real number to an integer.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use super::real::Real;

/// A rounding mode from reals to integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum Rounding {
    /// To nearest, ties to even: ONNX, torch, TensorRT, IEEE 754's default.
    #[serde(rename = "even")]
    HalfEven,
    /// To nearest, ties away from zero: TFLite, C's `round`.
    #[serde(rename = "away")]
    HalfAway,
    /// Toward zero: a C cast.
    #[serde(rename = "truncate")]
    Truncate,
}

impl Rounding {
    /// Every mode.
    pub const ALL: [Self; 3] = [Self::HalfEven, Self::HalfAway, Self::Truncate];

    /// Name used on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::HalfEven => "even",
            Self::HalfAway => "away",
            Self::Truncate => "truncate",
        }
    }

    /// Rounds to an integer and returns it as a float, so that no magnitude overflows.
    #[inline]
    pub fn round<T: Real>(self, value: T) -> T {
        match self {
            Self::HalfEven => value.round_half_even(),
            Self::HalfAway => value.round_half_away(),
            Self::Truncate => value.truncate(),
        }
    }
}

impl fmt::Display for Rounding {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Error for an unknown rounding mode.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown rounding '{0}': use one of even, away, truncate")]
pub struct UnknownRounding(String);

impl FromStr for Rounding {
    type Err = UnknownRounding;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|rule| rule.name() == word).ok_or_else(|| UnknownRounding(word.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_differ_on_ties_and_signs() {
        let values = [-2.5, -1.5, -0.6, -0.5, 0.5, 0.6, 1.5, 2.5];
        let rounded = |rule: Rounding| values.map(|value: f32| rule.round(value));
        assert_eq!(rounded(Rounding::HalfEven), [-2.0, -2.0, -1.0, 0.0, 0.0, 1.0, 2.0, 2.0]);
        assert_eq!(rounded(Rounding::HalfAway), [-3.0, -2.0, -1.0, -1.0, 1.0, 1.0, 2.0, 3.0]);
        assert_eq!(rounded(Rounding::Truncate), [-2.0, -1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0]);
    }

    #[test]
    fn parses_every_mode_by_name() {
        for rule in Rounding::ALL {
            assert_eq!(rule.to_string().parse(), Ok(rule));
        }
        let refused = "nearest".parse::<Rounding>().unwrap_err().to_string();
        assert_eq!(refused, "unknown rounding 'nearest': use one of even, away, truncate");
    }
}
