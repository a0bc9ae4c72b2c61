//! Methods of calibration by name.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::error::CalibrationError;

/// Bins of the entropy calibration when none are given.
///
/// ONNX Runtime's default of 128 is the number of quantized bins, of which a single batch leaves no choice.
const ENTROPY_BINS: usize = 2048;

/// Bins of the coarse distribution that entropy compares with, as in ONNX Runtime.
pub(crate) const QUANTIZED_BINS: usize = 128;

/// Largest number of bins of a histogram, which grows with later batches.
pub(crate) const MOST_BINS: usize = 1 << 14;

/// Method that derives a range from observed reals.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Calibration {
    /// Smallest and largest real of all batches.
    ///
    /// torch `MinMaxObserver` and `PerChannelMinMaxObserver`, ONNX Runtime `MinMaxCalibrater`.
    #[default]
    MinMax,
    /// The range that keeps this percentage of the reals, above 0 and at most 100.
    ///
    /// ONNX Runtime `PercentileCalibrater` with 2048 bins: of magnitudes for the symmetric scheme; otherwise half of the
    /// rest is cut on either side.
    Percentile(f64),
    /// The range with the least squared error of rounding and clipping, found on a histogram of 2048 bins.
    ///
    /// The search of torch's `HistogramObserver`.
    Mse,
    /// The range whose 128 quantized bins have the least Kullback-Leibler divergence from a histogram of this many bins.
    ///
    /// ONNX Runtime `EntropyCalibrater`.
    Entropy(usize),
    /// Moving average of the smallest and the largest real of each batch; the weight of a new batch is above 0 and
    /// at most 1.
    ///
    /// torch `MovingAverageMinMaxObserver` and `MovingAveragePerChannelMinMaxObserver`.
    MovingAverage(f64),
}

impl Calibration {
    /// Whether the method observes the parts of a tensor each for itself.
    pub fn has_parts(self) -> bool {
        matches!(self, Self::MinMax | Self::MovingAverage(_))
    }

    /// Checks the number of the method.
    ///
    /// # Errors
    /// [`CalibrationError::Percentile`], [`CalibrationError::EntropyBins`] or [`CalibrationError::Weight`].
    pub fn check(self) -> Result<(), CalibrationError> {
        match self {
            // Also rejects NaN.
            Self::Percentile(percentage) if !(percentage > 0.0 && percentage <= 100.0) => {
                Err(CalibrationError::Percentile(percentage))
            }
            Self::Entropy(bins) if !(QUANTIZED_BINS..=MOST_BINS).contains(&bins) => {
                Err(CalibrationError::EntropyBins(bins))
            }
            Self::MovingAverage(weight) if !(weight > 0.0 && weight <= 1.0) => {
                Err(CalibrationError::Weight(weight))
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Calibration {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::MinMax => f.write_str("minmax"),
            Self::Percentile(percentage) => write!(f, "percentile:{percentage}"),
            Self::Mse => f.write_str("mse"),
            Self::Entropy(bins) => write!(f, "entropy:{bins}"),
            Self::MovingAverage(weight) => write!(f, "moving-average:{weight}"),
        }
    }
}

impl Serialize for Calibration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for Calibration {
    type Err = CalibrationError;

    fn from_str(word: &str) -> Result<Self, CalibrationError> {
        let unknown = || CalibrationError::Unknown(word.to_string());
        let number = |digits: &str| digits.parse().map_err(|_| unknown());
        let calibration = match word.split_once(':') {
            None => match word {
                "minmax" => Self::MinMax,
                "mse" => Self::Mse,
                "entropy" => Self::Entropy(ENTROPY_BINS),
                _ => return Err(unknown()),
            },
            Some(("percentile", percentage)) => Self::Percentile(number(percentage)?),
            Some(("entropy", bins)) => Self::Entropy(bins.parse().map_err(|_| unknown())?),
            Some(("moving-average", weight)) => Self::MovingAverage(number(weight)?),
            Some(_) => return Err(unknown()),
        };
        calibration.check()?;
        Ok(calibration)
    }
}
