//! Unit `fp8_dot`: dot product of 8-bit floats, one per cycle.

use serde_json::{Value as Json, json};

use super::fp8;
use super::template_context::merged;
use crate::circuit::{normalize, pipeline};
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

impl UnitDefinition for Fp8DotParameters {
    const SUMMARY: &'static str = "dot product of 8-bit floats in binary32";

    const PARAMETERS: &'static [Parameter] = &[fp8::FACTOR_FORMAT, PRODUCTS, ACCUMULATE];

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
        Ok(Self { format: fp8::parse_format(values), products, accumulate })
    }
}

impl UnitParameters for Fp8DotParameters {
    fn module_name(&self) -> String {
        format!("fp8_dot{}_{}_{}", self.products, self.format.name, self.accumulate.word())
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
        pipeline::behaviour(self.stages())
    }

    fn facts(&self) -> Vec<String> {
        let sum = match self.accumulate {
            SumRounding::Exact => "The exact sum is rounded once: to nearest, ties to even.",
            SumRounding::H100 => {
                "Products are cut at 13 fraction bits below the largest exponent, the sum at 13 of its own."
            }
        };
        vec![pipeline::fact(self.stages()), sum.into(), "A sum that is no number is 7fc00000.".into()]
    }

    fn context(&self) -> Json {
        merged(self.terms_context(), self.result_context())
    }
}

impl Fp8DotParameters {
    /// Template context of the products and their fixed-point terms.
    fn terms_context(&self) -> Json {
        let Self { format, products, .. } = *self;
        let is_h100 = self.accumulate == SumRounding::H100;
        let (term_bits, exponent_bits) = (self.term_bits(), self.exponent_bits());
        let padded = products.next_power_of_two();
        let unused = (padded - products) * term_bits;
        // The exact sum needs no largest exponent.
        let maxima = halvings(if is_h100 { padded } else { 1 }).map(|count| self.maximum_context(count));
        let sums = halvings(padded).map(|count| self.sum_context(count));
        let point = term_bits - 1 - fp8::product_bits(format);
        json!({
            "pipeline": pipeline::context(self.stages()),
            "codes": fp8::product_context(format, ["a_code", "b_code"]),
            "h100": is_h100,
            "products": products,
            "last": products - 1,
            "exponent_bits": exponent_bits,
            "exponent_zero": format!("{exponent_bits}'d0"),
            "exponent_least": format!("{exponent_bits}'d2"),
            "exponents_msb": products * exponent_bits - 1,
            "exponent_line_msb": 3 * exponent_bits - 1,
            "exponent_line_next": 2 * exponent_bits - 1,
            "term_bits": term_bits,
            "term_msb": term_bits - 1,
            "point": format!("{}'d0", point + u32::from(!is_h100)),
            "terms_msb": padded * term_bits - 1,
            "terms_used": products * term_bits,
            "padding": if unused == 0 { String::new() } else { format!("{unused}'d0") },
            "maxima": maxima.collect::<Vec<_>>(),
            "sums": sums.collect::<Vec<_>>(),
        })
    }

    /// Template context of a level of the tree of largest exponents, which leaves `count` of them.
    fn maximum_context(&self, count: u32) -> Json {
        let exponent_bits = self.exponent_bits();
        json!({
            "name": format!("largest_{count}"),
            "from": self.level_above("exponents", "largest", count),
            "count": count,
            "msb": count * exponent_bits - 1,
            "stride": 2 * exponent_bits,
        })
    }

    /// Template context of a level of the adder tree, which leaves `count` sums.
    fn sum_context(&self, count: u32) -> Json {
        let levels_above = (self.products.next_power_of_two() / count).trailing_zeros() - 1;
        let from_bits = self.term_bits() + levels_above;
        json!({
            "name": format!("sums_{count}"),
            "from": self.level_above("terms", "sums", count),
            "count": count,
            "bits": from_bits + 1,
            "msb": count * (from_bits + 1) - 1,
            "stride": 2 * from_bits,
            "from_bits": from_bits,
            "from_msb": from_bits - 1,
        })
    }

    /// The name of the vector that a level of a tree halves to `count` elements.
    fn level_above(&self, leaves: &str, level: &str, count: u32) -> String {
        let is_first = count == self.products.next_power_of_two() / 2;
        if is_first { leaves.to_string() } else { format!("{level}_{}", 2 * count) }
    }

    /// Context of the conversion of the sum to binary32.
    fn result_context(&self) -> Json {
        let (format, stages, magnitude_bits) = (self.format, self.stages(), self.magnitude_bits());
        let exponent_bits = self.exponent_bits();
        // From the weight of the top bit of `magnitude` to the exponent of binary32.
        let (offset, fraction_bits) = match self.accumulate {
            SumRounding::Exact => (
                Float::F32.bias() + 2 + magnitude_bits - 1 - 2 * (format.bias() + format.fraction_bits),
                Float::F32.fraction_bits,
            ),
            SumRounding::H100 => (
                Float::F32.bias() + magnitude_bits - 1 - H100_FRACTION_BITS - 2 * format.bias(),
                H100_FRACTION_BITS,
            ),
        };
        let lsb = magnitude_bits - 1 - fraction_bits;
        json!({
            "line_msb": stages - 2,
            "line_next": stages - 3,
            "total_msb": magnitude_bits,
            "magnitude_msb": magnitude_bits - 1,
            "normalize": normalize::context("", "magnitude", magnitude_bits),
            "leading_zeros": format!("{{{}'d0, leading_zeros}}", 8 - normalize::count_bits(magnitude_bits)),
            "exponent_sum": format!(
                "{{{}'d0, exponent_line[{}:{}]}}", 8 - exponent_bits, 3 * exponent_bits - 1, 2 * exponent_bits
            ),
            "offset": offset,
            "fraction": format!("{}:{lsb}", magnitude_bits - 2),
            "lsb": lsb,
            "guard": lsb - 1,
            "sticky_msb": lsb - 2,
        })
    }

    /// Registers: products, largest exponent (H100), terms, sum, magnitude, result.
    fn stages(&self) -> u32 {
        5 + u32::from(self.accumulate == SumRounding::H100)
    }

    /// Width of the sum of two biased exponents.
    fn exponent_bits(&self) -> u32 {
        self.format.exponent_bits + 1
    }

    /// Width of a fixed-point term, with its sign.
    fn term_bits(&self) -> u32 {
        let format = self.format;
        let magnitude = match self.accumulate {
            // Up to the product of two largest exponents, each one from 1 to the largest in use.
            SumRounding::Exact => {
                let exponents = (1 << format.exponent_bits) - 1 - u32::from(format.infinity);
                fp8::product_bits(format) + 2 * (exponents - 1)
            }
            // Two bits before the point: a product is below 4 times the power of its exponent.
            SumRounding::H100 => 2 + H100_FRACTION_BITS,
        };
        magnitude + 1
    }

    /// Width of the sum of all terms without its sign: one bit more per tree level.
    fn magnitude_bits(&self) -> u32 {
        self.term_bits() - 1 + self.products.next_power_of_two().trailing_zeros()
    }
}

/// `count / 2`, `count / 4`, ... 1.
fn halvings(count: u32) -> impl Iterator<Item = u32> {
    (0..count.trailing_zeros()).rev().map(|level| 1 << level)
}
