//! Table of the layers of a network.

use std::fmt;

use serde::Serialize;

use super::coverage::{LayerCoverage, coverage};
use super::graph::{Boundary, CodeTensor, Layer, Network};

/// The layers of a network with their cost, and the refused layers.
#[derive(Debug, Clone, Serialize)]
pub struct NetworkListing {
    profile: &'static str,
    input: TensorListing,
    output: TensorListing,
    layers: Vec<LayerListing>,
    totals: Totals,
}

#[derive(Debug, Clone, Serialize)]
struct TensorListing {
    name: String,
    shape: Vec<usize>,
    element: &'static str,
    scale: Option<f32>,
    zero_point: Option<i32>,
}

#[derive(Debug, Clone, Serialize)]
struct LayerListing {
    name: String,
    operator: String,
    tensor: String,
    shape: Vec<usize>,
    macs: u64,
    weight_bytes: u64,
    accumulator_bits: Option<u32>,
    /// Whether the host computes the layer.
    host: bool,
    refused: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct Totals {
    macs: u64,
    weight_bytes: u64,
    accumulator_bits: Option<u32>,
    largest_activation: usize,
    refused: usize,
}

impl NetworkListing {
    /// Lists a network.
    pub fn new(network: &Network) -> Self {
        let layers: Vec<LayerListing> =
            network.layers.iter().map(|layer| layer_listing(network, layer)).collect();
        let activations = network.tensors.iter().filter(|tensor| tensor.constant.is_none());
        let totals = Totals {
            macs: layers.iter().map(|layer| layer.macs).sum(),
            weight_bytes: layers.iter().map(|layer| layer.weight_bytes).sum(),
            accumulator_bits: layers.iter().filter_map(|layer| layer.accumulator_bits).max(),
            largest_activation: activations.map(CodeTensor::elements).max().unwrap_or_default(),
            refused: layers.iter().filter(|layer| layer.refused.is_some()).count(),
        };
        let [input, output] = [network.input, network.output].map(|end| tensor_listing(network, end));
        Self { profile: network.profile.name(), input, output, layers, totals }
    }
}

fn tensor_listing(network: &Network, end: Boundary) -> TensorListing {
    let tensor = &network.tensors[end.tensor];
    let offset = if tensor.is_unsigned { 128 } else { 0 };
    TensorListing {
        name: tensor.name.clone(),
        shape: tensor.file_shape(),
        element: match (end.conversion, tensor.is_unsigned) {
            (Some(_), _) => "float32",
            (None, true) => "uint8",
            (None, false) => "int8",
        },
        scale: tensor.quantized.map(|quantized| quantized.scale),
        zero_point: tensor.quantized.map(|quantized| quantized.zero_point + offset),
    }
}

fn layer_listing(network: &Network, layer: &Layer) -> LayerListing {
    let tensor = &network.tensors[layer.output];
    let on_host = |kind| matches!(coverage(kind, network.profile), LayerCoverage::Host(_));
    LayerListing {
        name: layer.name.clone(),
        operator: layer.file_op.clone(),
        tensor: tensor.label.clone(),
        shape: tensor.file_shape(),
        macs: layer.macs(tensor.elements()),
        weight_bytes: layer.weight_bytes(),
        accumulator_bits: layer.accumulator().map(|accumulator| accumulator.bits),
        host: layer.kind.is_some_and(on_host),
        refused: layer.operation.as_ref().err().map(ToString::to_string),
    }
}

/// Lengths joined by `x`.
fn shape_text(shape: &[usize]) -> String {
    if shape.is_empty() {
        return "scalar".to_owned();
    }
    shape.iter().map(usize::to_string).collect::<Vec<_>>().join("x")
}

/// A number, empty if it is 0.
fn count(number: u64) -> String {
    if number == 0 { String::new() } else { number.to_string() }
}

fn bits(number: Option<u32>) -> String {
    number.map_or_else(String::new, |bits| bits.to_string())
}

impl fmt::Display for TensorListing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", shape_text(&self.shape), self.element)?;
        if let (Some(scale), Some(zero_point)) = (self.scale, self.zero_point) {
            write!(f, ", scale {scale}, zero point {zero_point}")?;
        }
        write!(f, ": {}", self.name)
    }
}

/// One line per layer; `acc` is the narrowest accumulator that cannot overflow.
impl fmt::Display for NetworkListing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "profile {}\ninput   {}\noutput  {}\n", self.profile, self.input, self.output)?;
        let width = self.layers.iter().map(|layer| layer.operator.len()).max().unwrap_or(0).max(8);
        let row = |f: &mut fmt::Formatter<'_>, cells: [&str; 6], end: &str| {
            let [layer, operator, shape, macs, weights, acc] = cells;
            let line =
                format!("{layer:>5}  {operator:width$}  {shape:>14}  {macs:>11}  {weights:>9}  {acc:>3}");
            writeln!(f, "{}{end}", if end.is_empty() { line.trim_end() } else { &line })
        };
        row(f, ["layer", "operator", "output", "MACs", "weights", "acc"], "")?;
        for (index, layer) in self.layers.iter().enumerate() {
            let end = match (&layer.refused, layer.host) {
                (Some(_), _) => "  refused",
                (None, true) => "  on the host",
                (None, false) => "",
            };
            let cells = [&index.to_string(), &layer.operator, &shape_text(&layer.shape)];
            let numbers = [count(layer.macs), count(layer.weight_bytes), bits(layer.accumulator_bits)];
            row(f, [cells[0], cells[1], cells[2], &numbers[0], &numbers[1], &numbers[2]], end)?;
        }
        let totals = &self.totals;
        let numbers = [count(totals.macs), count(totals.weight_bytes), bits(totals.accumulator_bits)];
        row(f, ["total", "", "", &numbers[0], &numbers[1], &numbers[2]], "")?;
        writeln!(f, "largest activation {} bytes", totals.largest_activation)?;
        for (index, layer) in self.layers.iter().enumerate() {
            if let Some(reason) = &layer.refused {
                writeln!(f, "refused: layer {index}, node {}: {reason}", layer.name)?;
            }
        }
        Ok(())
    }
}
