//! Hardware plan of a network: its modules and the streams between them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::depth::Arrivals;
use super::engine::{Engine, Goal, InputNeeds, InputSource, MissingEngine};
use super::error::HardwareError;
use super::realization::{Realization, realize};
use crate::catalogue::{FrameGuardParameters, StreamFifoParameters, StreamForkParameters, unit};
use crate::circuit::engine::Fold;
use crate::network::coverage::{LayerCoverage, coverage};
use crate::network::graph::{Layer, Network, TensorId};
use crate::unit::{Config, Implementation, UnitParameters};

/// Bits of a code.
const CODE_BITS: u32 = 8;
/// Beats that a buffer holds in addition to the need of its join and two rows.
const SPARE_BEATS: usize = 16;

/// Stream of the top module's ports.
pub(super) const PORTS: usize = 0;
/// Stream of the frames that the guard makes of it, and of their signed codes, which layers read.
pub(super) const FRAMES: usize = 1;
pub(super) const INPUT: usize = 2;

/// An instance of a module.
#[derive(Debug, Clone)]
pub(super) struct ModuleInstance {
    /// Name of the instance.
    pub(super) name: String,
    /// Suffix of the module name.
    pub(super) module: String,
    pub(super) config: Config,
    /// Indices of the streams at its inputs and outputs.
    pub(super) inputs: Vec<usize>,
    pub(super) outputs: Vec<usize>,
    /// Layer that it computes; none for buffers and forks.
    pub(super) layer: Option<usize>,
    /// The engine of that layer.
    pub(super) engine: Option<Engine>,
}

impl ModuleInstance {
    /// Beats of the memory of a buffer; 0 for any other module.
    pub(super) fn fifo_depth(&self) -> usize {
        self.module.strip_prefix("fifo").and_then(|depth| depth.parse().ok()).unwrap_or(0)
    }
}

/// The modules of a network and the streams between them.
#[derive(Debug, Clone)]
pub(super) struct HardwarePlan {
    pub(super) instances: Vec<ModuleInstance>,
    /// Names of the streams; the first are the ports of the top module, [`FRAMES`] and [`INPUT`].
    pub(super) streams: Vec<String>,
    /// Stream of the output of the hardware.
    pub(super) output: usize,
    /// Tensor of that output.
    pub(super) tensor: TensorId,
    /// Number of layers before the first one that the host computes.
    pub(super) layers: usize,
}

impl HardwarePlan {
    /// Plans a network for a number of cycles per frame and the folds of some layers.
    ///
    /// # Errors
    /// [`HardwareError`] for layers without an engine or without that fold, and for cycles that are not reachable.
    pub(super) fn with_cycles(
        network: &Network,
        cycles: usize,
        folds: &BTreeMap<usize, Fold>,
        implementation: Implementation,
    ) -> Result<Self, HardwareError> {
        let layers = hardware_layers(network);
        let mut planner = Planner::new(network, layers);
        for index in live_layers(network, layers) {
            let fold = folds.get(&index).copied();
            planner.add_layer(index, Goal { cycles, fold, implementation })?;
        }
        let tensor = hardware_output(network, layers);
        if tensor == network.input.tensor {
            return Err(HardwareError::Empty);
        }
        let output = planner.take(tensor);
        let Planner { instances, streams, .. } = planner;
        if instances.iter().all(|instance| instance.engine.is_none()) {
            return Err(HardwareError::Empty);
        }
        Ok(Self { instances, streams, output, tensor, layers })
    }

    /// Multipliers of all layers.
    pub(super) fn multipliers(&self) -> usize {
        self.engines().map(|engine| engine.multipliers).sum()
    }

    /// Cycles per frame of the slowest layer.
    pub(super) fn cycles(&self) -> usize {
        self.engines().map(|engine| engine.cycles).max().unwrap_or(0)
    }

    fn engines(&self) -> impl Iterator<Item = &Engine> {
        self.instances.iter().filter_map(|instance| instance.engine.as_ref())
    }
}

/// Error of a layer that has no engine.
pub(super) fn layer_error(network: &Network, index: usize, missing: MissingEngine) -> HardwareError {
    let node = network.layers[index].name.clone();
    match missing {
        MissingEngine::Engine(reason, fix) => {
            HardwareError::Layer { index, node, reason, fix: fix.to_string() }
        }
        MissingEngine::Config(source) => HardwareError::Engine { index, node, source: Box::new(source) },
        MissingEngine::Fold { asked, legal } => HardwareError::Fold { index, node, asked, legal },
    }
}

/// Number of layers before the first one that the host computes.
fn hardware_layers(network: &Network) -> usize {
    let on_host = |layer: &Layer| {
        layer.kind.is_some_and(|kind| matches!(coverage(kind, network.profile), LayerCoverage::Host(_)))
    };
    network.layers.iter().position(on_host).unwrap_or(network.layers.len())
}

/// The tensor that leaves the hardware: the output, or what the host reads.
fn hardware_output(network: &Network, layers: usize) -> TensorId {
    network.layers.get(layers).map_or(network.output.tensor, |host| host.inputs[0])
}

/// Indices of the layers that the output depends on, among the first.
fn live_layers(network: &Network, layers: usize) -> Vec<usize> {
    let mut is_read = HashSet::from([hardware_output(network, layers)]);
    let mut live = Vec::new();
    for (index, layer) in network.layers[..layers].iter().enumerate().rev() {
        if is_read.contains(&layer.output) {
            is_read.extend(&layer.inputs);
            live.push(index);
        }
    }
    live.reverse();
    live
}

struct Planner<'a> {
    network: &'a Network,
    instances: Vec<ModuleInstance>,
    streams: Vec<String>,
    /// Streams of each tensor that have no reader yet.
    available: HashMap<TensorId, Vec<usize>>,
    /// Readers of each tensor.
    readers: HashMap<TensorId, usize>,
    /// When each beat of each tensor can arrive.
    arrivals: HashMap<TensorId, Arrivals>,
}

impl<'a> Planner<'a> {
    fn new(network: &'a Network, layers: usize) -> Self {
        let mut readers: HashMap<TensorId, usize> = HashMap::new();
        for layer in live_layers(network, layers).into_iter().map(|index| &network.layers[index]) {
            layer.inputs.iter().for_each(|&input| *readers.entry(input).or_default() += 1);
        }
        *readers.entry(hardware_output(network, layers)).or_default() += 1;
        let input = network.input.tensor;
        let mut planner = Self {
            network,
            instances: Vec::new(),
            streams: Vec::new(),
            available: HashMap::new(),
            readers,
            arrivals: HashMap::from([(input, Arrivals::of_input(network.tensors[input].elements()))]),
        };
        for name in ["s_axis", "frames", "input"] {
            planner.stream(name.to_string());
        }
        let length = network.tensors[input].elements();
        planner.insert(
            "guard".to_string(),
            "guard".to_string(),
            "frame_guard",
            Arc::new(FrameGuardParameters { data_bits: CODE_BITS, length }),
            PORTS,
            vec![FRAMES],
        );
        planner.connect_readers(input, INPUT);
        planner
    }

    fn stream(&mut self, name: String) -> usize {
        self.streams.push(name);
        self.streams.len() - 1
    }

    fn add_layer(&mut self, index: usize, goal: Goal) -> Result<(), HardwareError> {
        let layer = &self.network.layers[index];
        let realization = realize(self.network, layer, goal)
            .map_err(|missing| layer_error(self.network, index, missing))?;
        if realization.cycles() > goal.cycles {
            return Err(HardwareError::Cycles {
                asked: goal.cycles,
                least: realization.cycles(),
                index,
                node: layer.name.clone(),
            });
        }
        let engines = match realization {
            Realization::Modules(engines) => engines,
            Realization::Wires => Vec::new(),
        };
        let last = engines.len().saturating_sub(1);
        // The stream so far: of a layer without modules, that of its input.
        let mut current = None;
        for (step, engine) in engines.into_iter().enumerate() {
            let suffix = if step < last { format!("_{step}") } else { String::new() };
            current = Some(self.add_engine(index, &format!("l{index}{suffix}"), engine, current));
        }
        let (stream, arrivals) = current.unwrap_or_else(|| self.source(index, 0));
        self.arrivals.insert(layer.output, arrivals);
        self.connect_readers(layer.output, stream);
        Ok(())
    }

    /// Adds the module of a layer; returns its output stream and when the beats can arrive.
    fn add_engine(
        &mut self,
        index: usize,
        prefix: &str,
        engine: Engine,
        mut previous: Option<(usize, Arrivals)>,
    ) -> (usize, Arrivals) {
        let mut sources = Vec::new();
        for input in &engine.inputs {
            sources.push(match input.source {
                InputSource::Layer(input) => self.source(index, input),
                InputSource::Previous => previous.take().expect("the engine before has one reader"),
            });
        }
        let needs: Vec<(&Arrivals, &InputNeeds)> = sources
            .iter()
            .zip(&engine.inputs)
            .map(|((_, arrivals), input)| (arrivals, &input.needs))
            .collect();
        let own = Arrivals::after(&needs, engine.beats);
        let depths: Vec<usize> =
            needs.iter().map(|(input, needs)| input.waiting_beats(needs, &own)).collect();
        let streams = sources.iter().map(|(stream, _)| *stream).collect();
        let inputs = self.join_inputs(index, prefix, streams, &depths);
        let name = format!("{prefix}_{}", engine.kind);
        let output = self.stream(name.clone());
        self.instances.push(ModuleInstance {
            module: name.clone(),
            name,
            config: engine.config.clone(),
            inputs,
            outputs: vec![output],
            layer: Some(index),
            engine: Some(engine),
        });
        (output, own)
    }

    /// Stream of an input of a layer, and when its beats can arrive.
    fn source(&mut self, index: usize, input: usize) -> (usize, Arrivals) {
        let tensor = self.network.layers[index].inputs[input];
        (self.take(tensor), self.arrivals[&tensor].clone())
    }

    /// The streams at the inputs of a module. If there are two, each passes a buffer for the beats that wait for the
    /// other.
    fn join_inputs(
        &mut self,
        index: usize,
        prefix: &str,
        streams: Vec<usize>,
        leads: &[usize],
    ) -> Vec<usize> {
        if streams.len() < 2 {
            return streams;
        }
        let shape = &self.network.tensors[self.network.layers[index].inputs[0]].shape;
        // While the other branch computes a row, this one continues with the next.
        let row: usize = shape.iter().rev().take(2).product();
        let mut joined = Vec::new();
        for (side, (stream, &lead)) in streams.into_iter().zip(leads).enumerate() {
            let depth = if lead > 0 { lead + 2 * row + SPARE_BEATS } else { SPARE_BEATS };
            joined.push(self.buffer(&format!("{prefix}_s{side}"), stream, depth));
        }
        joined
    }

    fn buffer(&mut self, name: &str, input: usize, depth: usize) -> usize {
        let parameters = StreamFifoParameters { data_bits: CODE_BITS, depth };
        let output = self.stream(name.to_string());
        self.insert(
            format!("{name}_fifo"),
            format!("fifo{depth}"),
            "stream_fifo",
            Arc::new(parameters),
            input,
            vec![output],
        );
        output
    }

    fn insert(
        &mut self,
        name: String,
        module: String,
        unit_name: &str,
        parameters: Arc<dyn UnitParameters>,
        input: usize,
        outputs: Vec<usize>,
    ) {
        let unit = unit(unit_name).expect("units of streams are in the catalogue");
        let config = Config::of_parameters(unit, parameters, unit_name).expect("names of units are names");
        self.instances.push(ModuleInstance {
            name,
            module,
            config,
            inputs: vec![input],
            outputs,
            layer: None,
            engine: None,
        });
    }

    /// Connects a tensor's stream to its readers, through forks if there are several.
    fn connect_readers(&mut self, tensor: TensorId, mut stream: usize) {
        let readers = self.readers.get(&tensor).copied().unwrap_or(0);
        let mut streams = Vec::new();
        for copy in 1..readers {
            let name = self.streams[stream].clone();
            let outputs = [0, 1].map(|side| self.stream(format!("{name}_c{copy}{side}")));
            let parameters = Arc::new(StreamForkParameters { data_bits: CODE_BITS });
            self.insert(
                format!("{name}_fork"),
                "fork".to_string(),
                "stream_fork",
                parameters,
                stream,
                outputs.to_vec(),
            );
            streams.push(outputs[0]);
            stream = outputs[1];
        }
        streams.push(stream);
        self.available.insert(tensor, streams);
    }

    /// A stream of a tensor for one more reader.
    fn take(&mut self, tensor: TensorId) -> usize {
        let streams = self.available.get_mut(&tensor).expect("layers are in order");
        streams.pop().expect("a stream for each reader")
    }
}
