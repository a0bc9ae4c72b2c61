//! Dot product of 8-bit floats, one a cycle.

use serde_json::{Value as Json, json};

use super::fp8;
use crate::circuit::{normalize, pipeline};
use crate::unit::{
    Behaviour, ConfigError, Float, Kind, Parameter, Port, Preset, Value, Values, ValuesParameters, ValuesUnit,
};

/// `sum = a[0]*b[0] + a[1]*b[1] + ...`, exact and rounded once, or as an H100 tensor core sums.
pub(crate) struct Fp8Dot;

pub(crate) type Fp8DotParameters = ValuesParameters<Fp8Dot>;

/// Fraction bits that the H100 keeps below the largest exponent, and below that of the sum.
const H100_FRACTION_BITS: u32 = 13;
/// The only number of products whose results were recorded.
const H100_PRODUCTS: u32 = 32;

impl ValuesUnit for Fp8Dot {
    const SUMMARY: &'static str = "dot product of 8-bit floats in binary32";

    const PARAMETERS: &'static [Parameter] = &[
        fp8::FORMAT,
        Parameter {
            name: "products",
            kind: Kind::Integer { min: 4, max: 64 },
            default: Value::Integer(32),
            help: "how many products are summed",
        },
        Parameter {
            name: "accumulate",
            kind: Kind::Choice(&["exact", "h100"]),
            default: Value::Word("exact"),
            help: "the exact sum rounded once, or the sum of an H100 tensor core",
        },
    ];

    const PRESETS: &'static [Preset] = &[
        Preset { name: "fp8_dot_e4m3_h100", sets: &["accumulate=h100"] },
        Preset { name: "fp8_dot_e5m2_h100", sets: &["format=e5m2", "accumulate=h100"] },
        Preset { name: "fp8_dot_e4m3_exact", sets: &[] },
    ];

    fn check(values: &Values) -> Result<(), ConfigError> {
        let products = values.count("products");
        if is_h100(values) && products != H100_PRODUCTS {
            return Err(ConfigError::Combination {
                reason: format!("accumulate=h100 is known for 32 products only, not products={products}"),
                fix: "set products=32, or accumulate=exact".into(),
            });
        }
        Ok(())
    }

    fn module_name(values: &Values) -> String {
        let (format, products) = (fp8::float(values).name, values.count("products"));
        format!("fp8_dot{products}_{format}_{}", values.word("accumulate"))
    }

    fn ports(values: &Values) -> Vec<Port> {
        let (float, products) = (fp8::float(values), values.count("products"));
        let mut ports = pipeline::control().to_vec();
        ports.push(Port::input("a", float, "multiplicands, the first in the lowest bits").packed(products));
        ports.push(Port::input("b", float, "multipliers").packed(products));
        ports.push(pipeline::valid_out());
        ports.push(Port::register("sum", Float::F32, "sum of the products"));
        ports
    }

    fn behaviour(values: &Values) -> Behaviour {
        pipeline::behaviour(stages(values))
    }

    fn facts(values: &Values) -> Vec<String> {
        let sum = match is_h100(values) {
            true => {
                "Products are cut at 13 fraction bits below the largest exponent, the sum at 13 of its own."
            }
            false => "The exact sum is rounded once: to nearest, ties to even.",
        };
        vec![pipeline::fact(stages(values)), sum.into(), "A sum that is no number is 7fc00000.".into()]
    }

    fn context(values: &Values) -> Json {
        let (float, products, h100) = (fp8::float(values), values.count("products"), is_h100(values));
        let (stages, datapath) = (stages(values), Datapath::new(values));
        let exponent_bits = float.exponent_bits + 1;
        let padded = products.next_power_of_two();
        let (term_bits, magnitude_bits) = (datapath.term_bits, datapath.magnitude_bits());
        let unused = (padded - products) * term_bits;
        let maxima: Vec<Json> = halvings(if h100 { padded } else { 1 })
            .map(|count| {
                json!({
                    "name": format!("largest_{count}"),
                    "from": if count == padded / 2 { "exponents".to_string() } else { format!("largest_{}", 2 * count) },
                    "count": count,
                    "msb": count * exponent_bits - 1,
                    "stride": 2 * exponent_bits,
                })
            })
            .collect();
        let sums: Vec<Json> = halvings(padded)
            .map(|count| {
                let from_bits = term_bits + (padded / count).trailing_zeros() - 1;
                json!({
                    "name": format!("sums_{count}"),
                    "from": if count == padded / 2 { "terms".to_string() } else { format!("sums_{}", 2 * count) },
                    "count": count,
                    "bits": from_bits + 1,
                    "msb": count * (from_bits + 1) - 1,
                    "stride": 2 * from_bits,
                    "from_bits": from_bits,
                    "from_msb": from_bits - 1,
                })
            })
            .collect();
        let point = term_bits - 1 - fp8::product_bits(float);
        // From the weight of the top bit of `magnitude` to the exponent of binary32.
        let offset = match h100 {
            true => Float::F32.bias() + magnitude_bits - 1 - H100_FRACTION_BITS - 2 * float.bias(),
            false => Float::F32.bias() + 2 + magnitude_bits - 1 - 2 * (float.bias() + float.fraction_bits),
        };
        let normalize = normalize::context("", "magnitude", magnitude_bits);
        let leading_zeros = format!("{{{}'d0, leading_zeros}}", 8 - normalize::count_bits(magnitude_bits));
        let fraction_bits = if h100 { H100_FRACTION_BITS } else { Float::F32.fraction_bits };
        let lsb = magnitude_bits - 1 - fraction_bits;
        json!({
            "pipeline": pipeline::context(stages),
            "codes": fp8::product_context(float, ["a_code", "b_code"]),
            "h100": h100,
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
            "point": format!("{}'d0", point + u32::from(!h100)),
            "terms_msb": padded * term_bits - 1,
            "terms_used": products * term_bits,
            "padding": if unused == 0 { String::new() } else { format!("{unused}'d0") },
            "maxima": maxima,
            "sums": sums,
            "line_msb": stages - 2,
            "line_next": stages - 3,
            "total_msb": magnitude_bits,
            "magnitude_msb": magnitude_bits - 1,
            "normalize": normalize,
            "leading_zeros": leading_zeros,
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
}

fn is_h100(values: &Values) -> bool {
    values.word("accumulate") == "h100"
}

/// Registers: products, the largest exponent for the H100, terms, sum, magnitude, result.
fn stages(values: &Values) -> u32 {
    5 + u32::from(is_h100(values))
}

/// `count / 2`, `count / 4`, ... 1.
fn halvings(count: u32) -> impl Iterator<Item = u32> {
    (0..count.trailing_zeros()).rev().map(|level| 1 << level)
}

/// The widths of the fixed-point numbers.
struct Datapath {
    /// Of a term, with its sign.
    term_bits: u32,
    /// Levels of the tree that adds the terms.
    levels: u32,
}

impl Datapath {
    fn new(values: &Values) -> Datapath {
        let float = fp8::float(values);
        let magnitude = match is_h100(values) {
            // Two bits before the point: a product is below 4 times the power of its exponent.
            true => 2 + H100_FRACTION_BITS,
            // Up to the product of two largest exponents, each one from 1 to the largest in use.
            false => {
                let exponents = (1 << float.exponent_bits) - 1 - u32::from(float.infinity);
                fp8::product_bits(float) + 2 * (exponents - 1)
            }
        };
        let levels = values.count("products").next_power_of_two().trailing_zeros();
        Datapath { term_bits: magnitude + 1, levels }
    }

    /// Of the sum without its sign.
    fn magnitude_bits(&self) -> u32 {
        self.term_bits - 1 + self.levels
    }
}
