//! Quantized networks: every tensor equals what the runtimes recorded.

mod recorded;
