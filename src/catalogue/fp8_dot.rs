//! Unit `fp8_dot`: dot product of 8-bit floats, one per cycle.

use serde_json::{Value as Json, json};

use super::fp8;
use crate::circuit::float::dot::{Dot, DotAlignment};
use crate::circuit::{Body, float, pipeline};
use crate::unit::{
    Behaviour, Choice, ConfigError, Float, Kind, Parameter, Port, Preset, UnitDefinition, UnitParameters,
    Value, Values, choice,
};

/// `sum = a[0]*b[0] + a[1]*b[1] + ...`, rounded once or as an H100 tensor core does.
#[derive(Clone, Copy, Debug)]
pub struct Fp8DotParameters {
    /// The format of all operands.
    pub format: Float,
    /// Products in a sum, 4 to 64.
    pub products: u32,
    /// How the sum is rounded.
    pub accumulate: SumRounding,
    /// Registers from operands to sum, 7 to 23.
    pub stages: u32,
}

choice! {
    /// How a sum of products of 8-bit floats is rounded.
    pub enum SumRounding {
        /// The exact sum is rounded once, to nearest, ties to even.
        Exact = "exact",
        /// Products and sum are truncated as in an H100 tensor core.
        H100 = "h100",
    }
}

/// Fraction bits of the H100 below the largest exponent, and below that of the sum.
const H100_FRACTION_BITS: u32 = 13;
/// The only number of products whose results were recorded.
const H100_PRODUCTS: u32 = 32;

/// The nets that hold the operands of a product.
const OPERANDS: [&str; 2] = ["a_code", "b_code"];

const PRODUCTS: Parameter = Parameter {
    name: "products",
    kind: Kind::Integer { min: 4, max: 64 },
    default: Value::Integer(32),
    help: "number of products per sum",
};

const ACCUMULATE: Parameter = Parameter {
    name: "accumulate",
    kind: Kind::Choice(SumRounding::WORDS),
    default: Value::Word(SumRounding::Exact.word()),
    help: "the exact sum rounded once, or the sum of an H100 tensor core",
};

const STAGES: Parameter = Parameter {
    name: "stages",
    kind: Kind::Integer { min: 7, max: 23 },
    default: Value::Integer(16),
    help: "registers from codes to sum",
};

impl UnitDefinition for Fp8DotParameters {
    const SUMMARY: &'static str = "dot product of 8-bit floats in binary32";

    const PARAMETERS: &'static [Parameter] = &[fp8::FACTOR_FORMAT, PRODUCTS, ACCUMULATE, STAGES];

    const PRESETS: &'static [Preset] = &[
        Preset { name: "fp8_dot_e4m3_h100", sets: &["accumulate=h100"] },
        Preset { name: "fp8_dot_e5m2_h100", sets: &["format=e5m2", "accumulate=h100"] },
        Preset { name: "fp8_dot_e4m3_exact", sets: &[] },
    ];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        let (products, accumulate) = (values.count(&PRODUCTS), values.choice(&ACCUMULATE));
        if accumulate == SumRounding::H100 && products != H100_PRODUCTS {
            return Err(ConfigError::Combination {
                reason: format!("accumulate=h100 is known for 32 products only, not products={products}"),
                fix: "set products=32, or accumulate=exact".into(),
            });
        }
        Ok(Self { format: fp8::parse_format(values), products, accumulate, stages: values.count(&STAGES) })
    }
}

impl UnitParameters for Fp8DotParameters {
    fn module_name(&self) -> String {
        let Self { format, products, accumulate, stages } = *self;
        format!("fp8_dot{products}_{}_{}_p{stages}", format.name, accumulate.word())
    }

    fn ports(&self) -> Vec<Port> {
        let Self { format, products, .. } = *self;
        let mut ports = pipeline::control().to_vec();
        ports.push(Port::input("a", format, "multiplicands, the first in the lowest bits").packed(products));
        ports.push(Port::input("b", format, "multipliers").packed(products));
        ports.push(pipeline::valid_out());
        ports.push(Port::register("sum", Float::F32, "sum of the products"));
        ports
    }

    fn behaviour(&self) -> Behaviour {
        pipeline::behaviour(self.stages)
    }

    fn facts(&self) -> Vec<String> {
        let sum = match self.accumulate {
            SumRounding::Exact => "The exact sum is rounded once: to nearest, ties to even.",
            SumRounding::H100 => {
                "Products are cut at 13 fraction bits below the largest exponent, the sum at 13 of its own."
            }
        };
        vec![pipeline::fact(self.stages), sum.into(), "A sum that is no number is 7fc00000.".into()]
    }

    fn context(&self) -> Json {
        let Self { format, products, .. } = *self;
        let dot = self.dot();
        let mut body = Body::enabled();
        let result = float::dot::dot(&mut body, &dot);
        json!({
            "pipeline": pipeline::context(self.stages),
            "codes": fp8::product_context(format, OPERANDS, &fp8::row_product(format, OPERANDS)),
            "is_exact": self.accumulate == SumRounding::Exact,
            "products": products,
            "last": products - 1,
            "exponent_bits": dot.exponent_bits,
            "exponents_msb": products * dot.exponent_bits - 1,
            "significand_bits": dot.significand_bits,
            "significands_msb": products * dot.significand_bits - 1,
            "statements": body.into_statements_before_blank(),
            "result": result,
        })
    }
}

impl Fp8DotParameters {
    fn dot(&self) -> Dot {
        let format = self.format;
        Dot {
            products: self.products,
            significand_bits: fp8::product_bits(format),
            exponent_bits: format.exponent_bits + 1,
            unit_exponent: Float::F32.bias() - 2 * (format.bias() + format.fraction_bits),
            has_infinity: format.infinity,
            alignment: match self.accumulate {
                // The exponent fields of finite numbers are from 1 to the largest in use.
                SumRounding::Exact => DotAlignment::Least {
                    least: 2,
                    largest: 2 * ((1 << format.exponent_bits) - 1 - u32::from(format.infinity)),
                },
                SumRounding::H100 => {
                    DotAlignment::Largest { integer_bits: 2, fraction_bits: H100_FRACTION_BITS }
                }
            },
            stages: self.stages,
        }
    }
}
