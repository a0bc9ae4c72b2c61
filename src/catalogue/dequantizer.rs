//! Unit `dequantizer`: integer codes or accumulators to binary32.

use serde_json::{Value as Json, json};

use crate::circuit::float::{
    self, ROUNDING_STEPS, RoundedProduct, SIGNIFICAND_BITS, Steps, SumStages, normalize, round, shift_amounts,
};
use crate::circuit::verilog::extended;
use crate::circuit::{
    self, Body, DelayLine, Factor, Net, PipelinePart, distribute, pipeline, product_steps, split_product,
    split_steps,
};
use crate::unit::{
    ARCH, Arch, Behaviour, ConfigError, DSP, Float, Implementation, Integer, Kind, OBJECTIVE, Parameter,
    Port, Preset, TARGET, Target, UnitDefinition, UnitParameters, Value, Values,
};

/// `y = (q - zero_point) * scale`, or `y = acc * scale + bias`.
#[derive(Clone, Copy, Debug)]
pub struct DequantizerParameters {
    /// The type of `q`, or of `acc`.
    pub input: Integer,
    /// Whether a bias is added to the product, instead of subtracting a zero point.
    pub has_bias: bool,
    /// Registers between operands and result.
    pub stages: u32,
    /// How the product is built.
    pub implementation: Implementation,
}

/// The type of a significand, with its hidden bit.
const SIGNIFICAND: Integer = Integer { bits: SIGNIFICAND_BITS, signed: false };

/// Fewest registers: operands, product, normalized product, rounded product.
const LEAST_STAGES: u32 = 4;

/// Fewest registers with a bias: one for each part of the sum in addition.
const LEAST_STAGES_WITH_BIAS: u32 = LEAST_STAGES + SumStages::PARTS.len() as u32;

/// Fewest bits of an integer.
const BITS_MIN: u32 = 2;

const BITS: Parameter = Parameter {
    name: "bits",
    kind: Kind::Integer { min: BITS_MIN as i64, max: 32 },
    default: Value::Integer(8),
    help: "width of q or acc in bits",
};

const SIGNED: Parameter = Parameter {
    name: "signed",
    kind: Kind::Flag,
    default: Value::Flag(true),
    help: "q or acc is two's complement",
};

const BIAS: Parameter = Parameter {
    name: "bias",
    kind: Kind::Flag,
    default: Value::Flag(false),
    help: "acc * scale + bias instead of (q - zero_point) * scale",
};

const STAGES: Parameter = Parameter {
    name: "stages",
    kind: Kind::Integer { min: LEAST_STAGES as i64, max: 48 },
    default: Value::Integer(11),
    help: "registers between operands and result",
};

impl UnitDefinition for DequantizerParameters {
    const SUMMARY: &'static str = "integer codes or accumulators to binary32";

    const PARAMETERS: &'static [Parameter] = &[BITS, SIGNED, BIAS, STAGES, TARGET, ARCH, OBJECTIVE, DSP];

    const PRESETS: &'static [Preset] = &[
        Preset { name: "dequantizer_int8", sets: &[] },
        Preset { name: "dequantizer_uint8", sets: &["signed=false"] },
        Preset { name: "dequantizer_int32", sets: &["bits=32", "bias=true", "stages=33"] },
    ];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        let input = values.integer_type(&BITS, &SIGNED);
        if !Integer::signed(32).holds(input.max()) {
            return Err(ConfigError::Combination {
                reason: format!("{} does not fit the 32-bit integers of the runtimes", input.short()),
                fix: "set bits to at most 31, or signed=true".into(),
            });
        }
        let (has_bias, stages) = (values.flag(&BIAS), values.count(&STAGES));
        if has_bias && stages < LEAST_STAGES_WITH_BIAS {
            return Err(ConfigError::Combination {
                reason: format!("stages={stages} is too few for a product and the sum of bias=true"),
                fix: format!("set stages to at least {LEAST_STAGES_WITH_BIAS}, or bias=false"),
            });
        }
        Ok(Self { input, has_bias, stages, implementation: Implementation::parse(values)? })
    }
}

impl UnitParameters for DequantizerParameters {
    fn module_name(&self) -> String {
        let bias = if self.has_bias { "_bias" } else { "" };
        format!("dequantizer_{}_f32{bias}_p{}", self.input.short(), self.stages)
    }

    fn ports(&self) -> Vec<Port> {
        let mut ports = pipeline::control().to_vec();
        let scale = Port::input("scale", Float::F32, "real value of one step");
        if self.has_bias {
            ports.push(Port::input("acc", self.input, "accumulator"));
            ports.push(scale);
            ports.push(Port::input("bias", Float::F32, "added after the product was rounded"));
        } else {
            ports.push(Port::input("q", self.input, "code"));
            ports.push(Port::input("zero_point", self.input, "code of real zero"));
            ports.push(scale);
        }
        ports.push(pipeline::valid_out());
        ports.push(Port::register("y", Float::F32, "real number"));
        ports
    }

    fn behaviour(&self) -> Behaviour {
        pipeline::behaviour(self.stages)
    }

    fn facts(&self) -> Vec<String> {
        let rounding = if self.has_bias {
            "Product and sum are each rounded to nearest, ties to even; nothing is fused."
        } else {
            "The exact product is rounded once: to nearest, ties to even."
        };
        let mut facts = vec![
            pipeline::fact(self.stages),
            rounding.into(),
            "A result that is no number is 7fc00000.".into(),
        ];
        facts.extend(self.implementation.fact(self.structure()));
        facts
    }

    fn product_arch(&self) -> Option<Arch> {
        Some(self.structure())
    }

    fn context(&self) -> Json {
        let Integer { bits, signed } = self.input;
        let stages = self.part_stages();
        let lines = Lines::new(&stages);
        let mut body = Body::enabled();
        let y = self.datapath(&mut body, &stages, lines);
        let idle = (stages.idle > 0).then(|| DelayLine::new("idle_line", 32, stages.idle));
        json!({
            "pipeline": pipeline::context(self.stages),
            "bias": self.has_bias,
            "bits": bits,
            "left_msb": bits - 1,
            "carry_padding": format!("{}'d0", bits - 1),
            "below_zero": if signed { format!("acc[{}]", bits - 1) } else { "1'b0".to_string() },
            "difference_msb": bits,
            "minuend": extended("q", self.input, bits + 1),
            "subtrahend": extended("zero_point", self.input, bits + 1),
            "lines": lines.context(),
            "statements": body.into_statements(),
            "idle": idle.map(|line| line.context(&y)),
            "result": idle.map_or(y.clone(), DelayLine::last),
        })
    }
}

/// Registers of the parts after the operands.
struct PartStages {
    product: u32,
    normalize: u32,
    round: u32,
    sum: Option<SumStages>,
    /// Registers behind the result, which is the narrowest value.
    idle: u32,
}

/// The shift registers beside product and rounding.
#[derive(Clone, Copy)]
struct Lines {
    negative: DelayLine,
    is_nan: DelayLine,
    exponent: DelayLine,
    bias: DelayLine,
}

impl Lines {
    fn new(stages: &PartStages) -> Self {
        let normal = 1 + stages.product + stages.normalize;
        let rounded = normal + stages.round - 1;
        let at_sum = rounded + 1;
        let last = if stages.sum.is_some() { at_sum } else { rounded };
        Self {
            negative: DelayLine::new("negative_line", 1, last),
            is_nan: DelayLine::new("nan_line", 1, last - 1),
            exponent: DelayLine::new("exponent_line", 8, normal),
            bias: DelayLine::new("bias_line", 32, at_sum),
        }
    }

    fn context(self) -> Json {
        json!({
            "negative": self.negative.context("below_zero ^ scale[31]"),
            "nan": self.is_nan.context("is_nan_scale | (is_special_scale & ~|left)"),
            "exponent": self.exponent.context("{scale[30:24], scale[23] | ~scale_normal}"),
            "bias": self.bias.context("bias"),
        })
    }
}

impl DequantizerParameters {
    /// Adds everything behind the first registers to the body; returns the result, without its register.
    ///
    /// A scale is a multiple of the last place of its exponent, and so is its product with an integer: only a product
    /// of more than 24 bits is rounded, and it is shifted by as many bits as the integer has, at most.
    fn datapath(&self, body: &mut Body, stages: &PartStages, lines: Lines) -> String {
        let product = self.product(body, stages.product);
        let mut magnitude = self.magnitude_of(body, &product);
        body.insert_registers(&mut [&mut magnitude]);
        body.comment(&[
            "The leading one moves to the top. The product of a scale and an integer is a multiple of the",
            "last place of the scale: bits are lost only if it has more than 24, also if it is subnormal.",
        ]);
        let amounts = shift_amounts(self.extra_bits());
        let mut steps = Steps::new(amounts.len() as u32, stages.normalize);
        let mut normalized = normalize(body, &mut steps, "", magnitude, &amounts, None);
        body.insert_registers(&mut normalized.live());
        let exponent = exponent(&lines.exponent.last(), &amounts, &normalized.shifts);
        let mut steps = Steps::new(ROUNDING_STEPS, stages.round);
        let (is_beyond, finite) = round(body, &mut steps, "", normalized, (&exponent, 9));
        let [is_nan, negative] = [lines.is_nan, lines.negative].map(DelayLine::last);
        let Some(sum_stages) = stages.sum else {
            return float::pattern(body, &is_nan, &negative, Some(&is_beyond.text()), &finite);
        };
        let value = format!("{} ? {} : {}", is_beyond.text(), float::INFINITY, finite.text());
        let mut magnitude = body.wire("product", 31, &value);
        body.insert_registers(&mut [&mut magnitude]);
        let product = RoundedProduct {
            magnitude,
            negative: body.wire("negative", 1, &negative),
            is_nan: body.wire("is_nan", 1, &is_nan),
        };
        let addend = body.wire("addend", 32, &lines.bias.last());
        float::sum(body, sum_stages, product, addend)
    }

    /// Adds the product of the nets `left` and `right` to the body, all but its last register.
    fn product(&self, body: &mut Body, stages: u32) -> String {
        let factors =
            [("left", self.magnitude()), ("right", SIGNIFICAND)].map(|(name, of)| Factor::new(name, of));
        if self.is_split() {
            let [left, right] = factors.map(|factor| factor.net);
            return split_product(body, left, right, stages);
        }
        circuit::product(body, self.structure(), factors, stages)
    }

    /// Bits of a product above those of a significand.
    ///
    /// Only the least signed accumulator needs the highest bit of its magnitude, and it is a power of two. The
    /// normalization drops at least one bit.
    fn extra_bits(&self) -> u32 {
        let Integer { bits, signed } = self.input;
        if self.has_bias && signed { (bits - 1).max(BITS_MIN) } else { bits }
    }

    /// The bits of a product that can be set.
    fn magnitude_of(&self, body: &mut Body, product: &str) -> Net {
        let bits = self.extra_bits() + SIGNIFICAND_BITS;
        let all = self.input.bits + SIGNIFICAND_BITS;
        if bits == all {
            return body.wire("magnitude", bits, product);
        }
        let whole = body.wire("whole_product", all, product);
        body.wire("unused", 1, &format!("&{{1'b0, {}}}", whole.bit(bits)));
        body.wire("magnitude", bits, &whole.slice(bits - 1, 0))
    }

    /// The type of the magnitude of `q - zero_point`, or of `acc`.
    fn magnitude(&self) -> Integer {
        Integer::unsigned(self.input.bits)
    }

    fn structure(&self) -> Arch {
        // The number of registers decides only between rows and a tree: with as many as rows would get.
        let stages = self.distributed(Arch::MuxRows)[0];
        self.implementation.product(self.magnitude(), SIGNIFICAND, stages)
    }

    /// Whether the product is a sum of DSP blocks, with registers that synthesis for ECP5 would not place.
    fn is_split(&self) -> bool {
        self.structure() == Arch::Dsp && self.implementation.target == Target::Ecp5
    }

    /// Registers of each part if the product has this structure.
    fn distributed(&self, arch: Arch) -> Vec<u32> {
        let steps = if arch == Arch::Dsp && self.implementation.target == Target::Ecp5 {
            // The operands get registers of their own beside the blocks.
            split_steps(self.input.bits) + 1
        } else {
            product_steps(arch, self.magnitude(), SIGNIFICAND)
        };
        let levels = shift_amounts(self.extra_bits()).len() as u32;
        let mut parts = vec![
            PipelinePart { steps, delay: 3 },
            PipelinePart { steps: levels, delay: 3 },
            PipelinePart { steps: ROUNDING_STEPS, delay: 4 },
        ];
        if self.has_bias {
            parts.extend(SumStages::PARTS);
        }
        distribute(&parts, self.stages - 1)
    }

    fn part_stages(&self) -> PartStages {
        let stages = self.distributed(self.structure());
        let idle = self.stages - 1 - stages.iter().sum::<u32>();
        let sum = self.has_bias.then(|| SumStages::new(&stages[3..]));
        PartStages { product: stages[0], normalize: stages[1], round: stages[2], sum, idle }
    }
}

/// The exponent of a product with a hidden bit: that of the scale, more by every bit that no level shifted by.
///
/// An amount may occur twice.
fn exponent(scale: &str, amounts: &[u32], shifts: &[Net]) -> String {
    let mut addends = [vec!["1'b0".to_string(); 6], vec!["1'b0".to_string(); 6]];
    let mut before = 0;
    for (&amount, shift) in amounts.iter().zip(shifts) {
        let second = usize::from(amount == before);
        addends[second][amount.trailing_zeros() as usize] = format!("~{}", shift.text());
        before = amount;
    }
    let mut sum = format!("{{1'b0, {scale}}}");
    for mut bits in addends {
        while bits.last().is_some_and(|bit| bit == "1'b0") {
            bits.pop();
        }
        if !bits.is_empty() {
            let padding = 9 - bits.len();
            bits.reverse();
            sum += &format!(" + {{{padding}'d0, {}}}", bits.join(", "));
        }
    }
    sum
}
