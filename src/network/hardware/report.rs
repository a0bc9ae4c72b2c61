//! Cost report of the hardware of a network, layer by layer.

use std::fmt;

use serde::Serialize;

use super::engine::Engine;
use super::estimate::Estimate;
use super::latency::FrameLatency;
use super::options::HardwareOptions;
use super::plan::{HardwarePlan, ModuleInstance};
use crate::circuit::engine::Fold;
use crate::network::graph::Network;

/// Cost of the hardware of a network.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HardwareReport {
    /// What was requested, such as `at most 1000 cycles requested`.
    pub request: String,
    /// Cycles from one frame to the next while nothing stalls.
    pub cycles: usize,
    /// Cycles from the first input beat of a single frame to its output.
    pub latency: FrameLatency,
    /// The slowest module, which determines the cycles.
    pub bottleneck: String,
    /// Multipliers.
    pub multipliers: usize,
    /// Utilization of the multipliers, 0 to 1.
    pub use_of_multipliers: f64,
    /// Estimated resources of the FPGA family; none without one.
    pub estimate: Option<Estimate>,
    /// Bytes of weights.
    pub weight_bytes: usize,
    /// Bytes of buffered rows and of buffers between modules.
    pub buffer_bytes: usize,
    /// One entry per module, in the order of the streams.
    pub modules: Vec<ModuleReport>,
    /// Layers that the host computes after the hardware.
    pub host_layers: Vec<String>,
}

/// Cost of a module.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModuleReport {
    /// Name of the instance.
    pub name: String,
    /// Layer that it computes; none for buffers and forks.
    pub layer: Option<usize>,
    /// Lengths of the axes of its output.
    pub shape: Vec<usize>,
    /// Products of a frame.
    pub products: usize,
    /// Fold of the layer.
    pub fold: Option<Fold>,
    /// Multipliers.
    pub multipliers: usize,
    /// Cycles from one frame to the next while nothing stalls.
    pub cycles: usize,
    /// Bits of the accumulators.
    pub accumulator_bits: Option<u32>,
    /// Form of the requantizer of a layer of products: `serial` or `pipelined`.
    pub requantizer: Option<&'static str>,
    /// Bytes of weights.
    pub weight_bytes: usize,
    /// Bytes of buffered rows, or of the buffer.
    pub buffer_bytes: usize,
}

impl HardwareReport {
    pub(super) fn new(network: &Network, plan: &HardwarePlan, options: &HardwareOptions) -> Self {
        let modules: Vec<ModuleReport> =
            plan.instances.iter().map(|instance| ModuleReport::new(network, instance)).collect();
        let input = network.tensors[network.input.tensor].elements();
        let slowest = modules.iter().max_by_key(|module| module.cycles);
        let (cycles, bottleneck) = match slowest {
            Some(module) if module.cycles >= input => (module.cycles, module.name.clone()),
            _ => (input, "the input stream".to_string()),
        };
        let multipliers = modules.iter().map(|module| module.multipliers).sum();
        let products: usize = modules.iter().map(|module| module.products).sum();
        Self {
            request: options.folding.to_string(),
            cycles,
            latency: FrameLatency::new(plan, input),
            bottleneck,
            multipliers,
            use_of_multipliers: if multipliers == 0 {
                0.0
            } else {
                products as f64 / (multipliers * cycles) as f64
            },
            estimate: plan.estimate(options.implementation),
            weight_bytes: modules.iter().map(|module| module.weight_bytes).sum(),
            buffer_bytes: modules.iter().map(|module| module.buffer_bytes).sum(),
            modules,
            host_layers: network.layers[plan.layers..].iter().map(|layer| layer.name.clone()).collect(),
        }
    }
}

impl ModuleReport {
    fn new(network: &Network, instance: &ModuleInstance) -> Self {
        let shape = instance.layer.map(|layer| network.tensors[network.layers[layer].output].shape.clone());
        let engine = instance.engine.as_ref();
        let number = |of: fn(&Engine) -> usize| engine.map_or(0, of);
        Self {
            name: instance.name.clone(),
            layer: instance.layer,
            shape: shape.unwrap_or_default(),
            products: number(|engine| engine.products),
            fold: engine.and_then(|engine| engine.fold),
            multipliers: number(|engine| engine.multipliers),
            cycles: number(|engine| engine.cycles),
            accumulator_bits: engine.and_then(|engine| engine.accumulator_bits),
            requantizer: engine.and_then(|engine| engine.requantizer),
            weight_bytes: number(|engine| engine.weight_bytes),
            buffer_bytes: number(|engine| engine.buffer_bytes) + instance.fifo_depth(),
        }
    }
}

impl fmt::Display for HardwareReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.modules.iter().map(|module| module.name.len()).max().unwrap_or(0).max(8);
        writeln!(
            f,
            "{:width$}  {:>14}  {:>11}  {:>7}  {:>5}  {:>7}  {:>3}  {:>8}  {:>8}",
            "module", "output", "MACs", "fold", "mults", "cycles", "acc", "weights", "buffers"
        )?;
        let count = |number: usize| if number == 0 { String::new() } else { number.to_string() };
        for module in &self.modules {
            let shape: Vec<String> = module.shape.iter().map(usize::to_string).collect();
            let fold = module.fold.map_or(String::new(), |fold| fold.to_string());
            let line = format!(
                "{:width$}  {:>14}  {:>11}  {fold:>7}  {:>5}  {:>7}  {:>3}  {:>8}  {:>8}",
                module.name,
                shape.join("x"),
                count(module.products),
                count(module.multipliers),
                count(module.cycles),
                module.accumulator_bits.map_or(String::new(), |bits| bits.to_string()),
                count(module.weight_bytes),
                count(module.buffer_bytes),
            );
            writeln!(f, "{}", line.trim_end())?;
        }
        writeln!(
            f,
            "{} multipliers, {:.0} % utilized; {} bytes of weights, {} bytes of buffers",
            self.multipliers,
            self.use_of_multipliers * 100.0,
            self.weight_bytes,
            self.buffer_bytes
        )?;
        writeln!(
            f,
            "{} cycles per frame ({}), set by {}; {:.0} frames/s at 100 MHz",
            self.cycles,
            self.request,
            self.bottleneck,
            1e8 / self.cycles as f64
        )?;
        writeln!(
            f,
            "latency of a single frame: about {} cycles to its first output byte, {} to its last",
            self.latency.first, self.latency.last
        )?;
        if let Some(estimate) = &self.estimate {
            writeln!(f, "estimated: {estimate}")?;
        }
        if !self.host_layers.is_empty() {
            writeln!(f, "on the host: {}", self.host_layers.join(", "))?;
        }
        Ok(())
    }
}
