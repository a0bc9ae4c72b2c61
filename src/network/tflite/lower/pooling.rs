//! Pools and means.

use super::LoweredNode;
use super::products::{check_output, pool_window};
use crate::arithmetic::network::{AveragePool, MaxPool, Mean, Window};
use crate::network::operation::Operation;
use crate::network::profile::Profile;
use crate::network::refusal::Refusal;
use crate::network::tflite::context::{Context, Lower, codes};
use crate::network::tflite::lower::shapes::{axis, equally_quantized};

/// Field of the fused activation.
const ACTIVATION: usize = 5;

/// Window, channels and clamp of a pool.
fn pool(context: &Context) -> Lower<(Window, usize, (i32, i32))> {
    let (input, output) = equally_quantized(context)?;
    let image = input.image()?;
    let window = pool_window(context, image)?;
    let channels = image[2];
    check_output(&output, &window, channels)?;
    Ok((window, channels, context.activation(ACTIVATION)?.range(output.quantized)))
}

pub fn average(context: &Context) -> Lower<LoweredNode> {
    let (window, channels, clamp) = pool(context)?;
    Ok(LoweredNode::unary(Operation::AveragePool(AveragePool { window, channels, clamp })))
}

pub fn max(context: &Context) -> Lower<LoweredNode> {
    let (window, channels, clamp) = pool(context)?;
    Ok(LoweredNode::unary(Operation::MaxPool(MaxPool { window, channels, clamp })))
}

pub fn mean(context: &Context) -> Lower<LoweredNode> {
    let (input, output) = (codes(context.computed(0)?)?, codes(context.output()?)?);
    let mut is_reduced = vec![false; input.shape.len()];
    for number in context.integers(context.input(1)?, "the list of axes")? {
        is_reduced[axis(number, input.shape.len())?] = true;
    }
    if context.profile == Profile::LitertOptimized && input.shape.len() == 4 && output.shape.len() == 4 {
        let remedy = "leave the axes out of the output, or use profile litert-reference";
        return Err(Refusal::Option { option: "keep_dims", value: 1, remedy }.into());
    }
    let kept = input.shape.iter().zip(&is_reduced).filter(|(_, reduced)| !**reduced);
    if kept.map(|(&length, _)| length).product::<usize>() != output.elements() {
        return Err(Refusal::Shape { what: "the output of a mean has the wrong axes" }.into());
    }
    let mean = Mean::new(input.shape, is_reduced, input.quantized, output.quantized)?;
    Ok(LoweredNode::unary(Operation::Mean(mean)))
}
