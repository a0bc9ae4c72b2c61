//! Parameters of the convolution engine as text, and the layer that they describe.

use std::borrow::Cow;
use std::sync::Arc;

use crate::arithmetic::network::{Convolution, Depthwise, Padding, Products, Window, WindowAxis};
use crate::arithmetic::quantizer::CodeFormat;
use crate::arithmetic::rescale::{OutputStage, Rescaler, Rule, Scale};
use crate::catalogue::requantization::LARGEST_BINARY64;
use crate::circuit::engine::{Fold, ProductLayer};
use crate::unit::{ConfigError, DSP, Integer, Kind, Matrix, Parameter, Preset, TARGET, Value, Values};

/// Maximum number of output channels.
const CHANNELS: usize = 1024;
const SIDE: Kind = Kind::Integer { min: 1, max: 32 };
const CODE: Kind = Kind::Integer { min: -128, max: 127 };

pub(crate) const HEIGHT: Parameter =
    Parameter { name: "height", kind: SIDE, default: Value::Integer(6), help: "rows of the input" };
pub(crate) const WIDTH: Parameter =
    Parameter { name: "width", kind: SIDE, default: Value::Integer(5), help: "columns of the input" };
pub(crate) const KERNEL: Parameter = Parameter {
    name: "kernel",
    kind: Kind::Integer { min: 1, max: 7 },
    default: Value::Integer(3),
    help: "rows and columns of the window",
};
pub(crate) const STRIDE: Parameter = Parameter {
    name: "stride",
    kind: Kind::Integer { min: 1, max: 4 },
    default: Value::Integer(1),
    help: "rows and columns from one window to the next",
};
const DILATION: Parameter = Parameter {
    name: "dilation",
    kind: Kind::Integer { min: 1, max: 3 },
    default: Value::Integer(1),
    help: "rows and columns from one tap to the next",
};
pub(crate) const PADDING: Parameter = Parameter {
    name: "padding",
    kind: Kind::Choice(&["same", "valid"]),
    default: Value::Word("same"),
    help: "same: as many outputs as inputs over stride; valid: windows inside the input",
};
const DEPTHWISE: Parameter = Parameter {
    name: "depthwise",
    kind: Kind::Flag,
    default: Value::Flag(false),
    help: "each output channel reads one input channel",
};
const WEIGHTS: Parameter = Parameter {
    name: "weights",
    kind: Kind::Matrix,
    default: Value::Matrix(Matrix::fixed(36, &DEFAULT_WEIGHTS)),
    help: "one row per output channel, in the order window rows, window columns, input channels; depthwise: without input channels",
};
const WEIGHT_BITS: Parameter = Parameter {
    name: "weight_bits",
    kind: Kind::Integer { min: 2, max: 8 },
    default: Value::Integer(8),
    help: "width of a weight in bits, two's complement",
};
const BIAS: Parameter = Parameter {
    name: "bias",
    kind: Kind::Source { min: i32::MIN as i64, max: i32::MAX as i64, words: &[], channels: CHANNELS },
    default: Value::List(Cow::Borrowed(&[-512, 1023, 77, 0, -3000, 12, 1500, -1])),
    help: "bias per output channel, or one for all",
};
const INPUT_ZERO_POINT: Parameter = Parameter {
    name: "input_zero_point",
    kind: CODE,
    default: Value::Integer(-7),
    help: "code of real zero at the input",
};
const RULE: Parameter = Parameter {
    name: "rule",
    kind: Kind::Choice(&["gemmlowp", "ruy", "single", "f32", "f64"]),
    default: Value::Word("gemmlowp"),
    help: "rounding rule, by its name in docs/arithmetic.md",
};
const MULTIPLIER: Parameter = Parameter {
    name: "multiplier",
    kind: Kind::Source { min: 0, max: LARGEST_BINARY64, words: &[], channels: CHANNELS },
    default: Value::List(Cow::Borrowed(&[
        1_185_020_333,
        1_073_741_824,
        2_147_483_647,
        1_395_864_371,
        1_932_735_283,
        1_181_116_007,
        0,
        1_610_612_736,
    ])),
    help: "Q0.31 multiplier per output channel, or one for all; for f32 the bit pattern of a finite binary32, for f64 of a binary64",
};
const SHIFT: Parameter = Parameter {
    name: "shift",
    kind: Kind::Source { min: -31, max: 30, words: &[], channels: CHANNELS },
    default: Value::List(Cow::Borrowed(&[-8, -7, -9, -8, -7, -6, 0, -8])),
    help: "left shift, negative to shift right, per output channel or one for all; for f32 and f64 0",
};
const ZERO_POINT: Parameter = Parameter {
    name: "zero_point",
    kind: CODE,
    default: Value::Integer(5),
    help: "code of real zero at the output",
};
pub(crate) const CLAMP_MIN: Parameter =
    Parameter { name: "clamp_min", kind: CODE, default: Value::Integer(-128), help: "smallest output code" };
pub(crate) const CLAMP_MAX: Parameter =
    Parameter { name: "clamp_max", kind: CODE, default: Value::Integer(127), help: "largest output code" };
const INPUTS: Parameter = Parameter {
    name: "inputs",
    kind: Kind::Integer { min: 1, max: 64 },
    default: Value::Integer(2),
    help: "maximum number of input codes read at once; a divisor of the input channels is used",
};
pub(crate) const OUTPUTS: Parameter = Parameter {
    name: "outputs",
    kind: Kind::Integer { min: 1, max: 64 },
    default: Value::Integer(4),
    help: "maximum number of output channels computed at once; a divisor of their number is used",
};

const SERIAL: Parameter = Parameter {
    name: "serial",
    kind: Kind::Flag,
    default: Value::Flag(false),
    help: "requantize a code in 9 clock cycles, with fewer LUTs, in a layer with a scale per channel",
};

pub(super) const ALL: &[Parameter] = &[
    HEIGHT,
    WIDTH,
    KERNEL,
    STRIDE,
    DILATION,
    PADDING,
    DEPTHWISE,
    WEIGHTS,
    WEIGHT_BITS,
    BIAS,
    INPUT_ZERO_POINT,
    RULE,
    MULTIPLIER,
    SHIFT,
    ZERO_POINT,
    CLAMP_MIN,
    CLAMP_MAX,
    INPUTS,
    OUTPUTS,
    SERIAL,
    TARGET,
    DSP,
];

pub(super) const PRESETS: &[Preset] = &[
    Preset { name: "convolution_3x3", sets: &[] },
    Preset {
        name: "depthwise_3x3_stride2",
        sets: &[
            "depthwise=true",
            "height=7",
            "stride=2",
            "weights=12,-7,127,-128,5,33,-90,64,1;-1,2,-3,4,-5,6,-7,8,-9;100,90,80,70,60,50,40,30,20;0,0,1,0,-128,0,1,0,0",
            "bias=300,-20,-40000,7",
            "multiplier=1185020333,2040109466,1073741824,1503238554",
            "shift=-6,-3,-7,-5",
            "clamp_min=5",
            "outputs=2",
        ],
    },
    Preset { name: "convolution_3x3_serial", sets: &["serial=true", "outputs=2"] },
    Preset {
        name: "dense_16x4",
        sets: &[
            "height=1",
            "width=1",
            "kernel=1",
            "weights=7,-3,1,-8,2,5,-6,4,0,-1,3,-7,6,-2,-4,1;-8,-8,-8,-8,7,7,7,7,-8,-8,-8,-8,7,7,7,7;1,0,-1,0,1,0,-1,0,1,0,-1,0,1,0,-1,0;\
             3,1,4,1,5,-7,2,6,-5,3,5,-8,-7,7,-3,2",
            "weight_bits=4",
            "bias=100,-100,0,17",
            "rule=ruy",
            "multiplier=1717986918",
            "shift=-4",
            "inputs=4",
            "outputs=2",
        ],
    },
];

/// Pseudo-random weights of eight output channels, four input channels and 3 x 3 taps.
const DEFAULT_WEIGHTS: [i64; 8 * 36] = pseudo_random();

/// Weights from a linear congruential generator.
const fn pseudo_random<const N: usize>() -> [i64; N] {
    let mut numbers = [0; N];
    let (mut state, mut index) = (1u64, 0);
    while index < N {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        numbers[index] = (state >> 56) as i64 - 128;
        index += 1;
    }
    numbers
}

fn refusal(reason: String, fix: impl Into<String>) -> ConfigError {
    ConfigError::Combination { reason, fix: fix.into() }
}

/// Largest legal fold.
pub(super) fn most(values: &Values) -> Fold {
    Fold { inputs: values.count(&INPUTS) as usize, outputs: values.count(&OUTPUTS) as usize }
}

/// Whether the requantizer is serial.
pub(super) fn is_serial(values: &Values) -> bool {
    values.flag(&SERIAL)
}

/// Layer described by the parameters.
///
/// # Errors
/// [`ConfigError::Combination`] for a window that does not fit the input, weights that do not fit the window or
/// their width, and lists that do not have a number for each output channel.
pub(super) fn layer(values: &Values) -> Result<ProductLayer, ConfigError> {
    let window = window(values)?;
    let weights = values.matrix(&WEIGHTS);
    let weight = Integer::signed(values.count(&WEIGHT_BITS));
    if let Some(&wide) = weights.rows().flatten().find(|&&number| !weight.holds(number.into())) {
        return Err(refusal(
            format!("the weight {wide} does not fit weight_bits={}", weight.bits),
            format!("use weights of {}..={}", weight.min(), weight.max()),
        ));
    }
    let outputs = weights.rows().len();
    let products = |weights: Vec<i8>| {
        Ok::<_, ConfigError>(Products {
            weights: weights.into(),
            weight_bits: weight.bits,
            biases: biases(values, outputs)?,
            input_zero_point: values.integer(&INPUT_ZERO_POINT) as i32,
            rescaler: rescaler(values, outputs)?.into(),
        })
    };
    let (columns, taps) = (weights.columns(), window.taps());
    let code = |&number: &i64| number as i8;
    if values.flag(&DEPTHWISE) {
        if columns != taps {
            return Err(refusal(
                format!("weights has {columns} columns, but the window has {taps} taps"),
                "give a column for each tap",
            ));
        }
        let by_tap = (0..taps).flat_map(|tap| weights.rows().map(move |row| code(&row[tap])));
        let products = products(by_tap.collect())?;
        return Ok(ProductLayer::Depthwise(Depthwise { window, multiplier: 1, products }));
    }
    if !columns.is_multiple_of(taps) {
        return Err(refusal(
            format!("weights has {columns} columns, not a multiple of the {taps} taps of the window"),
            "give a column for each tap and input channel, or set kernel",
        ));
    }
    let products = products(weights.rows().flatten().map(code).collect())?;
    Ok(ProductLayer::Convolution(Convolution { window, input_channels: columns / taps, groups: 1, products }))
}

fn window(values: &Values) -> Result<Window, ConfigError> {
    let padding = if values.word(&PADDING) == "same" { Padding::Same } else { Padding::Valid };
    let axis = |length: &Parameter| {
        let count = |parameter: &Parameter| values.count(parameter) as usize;
        let axis = WindowAxis::new(count(length), count(&KERNEL), count(&STRIDE), count(&DILATION), padding);
        axis.ok_or_else(|| {
            refusal(
                format!("the window is longer than {}={}", length.name, values.count(length)),
                "set padding=same, or a smaller kernel or dilation",
            )
        })
    };
    Ok(Window { rows: axis(&HEIGHT)?, columns: axis(&WIDTH)? })
}

/// The numbers of a parameter: one for each output channel, or one for all.
fn numbers(values: &Values, parameter: &Parameter, outputs: usize) -> Result<Vec<i64>, ConfigError> {
    match values.value(parameter.name) {
        Value::Integer(number) => Ok(vec![number; outputs]),
        Value::List(numbers) if numbers.len() == outputs => Ok(numbers.into_owned()),
        Value::List(numbers) => Err(refusal(
            format!("{} has {} numbers for {outputs} output channels", parameter.name, numbers.len()),
            "give one number per output channel, or one for all",
        )),
        other => panic!("parameter '{}' is {other}, no number", parameter.name),
    }
}

fn biases(values: &Values, outputs: usize) -> Result<Arc<[i32]>, ConfigError> {
    Ok(numbers(values, &BIAS, outputs)?.into_iter().map(|bias| bias as i32).collect())
}

fn rescaler(values: &Values, outputs: usize) -> Result<Rescaler, ConfigError> {
    let rule: Rule = values.word(&RULE).parse().expect("the words are names of rules");
    let (multipliers, shifts) = (numbers(values, &MULTIPLIER, outputs)?, numbers(values, &SHIFT, outputs)?);
    let failed = |error: crate::arithmetic::rescale::RescaleError| {
        refusal(error.to_string(), "change rule, multiplier, shift or clamp")
    };
    let scale = |(&multiplier, &shift): (&i64, &i64)| match (rule, shift) {
        (Rule::F32, 0) if multiplier < 0x7f80_0000 => Ok(match f32::from_bits(multiplier as u32) {
            0.0 => Scale::fixed(0, 0).map_err(failed)?,
            real => Scale::real(real.into()).map_err(failed)?,
        }),
        (Rule::F32, _) => Err(refusal(
            format!("multiplier={multiplier} and shift={shift} are not a finite binary32 number and shift 0"),
            "for f32 set shift=0 and the bit pattern of a finite binary32",
        )),
        (Rule::F64, 0) => Ok(match f64::from_bits(multiplier as u64) {
            0.0 => Scale::fixed(0, 0).map_err(failed)?,
            real => Scale::real(real).map_err(failed)?,
        }),
        (Rule::F64, _) => Err(refusal(
            format!("shift={shift} has no effect: the multiplier of f64 is a binary64 number"),
            "set shift=0",
        )),
        _ => Scale::fixed(multiplier, shift as i32).map_err(failed),
    };
    let scales: Vec<Scale> = multipliers.iter().zip(&shifts).map(scale).collect::<Result<_, _>>()?;
    let int8 = CodeFormat::new(8, true).expect("8 bits");
    let stage = OutputStage::new(int8, values.integer(&ZERO_POINT) as i32).map_err(failed)?;
    let (min, max) = (values.integer(&CLAMP_MIN) as i32, values.integer(&CLAMP_MAX) as i32);
    let stage = stage.clamped(min, max).map_err(failed)?;
    Rescaler::per_channel(rule, 32, &scales, &[stage]).map_err(failed)
}
