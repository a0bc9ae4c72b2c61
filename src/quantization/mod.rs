//! Quantization, dequantization and requantization of npy and npz files, in software or by simulated RTL, and the accumulators of weights.

pub mod bound;
pub mod dequantize;
pub mod float;
pub mod quantize;
pub mod requantize;
