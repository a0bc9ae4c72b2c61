//! Interface of reference models, and the model of each unit.

use super::pipelined::{PipelinedModel, SteadyModel};
use crate::catalogue::for_each_unit;
use crate::unit::{Behaviour, Column, Config};

/// The reference of one unit: columns in, columns out, state inside.
pub trait Model: Send {
    /// Computes the outputs of a batch of rows.
    ///
    /// `inputs` has a column for each driven port and `outputs` one for each output, in the order
    /// of the config's ports; rows hold their lanes side by side, reset and enable one value per row. The
    /// model of a feed-forward unit computes each transaction in its own row, without latency; that of a sequential
    /// or pipelined unit returns the outputs just before the rising edge of each row.
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]);
}

/// The reference of a config for `lanes` lanes.
///
/// # Panics
/// For a unit with streams, which has a [`Config::frame_function`] instead.
pub fn model(config: &Config, lanes: usize) -> Box<dyn Model> {
    match config.behaviour() {
        Behaviour::Pipelined { latency } => {
            Box::new(PipelinedModel::new(arithmetic(config, lanes), lanes, latency))
        }
        _ => arithmetic(config, lanes),
    }
}

/// The reference of a feed-forward or pipelined config with idle control inputs, which computes each
/// transaction in its own row.
pub fn steady_model(config: &Config, lanes: usize) -> Box<dyn Model> {
    match config.behaviour() {
        Behaviour::Pipelined { .. } => Box::new(SteadyModel(arithmetic(config, lanes))),
        _ => arithmetic(config, lanes),
    }
}

/// Constructor of the model of a config for a number of lanes.
type Make = fn(&Config, usize) -> Box<dyn Model>;

/// The entry of a unit; a unit with streams has a frame function instead of a model.
macro_rules! entry {
    ($unit:ident stream) => {
        None
    };
    ($unit:ident $($companion:ident)*) => {
        Some((stringify!($unit), |config, lanes| super::$unit::model(config.parameters(), lanes)))
    };
}

macro_rules! models {
    ($($unit:ident: $parameters:ident [$($companion:ident)*],)*) => {
        const MODELS: &[Option<(&str, Make)>] = &[$(entry!($unit $($companion)*),)*];
    };
}

for_each_unit!(models);

/// The model in the unit's own file. That of a pipelined unit has operands and results only, without latency.
fn arithmetic(config: &Config, lanes: usize) -> Box<dyn Model> {
    let name = config.unit().name();
    let model = MODELS.iter().flatten().find(|(unit, _)| *unit == name);
    let (_, make) =
        model.unwrap_or_else(|| panic!("the unit {name} has streams: it has a frame function, no model"));
    make(config, lanes)
}
