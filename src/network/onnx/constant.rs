//! Constants of an ONNX file.

use super::message::TensorMessage;
use crate::network::refusal::Refusal;

/// Element types of ONNX tensors, by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnnxType {
    Float,
    Uint8,
    Int8,
    Int32,
    Int64,
    Int4,
    Int2,
    Other(&'static str),
}

impl OnnxType {
    /// Element type of a number of the schema.
    pub fn from_number(number: i32) -> Self {
        match number {
            1 => Self::Float,
            2 => Self::Uint8,
            3 => Self::Int8,
            4 => Self::Other("uint16"),
            5 => Self::Other("int16"),
            6 => Self::Int32,
            7 => Self::Int64,
            10 => Self::Other("float16"),
            11 => Self::Other("float64"),
            17..=20 => Self::Other("float8"),
            21 => Self::Other("uint4"),
            22 => Self::Int4,
            26 => Self::Int2,
            _ => Self::Other("another type"),
        }
    }

    /// Name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Float => "float32",
            Self::Uint8 => "uint8",
            Self::Int8 => "int8",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Int4 => "int4",
            Self::Int2 => "int2",
            Self::Other(name) => name,
        }
    }

    /// Bits of an integer element of up to 8 bits.
    pub fn bits(self) -> Option<u32> {
        match self {
            Self::Uint8 | Self::Int8 => Some(8),
            Self::Int4 => Some(4),
            Self::Int2 => Some(2),
            _ => None,
        }
    }
}

/// A constant.
pub struct Constant {
    pub name: String,
    pub shape: Vec<usize>,
    pub element: OnnxType,
    message: TensorMessage,
}

const SIZE: Refusal = Refusal::Shape { what: "a constant has more or less data than its shape" };

impl Constant {
    pub fn new(name: String, message: TensorMessage) -> Self {
        let shape = message.dims.iter().map(|&length| usize::try_from(length).unwrap_or(usize::MAX));
        Self { name, shape: shape.collect(), element: OnnxType::from_number(message.data_type), message }
    }

    /// Number of elements; impossible shapes have more than any file.
    fn elements(&self) -> usize {
        self.shape.iter().fold(1, |product: usize, &length| product.saturating_mul(length))
    }

    fn wrong_type(&self, expected: &'static str) -> Refusal {
        Refusal::Type { tensor: self.name.clone(), found: self.element.name(), expected }
    }

    fn sized<T>(&self, values: Vec<T>) -> Result<Vec<T>, Refusal> {
        // Data in a separate file is not read.
        if values.len() == self.elements() && self.message.data_location == 0 {
            Ok(values)
        } else {
            Err(SIZE)
        }
    }

    fn words<const N: usize>(&self) -> impl Iterator<Item = [u8; N]> {
        self.message.raw_data.as_chunks().0.iter().copied()
    }

    pub fn floats(&self) -> Result<Vec<f32>, Refusal> {
        if self.element != OnnxType::Float {
            return Err(self.wrong_type("float32"));
        }
        match &self.message.float_data[..] {
            [] => self.sized(self.words().map(f32::from_le_bytes).collect()),
            data => self.sized(data.to_vec()),
        }
    }

    /// Elements of int32 or int64.
    pub fn integers(&self) -> Result<Vec<i64>, Refusal> {
        let message = &self.message;
        match self.element {
            OnnxType::Int64 if message.int64_data.is_empty() => {
                self.sized(self.words().map(i64::from_le_bytes).collect())
            }
            OnnxType::Int64 => self.sized(message.int64_data.clone()),
            OnnxType::Int32 if message.int32_data.is_empty() => {
                self.sized(self.words().map(|word| i32::from_le_bytes(word).into()).collect())
            }
            OnnxType::Int32 => self.sized(message.int32_data.iter().map(|&word| word.into()).collect()),
            _ => Err(self.wrong_type("int32, int64")),
        }
    }

    /// Codes of up to 8 bits; unsigned ones minus 128.
    pub fn codes(&self) -> Result<Vec<i8>, Refusal> {
        let bits = self.element.bits().ok_or_else(|| self.wrong_type("int8, uint8, int4, int2"))?;
        let bytes: Vec<u8> = match &self.message.int32_data[..] {
            [] => self.message.raw_data.clone(),
            data => data.iter().map(|&word| word as u8).collect(),
        };
        if bits == 8 {
            let flip = if self.element == OnnxType::Uint8 { 0x80 } else { 0 };
            return self.sized(bytes.into_iter().map(|byte| (byte ^ flip) as i8).collect());
        }
        let per_byte = 8 / bits as usize;
        if self.elements().div_ceil(per_byte) != bytes.len() {
            return Err(SIZE);
        }
        let code = |index: usize| {
            let field = bytes[index / per_byte] >> (index % per_byte * bits as usize);
            ((field << (8 - bits)) as i8) >> (8 - bits)
        };
        Ok((0..self.elements()).map(code).collect())
    }
}
