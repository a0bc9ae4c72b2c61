//! Readings of a requantizer's ports: signedness, overflow of the output and of the product.

use std::fmt;

use crate::audit::operands::decode;

/// Overflow behaviour of an output code.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum CodeOverflow {
    /// The sum of rescaled accumulator and zero point saturates to these bounds.
    Saturates(i128, i128),
    /// The rescaled accumulator saturates to these bounds, and after the zero point is added again.
    SaturatesTwice(i128, i128),
    /// It wraps at the width of the output.
    Wraps,
}

/// The least and the greatest code of an output type.
pub(crate) fn type_range(bits: u32, signed: bool) -> (i128, i128) {
    if signed { (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) } else { (0, (1 << bits) - 1) }
}

impl CodeOverflow {
    /// The least and the greatest output code.
    pub fn range(self, bits: u32, signed: bool) -> (i128, i128) {
        match self {
            Self::Saturates(least, most) | Self::SaturatesTwice(least, most) => (least, most),
            Self::Wraps => type_range(bits, signed),
        }
    }

    /// The output for a rescaled accumulator and a zero point.
    pub fn apply(self, rescaled: i128, zero_point: i128, bits: u32, signed: bool) -> i128 {
        match self {
            Self::Saturates(least, most) => (rescaled + zero_point).clamp(least, most),
            Self::SaturatesTwice(least, most) => {
                (rescaled.clamp(least, most) + zero_point).clamp(least, most)
            }
            Self::Wraps => {
                decode((rescaled + zero_point) as u64 & (u64::MAX >> (64 - bits)), bits, signed).into()
            }
        }
    }
}

/// Whether the parameter ports are in two's complement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ParameterSigns {
    pub multiplier: bool,
    pub zero_point: bool,
    pub bias: bool,
}

/// Reading of all ports of a requantizer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reading {
    pub acc_signed: bool,
    pub out_signed: bool,
    pub parameters: ParameterSigns,
    pub overflow: CodeOverflow,
    /// Width at which the product wraps before the shift, `None` if it is exact.
    pub product_bits: Option<u32>,
}

impl Reading {
    /// Whether the product is in two's complement.
    pub fn has_signed_product(&self) -> bool {
        self.acc_signed || self.parameters.multiplier
    }
}

/// Which ends of the output were exceeded by rescaled accumulators.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ReachedEnds {
    pub low: bool,
    pub high: bool,
}

/// The overflow behaviour in words.
pub(crate) struct OverflowText {
    pub overflow: CodeOverflow,
    pub bits: u32,
    pub ends: ReachedEnds,
}

impl fmt::Display for OverflowText {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.overflow {
            CodeOverflow::Saturates(least, most) => write!(f, "saturates to {least}..={most}")?,
            CodeOverflow::SaturatesTwice(least, most) => {
                write!(f, "saturates to {least}..={most} before and after the zero point is added")?;
            }
            CodeOverflow::Wraps => write!(f, "wraps at {} bits", self.bits)?,
        }
        match (self.ends.low, self.ends.high) {
            (true, true) => Ok(()),
            (false, _) => write!(f, "; no input goes below the lower end"),
            (true, false) => write!(f, "; no input goes above the upper end"),
        }
    }
}
