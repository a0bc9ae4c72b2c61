//! Errors of a calibration.

use super::method::{Calibration, MOST_BINS, QUANTIZED_BINS};
use crate::arithmetic::quantizer::{Granularity, QuantizerError};

/// Error for batches that cannot be calibrated; each message ends with the fix.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CalibrationError {
    /// The word does not name a method.
    #[error(
        "unknown calibration '{0}': use minmax, percentile:P, mse, entropy, entropy:BINS or moving-average:C"
    )]
    Unknown(String),
    /// The percentage is outside its range.
    #[error("percentile {0} is not above 0 and at most 100: keep almost all, such as percentile:99.99")]
    Percentile(f64),
    /// The number of bins is outside its range.
    #[error("entropy of {0} bins: use {QUANTIZED_BINS} to {MOST_BINS}, such as entropy:2048")]
    EntropyBins(usize),
    /// The weight of a batch is outside its range.
    #[error("moving-average {0} is not above 0 and at most 1: give the weight of a new batch, such as 0.01")]
    Weight(f64),
    /// There is no batch.
    #[error("no batch to calibrate from: give at least one tensor")]
    NoBatch,
    /// The method observes whole tensors only.
    #[error(
        "--calibrate {calibration} observes whole tensors, not {granularity}: use minmax or moving-average, or \
         --granularity tensor"
    )]
    Parts {
        /// The method.
        calibration: Calibration,
        /// The granularity.
        granularity: Granularity,
    },
    /// Batches have different numbers of parts.
    #[error(
        "batch {batch} has {found} part(s), the first one {expected}: give batches with equal lengths of the axis \
         that --granularity names"
    )]
    Count {
        /// Index of the batch.
        batch: usize,
        /// Its parts.
        found: usize,
        /// Parts of the first batch.
        expected: usize,
    },
    /// A divergence of one sample means nothing.
    #[error(
        "entropy of one sample: give a batch with the distribution of the tensor, or use --calibrate minmax"
    )]
    OneSample,
    /// A histogram whose bins keep their width would grow too far.
    #[error(
        "batch {batch} is so much wider than the batches before it that the histogram would exceed {MOST_BINS} bins: \
         give the widest batch first"
    )]
    Bins {
        /// Index of the batch.
        batch: usize,
    },
    /// The quantizer rejects a batch.
    #[error("batch {batch}: {rule}")]
    Batch {
        /// Index of the batch.
        batch: usize,
        /// The rule that it breaks.
        rule: QuantizerError,
    },
    /// The quantizer rejects the ranges.
    #[error(transparent)]
    Quantizer(#[from] QuantizerError),
}
