//! Rescaling of integer accumulators to output codes under a *named* rounding rule.
//!
//! Runtimes compute equal accumulators but rescale them differently. Equations (R1) to (R10) of
//! `docs/arithmetic.md` are the rules in use: [`Rule`] names them, [`rules`] states each in exact integer
//! arithmetic, and [`Rescaler`] combines a rule with scale, zero point and clamp. [`Rescaler::rescale`] is
//! the readable reference, [`Rescaler::rescale_slice`] the same function vectorized for exhaustive sweeps.
//!
//! ```
//! use qrtl::arithmetic::quantizer::CodeFormat;
//! use qrtl::arithmetic::rescale::{OutputStage, Rescaler, Rule, Scale};
//!
//! let int8 = OutputStage::new(CodeFormat::new(8, true)?, 0)?;
//! let scale = Scale::fixed(1_185_020_333, -2)?;
//! let gemmlowp = Rescaler::new(Rule::Gemmlowp, 32, scale, int8)?;
//! let single = Rescaler::new(Rule::Single, 32, scale, int8)?;
//! assert_eq!(gemmlowp.rescale(387, 0), 54); // rounded twice: the exact product is 53.388
//! assert_eq!(single.rescale(387, 0), 53);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod batch;
mod error;
mod form;
mod multiplier;
mod output;
pub mod primitives;
mod rescaler;
mod rule;
pub mod rules;
mod thresholds;

pub use batch::CodeType;
pub use error::RescaleError;
pub use form::MultiplierForm;
pub use multiplier::{Scale, quantize_multiplier};
pub use output::OutputStage;
pub use rescaler::{Channel, Rescaler, RuleScale};
pub use rule::Rule;
pub use thresholds::CodeThresholds;
