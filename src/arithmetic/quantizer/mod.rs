//! Quantize and dequantize: equations (Q1) to (Q4) of `docs/arithmetic.md`.
//!
//! A [`QuantizerConfig`] chooses format, scheme, granularity and rounding. [`QuantizerConfig::derive`] measures
//! the range of a tensor and returns its [`TensorQuantizer`]; [`TensorQuantizer::new`] takes known
//! parameters. Tensors are row-major slices with a shape.
//!
//! ```
//! use qrtl::arithmetic::Rounding;
//! use qrtl::arithmetic::quantizer::{CodeFormat, Division, Granularity, QuantizerConfig, Scheme};
//!
//! let config = QuantizerConfig {
//!     format: CodeFormat::new(8, true)?,
//!     scheme: Scheme::Symmetric,
//!     granularity: Granularity::Tensor,
//!     rounding: Rounding::HalfEven,
//!     division: Division::Exact,
//! };
//! let weights = [-0.5f32, -0.2, 0.1, 0.3, 0.5];
//! let parameters = config.derive(&weights, &[5])?;
//! let codes = parameters.quantize(&weights, &[5])?;
//! assert_eq!(codes, [-127, -51, 25, 76, 127]);
//! assert_eq!(parameters.dequantize(&codes, &[5])?[4], 0.5);
//! # Ok::<(), qrtl::arithmetic::quantizer::QuantizerError>(())
//! ```

mod bias;
mod convention;
mod derive;
mod dynamic;
mod error;
mod format;
mod granularity;
mod metrics;
mod packing;
mod parameters;

pub use bias::quantize_bias;
pub use convention::Convention;
pub(crate) use derive::part_ranges;
pub use derive::{Division, QuantizerConfig, RealRange, Scheme};
pub use dynamic::{DynamicQuantization, dynamic_quantize_linear};
pub use error::QuantizerError;
pub use format::CodeFormat;
pub use granularity::Granularity;
pub(crate) use granularity::ScaleLayout;
pub use metrics::Metrics;
pub(crate) use parameters::check_finite;
pub use parameters::{TensorQuantizer, Zero};

#[cfg(test)]
mod tests;
