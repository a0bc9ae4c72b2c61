//! qrtl turns a choice of quantized arithmetic into Verilog and shows by co-simulation that every
//! output bit equals the named software rule.

pub mod catalogue;
#[cfg(feature = "cli")]
pub mod cli;
pub mod column;
pub mod cosim;
pub mod drift;
pub mod flow;
pub mod generator;
pub mod network;
pub mod output;
pub mod quantize;
pub mod reference;
pub mod report;
pub mod tensor;
