//! Dot product of two vectors of integers, one a cycle.

use super::implementation::{self, ARCH, Arch, DSP, OBJECTIVE, TARGET};
use super::operand::{A_BITS, A_SIGNED, B_BITS, B_SIGNED, operand};
use super::structure::{self, Body, Factor, Schedule, Tree};
use super::verilog::vector_type;
use super::{Behaviour, ConfigError, Integer, Kind, Parameter, Port, Preset, Unit, Value, Values, pipeline};
use serde_json::{Value as Json, json};

/// `sum = a[0]*b[0] + a[1]*b[1] + ...`, exact.
pub(super) struct DotProduct;

impl Unit for DotProduct {
    fn name(&self) -> &'static str {
        "dot_product"
    }

    fn summary(&self) -> &'static str {
        "exact dot product of two vectors of integers"
    }

    fn parameters(&self) -> &'static [Parameter] {
        &[
            A_BITS,
            B_BITS,
            A_SIGNED,
            B_SIGNED,
            Parameter {
                name: "lanes",
                kind: Kind::Integer { min: 2, max: 64 },
                default: Value::Integer(8),
                help: "how many products are summed",
            },
            Parameter {
                name: "stages",
                kind: Kind::Integer { min: 1, max: 10 },
                default: Value::Integer(4),
                help: "registers between operands and sum",
            },
            TARGET,
            ARCH,
            OBJECTIVE,
            DSP,
        ]
    }

    fn presets(&self) -> &'static [Preset] {
        &[
            Preset { name: "int8_dot8", sets: &[] },
            Preset { name: "int4_dot16", sets: &["a_bits=4", "b_bits=4", "lanes=16", "stages=5"] },
        ]
    }

    fn check(&self, values: &Values) -> Result<(), ConfigError> {
        implementation::check(values)
    }

    fn module_name(&self, values: &Values) -> String {
        let (a, b) = (operand(values, "a"), operand(values, "b"));
        let (lanes, stages) = (values.count("lanes"), values.count("stages"));
        format!("dot{lanes}_{}_{}_p{stages}", a.short(), b.short())
    }

    fn ports(&self, values: &Values) -> Vec<Port> {
        let (a, b, lanes) = (operand(values, "a"), operand(values, "b"), values.count("lanes"));
        let mut ports = pipeline::control().to_vec();
        ports.push(Port::input("a", a, "multiplicands, the first in the lowest bits").packed(lanes));
        ports.push(Port::input("b", b, "multipliers").packed(lanes));
        ports.push(pipeline::valid_out());
        ports.push(Port::output("sum", sum(values), "sum of the products, exact"));
        ports
    }

    fn signals(&self) -> &'static [&'static str] {
        structure::SIGNALS
    }

    fn behaviour(&self, values: &Values) -> Behaviour {
        pipeline::behaviour(values.count("stages"))
    }

    fn facts(&self, values: &Values) -> Vec<String> {
        let latency = pipeline::fact(values.count("stages"));
        [latency].into_iter().chain(arch(values).fact(values)).collect()
    }

    fn primitives(&self, values: &Values) -> &'static [&'static str] {
        arch(values).primitives()
    }

    fn is_bitwise(&self, values: &Values) -> bool {
        arch(values).is_bitwise()
    }

    fn context(&self, values: &Values) -> Json {
        let (a, b, lanes) = (operand(values, "a"), operand(values, "b"), values.count("lanes"));
        let product = product(a, b);
        let schedule = schedule(values);
        let mut body = Body::enabled();
        let factors = [("x", a), ("y", b)].map(|(name, integer)| Factor::new(name, integer));
        let value = structure::product(&mut body, arch(values), factors, product_stages(values));
        let mut tree = Body::enabled();
        let total = Tree::new("products", product, lanes).sum(&mut tree, schedule);
        json!({
            "pipeline": pipeline::context(values.count("stages")),
            "lanes": lanes,
            "x_type": vector_type(a),
            "y_type": vector_type(b),
            "a_bits": a.bits,
            "b_bits": b.bits,
            "product_bits": product.bits,
            "products_msb": product.bits * lanes - 1,
            "product_type": vector_type(product),
            "registered": schedule.cuts_after(1),
            "statements": body.into_statements(),
            "value": value,
            "tree": tree.into_statements(),
            "sum_range": format!("[{}:0]", sum(values).bits - 1),
            "total": total,
        })
    }
}

fn product(a: Integer, b: Integer) -> Integer {
    Integer { bits: a.bits + b.bits, signed: a.signed || b.signed }
}

/// The narrowest type that holds `lanes` products of any value.
fn sum(values: &Values) -> Integer {
    let product = product(operand(values, "a"), operand(values, "b"));
    Integer { bits: product.bits + levels(values), ..product }
}

/// Levels of the tree that adds the products.
fn levels(values: &Values) -> u32 {
    values.count("lanes").next_power_of_two().trailing_zeros()
}

/// The products are the first step, each level of the tree is one more.
fn schedule(values: &Values) -> Schedule {
    Schedule::new(levels(values) + 1, values.count("stages"))
}

/// Registers of a product, its last included: those for which the tree has no level.
fn product_stages(values: &Values) -> u32 {
    match schedule(values).before() {
        0 => 0,
        extra => extra + 1,
    }
}

fn arch(values: &Values) -> Arch {
    Arch::of(values, operand(values, "a"), operand(values, "b"), product_stages(values))
}
