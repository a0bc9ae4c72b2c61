//! Sums, differences and products of two tensors.

use super::LoweredNode;
use crate::arithmetic::network::{Product, Sum, Term};
use crate::arithmetic::rescale::{Rule, quantize_multiplier};
use crate::network::operation::Operation;
use crate::network::refusal::Refusal;
use crate::network::rescaling;
use crate::network::shape;
use crate::network::tflite::context::{Context, Lower, TfliteCodes, codes};

/// Both operands, one of which may be a constant, and the output, to whose shape they broadcast.
fn operands(context: &Context) -> Lower<([TfliteCodes; 2], TfliteCodes)> {
    let tensors = [context.input(0)?, context.input(1)?];
    if tensors.iter().all(|tensor| !tensor.data.is_empty()) {
        return Err(Refusal::AllConstant.into());
    }
    let (operands, output) = ([codes(tensors[0])?, codes(tensors[1])?], codes(context.output()?)?);
    if !operands.iter().all(|operand| shape::broadcasts(&operand.shape, &output.shape)) {
        return Err(Refusal::Shape { what: "the operands do not broadcast to the output" }.into());
    }
    Ok((operands, output))
}

/// Ratios of the operands to twice the larger scale, and of that to the output: (T6), (T7).
fn ratios(scales: [f32; 2], output: f32) -> ([f64; 2], f64) {
    let twice = 2.0 * f64::from(scales[0].max(scales[1]));
    (scales.map(|scale| f64::from(scale) / twice), twice / (2f64.powi(20) * f64::from(output)))
}

pub fn sum(context: &Context, is_difference: bool) -> Lower<LoweredNode> {
    let (operands, output) = operands(context)?;
    let scales = [0, 1].map(|i| operands[i].quantized.scale);
    let (inputs, total) = ratios(scales, output.quantized.scale);
    if total.is_nan() || total >= 1.0 {
        return Err(Refusal::Range { what: "the output scale is far below the input scales" }.into());
    }
    let term = |i: usize| {
        let (multiplier, shift) = quantize_multiplier(inputs[i]);
        Term { zero_point: operands[i].quantized.zero_point, multiplier, shift }
    };
    let activation = context.activation(0)?;
    let rescaler = rescaling::rescaler(Rule::Gemmlowp, &[total], output.quantized, activation)?;
    let operation = Operation::Sum(Sum { left: term(0), right: term(1), is_difference, rescaler });
    Ok(LoweredNode { operation, inputs: vec![0, 1] })
}

pub fn product(context: &Context) -> Lower<LoweredNode> {
    let (operands, output) = operands(context)?;
    let [left, right] = [0, 1].map(|i| operands[i].quantized);
    let scale = left.wide_scale() * right.wide_scale() / output.quantized.wide_scale();
    let activation = context.activation(0)?;
    let rescaler = rescaling::rescaler(Rule::Gemmlowp, &[scale], output.quantized, activation)?;
    let zero_points = [left.zero_point, right.zero_point];
    Ok(LoweredNode { operation: Operation::Product(Product { zero_points, rescaler }), inputs: vec![0, 1] })
}
