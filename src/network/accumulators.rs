//! Table of the least accumulators of a network's layers.

use std::fmt;

use serde::Serialize;

use super::graph::Network;
use crate::files::tensor::Array;

/// The layers with weights, and the accumulators that they need.
#[derive(Debug, Clone, Serialize)]
pub struct AccumulatorListing {
    /// One entry per layer with weights.
    pub layers: Vec<LayerAccumulator>,
}

/// Least accumulator of a layer.
#[derive(Debug, Clone, Serialize)]
pub struct LayerAccumulator {
    /// Name of the layer.
    pub name: String,
    /// Operator in the file.
    pub operator: String,
    /// Bits of the narrowest accumulator that cannot overflow, at most 32.
    pub bits: u32,
    /// First channel that needs this width.
    pub channel: usize,
    /// The extreme sum of that channel.
    pub sum: i64,
    /// Label of the layer's input tensor.
    pub tensor: String,
    /// The layer's input at which the sum occurs, as in the file; `None` if no position reaches it.
    #[serde(skip)]
    pub input: Option<Array>,
}

impl AccumulatorListing {
    /// Lists a network.
    pub fn new(network: &Network) -> Self {
        let layers = network.layers.iter().filter_map(|layer| {
            let accumulator = layer.accumulator()?;
            let input = &network.tensors[*layer.inputs.first()?];
            Some(LayerAccumulator {
                name: layer.name.clone(),
                operator: layer.file_op.clone(),
                bits: accumulator.bits,
                channel: accumulator.channel,
                sum: accumulator.sum,
                tensor: input.label.clone(),
                input: layer.widest_input(input.elements()).map(|codes| input.array(1, codes)),
            })
        });
        Self { layers: layers.collect() }
    }
}

impl fmt::Display for AccumulatorListing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:>4} {:>8} {:>12}  {:<20} layer", "bits", "channel", "sum", "operator")?;
        for LayerAccumulator { name, operator, bits, channel, sum, .. } in &self.layers {
            writeln!(f, "{bits:>4} {channel:>8} {sum:>12}  {operator:<20} {name}")?;
        }
        Ok(())
    }
}
