//! Quantized tensors as files: codes alone, or codes with their parameters.

use std::collections::BTreeMap;
use std::path::Path;

use super::error::QuantizeError;
use crate::arithmetic::Real;
use crate::arithmetic::quantizer::{CodeFormat, Granularity, QuantizerError, TensorQuantizer, Zero};
use crate::files::tensor::{Array, Element, Tensor, write_npy, write_npz};

/// Name of the codes in an npz file; `codes_0`, `codes_1` ... of several tensors.
pub(crate) const CODES: &str = "codes";
/// Name of the scales.
pub(crate) const SCALE: &str = "scale";
/// Name of the zero points.
pub(crate) const ZERO_POINT: &str = "zero_point";
/// Name of the offsets.
pub(crate) const OFFSET: &str = "offset";
/// Name of the width of a code.
pub(crate) const BITS: &str = "bits";
/// Name of the sign of the codes.
pub(crate) const SIGNED: &str = "signed";
/// Name of the axis whose entries have scales of their own.
pub(crate) const AXIS: &str = "axis";
/// Name of the number of elements that share a scale along the axis.
pub(crate) const BLOCK: &str = "block";
/// Name of the shape of packed codes; `shape_0`, `shape_1` ... of several tensors.
pub(crate) const SHAPE: &str = "shape";

/// Codes of tensors, and the parameters that restore reals from them.
#[derive(Debug, Clone, PartialEq)]
pub struct QuantizedTensors {
    /// Codes of each tensor: int8, uint8, int16 or uint16.
    pub codes: Vec<Array>,
    /// `scale`, `zero_point` or `offset`, `bits`, `signed`, and `axis` and `block` if parts have scales of their own.
    ///
    /// A scale for the whole tensor is a scalar, those of channels a vector, those of blocks a tensor of the same
    /// rank, as in ONNX.
    pub parameters: BTreeMap<String, Array>,
    format: CodeFormat,
}

impl QuantizedTensors {
    /// Tensors that `quantizer` has quantized; `shape` is that of the first.
    pub(crate) fn new<T: Real + Element>(
        codes: Vec<Array>,
        quantizer: &TensorQuantizer<T>,
        shape: &[usize],
    ) -> Result<Self, QuantizerError>
    where
        Array: From<Tensor<T>>,
    {
        let format = quantizer.format();
        let shape = quantizer.granularity().parameter_shape(shape);
        let reals = |data: &[T]| Tensor::new(shape.clone(), data.to_vec()).map(Array::from);
        let wrong = |_| QuantizerError::Shape { shape: shape.clone(), elements: quantizer.scales().len() };
        let mut parameters = BTreeMap::from([
            (SCALE.to_string(), reals(quantizer.scales()).map_err(wrong)?),
            (BITS.to_string(), number(format.bits().into())),
            (SIGNED.to_string(), flag(format.signed())),
        ]);
        match quantizer.zero() {
            // The type of the codes, as QuantizeLinear requires it.
            Zero::Points(points) => {
                parameters.insert(ZERO_POINT.to_string(), super::pack(format, &shape, points))
            }
            Zero::Offsets(offsets) => parameters.insert(OFFSET.to_string(), reals(offsets).map_err(wrong)?),
        };
        match quantizer.granularity() {
            Granularity::Tensor => {}
            Granularity::Channel(axis) => {
                parameters.insert(AXIS.to_string(), number(axis as i64));
            }
            Granularity::Block { axis, size } => {
                parameters.insert(AXIS.to_string(), number(axis as i64));
                parameters.insert(BLOCK.to_string(), number(size as i64));
            }
        }
        Ok(Self { codes, parameters, format })
    }

    /// Writes an npz file of codes and parameters, or the codes of one tensor to an npy file.
    pub(crate) fn write(self, packed: bool, path: &Path) -> Result<(), QuantizeError> {
        let rule = |rule| QuantizeError::Rule { file: path.display().to_string(), rule };
        let several = self.codes.len() > 1;
        let mut arrays = self.parameters;
        for (index, codes) in self.codes.into_iter().enumerate() {
            let named = |name: &str| if several { format!("{name}_{index}") } else { name.to_string() };
            if packed {
                let shape = codes.shape().iter().map(|&length| length as i64).collect();
                arrays.insert(named(SHAPE), vector(shape));
                arrays.insert(named(CODES), vector(packed_codes(self.format, &codes).map_err(rule)?));
            } else {
                arrays.insert(named(CODES), codes);
            }
        }
        if is_npz(path) {
            return Ok(write_npz(path, &arrays)?);
        }
        let codes = arrays.remove(CODES);
        let missing = || rule(QuantizerError::Empty);
        Ok(write_npy(path, &codes.ok_or_else(missing)?)?)
    }
}

fn packed_codes(format: CodeFormat, codes: &Array) -> Result<Vec<u8>, QuantizerError> {
    let codes: Vec<i32> = codes.integers().into_iter().flatten().map(|code| code as i32).collect();
    format.pack(&codes)
}

fn number(value: i64) -> Array {
    Tensor::new(vec![], vec![value]).expect("a scalar has one element").into()
}

fn flag(value: bool) -> Array {
    Tensor::new(vec![], vec![value]).expect("a scalar has one element").into()
}

fn vector<T>(data: Vec<T>) -> Array
where
    Array: From<Tensor<T>>,
{
    Tensor::new(vec![data.len()], data).expect("a vector has its length").into()
}

/// Whether a path is that of an npz file.
pub(crate) fn is_npz(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("npz"))
}
