//! Dequantization of codes to reals: equation (Q4), or (Q3) for codes with an offset.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::str::FromStr;

use serde::Serialize;

use super::quantize::{
    AXIS, BITS, BLOCK, CODES, NumberSource, OFFSET, ParameterSources, QuantizeError, SCALE, SHAPE, SIGNED,
    ZERO_POINT, is_npz,
};
use crate::arithmetic::quantizer::{CodeFormat, Granularity, QuantizerError, Scheme, TensorQuantizer};
use crate::arithmetic::{Real, Rounding};
use crate::files::tensor;
use crate::files::tensor::{
    Array, ArraySource, Cause, Dtype, Element, Tensor, read_npz, require_memory, write_npy,
};

/// What is known of codes beside their file.
///
/// An npz file that quantize wrote contains all of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CodeDescription {
    /// Scale, and zero point or offset.
    pub parameters: ParameterSources,
    /// Elements that share a scale; `None` for the whole tensor.
    pub granularity: Option<Granularity>,
    /// Width of a code in bits; `None` for that of the element type.
    pub bits: Option<u32>,
    /// Whether packed codes are unsigned.
    pub unsigned: bool,
    /// Whether the codes are packed into bytes, 2 of 4 bits or 4 of 2 bits.
    pub packed: bool,
    /// Shape of packed codes.
    pub shape: Option<Vec<usize>>,
}

/// Shape and types of a dequantized tensor.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DequantizeSummary {
    /// Length of each axis.
    pub shape: Vec<usize>,
    /// Element type of the codes.
    pub input: String,
    /// Element type of the reals, that of the scale.
    pub output: String,
    /// Number of scales.
    pub scales: usize,
}

impl fmt::Display for DequantizeSummary {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { shape, input, output, scales } = self;
        writeln!(f, "{input} {shape:?} -> {output}, by {scales} scale(s)")
    }
}

/// Restores reals from the codes in `input` and writes them to an npy file.
///
/// `input` is an npy file, an npz file whose array `codes` is taken, or `FILE.npz:NAME`. Reals are float64 if the scales
/// are, otherwise float32.
///
/// # Errors
/// Every [`QuantizeError`]; `output` is then unchanged.
pub fn dequantize_file(
    input: &Path,
    description: &CodeDescription,
    output: &Path,
) -> Result<DequantizeSummary, QuantizeError> {
    if is_npz(output) {
        return Err(QuantizeError::OneArray { path: output.to_path_buf() });
    }
    let (file, codes, members) = read_codes(input)?;
    let (reals, summary) = dequantize(&file, codes, members, description)?;
    write_npy(output, &reals)?;
    Ok(summary)
}

/// The codes, with the name of their file and the other arrays of it.
fn read_codes(input: &Path) -> Result<(String, Array, BTreeMap<String, Array>), QuantizeError> {
    let source = match ArraySource::from(input.to_path_buf()) {
        ArraySource::File(path) if is_npz(&path) => ArraySource::Member { path, name: CODES.to_string() },
        source => source,
    };
    let ArraySource::Member { path, name } = source else {
        let (file, codes) = source.read_named()?;
        return Ok((file, codes, BTreeMap::new()));
    };
    let mut arrays = read_npz(&path)?;
    let Some(codes) = arrays.remove(&name) else {
        let names = arrays.into_keys().collect();
        return Err(tensor::Error::new(&path, Cause::NoMember { name, names }).into());
    };
    // `shape_1` belongs to `codes_1`.
    let suffix = name.strip_prefix(CODES).filter(|suffix| !suffix.is_empty());
    if let Some(shape) = suffix.and_then(|suffix| arrays.remove(&format!("{SHAPE}{suffix}"))) {
        arrays.insert(SHAPE.to_string(), shape);
    }
    Ok((path.display().to_string(), codes, arrays))
}

/// Restores reals; `members` describe the codes as `description` does, and may not contradict it.
fn dequantize(
    file: &str,
    codes: Array,
    members: BTreeMap<String, Array>,
    description: &CodeDescription,
) -> Result<(Array, DequantizeSummary), QuantizeError> {
    let members = Members { file, arrays: members };
    let parameters = members.parameters(&description.parameters)?;
    let granularity = members.granularity(description.granularity)?;
    let dtype = codes.dtype();
    let packed = members.shape(description)?;
    let format = members.format(dtype, packed.is_some(), description)?;
    let in_file = |rule| QuantizeError::Rule { file: file.to_string(), rule };
    let double = matches!(&parameters.scale, Some(NumberSource::Array(source)) if is_double(source)?);
    let real = if double { size_of::<f64>() } else { size_of::<f32>() };
    let shape = packed.clone().unwrap_or_else(|| codes.shape().to_vec());
    let codes = match packed {
        Some(shape) => unpack(file, codes, format, &shape, real)?,
        None => {
            enough_memory(file, codes.shape().iter().product(), real)?;
            codes.integers().into_iter().flatten().map(|code| code as i32).collect()
        }
    };
    let parts = granularity.parts(&shape).map_err(in_file)?;
    let restored = if double {
        restore::<f64>(&codes, &shape, format, granularity, &parameters, parts)?
    } else {
        restore::<f32>(&codes, &shape, format, granularity, &parameters, parts)?
    };
    let reals = restored.map_err(in_file)?;
    let (input, output) = (dtype.to_string(), reals.dtype().to_string());
    Ok((reals, DequantizeSummary { shape, input, output, scales: parts }))
}

/// Codes of a shape from packed bytes; `real` is the size of what becomes of a code.
fn unpack(
    file: &str,
    bytes: Array,
    format: CodeFormat,
    shape: &[usize],
    real: usize,
) -> Result<Vec<i32>, QuantizeError> {
    let in_file = |rule| QuantizeError::Rule { file: file.to_string(), rule };
    let bytes: Tensor<u8> = bytes.try_into().map_err(|other: Array| {
        let (found, accepted) = (other.dtype().to_string(), vec![Dtype::Uint8]);
        tensor::Error::named(file, Cause::Type { found, accepted })
    })?;
    // Before any memory is taken: the bytes of the file bound the shape.
    let codes = shape.iter().fold(1usize, |codes, &length| codes.saturating_mul(length));
    let (found, expected) = (bytes.data().len(), format.packed_length(codes).map_err(in_file)?);
    if found != expected {
        return Err(in_file(QuantizerError::PackedLength { found, expected, codes }));
    }
    enough_memory(file, codes, real)?;
    format.unpack(bytes.data(), codes).map_err(in_file)
}

/// Checks the memory of codes and of the reals that they become.
fn enough_memory(file: &str, codes: usize, real: usize) -> Result<(), QuantizeError> {
    let enough = require_memory(codes, size_of::<i32>() + real);
    Ok(enough.map_err(|cause| tensor::Error::named(file, cause))?)
}

fn restore<T>(
    codes: &[i32],
    shape: &[usize],
    format: CodeFormat,
    granularity: Granularity,
    sources: &ParameterSources,
    parts: usize,
) -> Result<Result<Array, QuantizerError>, QuantizeError>
where
    T: Real + Element + FromStr,
    Tensor<T>: TryFrom<Array, Error = Array>,
    Array: From<Tensor<T>>,
{
    let scheme = match (&sources.zero_point, &sources.offset) {
        (_, Some(_)) => Scheme::Offset,
        (Some(_), None) => Scheme::Affine,
        (None, None) => Scheme::Symmetric,
    };
    let Some(known) = sources.resolve::<T>(scheme, parts)? else { return Err(QuantizeError::NoScale) };
    let quantizer = TensorQuantizer::new(format, granularity, Rounding::HalfEven, known.scales, known.zero);
    Ok(quantizer.and_then(|quantizer| {
        let reals = quantizer.dequantize(codes, shape)?;
        let wrong = |error: tensor::WrongShape| QuantizerError::Shape {
            shape: error.shape,
            elements: error.elements,
        };
        Ok(Tensor::new(shape.to_vec(), reals).map_err(wrong)?.into())
    }))
}

/// Arrays of an npz file beside the codes.
struct Members<'a> {
    file: &'a str,
    arrays: BTreeMap<String, Array>,
}

impl Members<'_> {
    fn parameters(&self, options: &ParameterSources) -> Result<ParameterSources, QuantizeError> {
        let one = |member: &'static str, option: &'static str, given: &Option<NumberSource>| match (
            self.arrays.get(member),
            given,
        ) {
            (Some(_), Some(_)) => Err(self.two_sources(member, option)),
            (Some(array), None) => {
                let name = format!("{}: array '{member}'", self.file);
                Ok(Some(NumberSource::Array(ArraySource::Memory { name, array: array.clone() })))
            }
            (None, given) => Ok(given.clone()),
        };
        let scale = one(SCALE, "--scale", &options.scale)?;
        if scale.is_none() {
            return Err(QuantizeError::ScaleMissing { file: self.file.to_string() });
        }
        Ok(ParameterSources {
            scale,
            zero_point: one(ZERO_POINT, "--zero-point", &options.zero_point)?,
            offset: one(OFFSET, "--offset", &options.offset)?,
            ..ParameterSources::default()
        })
    }

    fn granularity(&self, option: Option<Granularity>) -> Result<Granularity, QuantizeError> {
        let own = match (self.number(AXIS)?, self.number(BLOCK)?) {
            (None, _) => return Ok(option.unwrap_or(Granularity::Tensor)),
            (Some(axis), None) => Granularity::Channel(axis),
            (Some(axis), Some(size)) => Granularity::Block { axis, size },
        };
        if option.is_some_and(|option| option != own) {
            return Err(self.two_sources(AXIS, "--granularity"));
        }
        Ok(own)
    }

    /// Width and sign of the codes, by the file, its element type or the options.
    fn format(
        &self,
        dtype: Dtype,
        packed: bool,
        description: &CodeDescription,
    ) -> Result<CodeFormat, QuantizeError> {
        let own = if packed { None } else { Some(code_type(self.file, dtype)?) };
        let signed = match own {
            Some((_, signed)) => Some(signed),
            None => self.number(SIGNED)?.map(|signed: u8| signed != 0),
        };
        if signed == Some(true) && description.unsigned {
            return Err(self.two_sources("signed codes", "--unsigned"));
        }
        let bits = match self.number(BITS)? {
            Some(bits) if description.bits.is_some_and(|option| option != bits) => {
                return Err(self.two_sources(BITS, "--bits"));
            }
            bits => bits.or(description.bits).or(own.map(|(bits, _)| bits)),
        };
        let missing = || QuantizeError::PackedFormat { file: self.file.to_string(), missing: "--bits" };
        CodeFormat::new(bits.ok_or_else(missing)?, signed.unwrap_or(!description.unsigned))
            .map_err(|rule| QuantizeError::Rule { file: self.file.to_string(), rule })
    }

    /// Shape of packed codes; `None` if a code is an element.
    fn shape(&self, description: &CodeDescription) -> Result<Option<Vec<usize>>, QuantizeError> {
        match (self.arrays.get(SHAPE), &description.shape) {
            (Some(_), Some(_)) => Err(self.two_sources(SHAPE, "--shape")),
            (Some(array), None) => {
                let lengths = array.integers().into_iter().flatten();
                let shape: Result<_, _> = lengths.map(usize::try_from).collect();
                shape.map(Some).map_err(|_| self.description(SHAPE))
            }
            (None, None) if description.packed => {
                Err(QuantizeError::PackedFormat { file: self.file.to_string(), missing: "--shape" })
            }
            (None, given) => Ok(given.clone()),
        }
    }

    /// The only number of an array.
    fn number<T: TryFrom<i128>>(&self, member: &'static str) -> Result<Option<T>, QuantizeError> {
        let Some(array) = self.arrays.get(member) else { return Ok(None) };
        let mut numbers = array.integers().into_iter().flatten();
        match (numbers.next().and_then(|number| T::try_from(number).ok()), numbers.next()) {
            (Some(number), None) => Ok(Some(number)),
            _ => Err(self.description(member)),
        }
    }

    fn two_sources(&self, member: &'static str, option: &'static str) -> QuantizeError {
        QuantizeError::TwoSources { file: self.file.to_string(), member, option }
    }

    fn description(&self, member: &'static str) -> QuantizeError {
        QuantizeError::Description { file: self.file.to_string(), member }
    }
}

/// Width and sign of codes that are elements.
fn code_type(file: &str, dtype: Dtype) -> Result<(u32, bool), QuantizeError> {
    match dtype {
        Dtype::Int8 => Ok((8, true)),
        Dtype::Uint8 => Ok((8, false)),
        Dtype::Int16 => Ok((16, true)),
        Dtype::Uint16 => Ok((16, false)),
        other => {
            let accepted = vec![Dtype::Int8, Dtype::Uint8, Dtype::Int16, Dtype::Uint16];
            Err(tensor::Error::named(file, Cause::Type { found: other.to_string(), accepted }).into())
        }
    }
}

fn is_double(source: &ArraySource) -> Result<bool, QuantizeError> {
    Ok(source.clone().read()?.dtype() == Dtype::Float64)
}
