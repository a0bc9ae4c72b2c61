//! Scales and zero points of the tensors of a node.

use super::constant::{Constant, OnnxType};
use super::model::OnnxModel;
use super::node::OnnxCodes;
use crate::arithmetic::network::Quantization;
use crate::network::refusal::Refusal;

/// Scale and zero point of a tensor of codes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameters {
    /// Scale and zero point of the stored codes: unsigned zero points minus 128.
    pub quantized: Quantization,
    pub is_unsigned: bool,
}

impl Parameters {
    /// Difference of a code in the file and the stored code.
    pub fn offset(&self) -> i32 {
        if self.is_unsigned { 128 } else { 0 }
    }

    /// Scale and zero point of the file.
    pub fn in_file(&self) -> (f32, i32) {
        (self.quantized.scale, self.quantized.zero_point + self.offset())
    }
}

impl OnnxModel {
    /// A constant that a node needs.
    pub fn constant(&self, name: &str, what: &'static str) -> Result<&Constant, Refusal> {
        self.constants.get(name).ok_or(Refusal::NotConstant { what })
    }

    /// Scale and zero point of an activation.
    pub fn parameters(&self, codes: &OnnxCodes) -> Result<Parameters, Refusal> {
        let tensor = || codes.tensor.clone();
        let scales = self.constant(&codes.scale, "a scale")?.floats()?;
        let scale = match scales[..] {
            [scale] if scale.is_finite() && scale > 0.0 => scale,
            [_, _, ..] => {
                let (found, expected) = (scales.len(), 1);
                return Err(Refusal::Scales { tensor: tensor(), found, expected, hint: "" });
            }
            _ => return Err(Refusal::Scale { tensor: tensor() }),
        };
        // Without a zero point, codes are unsigned.
        if codes.zero_point.is_empty() {
            return Ok(Parameters { quantized: Quantization { scale, zero_point: -128 }, is_unsigned: true });
        }
        let constant = self.constant(&codes.zero_point, "a zero point")?;
        let zero_points = match constant.element {
            OnnxType::Int8 | OnnxType::Uint8 => constant.codes()?,
            other => {
                let (found, expected) = (other.name(), "int8, uint8");
                return Err(Refusal::Type { tensor: tensor(), found, expected });
            }
        };
        let [zero_point] = zero_points[..] else {
            return Err(Refusal::Shape { what: "an activation has several zero points" });
        };
        let quantized = Quantization { scale, zero_point: zero_point.into() };
        Ok(Parameters { quantized, is_unsigned: constant.element == OnnxType::Uint8 })
    }

    /// Weights with zero points of 0, and one scale or one per output channel.
    pub fn weights(
        &self,
        codes: &OnnxCodes,
        channels: impl Fn(&[usize]) -> usize,
    ) -> Result<Weights, Refusal> {
        let constant = self.constant(&codes.tensor, "the tensor of weights")?;
        let values = constant.codes()?;
        let zero_points = if codes.zero_point.is_empty() {
            Vec::new()
        } else {
            self.constant(&codes.zero_point, "a zero point")?.codes()?
        };
        let found = zero_points.into_iter().find(|&zero_point| zero_point != 0);
        let is_unsigned = constant.element == OnnxType::Uint8;
        if found.is_some() || (is_unsigned && codes.zero_point.is_empty()) {
            let offset = if is_unsigned { 128 } else { 0 };
            let found = found.map_or(0, |zero_point| i64::from(zero_point) + offset);
            let expected = if is_unsigned { "128" } else { "0" };
            let remedy = "quantize with weight_type=QuantType.QInt8";
            return Err(Refusal::ZeroPoint { tensor: codes.tensor.clone(), found, expected, remedy });
        }
        let scales = self.constant(&codes.scale, "a scale")?.floats()?;
        if scales.is_empty() || !scales.iter().all(|scale| scale.is_finite() && *scale > 0.0) {
            return Err(Refusal::Scale { tensor: codes.tensor.clone() });
        }
        let shape = constant.shape.clone();
        let expected = channels(&shape);
        if scales.len() != 1 && scales.len() != expected {
            let (tensor, found) = (codes.tensor.clone(), scales.len());
            return Err(Refusal::Scales { tensor, found, expected, hint: ", or per output channel" });
        }
        if shape.contains(&0) {
            return Err(Refusal::Shape { what: "an axis has length 0" });
        }
        Ok(Weights { shape, codes: values, bits: constant.element.bits().unwrap_or(8), scales })
    }

    /// One bias per output channel; zeros if the node has none.
    pub fn biases(&self, name: &str, channels: usize) -> Result<Vec<i32>, Refusal> {
        if name.is_empty() {
            return Ok(vec![0; channels]);
        }
        let constant = self.constant(name, "the bias")?;
        if constant.element != OnnxType::Int32 {
            let (tensor, found) = (name.to_owned(), constant.element.name());
            return Err(Refusal::Type { tensor, found, expected: "int32" });
        }
        let biases: Vec<i32> = constant.integers()?.into_iter().map(|bias| bias as i32).collect();
        if biases.len() == channels {
            return Ok(biases);
        }
        Err(Refusal::Shape { what: "the bias needs one number per output channel" })
    }
}

/// Weights of a node.
pub struct Weights {
    pub shape: Vec<usize>,
    pub codes: Vec<i8>,
    pub bits: u32,
    pub scales: Vec<f32>,
}
