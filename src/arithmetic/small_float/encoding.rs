//! Choices of a conversion to a small float.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::arithmetic::Rounding;

/// Handling of magnitudes beyond the largest finite one, infinities included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SmallFloatOverflow {
    /// Returns the largest finite number of that sign, as ONNX's Cast with `saturate`.
    ///
    /// E8M0 encodes the magnitude, zero as its smallest number and infinity as NaN.
    Saturate,
    /// Returns infinity, else NaN, else the largest number, whichever the format has, as ml_dtypes; keeps the
    /// sign.
    ///
    /// E8M0 encodes zero and negative numbers as NaN.
    Propagate,
}

/// Rounding of a magnitude to the step of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SmallFloatRounding {
    /// To nearest, ties to even; of the significand with its hidden bit, so that ties of E8M0 round up.
    Even,
    /// To nearest, ties away from zero: microxcaling's `nearest`.
    Away,
    /// Toward zero: ONNX's `round_mode` "down", PTX `.rz`.
    Zero,
    /// Away from zero: ONNX's `round_mode` "up", PTX `.rp` of positive numbers.
    Up,
}

/// Code that NaN becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NanCode {
    /// NaN with the sign of the number, as ONNX and ml_dtypes.
    ///
    /// In a format without NaN it is the zero of the other sign, as in ml_dtypes 0.6.0.
    Signed,
    /// The positive NaN, or the largest number of a format without NaN, as PTX `cvt`.
    Positive,
}

/// How a binary32 becomes a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct SmallFloatEncoding {
    /// Rounding of the magnitude.
    pub rounding: SmallFloatRounding,
    /// Handling of numbers out of range.
    pub overflow: SmallFloatOverflow,
    /// Code of NaN.
    pub nan: NanCode,
}

/// Rounds to nearest even and keeps the sign of NaN.
impl From<SmallFloatOverflow> for SmallFloatEncoding {
    fn from(overflow: SmallFloatOverflow) -> Self {
        Self { rounding: SmallFloatRounding::Even, overflow, nan: NanCode::Signed }
    }
}

impl From<Rounding> for SmallFloatRounding {
    fn from(rounding: Rounding) -> Self {
        match rounding {
            Rounding::HalfEven => Self::Even,
            Rounding::HalfAway => Self::Away,
            Rounding::Truncate => Self::Zero,
        }
    }
}

impl NanCode {
    /// Every choice.
    pub const ALL: [Self; 2] = [Self::Signed, Self::Positive];

    /// Name used on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Signed => "signed",
            Self::Positive => "positive",
        }
    }
}

impl fmt::Display for NanCode {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Error for an unknown code of NaN.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown code of NaN '{0}': use one of signed, positive")]
pub struct UnknownNanCode(String);

impl FromStr for NanCode {
    type Err = UnknownNanCode;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|code| code.name() == word).ok_or_else(|| UnknownNanCode(word.into()))
    }
}
