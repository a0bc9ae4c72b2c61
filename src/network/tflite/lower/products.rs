//! Convolution, depthwise convolution and dense layers.

use super::LoweredNode;
use crate::arithmetic::network::{
    ChannelRescaler, Convolution, Dense, Depthwise, Padding, Products, Quantization, Window, WindowAxis,
};
use crate::arithmetic::rescale::Rule;
use crate::network::operation::Operation;
use crate::network::profile::Profile;
use crate::network::refusal::Refusal;
use crate::network::rescaling;
use crate::network::tflite::context::{Context, Lower, TfliteCodes, WeightTypes, codes};
use crate::network::tflite::schema::TfliteType;

/// Maximum difference between the scales of bias and products, in steps of the output.
const BIAS_TOLERANCE: f64 = 0.02;

const INT8: WeightTypes = WeightTypes { widths: &[(TfliteType::Int8, 8)], names: "int8" };

const INT8_INT4: WeightTypes =
    WeightTypes { widths: &[(TfliteType::Int8, 8), (TfliteType::Int4, 4)], names: "int8, int4" };

const INT8_INT4_INT2: WeightTypes = WeightTypes {
    widths: &[(TfliteType::Int8, 8), (TfliteType::Int4, 4), (TfliteType::Int2, 2)],
    names: "int8, int4, int2",
};

/// Rule of convolutions and dense layers.
fn rule(profile: Profile, is_dense: bool) -> Rule {
    match profile {
        Profile::LitertOptimized => Rule::Ruy,
        Profile::LitertReference if is_dense => Rule::F64,
        _ => Rule::Gemmlowp,
    }
}

/// Fields of the options of a window.
struct WindowFields {
    padding: usize,
    stride: [usize; 2],
    dilation: Option<[usize; 2]>,
}

/// Window of a kernel of `kernel` rows and columns; the options give width before height.
fn window(context: &Context, fields: &WindowFields, input: [usize; 3], kernel: [usize; 2]) -> Lower<Window> {
    let padding = match context.option(fields.padding, 0i8)? {
        0 => Padding::Same,
        1 => Padding::Valid,
        value => {
            let remedy = "use SAME or VALID";
            return Err(Refusal::Option { option: "padding", value: value.into(), remedy }.into());
        }
    };
    let number = |field: usize, default: i32| -> Lower<usize> {
        Ok(usize::try_from(context.option(field, default)?).unwrap_or(0))
    };
    let axis = |axis: usize| -> Lower<WindowAxis> {
        let stride = number(fields.stride[axis], 0)?;
        let dilation = fields.dilation.map_or(Ok(1), |fields| number(fields[axis], 1))?;
        let what = "the window does not fit the input";
        let axis = WindowAxis::new(input[axis], kernel[axis], stride, dilation, padding);
        Ok(axis.ok_or(Refusal::Shape { what })?)
    };
    Ok(Window { rows: axis(0)?, columns: axis(1)? })
}

/// Window of a pool, whose kernel is an option.
pub fn pool_window(context: &Context, input: [usize; 3]) -> Lower<Window> {
    let fields = WindowFields { padding: 0, stride: [2, 1], dilation: None };
    let kernel = [context.option(4, 0i32)?, context.option(3, 0i32)?];
    window(context, &fields, input, kernel.map(|length| usize::try_from(length).unwrap_or(0)))
}

/// Requires the output shape that a window gives.
pub fn check_output(output: &TfliteCodes, window: &Window, channels: usize) -> Result<(), Refusal> {
    if output.shape == [1, window.rows.output, window.columns.output, channels] {
        return Ok(());
    }
    Err(Refusal::Shape { what: "the output size does not follow from input, window and stride" })
}

/// Real scales of sums, `sx*sw/sy` in binary64.
fn scales(input: Quantization, weights: &[f32], output: Quantization) -> Vec<f64> {
    let scale = |&weight: &f32| input.wide_scale() * f64::from(weight) / output.wide_scale();
    weights.iter().map(scale).collect()
}

pub fn convolution(context: &Context) -> Lower<LoweredNode> {
    let (input, output) = (codes(context.computed(0)?)?, codes(context.output()?)?);
    let filter = context.input(1)?;
    let (shape, weights, weight_bits) = context.weights(filter, &INT8_INT4)?;
    let ([height, width, channels], &[outputs, rows, columns, group]) = (input.image()?, &shape[..]) else {
        return Err(Refusal::Shape { what: "the weights of a convolution need four axes" }.into());
    };
    let groups = channels / group;
    if groups * group != channels || outputs % groups != 0 {
        return Err(Refusal::Shape { what: "weights and input have different numbers of channels" }.into());
    }
    let fields = WindowFields { padding: 0, stride: [2, 1], dilation: Some([5, 4]) };
    let window = window(context, &fields, [height, width, channels], [rows, columns])?;
    check_output(&output, &window, outputs)?;
    let scales = scales(input.quantized, context.weight_scales(filter, 0, outputs)?, output.quantized);
    let biases = context.biases(2, outputs)?;
    let activation = context.activation(3)?;
    if context.profile != Profile::Tflm && context.optional_input(2).is_none() {
        return Err(Refusal::NoBias.into());
    }
    // The optimized kernel uses the reference kernel for groups.
    let rule = if groups == 1 { rule(context.profile, false) } else { Rule::Gemmlowp };
    let rescaler = rescaling::rescaler(rule, &scales, output.quantized, activation)?.into();
    let input_zero_point = input.quantized.zero_point;
    let products = Products { weights, weight_bits, biases, input_zero_point, rescaler };
    let layer = Convolution { window, input_channels: channels, groups, products };
    Ok(LoweredNode::unary(Operation::Convolution(layer)))
}

pub fn depthwise(context: &Context) -> Lower<LoweredNode> {
    let (input, output) = (codes(context.computed(0)?)?, codes(context.output()?)?);
    let filter = context.input(1)?;
    let (shape, weights, weight_bits) = context.weights(filter, &INT8)?;
    let ([height, width, channels], &[1, rows, columns, outputs]) = (input.image()?, &shape[..]) else {
        return Err(Refusal::Shape { what: "the weights of a depthwise convolution need four axes" }.into());
    };
    let multiplier = outputs / channels;
    let stated = context.option(3, 0i32)?;
    if multiplier * channels != outputs || (stated != 0 && usize::try_from(stated) != Ok(multiplier)) {
        return Err(Refusal::Shape { what: "weights and input have different numbers of channels" }.into());
    }
    let fields = WindowFields { padding: 0, stride: [2, 1], dilation: Some([6, 5]) };
    let window = window(context, &fields, [height, width, channels], [rows, columns])?;
    check_output(&output, &window, outputs)?;
    let scales = scales(input.quantized, context.weight_scales(filter, 3, outputs)?, output.quantized);
    let biases = context.biases(2, outputs)?;
    let activation = context.activation(4)?;
    let rescaler: ChannelRescaler = match context.profile {
        Profile::LitertOptimized => {
            rescaling::mixed_rescaler(outputs, &scales, output.quantized, activation)?
        }
        profile => rescaling::rescaler(rule(profile, false), &scales, output.quantized, activation)?.into(),
    };
    let input_zero_point = input.quantized.zero_point;
    let products = Products { weights, weight_bits, biases, input_zero_point, rescaler };
    Ok(LoweredNode::unary(Operation::Depthwise(Depthwise { window, multiplier, products })))
}

/// TFLite Micro reads narrow weights with one scale only, and none of 2 bits.
fn dense_types(context: &Context) -> &'static WeightTypes {
    let per_channel = context.optional_input(1).is_some_and(|weights| weights.scales.len() > 1);
    match (context.profile, per_channel) {
        (Profile::Tflm, true) => &INT8,
        (Profile::Tflm, false) => &INT8_INT4,
        _ => &INT8_INT4_INT2,
    }
}

pub fn dense(context: &Context) -> Lower<LoweredNode> {
    let (input, output) = (codes(context.computed(0)?)?, codes(context.output()?)?);
    let filter = context.input(1)?;
    let (shape, weights, weight_bits) = context.weights(filter, dense_types(context))?;
    let &[outputs, inputs] = &shape[..] else {
        return Err(Refusal::Shape { what: "the weights of a dense layer need two axes" }.into());
    };
    let format = context.option(1, 0i8)?;
    if format != 0 {
        let remedy = "use DEFAULT";
        return Err(Refusal::Option { option: "weights_format", value: format.into(), remedy }.into());
    }
    let rows = input.elements() / inputs;
    if rows * inputs != input.elements() || rows * outputs != output.elements() {
        return Err(Refusal::Shape { what: "the weights do not fit the lengths of input and output" }.into());
    }
    let weight_scales = context.weight_scales(filter, 0, outputs)?;
    let scales = match *weight_scales {
        [scale] => vec![dense_scale(context, &input, scale, &output)?],
        _ => scales(input.quantized, weight_scales, output.quantized),
    };
    let biases = context.biases(2, outputs)?;
    let rule = rule(context.profile, true);
    let rescaler = rescaling::rescaler(rule, &scales, output.quantized, context.activation(0)?)?.into();
    let input_zero_point = input.quantized.zero_point;
    let products = Products { weights, weight_bits, biases, input_zero_point, rescaler };
    Ok(LoweredNode::unary(Operation::Dense(Dense { inputs, products })))
}

/// Real scale of a dense layer with one scale: LiteRT's optimized kernel rounds the product of the scales of
/// input and weights to binary32.
fn dense_scale(context: &Context, input: &TfliteCodes, weights: f32, output: &TfliteCodes) -> Lower<f64> {
    let product = input.quantized.wide_scale() * f64::from(weights);
    if let Some(bias) = context.optional_input(2) {
        let stated = bias.scales.first().map_or(0.0, |&scale| f64::from(scale));
        if (product - stated).abs() / output.quantized.wide_scale() > BIAS_TOLERANCE {
            return Err(Refusal::BiasScale { bias: bias.name.clone() }.into());
        }
    }
    let product = match context.profile {
        Profile::LitertOptimized => f64::from(product as f32),
        _ => product,
    };
    Ok(product / output.quantized.wide_scale())
}
