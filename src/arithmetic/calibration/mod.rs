//! Calibration: ranges of the reals that a network sees, from one or several batches.
//!
//! [`calibrate`] observes batches by a [`Calibration`] and returns the parameters of a quantizer. The ranges are those of
//! `torch.ao.quantization` observers and of `onnxruntime.quantization` calibrators; `docs/quantization.md` names
//! the few differences.
//!
//! ```
//! use qrtl::arithmetic::Rounding;
//! use qrtl::arithmetic::calibration::{CalibrationBatch, Calibration, calibrate};
//! use qrtl::arithmetic::quantizer::{CodeFormat, Convention, Division, Granularity, QuantizerConfig, Scheme};
//!
//! let config = QuantizerConfig {
//!     format: CodeFormat::new(8, false)?,
//!     scheme: Scheme::Affine,
//!     granularity: Granularity::Tensor,
//!     rounding: Rounding::HalfEven,
//!     division: Division::Exact,
//! };
//! let batches = [
//!     CalibrationBatch { reals: &[-1.0f32, 2.0], shape: &[2] },
//!     CalibrationBatch { reals: &[-0.5, 4.1], shape: &[2] },
//! ];
//! let parameters = calibrate(&config, Calibration::MinMax, Convention::Torch, &batches)?;
//! assert_eq!(parameters.scales(), [0.02]);
//! # Ok::<(), qrtl::arithmetic::calibration::CalibrationError>(())
//! ```

mod entropy;
mod error;
mod histogram;
mod method;
mod norm;
mod observer;
mod percentile;

pub use error::CalibrationError;
pub use method::Calibration;
pub use observer::{CalibrationBatch, calibrate, observed_ranges};
