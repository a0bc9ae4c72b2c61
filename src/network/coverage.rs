//! Coverage: the kinds of layers that each profile defines exactly.

use super::file_format::FileFormat;
use super::op::OpKind;
use super::profile::Profile;
use super::refusal::Refusal;
use super::{onnx, tflite};

/// Coverage of a kind of layer under a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LayerCoverage {
    /// Every byte is defined by these equations of `docs/arithmetic.md`.
    Exact(&'static str),
    /// Exact in the reference, but in floats: computed by the host, not by the hardware.
    Host(&'static str),
    /// Refused, with the nearest supported form.
    Refused(&'static str),
}

/// Coverage of a kind of layer under a profile.
pub fn coverage(kind: OpKind, profile: Profile) -> LayerCoverage {
    match profile {
        Profile::Tflm => tflm(kind),
        Profile::LitertReference => litert_reference(kind),
        Profile::LitertOptimized => litert_optimized(kind),
        Profile::Ort => ort(kind),
    }
}

/// Names of the operators of a kind of layer in a file format, separated by commas.
pub fn file_operators(kind: OpKind, format: FileFormat) -> String {
    match format {
        FileFormat::Tflite => tflite::names(kind).join(", "),
        FileFormat::Onnx => onnx::names(kind).join(", "),
    }
}

/// Checks that a profile defines a kind of layer.
///
/// # Errors
/// [`Refusal::Profile`], with the nearest supported form.
pub fn require(kind: OpKind, profile: Profile) -> Result<(), Refusal> {
    match coverage(kind, profile) {
        LayerCoverage::Exact(_) | LayerCoverage::Host(_) => Ok(()),
        LayerCoverage::Refused(remedy) => Err(Refusal::Profile { profile, op: kind.name(), remedy }),
    }
}

fn tflm(kind: OpKind) -> LayerCoverage {
    use OpKind as K;
    LayerCoverage::Exact(match kind {
        K::Convolution => "T3, R1",
        K::Depthwise => "T4, R1",
        K::Dense => "T5, R1",
        K::Add => "T6",
        K::Subtract => "T7",
        K::Multiply => "T8",
        K::AveragePool | K::MaxPool => "T9",
        K::Mean => "T10",
        K::Softmax => "T11",
        K::Logistic | K::Tanh => "T12",
        K::Rectifier | K::HardSwish | K::LeakyRelu | K::Prelu => "T13",
        K::Quantize => "T14",
        K::Pad | K::Concatenation | K::Reshape | K::Transpose => "T15",
        K::GlobalAveragePool => return NOT_TFLITE,
    })
}

/// TFLite has no such operator.
const NOT_TFLITE: LayerCoverage =
    LayerCoverage::Refused("use MEAN over height and width, or AVERAGE_POOL_2D");

fn litert_reference(kind: OpKind) -> LayerCoverage {
    match kind {
        OpKind::Dense => LayerCoverage::Exact("T5, R5"),
        OpKind::Logistic | OpKind::Tanh => LayerCoverage::Exact("T17"),
        _ => tflm(kind),
    }
}

fn litert_optimized(kind: OpKind) -> LayerCoverage {
    match kind {
        OpKind::Convolution => LayerCoverage::Exact("T3, R2"),
        OpKind::Depthwise => LayerCoverage::Exact("T4, R2 and R1"),
        OpKind::Dense => LayerCoverage::Exact("T5, R2"),
        OpKind::Softmax => LayerCoverage::Host("T16"),
        OpKind::Multiply | OpKind::Quantize => LayerCoverage::Refused("use profile tflm or litert-reference"),
        _ => litert_reference(kind),
    }
}

fn ort(kind: OpKind) -> LayerCoverage {
    use OpKind as K;
    match kind {
        K::Convolution | K::Depthwise | K::Dense => LayerCoverage::Exact("N1, N2"),
        K::Add => LayerCoverage::Exact("N3"),
        K::Multiply => LayerCoverage::Exact("N7"),
        K::GlobalAveragePool => LayerCoverage::Exact("N4"),
        K::MaxPool => LayerCoverage::Exact("T9"),
        K::Concatenation | K::Reshape | K::Transpose => LayerCoverage::Exact("T15"),
        K::Pad => LayerCoverage::Refused("use the pads of the operator after it"),
        K::Softmax => LayerCoverage::Host("N5"),
        K::AveragePool => LayerCoverage::Refused("use GlobalAveragePool or MaxPool"),
        K::Subtract => LayerCoverage::Refused("use QLinearAdd of the negative"),
        K::Mean => LayerCoverage::Refused("use GlobalAveragePool"),
        K::Rectifier => {
            LayerCoverage::Refused("use a zero point that is the smallest code: the Relu is then fused")
        }
        K::Logistic | K::Tanh | K::HardSwish | K::LeakyRelu | K::Prelu => {
            LayerCoverage::Refused("use Relu, which is fused, or convert to .tflite")
        }
        K::Quantize => LayerCoverage::Refused("give all inputs of the operator after it one scale"),
    }
}
