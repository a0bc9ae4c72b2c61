//! Softmax and functions of one code.

use super::Lowered;
use crate::arithmetic::network::{
    Lookup, Quantized, Softmax, hard_swish as hard_swish_table, leaky_relu as leaky_relu_table, logistic,
    rescaled, tanh,
};
use crate::network::operation::Operation;
use crate::network::refusal::Refusal;
use crate::network::tflite::context::{Codes, Context, Lower, codes};
use crate::network::tflite::schema::Operator;

/// Input and output of equal shape.
fn tensors(context: &Context) -> Lower<(Codes, Codes)> {
    let (input, output) = (codes(context.computed(0)?)?, codes(context.output()?)?);
    if input.shape != output.shape {
        return Err(Refusal::Shape { what: "input and output differ in shape" }.into());
    }
    Ok((input, output))
}

fn lookup(table: Lookup) -> Lowered {
    Lowered::unary(Operation::Lookup(table))
}

pub fn softmax(context: &Context) -> Lower<Lowered> {
    let (input, output) = tensors(context)?;
    if output.quantized != (Quantized { scale: 1.0 / 256.0, zero_point: -128 }) {
        return Err(Refusal::OutputQuantization { op: "SOFTMAX", scale: "1/256", zero_point: -128 }.into());
    }
    let depth = input.shape.last().copied().unwrap_or(1);
    let softmax = Softmax::new(depth, context.option(0, 0f32)?, input.quantized.scale);
    let softmax = softmax.ok_or(Refusal::Range { what: "the input scale of a softmax is below 2^-26" })?;
    Ok(Lowered::unary(Operation::Softmax(Box::new(softmax))))
}

pub fn sigmoid(context: &Context, operator: Operator) -> Lower<Lowered> {
    let (input, output) = tensors(context)?;
    let (op, table, steps, zero_point): (_, fn(Quantized) -> Lookup, _, _) = match operator {
        Operator::Tanh => ("TANH", tanh, "1/128", 0),
        _ => ("LOGISTIC", logistic, "1/256", -128),
    };
    let scale = if operator == Operator::Tanh { 1.0 / 128.0 } else { 1.0 / 256.0 };
    if output.quantized != (Quantized { scale, zero_point }) {
        return Err(Refusal::OutputQuantization { op, scale: steps, zero_point }.into());
    }
    Ok(lookup(table(input.quantized)))
}

pub fn hard_swish(context: &Context) -> Lower<Lowered> {
    let (input, output) = tensors(context)?;
    let table = hard_swish_table(input.quantized, output.quantized);
    Ok(lookup(table.ok_or(Refusal::Range { what: "the output scale is below 1/128 of the input scale" })?))
}

pub fn leaky_relu(context: &Context) -> Lower<Lowered> {
    let (input, output) = tensors(context)?;
    let alpha = context.option(0, 0f32)?;
    let scale = input.quantized.scale / output.quantized.scale;
    let negative = input.quantized.scale * alpha / output.quantized.scale;
    if !negative.is_finite() {
        return Err(Refusal::Range { what: "alpha is no finite number" }.into());
    }
    Ok(lookup(leaky_relu_table(input.quantized, output.quantized, scale.into(), negative.into(), 1)))
}

pub fn prelu(context: &Context) -> Lower<Lowered> {
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

pub fn quantize(context: &Context) -> Lower<Lowered> {
    let (input, output) = tensors(context)?;
    Ok(lookup(rescaled(input.quantized, output.quantized)))
}
