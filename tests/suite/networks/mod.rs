//! Quantized networks: every tensor equals the recordings of the runtimes.

mod analysis;
mod command_line;
mod folding;
mod hardware;
mod mutated;
mod recorded;
mod refused;
