//! Padding: a module, or part of the convolution that reads it.

use std::sync::Arc;

use super::engine::{Engine, InputNeeds, MissingEngine, simple};
use crate::arithmetic::network::{Window, WindowAxis};
use crate::catalogue::PadEngineParameters;
use crate::circuit::engine::Walk;
use crate::network::graph::{Layer, Network, TensorId};
use crate::network::operation::Operation;

/// The module of a padding.
pub(super) fn padding(
    network: &Network,
    layer: &Layer,
    pads: &[(usize, usize)],
    filling: i8,
) -> Result<Engine, MissingEngine> {
    let shape = &network.tensors[layer.inputs[0]].shape;
    // Axes before the last three have a length of 1.
    let (outer, inner) = shape.split_at(shape.len().saturating_sub(3));
    let (outer_pads, inner_pads) = pads.split_at(outer.len());
    if outer.iter().any(|&length| length != 1) || outer_pads.iter().any(|&pad| pad != (0, 0)) {
        let reason = "it pads an axis before rows, columns and channels".to_string();
        return Err(MissingEngine::Engine(reason, "pad rows, columns or channels of one frame"));
    }
    let (mut lengths, mut amounts) = ([1; 3], [(0, 0); 3]);
    let start = 3 - inner.len();
    lengths[start..].copy_from_slice(inner);
    amounts[start..].copy_from_slice(inner_pads);
    let parameters = PadEngineParameters::new(lengths, amounts, filling)?;
    let needs = needs(lengths, amounts);
    Ok(simple("pad_engine", "pad", needs.len(), Arc::new(parameters), [InputNeeds::Each(needs.into())])?)
}

/// Codes read before each code of the padded tensor; the padding before the first code waits for it.
fn needs(lengths: [usize; 3], pads: [(usize, usize); 3]) -> Vec<usize> {
    let [rows, columns, channels] = [0, 1, 2].map(|axis| {
        let (before, after) = pads[axis];
        let length = lengths[axis];
        (0..before + length + after).map(move |index| (before..before + length).contains(&index))
    });
    let mut count = 0;
    let mut needs = Vec::new();
    for row in rows {
        for column in columns.clone() {
            for channel in channels.clone() {
                count += usize::from(row && column && channel);
                needs.push(count.max(1));
            }
        }
    }
    needs
}

/// Whether every reader of a padding is a convolution that pads its input itself.
pub(super) fn is_fused(network: &Network, layer: &Layer) -> bool {
    let mut readers = network.layers.iter().filter(|reader| reader.inputs.contains(&layer.output));
    layer.output != network.output.tensor
        && readers.clone().next().is_some()
        && readers.all(|reader| padded_window(network, layer, reader).is_some())
}

/// Window of a layer of products over the input of the padding before it, if there is one, else its own.
pub(super) fn fused_window(network: &Network, layer: &Layer, window: Window) -> Window {
    let producer = producer(network, layer.inputs[0]).filter(|producer| is_fused(network, producer));
    producer.and_then(|producer| padded_window(network, producer, layer)).unwrap_or(window)
}

fn producer(network: &Network, tensor: TensorId) -> Option<&Layer> {
    network.layers.iter().find(|layer| layer.output == tensor)
}

/// Window of a convolution over the input of a padding; `None` if it cannot pad so.
fn padded_window(network: &Network, padding: &Layer, reader: &Layer) -> Option<Window> {
    let Ok(Operation::Pad(pads, filling)) = &padding.operation else { return None };
    let (window, zero_point) = match &reader.operation {
        Ok(Operation::Convolution(layer)) => (layer.window, layer.products.input_zero_point),
        Ok(Operation::Depthwise(layer)) => (layer.window, layer.products.input_zero_point),
        _ => return None,
    };
    let (&[1, rows, columns, _], &[(0, 0), row_pads, column_pads, (0, 0)]) =
        (&network.tensors[padding.inputs[0]].shape[..], &pads[..])
    else {
        return None;
    };
    let axis = |axis: WindowAxis, input, (before, _): (usize, usize)| WindowAxis {
        input,
        before: axis.before + before,
        ..axis
    };
    let fused = Window {
        rows: axis(window.rows, rows, row_pads),
        columns: axis(window.columns, columns, column_pads),
    };
    (zero_point == i32::from(*filling) && Walk::is_supported(&fused)).then_some(fused)
}
