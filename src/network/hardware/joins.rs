//! Modules of layers that join several tensors.

use std::sync::Arc;

use super::engine::{Engine, EngineInput, InputNeeds, InputSource, MissingEngine, simple};
use crate::catalogue::{
    AddEngineParameters, MultiplyEngineParameters, StreamConcatenationParameters, TensorProduct, TensorSum,
};
use crate::network::graph::{Layer, Network};
use crate::unit::Implementation;

/// Bits of a code.
const CODE_BITS: u32 = 8;

/// Sum or difference of two tensors of equal shape.
pub(super) fn sum(
    network: &Network,
    layer: &Layer,
    sum: TensorSum,
    implementation: Implementation,
) -> Result<Engine, MissingEngine> {
    let [left, right] = [0, 1].map(|index| &network.tensors[layer.inputs[index]].shape);
    if left != right {
        return Err(MissingEngine::Engine("it broadcasts".to_string(), "give both operands one shape"));
    }
    let is_difference = matches!(&sum, TensorSum::Fixed(sum) if sum.is_difference);
    let kind = if is_difference { "subtract" } else { "add" };
    let parameters = AddEngineParameters::new(sum, implementation)?;
    let codes = network.tensors[layer.output].elements();
    let needs = [InputNeeds::Own, InputNeeds::Own];
    Ok(simple("add_engine", kind, codes, Arc::new(parameters), needs)?)
}

/// Product of two tensors of equal shape, or with one code for each channel.
pub(super) fn product(
    network: &Network,
    layer: &Layer,
    product: TensorProduct,
    implementation: Implementation,
) -> Result<Engine, MissingEngine> {
    let codes = network.tensors[layer.output].elements();
    let [left, right] = [0, 1].map(|index| &network.tensors[layer.inputs[index]]);
    let is_swapped = left.elements() < right.elements();
    let smaller = if is_swapped { left } else { right };
    let channels = smaller.elements();
    let is_by_channel = smaller.shape.last() == Some(&channels);
    if channels != codes && !is_by_channel {
        let fix = "multiply by a tensor of equal shape, or by one code for each channel";
        return Err(MissingEngine::Engine("it broadcasts over channels".to_string(), fix));
    }
    let (order, own) = if is_swapped { ([1, 0], product.swapped()) } else { ([0, 1], product) };
    let parameters = MultiplyEngineParameters::new(own, channels, codes / channels, implementation)?;
    let (cycles, second) = if channels == codes {
        (codes, InputNeeds::Own)
    } else {
        (channels + codes, InputNeeds::Each(vec![channels; codes].into()))
    };
    let engine = simple("multiply_engine", "multiply", cycles, Arc::new(parameters), [])?;
    let inputs = order.map(InputSource::Layer).into_iter().zip([InputNeeds::Own, second]);
    Ok(Engine {
        multipliers: 1,
        inputs: inputs.map(|(source, needs)| EngineInput { source, needs }).collect(),
        ..engine
    })
}

/// Concatenation along an axis: one module for each input but the first.
pub(super) fn concatenation(
    network: &Network,
    layer: &Layer,
    axis: usize,
) -> Result<Vec<Engine>, MissingEngine> {
    let shapes: Vec<&[usize]> =
        layer.inputs.iter().map(|&input| network.tensors[input].shape.as_slice()).collect();
    let groups: usize = shapes[0][..axis].iter().product();
    let lengths: Vec<usize> = shapes.iter().map(|shape| shape[axis..].iter().product()).collect();
    let mut joined = lengths[0];
    let mut engines = Vec::new();
    for (index, &length) in lengths.iter().enumerate().skip(1) {
        let source = if index == 1 { InputSource::Layer(0) } else { InputSource::Previous };
        engines.push(join(source, index, [joined, length], groups)?);
        joined += length;
    }
    Ok(engines)
}

/// Concatenation of a stream with the layer's input of that index.
fn join(
    source: InputSource,
    index: usize,
    beats: [usize; 2],
    groups: usize,
) -> Result<Engine, MissingEngine> {
    let [first, second] = beats;
    let group = first + second;
    let needs = |own: usize, offset: usize| {
        let beat = |beat: usize| beat / group * own + (beat % group + 1).saturating_sub(offset).min(own);
        InputNeeds::Each((0..group * groups).map(beat).collect())
    };
    let parameters = StreamConcatenationParameters { data_bits: CODE_BITS, beats, groups };
    let cycles = group * groups;
    let engine = simple("stream_concatenation", "concatenation", cycles, Arc::new(parameters), [])?;
    let inputs = vec![
        EngineInput { source, needs: needs(first, 0) },
        EngineInput { source: InputSource::Layer(index), needs: needs(second, first) },
    ];
    Ok(Engine { inputs, ..engine })
}
