//! Result of a quantization to small floats, with its text and JSON views.

use std::fmt;

use serde::Serialize;

use super::{FloatConfig, FloatFormat};
use crate::arithmetic::quantizer::Metrics;
use crate::arithmetic::small_float::SmallFloatEncoding;
use crate::files::tensor::Tensor;

/// Shape, choices and losses of a tensor of small floats.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FloatSummary {
    /// Length of each axis.
    pub shape: Vec<usize>,
    /// Format of the codes.
    pub number_format: FloatFormat,
    /// Rounding, overflow and NaN.
    #[serde(flatten)]
    pub encoding: SmallFloatEncoding,
    /// Shape of the scales.
    pub scales: Vec<usize>,
    /// Elements that are not finite, or not restored to a finite number.
    pub not_finite: usize,
    /// Loss figures of the other elements; `None` without any.
    pub metrics: Option<Metrics>,
}

impl FloatSummary {
    pub(super) fn new(config: &FloatConfig, reals: &Tensor<f32>, restored: &[f32], scales: &[usize]) -> Self {
        let pairs = reals.data().iter().zip(restored).map(|(&real, &restored)| (real, restored));
        let (original, restored): (Vec<f32>, Vec<f32>) =
            pairs.filter(|(real, restored)| real.is_finite() && restored.is_finite()).unzip();
        Self {
            shape: reals.shape().to_vec(),
            number_format: config.format,
            encoding: config.encoding,
            scales: scales.to_vec(),
            not_finite: reals.data().len() - original.len(),
            metrics: (!original.is_empty()).then(|| Metrics::of_restored(&original, &restored)),
        }
    }
}

impl fmt::Display for FloatSummary {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let scales: usize = self.scales.iter().product();
        writeln!(f, "float32 {:?} -> {}, {scales} scale(s)", self.shape, self.number_format)?;
        if let Some(metrics) = self.metrics {
            let Metrics { max_abs_error, mean_abs_error, mse, sqnr_db, .. } = metrics;
            writeln!(f, "max |error| {max_abs_error:e}  mean |error| {mean_abs_error:e}  MSE {mse:e}")?;
            writeln!(f, "SQNR {sqnr_db:.2} dB")?;
        }
        if self.not_finite > 0 {
            writeln!(f, "{} element(s) are NaN or infinite before or after", self.not_finite)?;
        }
        Ok(())
    }
}
