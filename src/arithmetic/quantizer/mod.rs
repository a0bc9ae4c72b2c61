//! Quantize and dequantize: equations (Q1) to (Q4) of `docs/arithmetic.md`.
//!
//! A [`Config`] says how codes are to be made; [`Config::derive`] measures a tensor and returns its
//! [`Parameters`], and [`Parameters::new`] takes parameters that are already known. Tensors are row-major
//! slices beside their shape.
//!
//! ```
//! use qrtl::arithmetic::Rounding;
//! use qrtl::arithmetic::quantizer::Config;
//! use qrtl::arithmetic::quantizer::Format;
//! use qrtl::arithmetic::quantizer::Granularity;
//! use qrtl::arithmetic::quantizer::Scheme;
//!
//! let config = Config {
//!     format: Format::new(8, true)?,
//!     scheme: Scheme::Symmetric,
//!     granularity: Granularity::Tensor,
//!     rounding: Rounding::HalfEven,
//! };
//! let weights = [-0.5f32, -0.2, 0.1, 0.3, 0.5];
//! let parameters = config.derive(&weights, &[5])?;
//! let codes = parameters.quantize(&weights, &[5])?;
//! assert_eq!(codes, [-127, -51, 25, 76, 127]);
//! assert_eq!(parameters.dequantize(&codes, &[5])?[4], 0.5);
//! # Ok::<(), qrtl::arithmetic::quantizer::Error>(())
//! ```

mod bias;
mod derive;
mod dynamic;
mod error;
mod format;
mod granularity;
mod metrics;
mod parameters;

pub use bias::quantize_bias;
pub use derive::{Config, Scheme};
pub use dynamic::{DynamicQuantized, dynamic_quantize_linear};
pub use error::Error;
pub use format::Format;
pub use granularity::Granularity;
pub use metrics::Metrics;
pub use parameters::{Parameters, Zero};

#[cfg(test)]
mod tests;
