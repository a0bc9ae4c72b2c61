//! What a reference model is, and which one belongs to a unit.

use super::constant_matrix::ConstantMatrixModel;
use super::delayed::delayed;
use super::dequantizer::DequantizerModel;
use super::dot_product::dot_product_model;
use super::float_quantizer::QuantizerModel;
use super::fp8_decoder::Fp8DecoderModel;
use super::fp8_dot::Fp8DotModel;
use super::fp8_encoder::Fp8EncoderModel;
use super::fp8_multiplier::Fp8MultiplierModel;
use super::mac::{MAC_LATENCY, mac_model};
use super::multiplier::MultiplierModel;
use super::packed_multiplier::packed_multiplier_model;
use super::pipelined::{Pipelined, Steady};
use super::requantizer::RequantizerModel;
use super::serial_requantizer::SerialModel;
use crate::unit::{Behaviour, Column, Config};

/// The reference of one unit: columns in, columns out, state inside.
pub trait Model: Send {
    /// Computes the outputs of a batch of rows.
    ///
    /// `inputs` has a column for each driven port and `outputs` one for each output, in the order
    /// of the config's ports; rows hold their lanes side by side, reset and enable one value a row. A
    /// feed-forward unit answers each transaction in place, without its latency; a sequential or
    /// pipelined one gives what its outputs are just before the rising edge of each row.
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]);
}

/// The reference of a config, for that many lanes side by side.
///
/// # Panics
/// For a unit without a reference, which the catalogue's tests exclude.
pub fn model(config: &Config, lanes: usize) -> Box<dyn Model> {
    match config.behaviour() {
        Behaviour::Pipelined { latency } => {
            Box::new(Pipelined::new(arithmetic(config, lanes), lanes, latency))
        }
        _ => arithmetic(config, lanes),
    }
}

/// The reference of a feed-forward or pipelined config whose control rests: it answers each
/// transaction in place.
///
/// # Panics
/// As [`model`] does.
pub fn steady_model(config: &Config, lanes: usize) -> Box<dyn Model> {
    match config.behaviour() {
        Behaviour::Pipelined { .. } => Box::new(Steady(arithmetic(config, lanes))),
        _ => arithmetic(config, lanes),
    }
}

/// The unit's own model. That of a pipelined unit knows operands and results only, and answers in
/// place.
fn arithmetic(config: &Config, lanes: usize) -> Box<dyn Model> {
    match config.unit().name() {
        "multiplier" => Box::new(MultiplierModel::new(config.values())),
        "mac" => {
            let more = config.behaviour().latency() - MAC_LATENCY;
            delayed(mac_model(config.values(), lanes), lanes, more)
        }
        "requantizer" => Box::new(RequantizerModel::new(config.values(), None)),
        "serial_requantizer" => Box::new(SerialModel::new(config.values(), lanes)),
        "fp8_decoder" => Box::new(Fp8DecoderModel::new(config.values())),
        "fp8_encoder" => Box::new(Fp8EncoderModel::new(config.values())),
        "dequantizer" => Box::new(DequantizerModel::new(config.values())),
        "quantizer" => Box::new(QuantizerModel::new(config.values())),
        "dot_product" => dot_product_model(config.values(), lanes),
        "packed_multiplier" => packed_multiplier_model(config.values(), lanes),
        "constant_matrix" => Box::new(ConstantMatrixModel::new(config.values())),
        "fp8_dot" => Box::new(Fp8DotModel::new(config.values())),
        "fp8_multiplier" => Box::new(Fp8MultiplierModel::new(config.values())),
        other => panic!("the unit {other} has no reference"),
    }
}
