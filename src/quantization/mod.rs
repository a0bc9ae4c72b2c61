//! Quantization and requantization of npy files, in software or by simulated RTL.

pub mod quantize;
pub mod requantize;
