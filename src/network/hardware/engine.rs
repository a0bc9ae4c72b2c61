//! Choice of the engine of a layer.

use std::sync::Arc;

use crate::arithmetic::network::{
    Convolution, Dense, Depthwise, GlobalAverage, Mean, Padding, Products, Window, WindowAxis,
};
use crate::catalogue::{
    AddEngineParameters, ConvolutionEngineParameters, LookupParameters, PoolEngineParameters,
    SoftmaxEngineParameters, unit,
};
use crate::circuit::engine::{Fold, PoolEngine, PoolLayer, ProductEngine, ProductLayer, Walk};
use crate::network::graph::{Layer, Network};
use crate::network::operation::Operation;
use crate::unit::{Config, ConfigError, Implementation, UnitParameters};

/// Realization of a layer in hardware.
pub(super) enum Realization {
    /// A module.
    Module(Box<Engine>),
    /// No module: the layer only changes the shape of its input stream.
    Wires,
}

impl Realization {
    /// Cycles per frame.
    pub(super) fn cycles(&self) -> usize {
        match self {
            Self::Module(engine) => engine.cycles,
            Self::Wires => 0,
        }
    }
}

/// A module that computes a layer.
#[derive(Debug, Clone)]
pub(super) struct Engine {
    /// Config of the module, with a preliminary name.
    pub(super) config: Config,
    /// Kind of engine, for names and reports.
    pub(super) kind: &'static str,
    /// Fold of a layer of products.
    pub(super) fold: Option<Fold>,
    /// Multipliers.
    pub(super) multipliers: usize,
    /// Products of a frame.
    pub(super) products: usize,
    /// Clock cycles of a frame while nothing stalls.
    pub(super) cycles: usize,
    /// Bits of the accumulators.
    pub(super) accumulator_bits: Option<u32>,
    /// Bytes of weights and of buffered rows.
    pub(super) weight_bytes: usize,
    pub(super) buffer_bytes: usize,
    /// Input beats that an output beat needs.
    pub(super) needs: InputNeeds,
}

/// Input beats that must have arrived before an output beat can leave.
#[derive(Debug, Clone)]
pub(super) enum InputNeeds {
    /// The beat of the same index, and all before it.
    Own,
    /// Whole rows of the input.
    Rows {
        /// Output beats of an output row.
        beats: usize,
        /// Input beats before each output row.
        before: Vec<usize>,
    },
    /// Complete groups of this number of beats.
    Groups(usize),
}

impl InputNeeds {
    /// Input beats before output beat `index`.
    pub(super) fn before(&self, index: usize) -> usize {
        match self {
            Self::Own => index + 1,
            Self::Rows { beats, before } => before[index / beats],
            Self::Groups(length) => (index / length + 1) * length,
        }
    }
}

/// Requirements on an engine: speed, fold and FPGA family.
#[derive(Debug, Clone, Copy)]
pub(super) struct Goal {
    /// Most clock cycles per frame; a layer that cannot reach them gets its fastest engine.
    pub(super) cycles: usize,
    /// Fold; `None` for the one with the fewest multipliers that reaches the cycles.
    pub(super) fold: Option<Fold>,
    /// FPGA family, and use of its DSP blocks.
    pub(super) implementation: Implementation,
}

impl Goal {
    /// The first of the folds, fewest multipliers first, that reaches the cycles, or the fastest; or the given fold
    /// if it is among them.
    fn choose(&self, folds: &[Fold], cycles: impl Fn(Fold) -> usize) -> Result<Fold, MissingEngine> {
        if let Some(asked) = self.fold {
            let is_legal = folds.contains(&asked);
            return if is_legal {
                Ok(asked)
            } else {
                Err(MissingEngine::Fold { asked, legal: folds.to_vec() })
            };
        }
        let fast_enough = folds.iter().find(|fold| cycles(**fold) <= self.cycles);
        let fold = fast_enough.or_else(|| folds.iter().min_by_key(|fold| cycles(**fold)));
        Ok(*fold.expect("every layer has a fold"))
    }
}

/// Reason why a layer has no engine, and the nearest supported form.
pub(super) enum MissingEngine {
    Engine(String, &'static str),
    Config(ConfigError),
    Fold { asked: Fold, legal: Vec<Fold> },
}

impl From<ConfigError> for MissingEngine {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

/// The engine of a layer.
pub(super) fn realize(network: &Network, layer: &Layer, goal: Goal) -> Result<Realization, MissingEngine> {
    let products = |layer| products(layer, goal);
    let implementation = goal.implementation;
    let missing = |reason: &str, fix| MissingEngine::Engine(reason.to_string(), fix);
    let shape = |index: usize| &network.tensors[layer.inputs[index]].shape;
    let has_constant = layer.inputs.iter().any(|&input| network.tensors[input].constant.is_some());
    let operation =
        layer.operation.as_ref().map_err(|refusal| missing(&refusal.to_string(), "see `qrtl list`"))?;
    if has_constant {
        return Err(missing("it reads a constant tensor", "fold the constant into a layer before it"));
    }
    let engine = match operation {
        Operation::Convolution(own) if own.groups == 1 => products(ProductLayer::Convolution(own.clone()))?,
        Operation::Convolution(_) => {
            return Err(missing(
                "its channels are in several groups",
                "use one group, or a depthwise convolution",
            ));
        }
        Operation::Depthwise(own) => products(ProductLayer::Depthwise(own.clone()))?,
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
            let engine = simple("softmax_engine", "softmax", cycles, Arc::new(parameters))?;
            Engine { multipliers: usize::from(!is_serial), needs: InputNeeds::Groups(depth), ..engine }
        }
        Operation::Sum(own) if shape(0) == shape(1) => {
            let parameters = AddEngineParameters::new(own.clone(), implementation)?;
            let kind = if own.is_difference { "subtract" } else { "add" };
            simple("add_engine", kind, network.tensors[layer.output].elements(), Arc::new(parameters))?
        }
        Operation::Sum(_) => return Err(missing("it broadcasts", "give both operands one shape")),
        Operation::Lookup(own) => {
            let parameters = LookupParameters { function: *own };
            simple("lookup", "lookup", network.tensors[layer.output].elements(), Arc::new(parameters))?
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
        _ => Ok(Realization::Module(Box::new(engine))),
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
    Ok(Engine {
        fold: Some(fold),
        buffer_bytes: walk.ring_bytes(),
        needs: walk_needs(&walk, window.columns.output * channels, row),
        ..simple("pool_engine", kind, own.cycles(), Arc::new(parameters))?
    })
}

/// Input beats that the output beats of a walk need; `beats` and `row` are the beats per output and input row.
fn walk_needs(walk: &Walk, beats: usize, row: usize) -> InputNeeds {
    let rows = 0..walk.window.rows.output;
    InputNeeds::Rows { beats, before: rows.map(|output| walk.rows_before(output) * row).collect() }
}

/// An engine that takes a beat of each input for each beat of the output.
fn simple(
    name: &str,
    kind: &'static str,
    beats: usize,
    parameters: Arc<dyn UnitParameters>,
) -> Result<Engine, ConfigError> {
    Ok(Engine {
        config: Config::of_parameters(unit(name)?, parameters, name)?,
        kind,
        fold: None,
        multipliers: 0,
        products: 0,
        cycles: beats,
        accumulator_bits: None,
        weight_bytes: 0,
        buffer_bytes: 0,
        needs: InputNeeds::Own,
    })
}

/// The engine of a layer of products.
fn products(layer: ProductLayer, goal: Goal) -> Result<Engine, MissingEngine> {
    let engine = |fold: Fold| ProductEngine { layer: layer.clone(), fold };
    let fold = goal.choose(&ProductEngine::folds(&layer), |fold| engine(fold).cycles())?;
    let own = engine(fold);
    let parameters = ConvolutionEngineParameters::new(layer.clone(), fold, goal.implementation)?;
    let (window, walk) = (layer.window(), own.walk());
    let row = window.columns.input * layer.input_channels();
    Ok(Engine {
        config: Config::of_parameters(
            unit("convolution_engine")?,
            Arc::new(parameters),
            "convolution_engine",
        )?,
        kind: match (&layer, window.taps(), window.input_pixels()) {
            (ProductLayer::Depthwise(_), ..) => "depthwise",
            (_, 1, 1) => "dense",
            _ => "convolution",
        },
        fold: Some(fold),
        multipliers: own.multipliers(),
        products: layer.products_of_frame(),
        cycles: own.cycles(),
        accumulator_bits: Some(layer.accumulator_bits()),
        weight_bytes: own.weight_bytes(),
        buffer_bytes: walk.ring_bytes(),
        needs: walk_needs(&walk, window.columns.output * layer.output_channels(), row),
    })
}

/// A window of one element over `length` elements.
fn each(length: usize) -> WindowAxis {
    WindowAxis::new(length, 1, 1, 1, Padding::Valid).expect("a window of one element fits")
}

/// A window over all of `length` elements.
fn whole(length: usize) -> WindowAxis {
    WindowAxis::new(length, length, 1, 1, Padding::Valid).expect("a window of all elements fits")
}

/// A dense layer as a convolution of one tap, each row of its input a pixel.
fn dense(layer: &Dense, rows: usize) -> Convolution {
    Convolution {
        window: Window { rows: each(rows), columns: each(1) },
        input_channels: layer.inputs,
        groups: 1,
        products: layer.products.clone(),
    }
}

/// Sums of all pixels as a depthwise convolution with weights of 1.
fn sums_of_pixels(
    window: Window,
    channels: usize,
    zero_point: i32,
    rescaler: &crate::arithmetic::rescale::Rescaler,
) -> ProductLayer {
    let products = Products {
        weights: vec![1; window.taps() * channels].into(),
        // The narrowest width that holds 1.
        weight_bits: 2,
        biases: vec![0; channels].into(),
        input_zero_point: zero_point,
        rescaler: rescaler.clone().into(),
    };
    ProductLayer::Depthwise(Depthwise { window, multiplier: 1, products })
}

fn global_average(layer: &GlobalAverage, pixels: usize) -> ProductLayer {
    let window = Window { rows: whole(pixels), columns: whole(1) };
    sums_of_pixels(window, layer.channels, layer.zero_point, &layer.rescaler)
}

/// A mean over rows and columns; `None` over other axes.
fn mean(layer: &Mean) -> Option<ProductLayer> {
    let (&[1, rows, columns, channels], &[_, true, true, false]) = (&layer.shape[..], &layer.is_reduced[..])
    else {
        return None;
    };
    let window = Window { rows: whole(rows), columns: whole(columns) };
    Some(sums_of_pixels(window, channels, layer.zero_point, &layer.rescaler))
}
