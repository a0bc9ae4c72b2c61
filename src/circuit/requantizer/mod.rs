//! Circuits of requantizers, from accumulator to output code: pipelined or serial.

mod datapath;
mod f32;
mod factor;
mod form;
mod output;
mod registers;
mod requantization;
mod serial;
mod table;
mod thresholds;

pub use form::{RequantizerArch, RequantizerImplementation};
pub use requantization::{Requantization, RoundingRule, Source};

pub(crate) use form::Form;
pub(crate) use requantization::RequantizerNumber;
pub(crate) use serial::{SerialForm, context as serial_context};
pub(crate) use thresholds::WIDEST_CODE;
