//! Quantized networks: every tensor equals what the runtimes recorded.

mod analysis;
mod command_line;
mod hardware;
mod mutated;
mod recorded;
mod refused;
