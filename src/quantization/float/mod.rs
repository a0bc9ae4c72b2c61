//! Quantization of reals to small floats, with a scale for each part of a tensor, or in blocks.

mod format;
mod summary;

pub use format::{FloatFormat, UnknownFloatFormat};
pub use summary::FloatSummary;

use std::collections::BTreeMap;
use std::path::Path;

use super::quantize::{CODES, NumberSource, ParameterSources, QuantizeError, SCALE, is_npz};
use crate::arithmetic::quantizer::{Granularity, QuantizerError, ScaleLayout, Scheme};
use crate::arithmetic::small_float::{BlockFormat, ScaledBlock, SmallFloat, SmallFloatEncoding};
use crate::files::tensor;
use crate::files::tensor::{
    Array, ArraySource, Cause, Element, Tensor, read_npz, require_memory, write_npy, write_npz,
};

/// Bytes that an element takes while it is quantized: real, code and restored real.
const ELEMENT_BYTES: usize = 2 * size_of::<f32>() + 1;

/// Choices of a quantization to small floats.
#[derive(Debug, Clone, PartialEq)]
pub struct FloatConfig {
    /// Format of the codes.
    pub format: FloatFormat,
    /// Elements that share a scale; without effect on blocks.
    pub granularity: Granularity,
    /// Rounding, overflow and NaN; blocks take the rounding alone.
    pub encoding: SmallFloatEncoding,
    /// Scales of the parts; `None` for the largest magnitude divided by the largest number of the format, and for 1
    /// with E8M0.
    pub scale: Option<NumberSource>,
}

/// Quantizes the float32 reals of an npy file, and writes codes to an npy file, or codes and scales to an npz file.
///
/// Codes are uint8 in the shape of the reals. Blocks lie along the last axis, the last of a row may be shorter; their
/// scales are codes too, uint8, and are lost in an npy file, which is rejected.
///
/// # Errors
/// [`QuantizeError`]; `output` is then unchanged.
pub fn quantize_float_file(
    input: &Path,
    config: &FloatConfig,
    output: &Path,
) -> Result<FloatSummary, QuantizeError> {
    if matches!(config.format, FloatFormat::Block(_)) && !is_npz(output) {
        return Err(QuantizeError::ScalesLost { path: output.to_path_buf() });
    }
    let (file, reals) = float32(ArraySource::from(input.to_path_buf()))?;
    require_memory(reals.data().len(), ELEMENT_BYTES).map_err(|cause| tensor::Error::named(&file, cause))?;
    let in_file = |rule| QuantizeError::Rule { file: file.clone(), rule };
    let quantized = match config.format {
        FloatFormat::Element(format) => {
            let sources = ParameterSources { scale: config.scale.clone(), ..ParameterSources::default() };
            let parts = config.granularity.parts(reals.shape()).map_err(in_file)?;
            let known = sources.resolve::<f32>(Scheme::Symmetric, parts)?.map(|resolved| resolved.scales);
            quantize_elements(&reals, format, config, known).map_err(in_file)?
        }
        FloatFormat::Block(format) => quantize_blocks(&reals, format, config).map_err(in_file)?,
    };
    let summary = FloatSummary::new(config, &reals, &quantized.restored, quantized.scales.shape());
    let codes = Tensor::new(reals.shape().to_vec(), quantized.codes).expect("one code for each real");
    if is_npz(output) {
        let arrays = [(CODES.to_string(), codes.into()), (SCALE.to_string(), quantized.scales)];
        write_npz(output, &BTreeMap::from(arrays))?;
    } else {
        write_npy(output, &codes.into())?;
    }
    Ok(summary)
}

/// Restores float32 reals from uint8 codes of an npy file, or of an npz file with their scales.
///
/// # Errors
/// [`QuantizeError`]; `output` is then unchanged.
pub fn dequantize_float_file(
    input: &Path,
    format: FloatFormat,
    granularity: Granularity,
    scale: Option<NumberSource>,
    output: &Path,
) -> Result<Vec<usize>, QuantizeError> {
    if is_npz(output) {
        return Err(QuantizeError::OneArray { path: output.to_path_buf() });
    }
    let file = input.display().to_string();
    let (codes, scale) = codes_and_scale(input, scale)?;
    let codes: Tensor<u8> = typed(&file, codes)?;
    let shape = codes.shape().to_vec();
    require_memory(codes.data().len(), ELEMENT_BYTES).map_err(|cause| tensor::Error::named(&file, cause))?;
    let in_file = |rule| QuantizeError::Rule { file: file.clone(), rule };
    let (part, element) = match format {
        FloatFormat::Element(format) => (granularity, format.codes()),
        FloatFormat::Block(format) => (block_granularity(format), format.element().codes()),
    };
    if let Some(&code) = codes.data().iter().find(|code| !element.contains(code)) {
        return Err(QuantizeError::NoCode { file, code, format: format.to_string() });
    }
    let layout = ScaleLayout::new(part, &shape, codes.data().len()).map_err(in_file)?;
    let missing = || QuantizeError::ScaleMissing { file: file.clone() };
    let reals = match format {
        FloatFormat::Element(format) => {
            let sources = ParameterSources { scale, ..ParameterSources::default() };
            let resolved = sources.resolve::<f32>(Scheme::Symmetric, layout.parts())?.ok_or_else(missing)?;
            restore(codes.data(), layout, |part, code| format.decode(code) * resolved.scales[part])
        }
        FloatFormat::Block(format) => {
            let Some(NumberSource::Array(source)) = scale else { return Err(missing()) };
            let scales: Tensor<u8> = typed(&file, source.read()?)?;
            let (found, expected) = (scales.data().len(), layout.parts());
            if found != expected {
                return Err(QuantizeError::Count { file, found, expected });
            }
            restore(codes.data(), layout, |part, code| {
                let block = ScaledBlock { scale: scales.data()[part], codes: vec![code] };
                format.dequantize(&block)[0]
            })
        }
    };
    write_npy(output, &Tensor::new(shape.clone(), reals).expect("one real for each code").into())?;
    Ok(shape)
}

/// Codes, scales and what they restore.
struct Quantized {
    codes: Vec<u8>,
    scales: Array,
    restored: Vec<f32>,
}

fn quantize_elements(
    reals: &Tensor<f32>,
    format: SmallFloat,
    config: &FloatConfig,
    known: Option<Vec<f32>>,
) -> Result<Quantized, QuantizerError> {
    let data = reals.data();
    let layout = ScaleLayout::new(config.granularity, reals.shape(), data.len())?;
    let scales = known.unwrap_or_else(|| derived_scales(data, format, layout));
    let mut codes = vec![0; data.len()];
    for (part, range) in layout.runs() {
        for index in range {
            codes[index] = format.encode(data[index] / scales[part], config.encoding);
        }
    }
    let restored = restore(&codes, layout, |part, code| format.decode(code) * scales[part]);
    let shape = config.granularity.parameter_shape(reals.shape());
    Ok(Quantized { codes, scales: array(shape, scales), restored })
}

/// The largest finite magnitude of each part divided by the largest number of the format; 1 for a part of zeros.
fn derived_scales(data: &[f32], format: SmallFloat, layout: ScaleLayout) -> Vec<f32> {
    let mut scales = vec![0f32; layout.parts()];
    if format.is_signed() {
        for (part, range) in layout.runs() {
            let finite = data[range].iter().filter(|real| real.is_finite());
            scales[part] = finite.fold(scales[part], |largest, real| largest.max(real.abs()));
        }
    }
    let scale = |largest: f32| {
        let scale = largest / format.largest_value();
        if scale == 0.0 { 1.0 } else { scale }
    };
    scales.into_iter().map(scale).collect()
}

fn quantize_blocks(
    reals: &Tensor<f32>,
    format: BlockFormat,
    config: &FloatConfig,
) -> Result<Quantized, QuantizerError> {
    let granularity = block_granularity(format);
    // Checks that there is a last axis.
    granularity.parts(reals.shape())?;
    let row = reals.shape().last().copied().unwrap_or(1);
    let blocks: Vec<ScaledBlock> = reals
        .data()
        .chunks(row)
        .flat_map(|row| row.chunks(format.size()))
        .map(|reals| format.quantize(reals, config.encoding.rounding))
        .collect();
    Ok(Quantized {
        restored: blocks.iter().flat_map(|block| format.dequantize(block)).collect(),
        scales: array(
            granularity.parameter_shape(reals.shape()),
            blocks.iter().map(|block| block.scale).collect(),
        ),
        codes: blocks.into_iter().flat_map(|block| block.codes).collect(),
    })
}

fn block_granularity(format: BlockFormat) -> Granularity {
    Granularity::Block { axis: -1, size: format.size() }
}

fn restore(codes: &[u8], layout: ScaleLayout, real: impl Fn(usize, u8) -> f32) -> Vec<f32> {
    let mut reals = vec![0.0; codes.len()];
    for (part, range) in layout.runs() {
        for index in range {
            reals[index] = real(part, codes[index]);
        }
    }
    reals
}

fn array<T>(shape: Vec<usize>, data: Vec<T>) -> Array
where
    Array: From<Tensor<T>>,
{
    Tensor::new(shape, data).expect("one scale for each part").into()
}

/// The float32 reals of a source, with its name.
fn float32(source: ArraySource) -> Result<(String, Tensor<f32>), QuantizeError> {
    let (name, array) = source.read_named()?;
    let reals = typed(&name, array)?;
    Ok((name, reals))
}

fn typed<T: Element>(file: &str, array: Array) -> Result<Tensor<T>, QuantizeError>
where
    Tensor<T>: TryFrom<Array, Error = Array>,
{
    Tensor::try_from(array).map_err(|other: Array| {
        let (found, accepted) = (other.dtype().to_string(), vec![T::DTYPE]);
        tensor::Error::named(file, Cause::Type { found, accepted }).into()
    })
}

/// The codes of a file, and their scale: of the file, or as given.
fn codes_and_scale(
    input: &Path,
    given: Option<NumberSource>,
) -> Result<(Array, Option<NumberSource>), QuantizeError> {
    if !is_npz(input) {
        return Ok((ArraySource::from(input.to_path_buf()).read()?, given));
    }
    let mut arrays = read_npz(input)?;
    let file = input.display().to_string();
    let own = match (arrays.remove(SCALE), given) {
        (Some(_), Some(_)) => {
            return Err(QuantizeError::TwoSources { file, member: SCALE, option: "--scale" });
        }
        (Some(array), None) => {
            let name = format!("{file}: array '{SCALE}'");
            Some(NumberSource::Array(ArraySource::Memory { name, array }))
        }
        (None, given) => given,
    };
    let Some(codes) = arrays.remove(CODES) else {
        let names = arrays.into_keys().collect();
        return Err(tensor::Error::new(input, Cause::NoMember { name: CODES.to_string(), names }).into());
    };
    Ok((codes, own))
}
