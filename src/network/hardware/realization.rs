//! Choice of the modules of a layer.

use std::sync::Arc;

use super::engine::{Engine, Goal, InputNeeds, MissingEngine, Pace, simple};
use super::joins::{concatenation, product, sum};
use super::padding::{fused_window, is_fused, padding};
use super::product_layers::{dense, global_average, mean};
use crate::arithmetic::network::{Convolution, Depthwise};
use crate::catalogue::{
    ConvolutionEngineParameters, LookupParameters, PoolEngineParameters, SoftmaxEngineParameters,
    TensorProduct, TensorSum,
};
use crate::circuit::engine::{Fold, PoolEngine, PoolLayer, ProductEngine, ProductLayer, Walk};
use crate::network::graph::{Layer, Network};
use crate::network::operation::Operation;
use crate::unit::UnitParameters;

/// Realization of a layer in hardware.
pub(super) enum Realization {
    /// One module, or several of which each reads the output of the one before.
    Modules(Vec<Engine>),
    /// No module: the layer only changes the shape of its input stream.
    Wires,
}

impl Realization {
    /// Cycles per frame.
    pub(super) fn cycles(&self) -> usize {
        match self {
            Self::Modules(engines) => engines.iter().map(|engine| engine.cycles).max().unwrap_or(0),
            Self::Wires => 0,
        }
    }
}

/// The engine of a layer.
pub(super) fn realize(network: &Network, layer: &Layer, goal: Goal) -> Result<Realization, MissingEngine> {
    let products = |layer| products(layer, goal);
    let implementation = goal.implementation;
    let missing = |reason: &str, fix| MissingEngine::Engine(reason.to_string(), fix);
    let has_constant = layer.inputs.iter().any(|&input| network.tensors[input].constant.is_some());
    let operation =
        layer.operation.as_ref().map_err(|refusal| missing(&refusal.to_string(), "see `qrtl list`"))?;
    if has_constant {
        return Err(missing("it reads a constant tensor", "fold the constant into a layer before it"));
    }
    let engine = match operation {
        Operation::Convolution(own) if own.groups == 1 => {
            let window = fused_window(network, layer, own.window);
            products(ProductLayer::Convolution(Convolution { window, ..own.clone() }))?
        }
        Operation::Convolution(_) => {
            return Err(missing(
                "its channels are in several groups",
                "use one group, or a depthwise convolution",
            ));
        }
        Operation::Depthwise(own) => {
            let window = fused_window(network, layer, own.window);
            products(ProductLayer::Depthwise(Depthwise { window, ..own.clone() }))?
        }
        Operation::Dense(own) => {
            let rows = network.tensors[layer.inputs[0]].elements() / own.inputs;
            products(ProductLayer::Convolution(dense(own, rows)))?
        }
        Operation::GlobalAverage(own) => {
            let pixels = network.tensors[layer.inputs[0]].elements() / own.channels;
            products(global_average(own, pixels))?
        }
        Operation::Mean(own) => {
            let own = mean(own).ok_or_else(|| {
                missing(
                    "its axes are not rows and columns of one frame",
                    "average over rows and columns only",
                )
            })?;
            products(own)?
        }
        Operation::AveragePool(own) => pool(PoolLayer::Average(*own), goal)?,
        Operation::MaxPool(own) => pool(PoolLayer::Max(*own), goal)?,
        Operation::Softmax(own) => {
            let (depth, length) = (own.depth, network.tensors[layer.output].elements());
            let parameters = |serial| SoftmaxEngineParameters::new((**own).clone(), length, serial);
            let serial = parameters(true)?;
            let is_serial = !implementation.has_dsp() && serial.behaviour().latency() <= goal.cycles;
            let parameters = if is_serial { serial } else { parameters(false)? };
            let cycles = parameters.behaviour().latency();
            let needs = [InputNeeds::Groups(depth)];
            let engine = simple("softmax_engine", "softmax", cycles, Arc::new(parameters), needs)?;
            let rows = length / depth;
            // The cycles of a row include those in which its codes arrive and leave.
            let pace = Pace { group: depth, cycles: cycles / rows - 2 * depth, spacing: 1 };
            Engine { multipliers: usize::from(!is_serial), pace, ..engine }
        }
        Operation::Sum(own) => sum(network, layer, TensorSum::Fixed(own.clone()), implementation)?,
        Operation::FloatSum(own) => sum(network, layer, TensorSum::Float(*own), implementation)?,
        Operation::Product(own) => {
            product(network, layer, TensorProduct::Fixed(own.clone()), implementation)?
        }
        Operation::FloatProduct(own) => product(network, layer, TensorProduct::Float(*own), implementation)?,
        Operation::Concatenation(axis) => {
            return Ok(Realization::Modules(concatenation(network, layer, *axis)?));
        }
        Operation::Pad(..) if is_fused(network, layer) => return Ok(Realization::Wires),
        Operation::Pad(pads, filling) => padding(network, layer, pads, *filling)?,
        Operation::Lookup(own) => {
            let parameters = LookupParameters { function: *own };
            let codes = network.tensors[layer.output].elements();
            simple("lookup", "lookup", codes, Arc::new(parameters), [InputNeeds::Own])?
        }
        Operation::Reshape => return Ok(Realization::Wires),
        _ => {
            let kind = layer.kind.map_or("unknown operator", |kind| kind.name());
            return Err(MissingEngine::Engine(
                format!("there is none for {kind} under profile {}", network.profile),
                "leave the layer out of the network",
            ));
        }
    };
    match goal.fold {
        Some(asked) if engine.fold.is_none() => Err(MissingEngine::Fold { asked, legal: Vec::new() }),
        _ => {
            let beats = network.tensors[layer.output].elements();
            Ok(Realization::Modules(vec![Engine { beats, ..engine }]))
        }
    }
}

/// The engine of a pool.
fn pool(layer: PoolLayer, goal: Goal) -> Result<Engine, MissingEngine> {
    let channels = layer.channels();
    let engine = |fold: Fold| PoolEngine { layer, outputs: fold.outputs };
    let counts = (1..=channels).filter(|outputs| channels.is_multiple_of(*outputs));
    let folds: Vec<Fold> = counts.map(|outputs| Fold { inputs: outputs, outputs }).collect();
    let fold = goal.choose(&folds, |fold| engine(fold).cycles())?;
    let (own, window) = (engine(fold), layer.window());
    let parameters = PoolEngineParameters::new(layer, fold.outputs)?;
    let kind = match layer {
        PoolLayer::Average(_) => "average_pool",
        PoolLayer::Max(_) => "max_pool",
    };
    let walk = own.walk();
    let row = window.columns.input * channels;
    let needs = walk_needs(&walk, window.columns.output * channels, row);
    Ok(Engine {
        fold: Some(fold),
        pace: Pace { group: fold.outputs, cycles: window.taps().max(fold.outputs), spacing: 1 },
        buffer_bytes: walk.ring_bytes(),
        ..simple("pool_engine", kind, own.cycles(), Arc::new(parameters), [needs])?
    })
}

/// Input beats that the output beats of a walk need; `beats` and `row` are the beats per output and input row.
fn walk_needs(walk: &Walk, beats: usize, row: usize) -> InputNeeds {
    let rows = 0..walk.window.rows.output;
    InputNeeds::Rows { beats, before: rows.map(|output| walk.rows_before(output) * row).collect() }
}

/// The engine of a layer of products.
fn products(layer: ProductLayer, goal: Goal) -> Result<Engine, MissingEngine> {
    let engine = |fold: Fold| ProductEngine { layer: layer.clone(), fold, code_cycles: 1 };
    let fold = goal.choose(&ProductEngine::folds(&layer), |fold| engine(fold).cycles())?;
    let parameters =
        |is_serial| ConvolutionEngineParameters::new(layer.clone(), fold, is_serial, goal.implementation);
    // A layer without a serial requantizer has a pipelined one.
    let serial = parameters(true).ok().filter(|serial| serial.engine().cycles() <= goal.cycles);
    let requantizer = if serial.is_some() { "serial" } else { "pipelined" };
    let parameters = serial.map_or_else(|| parameters(false), Ok)?;
    let own = parameters.engine().clone();
    let (window, walk) = (layer.window(), own.walk());
    let row = window.columns.input * layer.input_channels();
    let kind = match (&layer, window.taps(), window.input_pixels()) {
        (ProductLayer::Depthwise(_), ..) => "depthwise",
        (_, 1, 1) => "dense",
        _ => "convolution",
    };
    let needs = walk_needs(&walk, window.columns.output * layer.output_channels(), row);
    Ok(Engine {
        fold: Some(fold),
        multipliers: own.multipliers(),
        products: layer.products_of_frame(),
        accumulator_bits: Some(layer.accumulator_bits()),
        pace: Pace {
            group: fold.outputs,
            cycles: walk.taps().max(fold.outputs * own.code_cycles),
            spacing: own.code_cycles,
        },
        requantizer: Some(requantizer),
        scales: if parameters.has_scale_by_channel() { layer.output_channels() } else { 1 },
        has_window: window.taps() > 1,
        weight_bytes: own.weight_bytes(),
        buffer_bytes: walk.ring_bytes(),
        ..simple("convolution_engine", kind, own.cycles(), Arc::new(parameters), [needs])?
    })
}
