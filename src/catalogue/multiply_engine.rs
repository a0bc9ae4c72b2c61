//! Unit `multiply_engine`: product of two streams of int8 codes, element by element or channel by channel.

use serde_json::{Value as Json, json};

use super::code_stream::{
    CODE, beats, clock_and_reset, codes, require_short_frame, settings_digest, short_digest,
};
use super::join_parameters::{
    CLAMP_MAX, CLAMP_MIN, JoinRuntime, RUNTIME, S0_SCALE, S0_ZERO_POINT, S1_SCALE, S1_ZERO_POINT, SCALE,
    ZERO_POINT, output_stage, refused, require_no_clamp, scales, zero_points,
};
use super::layer_requantizer::requantizer;
use super::unit;
use crate::arithmetic::network::{FloatProduct, Product, broadcast};
use crate::arithmetic::rescale::{RescaleError, Rescaler, Rule, Scale};
use crate::circuit::engine::{bits_of, counter, word};
use crate::circuit::verilog::extended;
use crate::unit::{
    Beat, Behaviour, Config, ConfigError, DSP, FrameFunction, Implementation, Kind, Parameter, Port, Preset,
    StreamNames, TARGET, UnitDefinition, UnitParameters, Value, Values,
};

/// A product of two tensors under a runtime.
#[derive(Clone, Debug)]
pub(crate) enum TensorProduct {
    /// In fixed point: (T8).
    Fixed(Product),
    /// In binary32: (N7).
    Float(FloatProduct),
}

impl TensorProduct {
    /// Zero points of the operands.
    pub(crate) fn zero_points(&self) -> [i32; 2] {
        match self {
            Self::Fixed(product) => product.zero_points,
            Self::Float(product) => product.zero_points,
        }
    }

    /// The product with its operands in the other order.
    pub(crate) fn swapped(self) -> Self {
        match self {
            Self::Fixed(Product { zero_points: [left, right], rescaler }) => {
                Self::Fixed(Product { zero_points: [right, left], rescaler })
            }
            Self::Float(product) => {
                let [left, right] = product.zero_points;
                Self::Float(FloatProduct { zero_points: [right, left], ..product })
            }
        }
    }

    fn apply(&self, left: &[i8], right: &[i8]) -> Vec<i8> {
        match self {
            Self::Fixed(product) => product.apply(left, right),
            Self::Float(product) => product.apply(left, right),
        }
    }

    /// Whether the requantizer gives codes from 0 to 255, whose highest bit is then inverted.
    fn is_unsigned(&self) -> bool {
        matches!(self, Self::Float(product) if product.offset != 0)
    }

    fn requantizer(&self, acc_bits: u32, implementation: Implementation) -> Result<Config, ConfigError> {
        let product = match self {
            Self::Fixed(product) => return requantizer(&product.rescaler, acc_bits, implementation),
            Self::Float(product) => product,
        };
        let sets = [
            "rule=f32_after_zp".to_string(),
            format!("acc_bits={acc_bits}"),
            format!("multiplier={}", product.scale.to_bits()),
            "shift=0".to_string(),
            format!("zero_point={}", product.zero_point),
            format!("out_signed={}", !self.is_unsigned()),
            format!("stages={FLOAT_STAGES}"),
        ];
        let sets: Vec<String> = sets.into_iter().chain(implementation.target_settings()).collect();
        Config::new(unit("requantizer")?, None, &sets)
    }
}

/// Registers of a requantizer that compares with thresholds: one for each bit of the code would be the most.
const FLOAT_STAGES: u32 = 5;

/// A product, the shapes of its operands, and the requantizer of its result.
#[derive(Clone, Debug)]
pub struct MultiplyEngineParameters {
    product: TensorProduct,
    /// Codes of a frame of s1.
    channels: usize,
    /// Number of times that a frame of s0 is longer.
    pixels: usize,
    multiplier: Config,
    requantizer: Config,
    /// Digest that distinguishes its name from those with other scales.
    digest: String,
}

const CHANNELS: Parameter = Parameter {
    name: "channels",
    kind: Kind::Integer { min: 2, max: 1 << 12 },
    default: Value::Integer(6),
    help: "codes of a frame of s1",
};
const PIXELS: Parameter = Parameter {
    name: "pixels",
    kind: Kind::Integer { min: 1, max: 1 << 16 },
    default: Value::Integer(1),
    help: "frames of s1's length in a frame of s0; each is multiplied by the same codes of s1",
};

impl UnitDefinition for MultiplyEngineParameters {
    const SUMMARY: &'static str = "product of two streams of int8 codes";
    const PARAMETERS: &'static [Parameter] = &[
        RUNTIME,
        CHANNELS,
        PIXELS,
        S0_SCALE,
        S1_SCALE,
        SCALE,
        S0_ZERO_POINT,
        S1_ZERO_POINT,
        ZERO_POINT,
        CLAMP_MIN,
        CLAMP_MAX,
        TARGET,
        DSP,
    ];
    const PRESETS: &'static [Preset] = &[
        Preset { name: "multiply_engine", sets: &["scale=21000"] },
        Preset { name: "multiply_engine_channels", sets: &["scale=21000", "pixels=4"] },
    ];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        let count = |parameter: &Parameter| values.count(parameter) as usize;
        let product = match values.choice(&RUNTIME) {
            JoinRuntime::Tflite => TensorProduct::Fixed(fixed_product(values).map_err(refused)?),
            JoinRuntime::Ort => TensorProduct::Float(float_product(values)?),
        };
        require_short_frame(&[count(&CHANNELS), count(&PIXELS)])?;
        let implementation = Implementation::parse_target(values);
        let own = Self::new(product, count(&CHANNELS), count(&PIXELS), implementation)?;
        Ok(Self { digest: settings_digest(values), ..own })
    }
}

/// Product described by the parameters (N7).
fn float_product(values: &Values) -> Result<FloatProduct, ConfigError> {
    require_no_clamp(values)?;
    let [left, right, output] = scales(values).map(|scale| scale as f32);
    let zero_point = values.integer(&ZERO_POINT) as i32;
    let scale = left * right / output;
    Ok(FloatProduct { zero_points: zero_points(values), scale, zero_point, offset: 0 })
}

/// Product described by the parameters (T8).
fn fixed_product(values: &Values) -> Result<Product, RescaleError> {
    let [left, right, output] = scales(values);
    let rescaler =
        Rescaler::new(Rule::Gemmlowp, 32, Scale::real(left * right / output)?, output_stage(values)?)?;
    Ok(Product { zero_points: zero_points(values), rescaler })
}

impl MultiplyEngineParameters {
    /// Parameters of the engine of a product of `pixels * channels` codes with `channels` codes.
    ///
    /// # Errors
    /// [`ConfigError::Combination`] for a rule without a requantizer, and for a single channel.
    pub(crate) fn new(
        product: TensorProduct,
        channels: usize,
        pixels: usize,
        implementation: Implementation,
    ) -> Result<Self, ConfigError> {
        if channels < 2 {
            return Err(ConfigError::Combination {
                reason: "the second operand has a single code".to_string(),
                fix: "multiply by at least 2 codes".to_string(),
            });
        }
        let [left, right] = product.zero_points().map(factor_bits);
        let requantizer = product.requantizer(left + right, implementation)?;
        let widths = [format!("a_bits={left}"), format!("b_bits={right}")];
        let sets: Vec<String> = widths.into_iter().chain(implementation.target_settings()).collect();
        let multiplier = Config::new(unit("multiplier")?, None, &sets)?;
        let digest = short_digest(&format!("{product:?} {channels} {pixels}"));
        Ok(Self { product, channels, pixels, multiplier, requantizer, digest })
    }
}

/// Bits of a code minus a zero point.
fn factor_bits(zero_point: i32) -> u32 {
    CODE.bits + u32::from(zero_point != 0)
}

/// The Verilog expression of a code minus a zero point.
fn factor(code: &str, zero_point: i32) -> String {
    let bits = factor_bits(zero_point);
    match zero_point {
        0 => code.to_string(),
        _ => format!("{} - {bits}'h{}", extended(code, CODE, bits), word(bits, [zero_point.into()])),
    }
}

impl UnitParameters for MultiplyEngineParameters {
    fn module_name(&self) -> String {
        format!("multiply_{}", self.digest)
    }

    fn ports(&self) -> Vec<Port> {
        let mut ports = clock_and_reset();
        let [s0, s1] = StreamNames::S_AXES;
        ports.extend(s0.input(CODE, false, "code of the first tensor"));
        ports.extend(s1.input(CODE, false, "code of the second tensor"));
        ports.extend(StreamNames::M_AXIS.output(CODE, true, "code of the product"));
        ports
    }

    fn behaviour(&self) -> Behaviour {
        let loading = if self.pixels > 1 { self.channels } else { 0 };
        let pipeline = self.requantizer.behaviour().latency() + 5;
        Behaviour::Stream { interval: loading + self.channels * self.pixels, latency: loading + pipeline }
    }

    fn facts(&self) -> Vec<String> {
        let Self { channels, pixels, .. } = self;
        let shapes = match pixels {
            1 => "One result a clock cycle: both streams are taken on the same edge.".to_string(),
            _ => format!(
                "{channels} codes of s1 are stored, then {pixels} x {channels} codes of s0 multiplied by them."
            ),
        };
        let equation = match self.product {
            TensorProduct::Fixed(_) => "(T8)",
            TensorProduct::Float(_) => "(N7)",
        };
        let product =
            format!("{equation} both codes minus their zero points, multiplied, rescaled, clamped.");
        vec![product, shapes]
    }

    fn context(&self) -> Json {
        let [left, right] = self.product.zero_points();
        let frame = self.channels * self.pixels;
        json!({
            "is_repeated": self.pixels > 1,
            "is_unsigned": self.product.is_unsigned(),
            "last_channel": self.channels - 1,
            "channel": counter(bits_of(self.channels - 1), self.channels - 1),
            "pixel": counter(bits_of(self.pixels - 1), self.pixels - 1),
            "left_msb": factor_bits(left) - 1,
            "right_msb": factor_bits(right) - 1,
            "product_msb": factor_bits(left) + factor_bits(right) - 1,
            "left": factor("left_code", left),
            "right": factor("right_code", right),
            "beat": counter(bits_of(frame - 1), frame - 1),
        })
    }

    fn parts(&self) -> Vec<(String, Config)> {
        vec![
            ("multiplier".to_string(), self.multiplier.clone()),
            ("requantizer".to_string(), self.requantizer.clone()),
        ]
    }

    fn frame_function(&self) -> Option<Box<dyn FrameFunction>> {
        Some(Box::new(self.clone()))
    }
}

impl FrameFunction for MultiplyEngineParameters {
    fn input_lengths(&self) -> Vec<usize> {
        vec![self.pixels * self.channels, self.channels]
    }

    fn output_lengths(&self) -> Vec<usize> {
        vec![self.pixels * self.channels]
    }

    fn frame(&self, inputs: &[Vec<Beat>]) -> Vec<Vec<Beat>> {
        let [left, right] = [0, 1].map(|index| codes(&inputs[index]));
        let right = broadcast(&right, &[1, self.channels], &[self.pixels, self.channels]);
        vec![beats(&self.product.apply(&left, &right))]
    }
}
