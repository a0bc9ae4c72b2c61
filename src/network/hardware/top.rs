//! The top module of a network as a config like that of any unit.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::error::HardwareError;
use super::options::HardwareOptions;
use super::plan::{FRAMES, HardwarePlan, INPUT, ModuleInstance};
use super::report::HardwareReport;
use crate::circuit::engine::{bits_of, counter};
use crate::network::graph::{Network, TensorId};
use crate::unit::{
    Beat, Behaviour, Config, ConfigError, Direction, FrameEvent, FrameFunction, Integer, Parameter, Port,
    Preset, Role, StreamNames, Target, Unit, UnitParameters, Values,
};

/// Hardware of a network.
#[derive(Debug, Clone)]
pub struct Hardware {
    /// The top module as a config, which is rendered, verified and simulated like that of a unit.
    pub config: Config,
    /// Its cost, layer by layer.
    pub report: HardwareReport,
}

/// The parameters of the top module of a network.
#[derive(Debug, Clone)]
pub struct NetworkParameters {
    network: Arc<Network>,
    plan: HardwarePlan,
    name: String,
    arguments: String,
    target: Target,
}

/// The unit of networks; it has no parameters, because it is generated from a file.
struct NetworkUnit;

static NETWORK: NetworkUnit = NetworkUnit;

impl Unit for NetworkUnit {
    fn name(&self) -> &'static str {
        "network"
    }

    fn summary(&self) -> &'static str {
        "quantized network, stream to stream"
    }

    fn parameters(&self) -> &'static [Parameter] {
        &[]
    }

    fn presets(&self) -> &'static [Preset] {
        &[]
    }

    fn parse(&self, _values: &Values) -> Result<Arc<dyn UnitParameters>, ConfigError> {
        Err(ConfigError::Combination {
            reason: "a network is made of a file".to_string(),
            fix: "name a .tflite or .onnx file".to_string(),
        })
    }

    fn is_implementation(&self, _parameter: &str) -> bool {
        false
    }
}

impl Hardware {
    /// Generates the hardware of a network.
    ///
    /// # Errors
    /// [`HardwareError`] for layers without an engine, cycles, multipliers or folds that are not reachable, and a name that is not an
    /// identifier.
    ///
    /// # Panics
    /// When a layer is not supported, see [`Network::require_supported`].
    pub fn new(network: Arc<Network>, options: HardwareOptions) -> Result<Self, HardwareError> {
        let plan = HardwarePlan::new(&network, &options.folding, options.implementation)?;
        plan.require_memory(options.implementation)?;
        let report = HardwareReport::new(&network, &plan, &options);
        let parameters = NetworkParameters {
            network,
            plan,
            name: options.name.clone(),
            arguments: options.arguments,
            target: options.implementation.target,
        };
        let config = Config::of_parameters(&NETWORK, Arc::new(parameters), &options.name)
            .map_err(|error| HardwareError::Name(Box::new(error)))?;
        Ok(Self { config, report })
    }
}

impl NetworkParameters {
    /// The network.
    pub fn network(&self) -> &Arc<Network> {
        &self.network
    }

    /// Layers that the hardware computes; the host computes the rest.
    pub fn layers(&self) -> usize {
        self.plan.layers
    }

    /// The tensor that leaves the hardware.
    pub fn output_tensor(&self) -> TensorId {
        self.plan.tensor
    }

    /// The module of each layer, and its index.
    pub fn modules(&self) -> impl Iterator<Item = (usize, &Config)> {
        self.plan.instances.iter().filter_map(|instance| Some((instance.layer?, &instance.config)))
    }

    /// The instances of modules, by name.
    pub fn instances(&self) -> Vec<(String, Config)> {
        let instances = self.plan.instances.iter();
        instances.map(|instance| (instance.name.clone(), instance.config.clone())).collect()
    }

    /// Computes the layers of the host: from the codes that leave the hardware to the network's output.
    pub fn on_host(&self, codes: &[i8]) -> Vec<i8> {
        let range = self.plan.layers..self.network.layers.len();
        if range.is_empty() {
            return codes.to_vec();
        }
        self.network.infer_range(range, self.plan.tensor, self.network.output.tensor, codes, &mut |_, _| ())
    }

    /// Beats of a frame at the output.
    pub fn output_beats(&self) -> usize {
        self.network.tensors[self.plan.tensor].elements()
    }

    /// The beats of a frame of input codes.
    pub fn input_beats(&self, codes: &[i8]) -> Vec<Beat> {
        self.bytes(self.network.input.tensor, codes)
    }

    /// The codes in beats of the hardware's output.
    pub fn output_codes(&self, beats: &[Beat]) -> Vec<i8> {
        let mask = if self.network.tensors[self.plan.tensor].is_unsigned { 0x80 } else { 0 };
        beats.iter().map(|beat| (beat.data as u8 ^ mask) as i8).collect()
    }

    fn bytes(&self, tensor: TensorId, codes: &[i8]) -> Vec<Beat> {
        let mask = if self.network.tensors[tensor].is_unsigned { 0x80 } else { 0 };
        let last = codes.len() - 1;
        let beat =
            |(index, &code): (usize, &i8)| Beat { data: u64::from(code as u8 ^ mask), last: index == last };
        codes.iter().enumerate().map(beat).collect()
    }
}

impl UnitParameters for NetworkParameters {
    fn module_name(&self) -> String {
        self.name.clone()
    }

    fn ports(&self) -> Vec<Port> {
        let mut ports = vec![
            Port::control("clk", Role::Clock, "acts on the rising edge"),
            Port::control("rst", Role::Reset, "synchronous, drops all frames"),
        ];
        let byte = |tensor: TensorId| Integer { bits: 8, signed: !self.network.tensors[tensor].is_unsigned };
        ports.extend(StreamNames::S_AXIS.input(
            byte(self.network.input.tensor),
            true,
            "codes of the input, channels last",
        ));
        ports.extend(StreamNames::M_AXIS.output(
            byte(self.plan.tensor),
            true,
            "codes of the output, channels last",
        ));
        ports.extend(FrameEvent::ALL.map(FrameEvent::port));
        ports
    }

    fn behaviour(&self) -> Behaviour {
        let engines = || self.plan.instances.iter().filter(|instance| instance.layer.is_some());
        let input = self.network.tensors[self.network.input.tensor].elements();
        let cycles = |instance: &ModuleInstance| instance.engine.as_ref().map_or(0, |engine| engine.cycles);
        // A frame that ends early is complete after as many cycles as it has beats.
        let engines_latency: usize = engines().map(|instance| instance.config.behaviour().latency()).sum();
        let latency = input + 1 + engines_latency;
        Behaviour::Stream { interval: engines().map(cycles).max().unwrap_or(1).max(input), latency }
    }

    fn facts(&self) -> Vec<String> {
        let shape = |tensor: TensorId| {
            let lengths: Vec<String> =
                self.network.tensors[tensor].shape.iter().map(usize::to_string).collect();
            lengths.join(" x ")
        };
        let Behaviour::Stream { interval, .. } = self.behaviour() else {
            unreachable!("networks have streams")
        };
        vec![
            format!("Profile {}: the bytes of that runtime.", self.network.profile),
            format!("{} codes in, {} codes out.", shape(self.network.input.tensor), shape(self.plan.tensor)),
            format!("Clock cycles from one frame to the next: {interval}."),
        ]
    }

    fn context(&self) -> Json {
        let stream = |index: usize| self.plan.streams[index].as_str();
        let instances = self.plan.instances.iter().map(|instance| {
            json!({
                "module": instance.module,
                "name": instance.name,
                "pins": self.pins(instance),
            })
        });
        let codes = self.network.tensors[self.plan.tensor].elements();
        let is_flipped = |tensor: TensorId| self.network.tensors[tensor].is_unsigned;
        json!({
            "streams": self.plan.streams[1..],
            "instances": instances.collect::<Vec<_>>(),
            "frames": stream(FRAMES),
            "input": stream(INPUT),
            "output": stream(self.plan.output),
            "beat": counter(bits_of(codes - 1), codes - 1),
            "input_is_unsigned": is_flipped(self.network.input.tensor),
            "output_is_unsigned": is_flipped(self.plan.tensor),
            "unread": self.unread(),
        })
    }

    fn parts(&self) -> Vec<(String, Config)> {
        let mut seen = HashSet::new();
        let instances = self.plan.instances.iter().filter(|instance| seen.insert(instance.module.clone()));
        instances.map(|instance| (instance.module.clone(), instance.config.clone())).collect()
    }

    fn frame_function(&self) -> Option<Box<dyn FrameFunction>> {
        Some(Box::new(self.clone()))
    }

    fn arguments(&self) -> Option<String> {
        Some(self.arguments.clone())
    }

    fn target(&self) -> Option<Target> {
        Some(self.target)
    }
}

impl NetworkParameters {
    fn reads_last(&self, stream: usize) -> bool {
        self.plan.instances.iter().any(|instance| {
            let pins = stream_pins(instance);
            pins.iter().any(|(pin, index, is_input)| *is_input && *index == stream && pin.ends_with("_tlast"))
        })
    }

    /// The unread `tlast` signals: readers of these streams count beats themselves.
    fn unread(&self) -> Vec<String> {
        (INPUT..self.plan.streams.len())
            .filter(|&stream| !self.reads_last(stream))
            .map(|stream| format!("{}_tlast", self.plan.streams[stream]))
            .collect()
    }

    /// The connections of an instance: `.s_axis_tdata(input_tdata)`.
    fn pins(&self, instance: &ModuleInstance) -> Vec<String> {
        let ports = instance.config.ports();
        let own = ports.iter().filter(|port| !is_of_stream(port)).map(|port| format!(".{0}({0})", port.name));
        let streams = stream_pins(instance).into_iter().map(|(pin, stream, _)| {
            let (_, signal) = pin.split_once("_axis_").expect("streams are named so");
            format!(".{pin}({}_{signal})", self.plan.streams[stream])
        });
        own.chain(streams).collect()
    }
}

/// Whether a port belongs to a stream; others are connected to the port of the top module of that name.
fn is_of_stream(port: &Port) -> bool {
    port.name.contains("_axis_")
}

/// The ports of an instance's streams: name, stream, and whether the stream is an input.
fn stream_pins(instance: &ModuleInstance) -> Vec<(&'static str, usize, bool)> {
    let ports = instance.config.ports();
    let mut prefixes: [Vec<&str>; 2] = [Vec::new(), Vec::new()];
    let mut pins = Vec::new();
    for port in ports.iter().filter(|port| is_of_stream(port)) {
        let (prefix, signal) = port.name.split_once("_axis_").expect("streams are named so");
        let is_input = (port.direction == Direction::Input) != (signal == "tready");
        let own = &mut prefixes[usize::from(is_input)];
        let index = own.iter().position(|known| *known == prefix).unwrap_or_else(|| {
            own.push(prefix);
            own.len() - 1
        });
        let streams = if is_input { &instance.inputs } else { &instance.outputs };
        pins.push((port.name, streams[index], is_input));
    }
    pins
}

impl FrameFunction for NetworkParameters {
    fn input_lengths(&self) -> Vec<usize> {
        vec![self.network.tensors[self.network.input.tensor].elements()]
    }

    fn output_lengths(&self) -> Vec<usize> {
        vec![self.network.tensors[self.plan.tensor].elements()]
    }

    fn frame(&self, inputs: &[Vec<Beat>]) -> Vec<Vec<Beat>> {
        let mask = if self.network.tensors[self.network.input.tensor].is_unsigned { 0x80 } else { 0 };
        let codes: Vec<i8> = inputs[0].iter().map(|beat| (beat.data as u8 ^ mask) as i8).collect();
        let output = self.network.infer_layers(self.plan.layers, self.plan.tensor, &codes, |_, _| ());
        vec![self.bytes(self.plan.tensor, &output)]
    }

    fn is_guarded(&self) -> bool {
        true
    }
}
