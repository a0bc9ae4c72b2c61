//! Unit `mx_dot`: dot product of two blocks of MX, one per cycle.

use serde_json::{Value as Json, json};

use super::fp8::product_bits;
use super::template_context::merged;
use crate::circuit::float::{BlockSum, block_sum};
use crate::circuit::{Body, pipeline};
use crate::unit::{
    Behaviour, Choice, ConfigError, Float, Integer, Kind, Parameter, Port, Preset, UnitDefinition,
    UnitParameters, Value, Values, choice,
};

/// `sum = 2^(a_scale + b_scale) * (a[0]*b[0] + a[1]*b[1] + ...)`, rounded once.
#[derive(Clone, Copy, Debug)]
pub struct MxDotParameters {
    /// The format of both blocks.
    pub format: MxFormat,
    /// Elements of a block, 2 to 64.
    pub elements: u32,
}

choice! {
    /// Format of a block of MX; the scale is E8M0.
    pub enum MxFormat {
        /// E4M3 elements.
        Fp8E4M3 = "mxfp8_e4m3",
        /// E5M2 elements.
        Fp8E5M2 = "mxfp8_e5m2",
        /// E2M3 elements.
        Fp6E2M3 = "mxfp6_e2m3",
        /// E3M2 elements.
        Fp6E3M2 = "mxfp6_e3m2",
        /// E2M1 elements.
        Fp4 = "mxfp4",
        /// 8-bit integers in steps of 1/64.
        Int8 = "mxint8",
    }
}

const FORMAT: Parameter = Parameter {
    name: "format",
    kind: Kind::Choice(MxFormat::WORDS),
    default: Value::Word(MxFormat::Fp8E4M3.word()),
    help: "format of both blocks",
};

const ELEMENTS: Parameter = Parameter {
    name: "elements",
    kind: Kind::Integer { min: 2, max: 64 },
    default: Value::Integer(32),
    help: "number of elements in a block",
};

/// Fraction bits of an element of `mxint8`.
const INT8_FRACTION_BITS: i32 = 6;

/// The type of an element of `mxint8`.
const INT8: Integer = Integer { bits: 8, signed: true };

impl UnitDefinition for MxDotParameters {
    const SUMMARY: &'static str = "exact dot product of two MX blocks, rounded once to binary32";

    const PARAMETERS: &'static [Parameter] = &[FORMAT, ELEMENTS];

    const PRESETS: &'static [Preset] = &[
        Preset { name: "mx_dot8_mxfp8_e4m3", sets: &["elements=8"] },
        Preset { name: "mx_dot32_mxfp4", sets: &["format=mxfp4"] },
        Preset { name: "mx_dot4_mxfp8_e5m2", sets: &["format=mxfp8_e5m2", "elements=4"] },
        Preset { name: "mx_dot8_mxint8", sets: &["format=mxint8", "elements=8"] },
    ];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        Ok(Self { format: values.choice(&FORMAT), elements: values.count(&ELEMENTS) })
    }
}

impl UnitParameters for MxDotParameters {
    fn module_name(&self) -> String {
        format!("mx_dot_{}x{}", self.format.word(), self.elements)
    }

    fn ports(&self) -> Vec<Port> {
        let vector = |name, help| match self.float() {
            Some(float) => Port::input(name, float, help).packed(self.elements),
            None => Port::input(name, INT8, help).packed(self.elements),
        };
        let mut ports = pipeline::control().to_vec();
        ports.push(vector("a", "multiplicands, the first in the lowest bits"));
        ports.push(vector("b", "multipliers"));
        ports.push(Port::input("a_scale", Float::E8M0, "scale of a"));
        ports.push(Port::input("b_scale", Float::E8M0, "scale of b"));
        ports.push(pipeline::valid_out());
        ports.push(Port::register("sum", Float::F32, "sum of the products"));
        ports
    }

    fn behaviour(&self) -> Behaviour {
        pipeline::behaviour(self.sum().stages())
    }

    fn facts(&self) -> Vec<String> {
        vec![
            pipeline::fact(self.sum().stages()),
            "The exact sum is rounded once: to nearest, ties to even.".into(),
            "A sum that is no number is 7fc00000.".into(),
        ]
    }

    fn context(&self) -> Json {
        let (elements, term) = (self.elements, self.term());
        let mut body = Body::enabled();
        let result = block_sum(&mut body, &self.sum());
        let has = |condition: fn(Float) -> bool| self.float().is_some_and(condition);
        let common = json!({
            "pipeline": pipeline::context(self.sum().stages()),
            "elements": elements,
            "last": elements - 1,
            "code_bits": self.float().map_or(INT8.bits, Float::bits),
            "term_bits": term.bits,
            "terms_msb": elements * term.bits - 1,
            "has_nan": has(has_nan),
            "has_infinity": has(|float| float.infinity),
            "statements": body.into_statements(),
            "result": result,
        });
        merged(common, json!({ "float": self.float().map(|float| self.float_context(float)) }))
    }
}

impl MxDotParameters {
    /// The elements as floats; `None` for integers.
    fn float(&self) -> Option<Float> {
        match self.format {
            MxFormat::Fp8E4M3 => Some(Float::E4M3),
            MxFormat::Fp8E5M2 => Some(Float::E5M2),
            MxFormat::Fp6E2M3 => Some(Float::E2M3),
            MxFormat::Fp6E3M2 => Some(Float::E3M2),
            MxFormat::Fp4 => Some(Float::E2M1),
            MxFormat::Int8 => None,
        }
    }

    /// A product of two elements in fixed point.
    fn term(&self) -> Integer {
        let magnitude_and_sign = match self.float() {
            // The exponent fields of finite numbers are from 1 to the largest in use.
            Some(float) => {
                let largest = (1 << float.exponent_bits) - 1 - u32::from(float.infinity);
                product_bits(float) + 2 * (largest - 1) + 1
            }
            None => 2 * INT8.bits,
        };
        Integer { bits: magnitude_and_sign, signed: true }
    }

    fn sum(&self) -> BlockSum {
        let least = match self.float() {
            Some(float) => 1 - float.bias() as i32 - float.fraction_bits as i32,
            None => -INT8_FRACTION_BITS,
        };
        BlockSum {
            term: self.term(),
            count: self.elements,
            // Registers of the products and of the terms.
            term_stages: if self.float().is_some() { 2 } else { 1 },
            weight: 2 * least,
            has_infinity: self.float().is_some_and(|float| float.infinity),
        }
    }

    fn float_context(&self, float: Float) -> Json {
        let Float { exponent_bits, fraction_bits, .. } = float;
        let significand_bits = fraction_bits + 1;
        let fraction = if fraction_bits == 1 { "0".to_string() } else { format!("{}:0", fraction_bits - 1) };
        json!({
            "sign": float.bits() - 1,
            "magnitude_msb": float.bits() - 2,
            "exponent": format!("{}:{fraction_bits}", float.bits() - 2),
            "exponent_msb": exponent_bits - 1,
            "least_exponent": format!("{exponent_bits}'d1"),
            "fraction": fraction,
            "significand_msb": fraction_bits,
            "padding": format!("{significand_bits}'d0"),
            "product_msb": product_bits(float) - 1,
            "distance_msb": exponent_bits,
            "least_sum": format!("{}'d2", exponent_bits + 1),
            "term_msb": self.term().bits - 1,
            "term_padding": format!("{}'d0", self.term().bits - product_bits(float)),
        })
    }
}

fn has_nan(float: Float) -> bool {
    float.largest() != float.magnitude_mask()
}
