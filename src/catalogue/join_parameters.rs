//! Parameters of units that join two streams of int8 codes with scales of their own.

use crate::arithmetic::quantizer::CodeFormat;
use crate::arithmetic::rescale::{OutputStage, RescaleError};
use crate::unit::{Choice as _, ConfigError, Kind, Parameter, Value, Values, choice};

const CODES: Kind = Kind::Integer { min: -128, max: 127 };
/// Real scales in millionths.
const SCALES: Kind = Kind::Integer { min: 1, max: 1_000_000_000 };

pub(super) const S0_SCALE: Parameter = Parameter {
    name: "s0_scale",
    kind: SCALES,
    default: Value::Integer(54_321),
    help: "scale of s0 in millionths",
};
pub(super) const S1_SCALE: Parameter = Parameter {
    name: "s1_scale",
    kind: SCALES,
    default: Value::Integer(71_234),
    help: "scale of s1 in millionths",
};
pub(super) const SCALE: Parameter = Parameter {
    name: "scale",
    kind: SCALES,
    default: Value::Integer(98_765),
    help: "scale of the output in millionths",
};
pub(super) const S0_ZERO_POINT: Parameter = Parameter {
    name: "s0_zero_point",
    kind: CODES,
    default: Value::Integer(-3),
    help: "code of real zero at s0",
};
pub(super) const S1_ZERO_POINT: Parameter = Parameter {
    name: "s1_zero_point",
    kind: CODES,
    default: Value::Integer(17),
    help: "code of real zero at s1",
};
pub(super) const ZERO_POINT: Parameter = Parameter {
    name: "zero_point",
    kind: CODES,
    default: Value::Integer(-20),
    help: "code of real zero at the output",
};
pub(super) const CLAMP_MIN: Parameter =
    Parameter { name: "clamp_min", kind: CODES, default: Value::Integer(-128), help: "smallest output code" };
pub(super) const CLAMP_MAX: Parameter =
    Parameter { name: "clamp_max", kind: CODES, default: Value::Integer(127), help: "largest output code" };

choice! {
    /// Runtime whose arithmetic a unit reproduces.
    pub enum JoinRuntime {
        /// Fixed point, of the TensorFlow Lite runtimes.
        Tflite = "tflite",
        /// Binary32, of ONNX Runtime.
        Ort = "ort",
    }
}

pub(super) const RUNTIME: Parameter = Parameter {
    name: "runtime",
    kind: Kind::Choice(JoinRuntime::WORDS),
    default: Value::Word(JoinRuntime::Tflite.word()),
    help: "runtime whose results the unit gives",
};

/// The scales of s0, s1 and the output.
pub(super) fn scales(values: &Values) -> [f64; 3] {
    [S0_SCALE, S1_SCALE, SCALE].map(|parameter| values.integer(&parameter) as f64 * 1e-6)
}

/// The zero points of s0 and s1.
pub(super) fn zero_points(values: &Values) -> [i32; 2] {
    [S0_ZERO_POINT, S1_ZERO_POINT].map(|parameter| values.integer(&parameter) as i32)
}

/// Refuses a clamp under the runtime that has none.
///
/// # Errors
/// [`ConfigError::Combination`].
pub(super) fn require_no_clamp(values: &Values) -> Result<(), ConfigError> {
    let [min, max] = [CLAMP_MIN, CLAMP_MAX].map(|parameter| values.integer(&parameter));
    if (min, max) == (-128, 127) {
        return Ok(());
    }
    Err(ConfigError::Combination {
        reason:
            "clamp_min and clamp_max have no meaning with runtime=ort, which fuses a ReLU by the zero point"
                .to_string(),
        fix: "omit them, or set runtime=tflite".to_string(),
    })
}

/// Zero point and clamp of the output.
///
/// # Errors
/// [`RescaleError`] for bounds without a code between them.
pub(super) fn output_stage(values: &Values) -> Result<OutputStage, RescaleError> {
    let code = |parameter: &Parameter| values.integer(parameter) as i32;
    let int8 = CodeFormat::new(8, true).expect("8 bits");
    OutputStage::new(int8, code(&ZERO_POINT))?.clamped(code(&CLAMP_MIN), code(&CLAMP_MAX))
}

/// Refusal of a rescaling.
pub(super) fn refused(error: RescaleError) -> ConfigError {
    ConfigError::Combination {
        reason: error.to_string(),
        fix: "bring the three scales closer together, or change the clamp".to_string(),
    }
}
