//! Quantization and requantization of npy files, in software or by simulated RTL, and the accumulators of weights.

pub mod bound;
pub mod quantize;
pub mod requantize;
