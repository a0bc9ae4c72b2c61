//! Layers that move codes.

use super::LoweredNode;
use crate::network::operation::Operation;
use crate::network::refusal::Refusal;
use crate::network::tflite::context::{Context, Lower, TfliteCodes, codes};

/// An axis that may count from the end.
pub fn axis(number: i32, rank: usize) -> Result<usize, Refusal> {
    let from_start = if number < 0 { i64::from(number) + rank as i64 } else { number.into() };
    let axis = usize::try_from(from_start).ok().filter(|&axis| axis < rank);
    axis.ok_or(Refusal::Shape { what: "an axis is outside the tensor" })
}

/// Input and output, which must have one scale and zero point.
pub fn equally_quantized(context: &Context) -> Lower<(TfliteCodes, TfliteCodes)> {
    let (source, target) = (context.computed(0)?, context.output()?);
    let (input, output) = (codes(source)?, codes(target)?);
    if input.quantized != output.quantized {
        let (input, output) = (source.name.clone(), target.name.clone());
        return Err(Refusal::UnequalScales { input, output }.into());
    }
    Ok((input, output))
}

pub fn reshape(context: &Context) -> Lower<LoweredNode> {
    let (input, output) = equally_quantized(context)?;
    if input.elements() != output.elements() {
        return Err(Refusal::Shape { what: "a reshape changes the number of elements" }.into());
    }
    Ok(LoweredNode::unary(Operation::Reshape))
}

pub fn transpose(context: &Context) -> Lower<LoweredNode> {
    let (input, output) = equally_quantized(context)?;
    let rank = input.shape.len();
    let numbers = context.integers(context.input(1)?, "the permutation")?;
    let permutation: Vec<usize> =
        numbers.iter().map(|&number| axis(number, rank)).collect::<Result<_, _>>()?;
    let mut sorted = permutation.clone();
    sorted.sort_unstable();
    let shape: Vec<usize> = permutation.iter().map(|&axis| input.shape[axis]).collect();
    if !sorted.into_iter().eq(0..rank) || shape != output.shape {
        return Err(Refusal::Shape { what: "the permutation does not fit input and output" }.into());
    }
    Ok(LoweredNode::unary(Operation::Transpose(permutation)))
}

pub fn pad(context: &Context) -> Lower<LoweredNode> {
    let (input, output) = equally_quantized(context)?;
    let numbers = context.integers(context.input(1)?, "the list of paddings")?;
    let pairs = numbers.chunks_exact(2).map(|pair| {
        let length = |number: i32| usize::try_from(number).ok();
        Some((length(pair[0])?, length(pair[1])?))
    });
    let pads: Option<Vec<(usize, usize)>> = pairs.collect();
    let pads = pads.filter(|pads| pads.len() == input.shape.len());
    let pads = pads.ok_or(Refusal::Shape { what: "the paddings do not fit the input" })?;
    let padded = input.shape.iter().zip(&pads).map(|(length, (before, after))| before + length + after);
    if !padded.eq(output.shape.iter().copied()) {
        return Err(Refusal::Shape { what: "the paddings do not fit the output" }.into());
    }
    let filling = match context.optional_input(2) {
        Some(constant) => context.constant(constant)?.first().copied(),
        None => Some(output.quantized.zero_point as i8),
    };
    let filling = filling.ok_or(Refusal::NotConstant { what: "the code of the padding" })?;
    Ok(LoweredNode::unary(Operation::Pad(pads, filling)))
}

pub fn concatenation(context: &Context) -> Lower<LoweredNode> {
    let target = context.output()?;
    let output = codes(target)?;
    let count = context.node.inputs.len();
    let axis = axis(context.option(0, 0i32)?, output.shape.len())?;
    let mut length = 0;
    for position in 0..count {
        let source = context.input(position)?;
        let input = codes(source)?;
        if input.quantized != output.quantized {
            let (input, output) = (source.name.clone(), target.name.clone());
            return Err(Refusal::UnequalScales { input, output }.into());
        }
        let is_other = |(other, (own, whole)): (usize, (&usize, &usize))| other != axis && own != whole;
        if input.shape.len() != output.shape.len()
            || input.shape.iter().zip(&output.shape).enumerate().any(is_other)
        {
            return Err(Refusal::Shape { what: "the inputs of a concatenation differ" }.into());
        }
        length += input.shape[axis];
    }
    if length != output.shape[axis] {
        return Err(Refusal::Shape {
            what: "the output of a concatenation is not as long as its inputs together",
        }
        .into());
    }
    let activation = context.option(1, 0i8)?;
    if activation != 0 {
        let (option, remedy) = ("fused_activation_function", "use NONE");
        return Err(Refusal::Option { option, value: activation.into(), remedy }.into());
    }
    Ok(LoweredNode { operation: Operation::Concatenation(axis), inputs: (0..count).collect() })
}
