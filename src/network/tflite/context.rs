//! Checked access to the tensors and options of a node for lowering.

use std::sync::Arc;

use super::cursor::Scalar;
use super::model::{TfliteModel, TfliteNode, TfliteTensor};
use super::schema::TfliteType;
use crate::arithmetic::network::{Activation, Quantization};
use crate::network::error::NetworkCause;
use crate::network::graph::LARGEST_TENSOR;
use crate::network::profile::Profile;
use crate::network::refusal::Refusal;
use crate::network::shape;

/// Error for a node without an operation.
pub enum LowerError {
    /// The node is not supported.
    Refused(Refusal),
    /// The file is damaged.
    Broken(NetworkCause),
}

impl<R: Into<Refusal>> From<R> for LowerError {
    fn from(refusal: R) -> Self {
        Self::Refused(refusal.into())
    }
}

impl From<NetworkCause> for LowerError {
    fn from(cause: NetworkCause) -> Self {
        Self::Broken(cause)
    }
}

/// Element types of weights that a kernel reads.
pub struct WeightTypes {
    /// Type and width in bits.
    pub widths: &'static [(TfliteType, u32)],
    /// Names in messages.
    pub names: &'static str,
}

/// Result of lowering.
pub type Lower<T> = Result<T, LowerError>;

/// A node with its file and profile.
pub struct Context<'m, 'a> {
    pub model: &'m TfliteModel<'a>,
    pub node: &'m TfliteNode<'a>,
    pub profile: Profile,
}

/// A tensor of int8 codes with one scale.
pub struct TfliteCodes {
    pub name: String,
    pub shape: Vec<usize>,
    pub quantized: Quantization,
}

impl TfliteCodes {
    /// Number of elements.
    pub fn elements(&self) -> usize {
        self.shape.iter().product()
    }

    /// Height, width and channels of a tensor of four axes.
    pub fn image(&self) -> Result<[usize; 3], Refusal> {
        match self.shape[..] {
            [1, height, width, channels] => Ok([height, width, channels]),
            [batch, _, _, _] => Err(Refusal::Batch { tensor: self.name.clone(), batch }),
            _ => Err(Refusal::Shape { what: "a batch, rows, columns and channels are needed" }),
        }
    }
}

impl<'m, 'a> Context<'m, 'a> {
    /// Tensor of an index in a node.
    fn named(&self, index: i32) -> Option<&'m TfliteTensor<'a>> {
        usize::try_from(index).ok().and_then(|index| self.model.tensors.get(index))
    }

    /// A required input.
    pub fn input(&self, position: usize) -> Result<&'m TfliteTensor<'a>, Refusal> {
        let found = self.node.inputs.len();
        let missing = Refusal::Arity { side: "input", found, expected: "more" };
        self.optional_input(position).ok_or(missing)
    }

    /// An optional input.
    pub fn optional_input(&self, position: usize) -> Option<&'m TfliteTensor<'a>> {
        self.node.inputs.get(position).and_then(|&index| self.named(index))
    }

    /// The only output.
    pub fn output(&self) -> Result<&'m TfliteTensor<'a>, Refusal> {
        match self.node.outputs[..] {
            [index] => self.named(index),
            _ => None,
        }
        .ok_or(Refusal::Arity { side: "output", found: self.node.outputs.len(), expected: "one" })
    }

    /// Requires an input that the network computes.
    pub fn computed(&self, position: usize) -> Result<&'m TfliteTensor<'a>, Refusal> {
        let tensor = self.input(position)?;
        if tensor.data.is_empty() { Ok(tensor) } else { Err(Refusal::AllConstant) }
    }

    /// A number of the node's options.
    pub fn option<T: Scalar>(&self, number: usize, default: T) -> Result<T, NetworkCause> {
        match &self.node.options {
            Some(options) => options.scalar(number, default),
            None => Ok(default),
        }
    }

    /// The fused activation of the node's options.
    pub fn activation(&self, number: usize) -> Lower<Activation> {
        match self.option(number, 0i8)? {
            0 => Ok(Activation::None),
            1 => Ok(Activation::Relu),
            2 => Ok(Activation::ReluN1To1),
            3 => Ok(Activation::Relu6),
            value => Err(Refusal::Option {
                option: "fused_activation_function",
                value: value.into(),
                remedy: "use NONE, RELU, RELU6 or RELU_N1_TO_1",
            }
            .into()),
        }
    }

    /// Weights with the lengths of their axes and their width; `elements` are the types that the kernel reads.
    pub fn weights(
        &self,
        tensor: &TfliteTensor,
        elements: &WeightTypes,
    ) -> Lower<(Vec<usize>, Arc<[i8]>, u32)> {
        let found = elements.widths.iter().find(|(element, _)| *element == tensor.element);
        let Some(&(_, bits)) = found else {
            return Err(wrong_type(tensor, tensor.element, elements.names).into());
        };
        if tensor.data.is_empty() {
            return Err(Refusal::NotConstant { what: "the tensor of weights" }.into());
        }
        if let Some(&found) = tensor.zero_points.iter().find(|&&zero_point| zero_point != 0) {
            let remedy = "quantize weights symmetrically";
            let tensor = tensor.name.clone();
            return Err(Refusal::ZeroPoint { tensor, found, expected: "0", remedy }.into());
        }
        let shape = lengths(tensor)?;
        let elements = shape::elements(&shape).ok_or(SIZE)?;
        if tensor.data.len() != (elements as u128 * u128::from(bits)).div_ceil(8) as usize {
            return Err(SIZE.into());
        }
        self.model.buffer.charge(elements)?;
        let weights = unpack(tensor.data, bits, elements);
        Ok((shape, weights, bits))
    }

    /// The codes of a constant operand.
    pub fn constant(&self, tensor: &TfliteTensor) -> Lower<Arc<[i8]>> {
        let codes = codes(tensor)?;
        if tensor.data.len() != codes.elements() {
            return Err(SIZE.into());
        }
        self.model.buffer.charge(tensor.data.len())?;
        Ok(unpack(tensor.data, 8, tensor.data.len()))
    }

    /// A constant vector of int32, such as axes.
    pub fn integers(&self, tensor: &TfliteTensor, what: &'static str) -> Lower<Vec<i32>> {
        if tensor.data.is_empty() && !tensor.shape.contains(&0) {
            return Err(Refusal::NotConstant { what }.into());
        }
        self.model.buffer.charge(tensor.data.len())?;
        let words = tensor.data.chunks_exact(if tensor.element == TfliteType::Int64 { 8 } else { 4 });
        match tensor.element {
            TfliteType::Int32 | TfliteType::Int64 => {
                Ok(words.map(|word| i32::from_bytes(&word[..4])).collect())
            }
            other => Err(wrong_type(tensor, other, "int32").into()),
        }
    }

    /// One bias per output channel; zeros if the input is omitted.
    pub fn biases(&self, position: usize, channels: usize) -> Lower<Arc<[i32]>> {
        // Rescaling numbers are also stored per channel.
        self.model.buffer.charge(channels.saturating_mul(size_of::<[u64; 6]>()))?;
        let Some(tensor) = self.optional_input(position) else { return Ok(vec![0; channels].into()) };
        if tensor.element != TfliteType::Int32 {
            return Err(wrong_type(tensor, tensor.element, "int32").into());
        }
        let biases = self.integers(tensor, "the bias")?;
        if biases.len() != channels {
            return Err(
                Refusal::Shape { what: "the bias has another length than the output channels" }.into()
            );
        }
        Ok(biases.into())
    }

    /// Scales of weights: one, or one per channel along `axis`.
    pub fn weight_scales<'t>(
        &self,
        tensor: &'t TfliteTensor,
        axis: i32,
        channels: usize,
    ) -> Lower<&'t [f32]> {
        let scales = &tensor.scales[..];
        if scales.is_empty() || !scales.iter().all(|scale| scale.is_finite() && *scale >= 0.0) {
            return Err(Refusal::Scale { tensor: tensor.name.clone() }.into());
        }
        if scales.len() != 1 && (scales.len() != channels || tensor.axis != axis) {
            let (tensor, found) = (tensor.name.clone(), scales.len());
            let hint = ", or per output channel";
            return Err(Refusal::Scales { tensor, found, expected: channels, hint }.into());
        }
        Ok(scales)
    }
}

/// Contradiction between the shape of a constant and its data.
const SIZE: Refusal = Refusal::Shape { what: "a constant has more or less data than its shape" };

fn wrong_type(tensor: &TfliteTensor, found: TfliteType, expected: &'static str) -> Refusal {
    Refusal::Type { tensor: tensor.name.clone(), found: found.name(), expected }
}

/// Lengths of a constant's axes.
fn lengths(tensor: &TfliteTensor) -> Result<Vec<usize>, Refusal> {
    let length = |&length: &i32| usize::try_from(length).ok().filter(|&length| length > 0);
    let is_small =
        |shape: &Vec<usize>| shape::elements(shape).is_some_and(|elements| elements <= LARGEST_TENSOR);
    let lengths = tensor.shape.iter().map(length).collect::<Option<Vec<usize>>>();
    lengths.filter(is_small).ok_or(Refusal::Shape { what: "a length is 0 or the tensor too large" })
}

/// Requires int8 codes with one scale and zero point.
pub fn codes(tensor: &TfliteTensor) -> Result<TfliteCodes, Refusal> {
    if tensor.element != TfliteType::Int8 {
        return Err(wrong_type(tensor, tensor.element, "int8"));
    }
    any_codes(tensor)
}

/// Requires int8 or uint8 codes with one scale and zero point; the zero point of uint8 is minus 128.
pub fn any_codes(tensor: &TfliteTensor) -> Result<TfliteCodes, Refusal> {
    match tensor.element {
        TfliteType::Int8 | TfliteType::Uint8 => {
            let (shape, quantized) = (lengths(tensor)?, quantized(tensor)?);
            Ok(TfliteCodes { name: tensor.name.clone(), shape, quantized })
        }
        other => Err(wrong_type(tensor, other, "int8, uint8")),
    }
}

/// Requires one scale and zero point of 8 bits.
pub fn quantized(tensor: &TfliteTensor) -> Result<Quantization, Refusal> {
    let name = || tensor.name.clone();
    let scale = match tensor.scales[..] {
        [scale] if scale.is_finite() && scale > 0.0 => scale,
        [_, _, ..] => {
            let (found, expected) = (tensor.scales.len(), 1);
            return Err(Refusal::Scales { tensor: name(), found, expected, hint: "" });
        }
        _ => return Err(Refusal::Scale { tensor: name() }),
    };
    let found = tensor.zero_points.first().copied().unwrap_or(0);
    let offset = if tensor.element == TfliteType::Uint8 { 128 } else { 0 };
    match i8::try_from(found.saturating_sub(offset)) {
        Ok(zero_point) => Ok(Quantization { scale, zero_point: zero_point.into() }),
        Err(_) => {
            let (expected, remedy) = ("the codes of the type", "quantize the network to int8");
            Err(Refusal::ZeroPoint { tensor: name(), found, expected, remedy })
        }
    }
}

/// Sign-extends packed codes, the first in the low bits of a byte.
fn unpack(data: &[u8], bits: u32, elements: usize) -> Arc<[i8]> {
    let per_byte = 8 / bits as usize;
    let code = |index: usize| {
        let field = data[index / per_byte] >> (index % per_byte * bits as usize);
        ((field << (8 - bits)) as i8) >> (8 - bits)
    };
    (0..elements).map(code).collect()
}
