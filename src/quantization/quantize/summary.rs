//! Result of a quantization, with its text and JSON views.

use std::fmt;

use serde::Serialize;

use crate::arithmetic::Real;
use crate::arithmetic::calibration::Calibration;
use crate::arithmetic::quantizer::{Convention, Division, Metrics, QuantizerConfig, TensorQuantizer, Zero};

/// Parameters and losses of a quantized tensor.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QuantizeSummary {
    /// Length of each axis of the first tensor.
    pub shape: Vec<usize>,
    /// Length of each axis of every tensor.
    pub batches: Vec<Vec<usize>>,
    /// Type of the reals, in which everything is computed.
    pub input: String,
    /// Type of the codes.
    pub output: String,
    /// Format, scheme, granularity and rounding.
    #[serde(flatten)]
    pub config: QuantizerConfig,
    /// Method that derived the parameters; `None` if they were given.
    pub calibration: Option<Calibration>,
    /// Formulas of derived parameters.
    pub convention: Convention,
    /// Smallest and largest calibrated real of each part; empty if the parameters were given.
    pub range: Vec<[f64; 2]>,
    /// Scale of each part of the tensor, exactly.
    pub scale: Vec<f64>,
    /// Zero point or offset of each part of the tensor, exactly.
    #[serde(flatten)]
    pub zero: ZeroSummary,
    /// Loss figures.
    pub metrics: Metrics,
}

/// Zero points or offsets, under their JSON names.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ZeroSummary {
    /// Code of real 0.
    ZeroPoint(Vec<i32>),
    /// Real of the smallest code.
    Offset(Vec<f64>),
}

impl<T: Real> From<&TensorQuantizer<T>> for ZeroSummary {
    fn from(parameters: &TensorQuantizer<T>) -> Self {
        match parameters.zero() {
            Zero::Points(points) => Self::ZeroPoint(points.clone()),
            Zero::Offsets(offsets) => Self::Offset(offsets.iter().map(|offset| offset.to_f64()).collect()),
        }
    }
}

/// Number of parts in the text view; JSON lists all.
const LISTED: usize = 16;

impl fmt::Display for QuantizeSummary {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let QuantizerConfig { format, scheme, granularity, rounding, division } = self.config;
        let division = match division {
            Division::Exact => "",
            Division::Reciprocal => ", by the reciprocal of the scale",
        };
        let sign = if format.signed() { "signed" } else { "unsigned" };
        let shapes: Vec<String> = self.batches.iter().map(|shape| format!("{shape:?}")).collect();
        writeln!(f, "{} {} -> {}", self.input, shapes.join(", "), self.output)?;
        writeln!(f, "{} bits {sign}, {scheme}, {granularity}, rounding {rounding}{division}", format.bits())?;
        if let Some(calibration) = self.calibration {
            writeln!(f, "calibrated by {calibration}, convention {}", self.convention)?;
        }
        for (part, scale) in self.scale.iter().enumerate().take(LISTED) {
            match &self.zero {
                ZeroSummary::ZeroPoint(points) => {
                    write!(f, "{part:>4}  scale {scale:e}  zero point {}", points[part])?;
                }
                ZeroSummary::Offset(offsets) => {
                    write!(f, "{part:>4}  scale {scale:e}  offset {:e}", offsets[part])?;
                }
            }
            match self.range.get(part) {
                Some([low, high]) => writeln!(f, "  range {low:e} to {high:e}")?,
                None => writeln!(f)?,
            }
        }
        if self.scale.len() > LISTED {
            writeln!(f, "      {} more (--format json lists all)", self.scale.len() - LISTED)?;
        }
        let Metrics { max_abs_error, mean_abs_error, mse, sqnr_db, clipped } = self.metrics;
        writeln!(f, "max |error| {max_abs_error:e}  mean |error| {mean_abs_error:e}  MSE {mse:e}")?;
        writeln!(f, "SQNR {sqnr_db:.2} dB  clipped {:.3} %", clipped * 100.0)
    }
}
