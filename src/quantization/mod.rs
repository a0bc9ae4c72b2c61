//! Files of numbers quantized and requantized, in software or by simulated RTL.

pub mod quantize;
pub mod requantize;
