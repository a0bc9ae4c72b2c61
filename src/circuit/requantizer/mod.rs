//! Circuits of requantizers, from accumulator to output code: pipelined or serial.

mod datapath;
mod f32;
mod factor;
mod output;
mod registers;
mod requantization;
mod serial;
mod table;

pub use requantization::{Requantization, RoundingRule, Source};

pub(crate) use datapath::context;
pub(crate) use requantization::Number;
pub(crate) use serial::context as serial_context;
