//! Softmax and functions of one code.

use super::LoweredNode;
use crate::arithmetic::network::{
    Activation, LitertSoftmax, Lookup, Quantization, Softmax, hard_swish as hard_swish_table,
    leaky_relu as leaky_relu_table, logistic as logistic_table, logistic_in_floats, rectified, rescaled,
    tanh as tanh_table, tanh_in_floats,
};
use crate::network::operation::Operation;
use crate::network::profile::Profile;
use crate::network::refusal::Refusal;
use crate::network::tflite::context::{Context, Lower, TfliteCodes, any_codes, codes};

const SHAPES: Refusal = Refusal::Shape { what: "input and output differ in shape" };

/// Input and output of equal shape.
fn tensors(context: &Context) -> Lower<(TfliteCodes, TfliteCodes)> {
    let (input, output) = (codes(context.computed(0)?)?, codes(context.output()?)?);
    if input.shape != output.shape {
        return Err(SHAPES.into());
    }
    Ok((input, output))
}

fn lookup(table: Lookup) -> LoweredNode {
    LoweredNode::unary(Operation::Lookup(table))
}

pub fn softmax(context: &Context) -> Lower<LoweredNode> {
    let (input, output) = tensors(context)?;
    require_output("SOFTMAX", &output, 256, -128)?;
    let depth = input.shape.last().copied().unwrap_or(1);
    let (beta, scale) = (context.option(0, 0f32)?, input.quantized.scale);
    if context.profile == Profile::LitertOptimized {
        let softmax = LitertSoftmax::new(depth, beta, scale);
        return Ok(LoweredNode::unary(Operation::LitertSoftmax(Box::new(softmax))));
    }
    let softmax = Softmax::new(depth, beta, scale);
    let softmax = softmax.ok_or(Refusal::Range { what: "the input scale of a softmax is below 2^-26" })?;
    Ok(LoweredNode::unary(Operation::Softmax(Box::new(softmax))))
}

/// Requires the only output quantization of an operator.
fn require_output(
    op: &'static str,
    output: &TfliteCodes,
    steps: u32,
    zero_point: i32,
) -> Result<(), Refusal> {
    if output.quantized == (Quantization { scale: 1.0 / steps as f32, zero_point }) {
        return Ok(());
    }
    Err(Refusal::OutputQuantization { op, steps, zero_point })
}

pub fn logistic(context: &Context) -> Lower<LoweredNode> {
    let (input, output) = tensors(context)?;
    require_output("LOGISTIC", &output, 256, -128)?;
    let table = match context.profile {
        Profile::Tflm => logistic_table,
        _ => logistic_in_floats,
    };
    Ok(lookup(table(input.quantized)))
}

pub fn tanh(context: &Context) -> Lower<LoweredNode> {
    let (input, output) = tensors(context)?;
    require_output("TANH", &output, 128, 0)?;
    let table = match context.profile {
        Profile::Tflm => tanh_table,
        _ => tanh_in_floats,
    };
    Ok(lookup(table(input.quantized)))
}

pub fn rectifier(context: &Context, activation: Activation) -> Lower<LoweredNode> {
    let (input, output) = tensors(context)?;
    match (context.profile, activation) {
        (Profile::Tflm, Activation::ReluN1To1) => {
            let (op, remedy) = ("RELU_N1_TO_1 under profile tflm".to_owned(), "use RELU6, or fuse it");
            Err(Refusal::Operator { op, remedy }.into())
        }
        // TFLite Micro's RELU6 does not rescale.
        (Profile::Tflm, Activation::Relu6) if input.quantized != output.quantized => {
            let (input, output) = (input.name, output.name);
            Err(Refusal::UnequalScales { input, output }.into())
        }
        _ => Ok(lookup(rectified(input.quantized, output.quantized, activation))),
    }
}

pub fn hard_swish(context: &Context) -> Lower<LoweredNode> {
    let (input, output) = tensors(context)?;
    let table = hard_swish_table(input.quantized, output.quantized);
    Ok(lookup(table.ok_or(Refusal::Range { what: "the output scale is below 1/128 of the input scale" })?))
}

pub fn leaky_relu(context: &Context) -> Lower<LoweredNode> {
    let (input, output) = tensors(context)?;
    let alpha = context.option(0, 0f32)?;
    let (sx, sy) = (input.quantized.scale, output.quantized.scale);
    let [scale, negative] = match context.profile {
        Profile::Tflm => [1.0, alpha].map(|factor| f64::from(sx) * f64::from(factor) / f64::from(sy)),
        _ => [f64::from(sx / sy), f64::from(sx * alpha / sy)],
    };
    if !negative.is_finite() {
        return Err(Refusal::Range { what: "alpha is not a finite number" }.into());
    }
    Ok(lookup(leaky_relu_table(input.quantized, output.quantized, scale, negative, 1)))
}

pub fn prelu(context: &Context) -> Lower<LoweredNode> {
    let (input, output) = tensors(context)?;
    let alpha = context.input(1)?;
    let parameters = codes(alpha)?;
    let [code, ref rest @ ..] = context.constant(alpha)?[..] else {
        return Err(Refusal::NotConstant { what: "alpha" }.into());
    };
    if rest.iter().any(|&other| other != code) {
        let remedy = "share alpha over all axes, or use LEAKY_RELU";
        let value = parameters.elements() as i64;
        return Err(Refusal::Option { option: "number of alphas", value, remedy }.into());
    }
    let scale = input.quantized.ratio(output.quantized);
    let negative =
        input.quantized.wide_scale() * parameters.quantized.wide_scale() / output.quantized.wide_scale();
    let factor = i32::from(code) - parameters.quantized.zero_point;
    Ok(lookup(leaky_relu_table(input.quantized, output.quantized, scale, negative, factor)))
}

pub fn quantize(context: &Context) -> Lower<LoweredNode> {
    let (input, output) = (any_codes(context.computed(0)?)?, any_codes(context.output()?)?);
    if input.shape != output.shape {
        return Err(SHAPES.into());
    }
    Ok(lookup(rescaled(input.quantized, output.quantized)))
}
