//! Variants of quantization of the classifier.

use std::fmt;

use crate::arithmetic::quantizer::{CodeFormat, Division, Granularity, QuantizerConfig, Scheme};
use crate::arithmetic::{Rounding, quantizer};
use crate::unit::ConfigError;
use crate::{catalogue, unit};

/// Quantization of the classifier: widths, scheme and granularity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variant {
    /// Width of a weight in bits.
    pub weight_bits: u32,
    /// Width of an activation in bits.
    pub activation_bits: u32,
    /// Symmetric with signed codes, or affine with unsigned codes and zero points.
    pub scheme: Scheme,
    /// Whether each output channel of the weights has its own scale.
    ///
    /// Activations always share one.
    pub per_channel: bool,
}

impl Variant {
    /// 8 bits, symmetric, one scale per tensor.
    pub const INT8: Self =
        Self { weight_bits: 8, activation_bits: 8, scheme: Scheme::Symmetric, per_channel: false };

    /// All 20 variants, the most precise first.
    ///
    /// Weights, or weights and activations, of 8, 4 and 2 bits, by scheme and granularity.
    pub fn grid() -> Vec<Self> {
        let mut grid = Vec::new();
        for (weight_bits, activation_bits) in [(8, 8), (4, 8), (4, 4), (2, 8), (2, 2)] {
            for scheme in [Scheme::Symmetric, Scheme::Affine] {
                for per_channel in [false, true] {
                    grid.push(Self { weight_bits, activation_bits, scheme, per_channel });
                }
            }
        }
        grid
    }

    /// Widths, such as `W4A8`.
    pub fn widths(&self) -> String {
        format!("W{}A{}", self.weight_bits, self.activation_bits)
    }

    /// Scheme and granularity, such as `affine per channel`.
    pub fn method(&self) -> String {
        format!("{} per {}", self.scheme, if self.per_channel { "channel" } else { "tensor" })
    }

    /// Quantizer config of the weights, shape [outputs, inputs].
    ///
    /// # Errors
    /// [`quantizer::QuantizerError::Bits`].
    pub fn weights(&self) -> Result<QuantizerConfig, quantizer::QuantizerError> {
        let granularity = if self.per_channel { Granularity::Channel(0) } else { Granularity::Tensor };
        self.config(self.weight_bits, granularity)
    }

    /// Quantizer config of the activations.
    ///
    /// # Errors
    /// [`quantizer::QuantizerError::Bits`].
    pub fn activations(&self) -> Result<QuantizerConfig, quantizer::QuantizerError> {
        self.config(self.activation_bits, Granularity::Tensor)
    }

    /// Multiply-accumulate unit with activations on `a` and weights on `b`.
    ///
    /// # Errors
    /// [`ConfigError`] if the unit does not support the widths.
    pub fn mac(&self) -> Result<unit::Config, ConfigError> {
        let mut sets =
            vec![format!("a_bits={}", self.activation_bits), format!("b_bits={}", self.weight_bits)];
        for operand in ["a", "b"] {
            sets.push(format!("{operand}_signed={}", self.signed()));
            let zero_point = if self.scheme == Scheme::Affine { "port" } else { "none" };
            sets.push(format!("{operand}_zero_point={zero_point}"));
        }
        unit::Config::new(catalogue::unit("mac")?, None, &sets)
    }

    fn signed(&self) -> bool {
        self.scheme == Scheme::Symmetric
    }

    fn config(
        &self,
        bits: u32,
        granularity: Granularity,
    ) -> Result<QuantizerConfig, quantizer::QuantizerError> {
        let format = CodeFormat::new(bits, self.signed())?;
        Ok(QuantizerConfig {
            format,
            scheme: self.scheme,
            granularity,
            rounding: Rounding::HalfEven,
            division: Division::Exact,
        })
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} {}", self.widths(), self.method())
    }
}
