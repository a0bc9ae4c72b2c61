//! Numbers of the TFLite schema: element types and operators.

use crate::network::op::OpKind;

/// File identifier, at byte 4.
pub const IDENTIFIER: &[u8] = b"TFL3";

/// Version of the schema.
pub const VERSION: u32 = 3;

/// Element types of tensors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum TfliteType {
    Float32,
    Int32,
    Uint8,
    Int64,
    Int16,
    Int8,
    Int4,
    Int2,
    Other(&'static str),
}

impl TfliteType {
    /// Element type of a code of the schema.
    pub fn from_code(code: i8) -> Self {
        match code {
            0 => Self::Float32,
            1 => Self::Other("float16"),
            2 => Self::Int32,
            3 => Self::Uint8,
            4 => Self::Int64,
            5 => Self::Other("strings"),
            6 => Self::Other("booleans"),
            7 => Self::Int16,
            9 => Self::Int8,
            10 => Self::Other("float64"),
            17 => Self::Int4,
            19 => Self::Int2,
            _ => Self::Other("another type"),
        }
    }

    /// Name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Float32 => "float32",
            Self::Int32 => "int32",
            Self::Uint8 => "uint8",
            Self::Int64 => "int64",
            Self::Int16 => "int16",
            Self::Int8 => "int8",
            Self::Int4 => "int4",
            Self::Int2 => "int2",
            Self::Other(name) => name,
        }
    }

    /// Whether elements are floats.
    pub fn is_float(self) -> bool {
        matches!(self, Self::Float32 | Self::Other("float16" | "float64"))
    }
}

/// An operator of the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum TfliteOperator {
    Add,
    AveragePool2d,
    Concatenation,
    Conv2d,
    DepthwiseConv2d,
    Dequantize,
    FullyConnected,
    Logistic,
    MaxPool2d,
    Mul,
    Relu,
    ReluN1To1,
    Relu6,
    Reshape,
    Softmax,
    Tanh,
    Pad,
    Transpose,
    Mean,
    Sub,
    Squeeze,
    Prelu,
    PadV2,
    ExpandDims,
    LeakyRelu,
    Quantize,
    HardSwish,
}

/// Code, operator, name and kind of layer.
const OPERATORS: [(i32, TfliteOperator, &str, OpKind); 27] = [
    (0, TfliteOperator::Add, "ADD", OpKind::Add),
    (1, TfliteOperator::AveragePool2d, "AVERAGE_POOL_2D", OpKind::AveragePool),
    (2, TfliteOperator::Concatenation, "CONCATENATION", OpKind::Concatenation),
    (3, TfliteOperator::Conv2d, "CONV_2D", OpKind::Convolution),
    (4, TfliteOperator::DepthwiseConv2d, "DEPTHWISE_CONV_2D", OpKind::Depthwise),
    (6, TfliteOperator::Dequantize, "DEQUANTIZE", OpKind::Quantize),
    (9, TfliteOperator::FullyConnected, "FULLY_CONNECTED", OpKind::Dense),
    (14, TfliteOperator::Logistic, "LOGISTIC", OpKind::Logistic),
    (17, TfliteOperator::MaxPool2d, "MAX_POOL_2D", OpKind::MaxPool),
    (18, TfliteOperator::Mul, "MUL", OpKind::Multiply),
    (19, TfliteOperator::Relu, "RELU", OpKind::Rectifier),
    (20, TfliteOperator::ReluN1To1, "RELU_N1_TO_1", OpKind::Rectifier),
    (21, TfliteOperator::Relu6, "RELU6", OpKind::Rectifier),
    (22, TfliteOperator::Reshape, "RESHAPE", OpKind::Reshape),
    (25, TfliteOperator::Softmax, "SOFTMAX", OpKind::Softmax),
    (28, TfliteOperator::Tanh, "TANH", OpKind::Tanh),
    (34, TfliteOperator::Pad, "PAD", OpKind::Pad),
    (39, TfliteOperator::Transpose, "TRANSPOSE", OpKind::Transpose),
    (40, TfliteOperator::Mean, "MEAN", OpKind::Mean),
    (41, TfliteOperator::Sub, "SUB", OpKind::Subtract),
    (43, TfliteOperator::Squeeze, "SQUEEZE", OpKind::Reshape),
    (54, TfliteOperator::Prelu, "PRELU", OpKind::Prelu),
    (60, TfliteOperator::PadV2, "PADV2", OpKind::Pad),
    (70, TfliteOperator::ExpandDims, "EXPAND_DIMS", OpKind::Reshape),
    (98, TfliteOperator::LeakyRelu, "LEAKY_RELU", OpKind::LeakyRelu),
    (114, TfliteOperator::Quantize, "QUANTIZE", OpKind::Quantize),
    (117, TfliteOperator::HardSwish, "HARD_SWISH", OpKind::HardSwish),
];

/// Names and remedies of common unsupported operators.
const UNSUPPORTED: [(i32, &str, &str); 17] = [
    (16, "LSTM", "use convolutions over time instead"),
    (44, "UNIDIRECTIONAL_SEQUENCE_LSTM", "use convolutions over time instead"),
    (27, "SVDF", "use convolutions over time instead"),
    (32, "CUSTOM", "use built-in operators only"),
    (118, "IF", "export one graph without control flow"),
    (119, "WHILE", "export one graph without control flow"),
    (31, "CALL", "export one graph without control flow"),
    (129, "CALL_ONCE", "export one graph without control flow"),
    (74, "SUM", "use MEAN"),
    (42, "DIV", "use MUL by the reciprocal"),
    (45, "STRIDED_SLICE", "use a convolution with a stride"),
    (65, "SLICE", "cut the tensor outside the network"),
    (49, "SPLIT", "use several convolutions instead"),
    (67, "TRANSPOSE_CONV", "use a convolution"),
    (23, "RESIZE_BILINEAR", "resize outside the network"),
    (97, "RESIZE_NEAREST_NEIGHBOR", "resize outside the network"),
    (56, "ARG_MAX", "take the largest code outside the network"),
];

/// Names of the operators of a kind of layer.
pub fn names(kind: OpKind) -> Vec<&'static str> {
    OPERATORS.iter().filter(|(.., own)| *own == kind).map(|(_, _, name, _)| *name).collect()
}

/// The operator of a code, its name and its kind of layer.
pub fn operator(code: i32) -> Option<(TfliteOperator, &'static str, OpKind)> {
    let found = OPERATORS.iter().find(|(known, ..)| *known == code)?;
    Some((found.1, found.2, found.3))
}

/// Name and remedy of an operator that is not supported.
pub fn unsupported(code: i32) -> (String, &'static str) {
    match UNSUPPORTED.iter().find(|(known, ..)| *known == code) {
        Some((_, name, remedy)) => ((*name).to_owned(), remedy),
        None => (format!("number {code}"), "docs/networks.md lists those that are"),
    }
}
