//! Accumulators read from an array.

use super::error::RequantizeError;
use crate::files::tensor;
use crate::files::tensor::{Array, ArraySource, Cause, Dtype, require_memory};
use crate::quantization::quantize::CODE_BYTES;

/// A tensor of accumulators.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AccumulatorTensor {
    pub dtype: Dtype,
    pub shape: Vec<usize>,
    /// Accumulators, row-major.
    pub data: Vec<i64>,
    /// Width that rules are applied to.
    pub bits: u32,
}

/// Widest accumulator of the int16 form.
const INT16_FORM_BITS: u32 = 48;

impl AccumulatorTensor {
    /// Reads int32 or int64 accumulators.
    ///
    /// The last axis must have `channels` entries, unless that is 1.
    /// int64 accumulators count as 48 bits wide if all of them fit, so that every rule applies; for all rules
    /// but the int16 form, every width above 32 bits gives the same codes.
    pub fn read(source: ArraySource, channels: usize) -> Result<Self, RequantizeError> {
        let (file, array) = source.read_named()?;
        let (dtype, shape) = (array.dtype(), array.shape().to_vec());
        require_memory(shape.iter().product(), size_of::<i64>() + CODE_BYTES)
            .map_err(|cause| tensor::Error::named(&file, cause))?;
        let data: Vec<i64> = match array {
            Array::Int32(tensor) => tensor.into_data().into_iter().map(i64::from).collect(),
            Array::Int64(tensor) => tensor.into_data(),
            _ => {
                let accepted = vec![Dtype::Int32, Dtype::Int64];
                return Err(
                    tensor::Error::named(&file, Cause::Type { found: dtype.to_string(), accepted }).into()
                );
            }
        };
        if data.is_empty() {
            return Err(RequantizeError::Empty { file });
        }
        if channels > 1 && shape.last() != Some(&channels) {
            return Err(RequantizeError::Channels { file, shape, channels });
        }
        let fits = |acc: &i64| acc >> (INT16_FORM_BITS - 1) == acc >> 63;
        let bits = match dtype {
            Dtype::Int32 => 32,
            _ if data.iter().all(fits) => INT16_FORM_BITS,
            _ => 64,
        };
        Ok(Self { dtype, shape, data, bits })
    }
}
