//! Kinds of layers.

/// Kind of a layer, across file formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum OpKind {
    Convolution,
    Depthwise,
    Dense,
    Add,
    Subtract,
    Multiply,
    AveragePool,
    MaxPool,
    GlobalAveragePool,
    Mean,
    Softmax,
    Rectifier,
    Logistic,
    Tanh,
    HardSwish,
    LeakyRelu,
    Prelu,
    Quantize,
    Pad,
    Concatenation,
    Reshape,
    Transpose,
}

impl OpKind {
    /// Every kind, in the order of the coverage table.
    pub const ALL: [Self; 22] = [
        Self::Convolution,
        Self::Depthwise,
        Self::Dense,
        Self::Add,
        Self::Subtract,
        Self::Multiply,
        Self::AveragePool,
        Self::MaxPool,
        Self::GlobalAveragePool,
        Self::Mean,
        Self::Softmax,
        Self::Rectifier,
        Self::Logistic,
        Self::Tanh,
        Self::HardSwish,
        Self::LeakyRelu,
        Self::Prelu,
        Self::Quantize,
        Self::Pad,
        Self::Concatenation,
        Self::Reshape,
        Self::Transpose,
    ];

    /// Name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Convolution => "convolution",
            Self::Depthwise => "depthwise convolution",
            Self::Dense => "dense",
            Self::Add => "add",
            Self::Subtract => "subtract",
            Self::Multiply => "multiply",
            Self::AveragePool => "average pool",
            Self::MaxPool => "max pool",
            Self::GlobalAveragePool => "global average pool",
            Self::Mean => "mean",
            Self::Softmax => "softmax",
            Self::Rectifier => "ReLU as a layer",
            Self::Logistic => "logistic",
            Self::Tanh => "tanh",
            Self::HardSwish => "hard swish",
            Self::LeakyRelu => "leaky ReLU",
            Self::Prelu => "PReLU of one alpha",
            Self::Quantize => "requantize",
            Self::Pad => "pad",
            Self::Concatenation => "concatenation",
            Self::Reshape => "reshape",
            Self::Transpose => "transpose",
        }
    }
}
