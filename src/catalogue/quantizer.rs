//! Unit `quantizer`: binary32 to integer codes.

use serde_json::{Value as Json, json};

use crate::circuit;
use crate::circuit::verilog::{as_type, extended};
use crate::circuit::{Body, DelayLine, Factor, pipeline, split_product};
use crate::unit::{
    ARCH, Arch, Behaviour, ConfigError, DSP, Float, Implementation, Integer, Kind, OBJECTIVE, Parameter,
    Port, Preset, TARGET, Target, UnitDefinition, UnitParameters, Value, Values,
};

/// `q = clamp(round(x * inverse_scale) + zero_point)`.
#[derive(Clone, Copy, Debug)]
pub struct QuantizerParameters {
    /// The type of a code.
    pub code: Integer,
    /// Registers between operands and code.
    pub stages: u32,
    /// How the product of the significands is built.
    pub implementation: Implementation,
}

/// Registers other than those of the product: operands, aligned product, rounding, sum, code.
const OTHER_STAGES: u32 = 5;

/// Rows of a product of two significands that add one bit each.
const ROWS: u32 = SIGNIFICAND.bits - 1;

/// The type of a significand, with its hidden bit.
const SIGNIFICAND: Integer = Integer { bits: Float::F32.fraction_bits + 1, signed: false };

const BITS: Parameter = Parameter {
    name: "bits",
    kind: Kind::Integer { min: 2, max: 16 },
    default: Value::Integer(8),
    help: "width of a code in bits",
};

const SIGNED: Parameter = Parameter {
    name: "signed",
    kind: Kind::Flag,
    default: Value::Flag(true),
    help: "codes are two's complement",
};

const STAGES: Parameter = Parameter {
    name: "stages",
    kind: Kind::Integer { min: OTHER_STAGES as i64 + 1, max: (OTHER_STAGES + ROWS) as i64 },
    default: Value::Integer(17),
    help: "registers between operands and code",
};

impl UnitDefinition for QuantizerParameters {
    const SUMMARY: &'static str = "binary32 to integer codes by the reciprocal of the scale";

    const PARAMETERS: &'static [Parameter] = &[BITS, SIGNED, STAGES, TARGET, ARCH, OBJECTIVE, DSP];

    const PRESETS: &'static [Preset] = &[
        Preset { name: "quantizer_int8", sets: &[] },
        Preset { name: "quantizer_uint8", sets: &["signed=false"] },
        Preset { name: "quantizer_int4", sets: &["bits=4"] },
    ];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        Ok(Self {
            code: values.integer_type(&BITS, &SIGNED),
            stages: values.count(&STAGES),
            implementation: Implementation::parse(values)?,
        })
    }
}

impl UnitParameters for QuantizerParameters {
    fn module_name(&self) -> String {
        format!("quantizer_f32_{}_p{}", self.code.short(), self.stages)
    }

    fn ports(&self) -> Vec<Port> {
        let code = self.code;
        let mut ports = pipeline::control().to_vec();
        ports.push(Port::input("x", Float::F32, "real number"));
        ports.push(Port::input("inverse_scale", Float::F32, "1 / scale, rounded to binary32"));
        ports.push(Port::input("zero_point", code, "code of real zero"));
        ports.push(pipeline::valid_out());
        ports.push(Port::register("q", code, "code of x"));
        ports
    }

    fn behaviour(&self) -> Behaviour {
        pipeline::behaviour(self.stages)
    }

    fn facts(&self) -> Vec<String> {
        let mut facts = vec![
            pipeline::fact(self.stages),
            "The product is rounded to binary32, then to an integer, both to nearest and ties to even."
                .into(),
            format!("Codes saturate at {} and {}; NaN becomes {0}.", self.code.min(), self.code.max()),
        ];
        facts.extend(self.implementation.fact(self.structure()));
        facts
    }

    fn product_arch(&self) -> Option<Arch> {
        Some(self.structure())
    }

    fn context(&self) -> Json {
        let bits = self.code.bits;
        let mut body = Body::enabled();
        let product = self.product(&mut body);
        body.blank_line();
        let sum_bits = self.sum_bits();
        let product_msb = 2 * SIGNIFICAND.bits - 1;
        // Bits of the product that may be above its half, the half included.
        let head_lsb = product_msb - bits - 1;
        let shift_bits = u32::BITS - (bits + 2).leading_zeros();
        json!({
            "pipeline": pipeline::context(self.stages),
            "statements": body.into_statements(),
            "product": product,
            "lines": self.lines(shift_bits),
            "bits": bits,
            "code_msb": bits - 1,
            "saturating_exponent": 2 * Float::F32.bias() + bits - 1,
            "shift_msb": shift_bits - 1,
            "shift_bits": shift_bits,
            "head_msb": bits + 1,
            "head_lsb": head_lsb,
            "between_msb": head_lsb - 1,
            "fraction_msb": bits,
            "fraction_bits": bits + 1,
            "sum_msb": sum_bits - 1,
            "carry_padding": format!("{}'d0", sum_bits - 1),
            "zero_point": extended("zero_point_then", self.code, sum_bits),
            "sign_bits": sum_bits - bits,
            "min": self.sum_literal(self.code.min()),
            "max": self.sum_literal(self.code.max()),
            "min_pattern": self.pattern(self.code.min()),
            "max_pattern": self.pattern(self.code.max()),
        })
    }
}

impl QuantizerParameters {
    /// Adds the product of the nets `left` and `right` to the body, all but its last register.
    fn product(&self, body: &mut Body) -> String {
        let factors = ["left", "right"].map(|name| Factor::new(name, SIGNIFICAND));
        let stages = self.product_stages();
        if self.is_split() {
            let [left, right] = factors.map(|factor| factor.net);
            return split_product(body, left, right, stages);
        }
        circuit::product(body, self.structure(), factors, stages)
    }

    fn structure(&self) -> Arch {
        self.implementation.product(SIGNIFICAND, SIGNIFICAND, self.stages - OTHER_STAGES)
    }

    /// Whether the product is the sum of four DSP blocks, with registers that synthesis for ECP5 would not place.
    fn is_split(&self) -> bool {
        self.structure() == Arch::Dsp && self.implementation.target == Target::Ecp5
    }

    /// Registers of the product, its last included.
    ///
    /// Further registers would hold the operands, which are wider than the code; they hold the code.
    fn product_stages(&self) -> u32 {
        let most = match self.structure() {
            Arch::Dsp if self.is_split() => 4,
            Arch::Inferred | Arch::Dsp => 3,
            Arch::BoothDadda => 7,
            Arch::BoothRows => ROWS / 2 + 2,
            Arch::MuxRows | Arch::Ccu2cRows => ROWS,
        };
        most.min(self.stages - OTHER_STAGES)
    }

    /// The shift registers beside the datapath.
    fn lines(&self, shift_bits: u32) -> Json {
        let product_stages = self.product_stages();
        // The operands have a register before those of the product.
        let aligned = product_stages + 1;
        let negative = DelayLine::new("negative_line", 1, aligned + 3);
        let zero_point = DelayLine::new("zero_point_line", self.code.bits, aligned + 2);
        let shift = DelayLine::new("shift_line", shift_bits, product_stages);
        let large = DelayLine::new("large_line", 1, product_stages);
        let saturated = DelayLine::new("saturated_line", 1, 3);
        let is_saturated = format!("{} | aligned[{}]", large.last(), self.code.bits + 1);
        let idle = self.stages - OTHER_STAGES - product_stages;
        let code = (idle > 0).then(|| DelayLine::new("code_line", self.code.bits, idle));
        json!({
            "negative": negative.context("(x[31] ^ inverse_scale[31]) | is_nan"),
            "negative_at_product": negative.tap(aligned),
            "negative_at_rounding": negative.tap(aligned + 1),
            "negative_at_sum": negative.tap(aligned + 2),
            "negative_at_code": negative.last(),
            "zero_point": zero_point.context("zero_point"),
            "zero_point_at_sum": zero_point.last(),
            "shift": shift.context("shift"),
            "shift_at_product": shift.last(),
            "large": large.context("is_special | depth[9]"),
            "saturated": saturated.context(&is_saturated),
            "saturated_at_code": saturated.last(),
            "code": code.map(|line| line.context("clamped")),
            "q": as_type(&code.map_or("clamped".to_string(), DelayLine::last), self.code.signed),
        })
    }

    /// Width of the sum of the rounded product and the zero point.
    fn sum_bits(&self) -> u32 {
        self.code.bits + 2
    }

    /// A limit of the code as a number of the width of the sum.
    fn sum_literal(&self, value: i128) -> String {
        let sum_bits = self.sum_bits();
        if value < 0 { format!("-{sum_bits}'sd{}", -value) } else { format!("{sum_bits}'sd{value}") }
    }

    /// The bits of a code.
    fn pattern(&self, code: i128) -> String {
        format!("{}'d{}", self.code.bits, self.code.encode(code))
    }
}
