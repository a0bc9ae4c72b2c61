//! Inference of the frames of an array.

use super::graph::{Boundary, CodeTensor, FloatConversion, Layout, Network, TensorId};
use crate::arithmetic::network::{Quantization, transpose};
use crate::files::tensor::{Array, Cause, Dtype, Tensor as FileTensor, require_memory};

/// Error of an array that holds no frames of the network.
#[derive(Debug, thiserror::Error)]
pub enum FramesError {
    /// The array has another shape.
    #[error("has shape {found:?}, but the network takes frames of shape {frame:?}: reshape it to [N, {}]", join(.frame))]
    Shape {
        /// Shape of the array.
        found: Vec<usize>,
        /// Shape of one frame.
        frame: Vec<usize>,
    },
    /// The array has another element type.
    #[error("holds {found}, but the network takes {expected}: convert it with array.astype(np.{expected})")]
    Type {
        /// Element type of the array.
        found: Dtype,
        /// Element type of the input.
        expected: Dtype,
    },
    /// The array has no frames.
    #[error("holds no frames: give at least one")]
    Empty,
    /// A float is not a number.
    #[error("holds NaN in frame {0}: replace it with a number")]
    NotNumber(usize),
    /// The results do not fit in memory.
    #[error("{0}")]
    Memory(Cause),
}

fn join(frame: &[usize]) -> String {
    frame.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
}

/// Outputs of all frames, and the inner tensors if requested.
#[derive(Debug)]
pub struct Outputs {
    /// Output, one frame per row.
    pub output: Array,
    /// Label and codes of every tensor that a layer computes, one frame per row; empty if not requested.
    pub tensors: Vec<(String, Array)>,
}

impl CodeTensor {
    /// Shape of one frame in the file, without a batch axis of length 1.
    fn frame(&self) -> Vec<usize> {
        let shape = self.file_shape();
        match shape[..] {
            [1, ref rest @ ..] if !rest.is_empty() => rest.to_vec(),
            _ => shape,
        }
    }

    /// Codes in the order of the file.
    fn in_file_order<T: Copy>(&self, codes: &[T]) -> Vec<T> {
        match self.layout {
            Layout::Same => codes.to_vec(),
            Layout::ChannelsFirst => transpose(codes, &self.shape, &[0, 3, 1, 2]),
        }
    }

    /// Codes of the file in the order of the tensor.
    fn in_own_order<T: Copy>(&self, codes: &[T]) -> Vec<T> {
        match self.layout {
            Layout::Same => codes.to_vec(),
            Layout::ChannelsFirst => transpose(codes, &self.file_shape(), &[0, 2, 3, 1]),
        }
    }

    /// Codes, or codes plus 128 for an unsigned tensor, as an array of frames.
    pub(super) fn array(&self, frames: usize, codes: Vec<i8>) -> Array {
        let shape = [&[frames][..], &self.frame()].concat();
        let fits = "one row per frame";
        if self.is_unsigned {
            let raised = codes.into_iter().map(|code| code as u8 ^ 0x80).collect();
            return FileTensor::<u8>::new(shape, raised).expect(fits).into();
        }
        FileTensor::<i8>::new(shape, codes).expect(fits).into()
    }
}

impl Network {
    /// Computes every frame of an array of shape `[N, ...]`, of the element type of the file's input.
    ///
    /// # Errors
    /// [`FramesError`] if the array holds no frames of the network.
    pub fn run(&self, inputs: Array, keep_tensors: bool) -> Result<Outputs, FramesError> {
        let computed = self.layers.iter().map(|layer| self.tensors[layer.output].elements());
        let kept: usize = if keep_tensors { computed.sum() } else { 0 };
        let frames = self.input_frames(inputs, kept)?;
        let mut kept: Vec<Vec<i8>> = vec![Vec::new(); self.tensors.len()];
        let outputs = frames.iter().map(|frame| {
            let keep = |id: TensorId, codes: &[i8]| {
                if keep_tensors {
                    kept[id].extend(self.tensors[id].in_file_order(codes));
                }
            };
            self.infer(frame, keep)
        });
        let output = self.output_array(outputs.collect());
        let tensors = kept.into_iter().enumerate().filter(|(_, codes)| !codes.is_empty());
        let tensors = tensors
            .map(|(id, codes)| (self.tensors[id].label.clone(), self.tensors[id].array(frames.len(), codes)));
        Ok(Outputs { output, tensors: tensors.collect() })
    }

    /// Codes of every frame of an array, each in the order of the tensor.
    ///
    /// `kept` bytes per frame are needed in addition to input and output.
    ///
    /// # Errors
    /// [`FramesError`] if the array holds no frames of the network.
    pub fn input_frames(&self, inputs: Array, kept: usize) -> Result<Vec<Vec<i8>>, FramesError> {
        let input = &self.tensors[self.input.tensor];
        let frames = self.frame_count(inputs.shape())?;
        let per_frame = kept + input.elements() * 2 + self.tensors[self.output.tensor].elements() * 5;
        require_memory(frames, per_frame).map_err(FramesError::Memory)?;
        let codes = self.codes(inputs)?;
        Ok(codes.chunks_exact(input.elements()).map(|frame| input.in_own_order(frame)).collect())
    }

    /// The array of outputs, from the codes of each frame in the order of the tensor.
    pub fn output_array(&self, frames: Vec<Vec<i8>>) -> Array {
        let tensor = &self.tensors[self.output.tensor];
        let codes = frames.iter().flat_map(|codes| tensor.in_file_order(codes)).collect();
        self.reals_or_codes(frames.len(), codes)
    }

    fn frame_count(&self, shape: &[usize]) -> Result<usize, FramesError> {
        let input = &self.tensors[self.input.tensor];
        let frame = input.frame();
        match shape {
            [0, rest @ ..] if rest == frame => Err(FramesError::Empty),
            [frames, rest @ ..] if rest == frame => Ok(*frames),
            _ => Err(FramesError::Shape { found: shape.to_vec(), frame }),
        }
    }

    /// Codes of all frames, in the order of the file.
    fn codes(&self, inputs: Array) -> Result<Vec<i8>, FramesError> {
        let Boundary { tensor, conversion } = self.input;
        let input = &self.tensors[tensor];
        let found = inputs.dtype();
        match (conversion, input.is_unsigned, inputs) {
            (None, false, Array::Int8(codes)) => Ok(codes.into_data()),
            (None, true, Array::Uint8(codes)) => {
                Ok(codes.into_data().into_iter().map(|code| (code ^ 0x80) as i8).collect())
            }
            (Some(conversion), _, Array::Float32(reals)) => {
                let reals = reals.into_data();
                if let Some(index) = reals.iter().position(|real| real.is_nan()) {
                    return Err(FramesError::NotNumber(index / input.elements()));
                }
                let quantized = input.quantized.expect("a boundary has a scale");
                let frames = reals.chunks_exact(input.elements());
                Ok(frames.flat_map(|frame| quantize(frame, quantized, conversion)).collect())
            }
            (Some(_), ..) => Err(FramesError::Type { found, expected: Dtype::Float32 }),
            (None, true, _) => Err(FramesError::Type { found, expected: Dtype::Uint8 }),
            (None, false, _) => Err(FramesError::Type { found, expected: Dtype::Int8 }),
        }
    }

    fn reals_or_codes(&self, frames: usize, codes: Vec<i8>) -> Array {
        let tensor = &self.tensors[self.output.tensor];
        let (Some(conversion), Some(quantized)) = (self.output.conversion, tensor.quantized) else {
            return tensor.array(frames, codes);
        };
        let shape = [&[frames][..], &tensor.frame()].concat();
        let codes = codes.chunks_exact(tensor.elements());
        let reals = codes.flat_map(|frame| dequantize(frame, quantized, conversion)).collect();
        FileTensor::<f32>::new(shape, reals).expect("one row per frame").into()
    }
}

/// Elements that LiteRT's optimized kernels convert at once.
const RUN: usize = 8;

/// Codes of the reals of a frame: (N6), or the conversion of TFLite.
fn quantize(reals: &[f32], quantized: Quantization, conversion: FloatConversion) -> Vec<i8> {
    let (low, high) = (-128 - quantized.zero_point, 127 - quantized.zero_point);
    let whole = reals.len() / RUN * RUN;
    let code = |(index, real): (usize, &f32)| {
        let (steps, is_even) = match conversion {
            FloatConversion::Tflite => (real / quantized.scale, false),
            FloatConversion::OnnxRuntime => (real / quantized.scale, true),
            FloatConversion::LitertOptimized => (real * (1.0 / quantized.scale), index < whole),
        };
        let steps = steps.clamp(low as f32, high as f32);
        let rounded = if is_even { steps.round_ties_even() } else { steps.round() };
        (rounded as i32 + quantized.zero_point) as i8
    };
    reals.iter().enumerate().map(code).collect()
}

/// Reals of the codes of a frame, in the order of the file.
fn dequantize(codes: &[i8], quantized: Quantization, conversion: FloatConversion) -> Vec<f32> {
    let Quantization { scale, zero_point } = quantized;
    let whole = match conversion {
        FloatConversion::LitertOptimized => codes.len() / RUN * RUN,
        _ => 0,
    };
    let real = |(index, &code): (usize, &i8)| {
        if index < whole {
            f32::from(code) * scale + -zero_point as f32 * scale
        } else {
            (i32::from(code) - zero_point) as f32 * scale
        }
    };
    codes.iter().enumerate().map(real).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reals_between_two_codes_round_as_the_runtime_does() {
        let quantized = Quantization { scale: 0.5, zero_point: 3 };
        let reals = [0.25, 0.75, -0.25, 1e9, -1e9, 0.0, 0.5, 1.0, 0.25];
        let codes = |conversion| quantize(&reals, quantized, conversion);
        assert_eq!(codes(FloatConversion::OnnxRuntime), [3, 5, 3, 127, -128, 3, 4, 5, 3]);
        assert_eq!(codes(FloatConversion::Tflite), [4, 5, 2, 127, -128, 3, 4, 5, 4]);
        assert_eq!(codes(FloatConversion::LitertOptimized), [3, 5, 3, 127, -128, 3, 4, 5, 4]);
    }
}
