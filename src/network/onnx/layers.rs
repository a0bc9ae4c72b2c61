//! Arithmetic of the layers of quantized nodes: (N1) to (N7).

use super::model::Attributes;
use super::parameters::{Parameters, Weights};
use crate::arithmetic::network::{
    Activation, Convolution, Dense, Depthwise, FloatProduct, FloatSum, GlobalAverage, MaxPool, OrtSoftmax,
    Padding, Products, Quantization, Window, WindowAxis, transpose,
};
use crate::arithmetic::rescale::Rule;
use crate::network::operation::Operation;
use crate::network::refusal::Refusal;
use crate::network::rescaling::rescaler;

/// Height, width and channels of an activation.
pub type Image = [usize; 3];

const NO_WINDOW: Refusal = Refusal::Shape { what: "the window does not fit the input" };

/// Real scales of sums, in binary32: (N2).
fn scales(input: Quantization, weights: &[f32], output: Quantization) -> Vec<f64> {
    weights.iter().map(|weight| f64::from(input.scale * weight / output.scale)).collect()
}

/// Padding of an axis, 0 for rows.
fn padding(
    attributes: &Attributes,
    axis: usize,
    input: usize,
    extent: usize,
    stride: usize,
) -> Result<Padding, Refusal> {
    match attributes.text("auto_pad") {
        b"" | b"NOTSET" => {
            let pads = attributes.integers("pads").unwrap_or(&[0; 4]);
            let length = |position: usize| pads.get(position).and_then(|&pad| usize::try_from(pad).ok());
            let (before, after) = (length(axis).ok_or(NO_WINDOW)?, length(axis + 2).ok_or(NO_WINDOW)?);
            Ok(Padding::Explicit { before, after })
        }
        b"VALID" => Ok(Padding::Valid),
        b"SAME_UPPER" => Ok(Padding::Same),
        b"SAME_LOWER" => {
            // The odd element goes before the input.
            let outputs = input.div_ceil(stride.max(1));
            let reach = (outputs - 1).saturating_mul(stride).saturating_add(extent);
            let total = reach.saturating_sub(input);
            Ok(Padding::Explicit { before: total - total / 2, after: total / 2 })
        }
        _ => Err(Refusal::Option { option: "auto_pad", value: 0, remedy: "use NOTSET and pads" }),
    }
}

/// Window of a kernel over rows and columns.
fn window(attributes: &Attributes, input: Image, kernel: [usize; 2]) -> Result<Window, Refusal> {
    let number = |name: &str, axis: usize| match attributes.integers(name) {
        None => Ok(1),
        Some(numbers) => {
            let number = numbers.get(axis).and_then(|&number| usize::try_from(number).ok());
            number.ok_or(NO_WINDOW)
        }
    };
    let axis = |axis: usize| {
        let (stride, dilation) = (number("strides", axis)?, number("dilations", axis)?);
        if dilation > 1 && attributes.text("auto_pad").starts_with(b"SAME") {
            let (value, remedy) = (dilation as i64, "use pads instead of auto_pad");
            return Err(Refusal::Option { option: "dilations", value, remedy });
        }
        let extent = kernel[axis].saturating_sub(1).saturating_mul(dilation).saturating_add(1);
        let padding = padding(attributes, axis, input[axis], extent, stride)?;
        WindowAxis::new(input[axis], kernel[axis], stride, dilation, padding).ok_or(NO_WINDOW)
    };
    Ok(Window { rows: axis(0)?, columns: axis(1)? })
}

/// Shape of the output of a window.
fn shape(window: &Window, channels: usize) -> Vec<usize> {
    vec![1, window.rows.output, window.columns.output, channels]
}

/// A convolution, depthwise if each group has one channel, and its output shape.
pub fn convolution(
    attributes: &Attributes,
    image: Image,
    weights: Weights,
    biases: Vec<i32>,
    parameters: [Parameters; 2],
) -> Result<(Operation, Vec<usize>), Refusal> {
    let [outputs, group, rows, columns] = weights.shape[..] else {
        return Err(Refusal::Shape { what: "the weights of a convolution need four axes" });
    };
    let channels = image[2];
    let groups = usize::try_from(attributes.integer("group", 1)).unwrap_or(0);
    if groups.checked_mul(group) != Some(channels) || outputs % groups != 0 {
        return Err(Refusal::Shape { what: "weights and input have different numbers of channels" });
    }
    let window = window(attributes, image, [rows, columns])?;
    let [input, output] = parameters.map(|parameters| parameters.quantized);
    let scales = scales(input, &weights.scales, output);
    let rescaler = rescaler(Rule::F32, &scales, output, Activation::None)?.into();
    let is_depthwise = group == 1 && groups > 1;
    let order = if is_depthwise { [2, 3, 0, 1] } else { [0, 2, 3, 1] };
    let products = Products {
        weights: transpose(&weights.codes, &weights.shape, &order).into(),
        weight_bits: weights.bits,
        biases: biases.into(),
        input_zero_point: input.zero_point,
        rescaler,
    };
    let shape = shape(&window, outputs);
    let operation = if is_depthwise {
        Operation::Depthwise(Depthwise { window, multiplier: outputs / groups, products })
    } else {
        Operation::Convolution(Convolution { window, input_channels: channels, groups, products })
    };
    Ok((operation, shape))
}

/// A matrix times rows; `is_transposed` if the weights are ordered by output.
pub fn dense(
    shape: &[usize],
    weights: Weights,
    is_transposed: bool,
    biases: Vec<i32>,
    parameters: [Parameters; 2],
) -> Result<(Operation, Vec<usize>), Refusal> {
    let &[first, second] = &weights.shape[..] else {
        return Err(Refusal::Shape { what: "the weights of a dense layer need two axes" });
    };
    let (outputs, inputs) = if is_transposed { (first, second) } else { (second, first) };
    if shape.last() != Some(&inputs) {
        return Err(Refusal::Shape { what: "weights and input have different lengths" });
    }
    let codes =
        if is_transposed { weights.codes } else { transpose(&weights.codes, &weights.shape, &[1, 0]) };
    let [input, output] = parameters.map(|parameters| parameters.quantized);
    let scales = scales(input, &weights.scales, output);
    let products = Products {
        weights: codes.into(),
        weight_bits: weights.bits,
        biases: biases.into(),
        input_zero_point: input.zero_point,
        rescaler: rescaler(Rule::F32, &scales, output, Activation::None)?.into(),
    };
    let shape = [&shape[..shape.len() - 1], &[outputs]].concat();
    Ok((Operation::Dense(Dense { inputs, products }), shape))
}

/// A sum of two tensors.
pub fn sum(inputs: [Parameters; 2], output: Parameters) -> Operation {
    let [left, right] = inputs;
    let offsets = [left.offset(), right.offset()];
    Operation::FloatSum(FloatSum::new(
        [left.in_file(), right.in_file()],
        output.in_file(),
        offsets,
        output.offset(),
    ))
}

/// A product of two tensors: (N7).
pub fn product(inputs: [Parameters; 2], output: Parameters) -> Operation {
    let [left, right] = inputs.map(|parameters| parameters.quantized);
    Operation::FloatProduct(FloatProduct {
        zero_points: [left.zero_point, right.zero_point],
        scale: left.scale * right.scale / output.quantized.scale,
        zero_point: output.in_file().1,
        offset: output.offset(),
    })
}

/// The average of each channel: (N4).
pub fn global_average(image: Image, parameters: [Parameters; 2]) -> Result<Operation, Refusal> {
    let [input, output] = parameters.map(|parameters| parameters.quantized);
    let pixels = (image[0] * image[1]) as f32;
    let scale = input.scale / (output.scale * pixels);
    let rescaler = rescaler(Rule::F32, &[scale.into()], output, Activation::None)?;
    let (channels, zero_point) = (image[2], input.zero_point);
    Ok(Operation::GlobalAverage(GlobalAverage { channels, zero_point, rescaler }))
}

/// The largest code of a window.
pub fn max_pool(attributes: &Attributes, image: Image) -> Result<(Operation, Vec<usize>), Refusal> {
    let ceil = attributes.integer("ceil_mode", 0);
    if ceil != 0 {
        return Err(Refusal::Option { option: "ceil_mode", value: ceil, remedy: "use pads" });
    }
    let kernel = attributes.integers("kernel_shape").unwrap_or_default();
    let &[rows, columns] = kernel else { return Err(NO_WINDOW) };
    let kernel = [rows, columns].map(|length| usize::try_from(length).unwrap_or(0));
    let window = window(attributes, image, kernel)?;
    let shape = shape(&window, image[2]);
    Ok((Operation::MaxPool(MaxPool { window, channels: image[2], clamp: (-128, 127) }), shape))
}

/// Softmax over the last axis, computed by the host.
pub fn softmax(
    attributes: &Attributes,
    opset: i64,
    shape: &[usize],
    parameters: [Parameters; 2],
) -> Result<Operation, Refusal> {
    let opset = attributes.integer("opset", opset);
    let default = if opset < 13 { 1 } else { -1 };
    let axis = attributes.integer("axis", default);
    let last = shape.len() as i64 - 1;
    if shape.len() == 4 || (axis != -1 && axis != last) {
        return Err(Refusal::Option {
            option: "axis",
            value: axis,
            remedy: "use the last of two or three axes",
        });
    }
    let depth = shape.last().copied().unwrap_or(1);
    let [input, output] = parameters;
    let softmax = OrtSoftmax::new(depth, input.quantized.scale, output.in_file(), output.offset());
    Ok(Operation::OrtSoftmax(Box::new(softmax)))
}
