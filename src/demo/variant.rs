//! The ways to quantize a network that are compared.

use std::fmt;

use crate::arithmetic::quantizer::{CodeFormat, Granularity, QuantizerConfig, Scheme};
use crate::arithmetic::{Rounding, quantizer};
use crate::unit::ConfigError;
use crate::{catalogue, unit};

/// One way to quantize a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variant {
    /// Bits of a weight.
    pub weight_bits: u32,
    /// Bits of an activation.
    pub activation_bits: u32,
    /// How reals are laid over codes: [`Scheme::Symmetric`] on signed codes without zero points, or
    /// [`Scheme::Affine`] on unsigned codes with them.
    pub scheme: Scheme,
    /// Whether each output channel of the weights has a scale of its own. Activations always share one.
    pub per_channel: bool,
}

impl Variant {
    /// 8 bits in the plainest way: symmetric, one scale a tensor.
    pub const INT8: Self =
        Self { weight_bits: 8, activation_bits: 8, scheme: Scheme::Symmetric, per_channel: false };

    /// Weights and activations of 8, 4 and 2 bits, weights alone and both together, by scheme and
    /// granularity: 20 variants, the most precise first.
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

    /// The widths alone, such as `W4A8`.
    pub fn widths(&self) -> String {
        format!("W{}A{}", self.weight_bits, self.activation_bits)
    }

    /// The rest, such as `affine per channel`.
    pub fn method(&self) -> String {
        format!("{} per {}", self.scheme, if self.per_channel { "channel" } else { "tensor" })
    }

    /// How the weights, shape [outputs, inputs], are quantized.
    ///
    /// # Errors
    /// [`quantizer::QuantizerError::Bits`].
    pub fn weights(&self) -> Result<QuantizerConfig, quantizer::QuantizerError> {
        let granularity = if self.per_channel { Granularity::Channel(0) } else { Granularity::Tensor };
        self.config(self.weight_bits, granularity)
    }

    /// How activations are quantized.
    ///
    /// # Errors
    /// [`quantizer::QuantizerError::Bits`].
    pub fn activations(&self) -> Result<QuantizerConfig, quantizer::QuantizerError> {
        self.config(self.activation_bits, Granularity::Tensor)
    }

    /// The multiply-accumulate unit that takes activations as `a` and weights as `b`.
    ///
    /// # Errors
    /// The rule of the unit that the widths break.
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
        Ok(QuantizerConfig { format, scheme: self.scheme, granularity, rounding: Rounding::HalfEven })
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} {}", self.widths(), self.method())
    }
}
