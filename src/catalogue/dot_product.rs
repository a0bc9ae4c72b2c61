//! Dot product of two vectors of integers, one a cycle, each on its own or added to the ones before.

use serde_json::{Value as Json, json};

use super::operand::{A_BITS, A_SIGNED, B_BITS, B_SIGNED};
use super::zero_point::{
    A_ZERO_POINT, A_ZERO_POINT_VALUE, B_ZERO_POINT, B_ZERO_POINT_VALUE, Operand, ZeroPoint, product_range,
};
use crate::circuit;
use crate::circuit::accumulator::Addend;
use crate::circuit::verilog::{as_type, vector_type};
use crate::circuit::{Body, Factor, RowSum, Schedule, Tree, accumulator, pipeline};
use crate::unit::{
    ARCH, Arch, Behaviour, ConfigError, DSP, Integer, Kind, OBJECTIVE, Parameter, Port, Preset, Role, TARGET,
    Unit, Value, Values, implementation,
};

/// `sum = (a[0] - za)*(b[0] - zb) + (a[1] - za)*(b[1] - zb) + ...`, exact; or `accum <= accum + sum`.
pub(crate) struct DotProduct;

/// The width of an accumulator that nobody sets.
const ACC_BITS: i64 = 32;

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
            A_ZERO_POINT,
            A_ZERO_POINT_VALUE,
            B_ZERO_POINT,
            B_ZERO_POINT_VALUE,
            Parameter {
                name: "lanes",
                kind: Kind::Integer { min: 2, max: 64 },
                default: Value::Integer(8),
                help: "how many products are summed",
            },
            Parameter {
                name: "stages",
                kind: Kind::Integer { min: 1, max: 24 },
                default: Value::Integer(4),
                help: "registers between operands and sum",
            },
            Parameter {
                name: "accumulate",
                kind: Kind::Flag,
                default: Value::Flag(false),
                help: "adds the sums up in the register accum until clear starts anew",
            },
            Parameter {
                name: "acc_bits",
                kind: Kind::Integer { min: 4, max: 64 },
                default: Value::Integer(ACC_BITS),
                help: "width of accum in bits",
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
            Preset {
                name: "uint8_dot8_zp_acc",
                sets: &["a_signed=false", "a_zero_point=port", "accumulate=true"],
            },
        ]
    }

    fn check(&self, values: &Values) -> Result<(), ConfigError> {
        for operand in operands(values) {
            operand.check(values)?;
        }
        let (acc_bits, sum) = (values.count("acc_bits"), sum(values));
        let refuse = |reason, fix| Err(ConfigError::Combination { reason, fix });
        if !values.flag("accumulate") && values.integer("acc_bits") != ACC_BITS {
            return refuse(
                format!("acc_bits={acc_bits} has no effect"),
                "set accumulate=true, or leave the width out".to_string(),
            );
        }
        if values.flag("accumulate") && acc_bits < sum.bits {
            return refuse(
                format!("acc_bits={acc_bits} is narrower than one dot product of {} bits", sum.bits),
                format!("set acc_bits to at least {}", sum.bits),
            );
        }
        implementation::check(values)
    }

    fn module_name(&self, values: &Values) -> String {
        let [a, b] = operands(values).map(Operand::short);
        let (lanes, stages) = (values.count("lanes"), values.count("stages"));
        let accumulator = match values.flag("accumulate") {
            true => format!("_acc{}", values.count("acc_bits")),
            false => String::new(),
        };
        format!("dot{lanes}_{a}_{b}_p{stages}{accumulator}")
    }

    fn ports(&self, values: &Values) -> Vec<Port> {
        let ([a, b], lanes) = (operands(values), values.count("lanes"));
        let mut ports = pipeline::control().to_vec();
        if values.flag("accumulate") {
            ports.push(Port::control("clear", Role::Clear, "starts a new sum with these vectors"));
        }
        ports.push(Port::input("a", a.port, "multiplicands, the first in the lowest bits").packed(lanes));
        ports.push(Port::input("b", b.port, "multipliers").packed(lanes));
        ports.extend([a, b].into_iter().filter_map(Operand::zero_point_port));
        ports.push(pipeline::valid_out());
        ports.push(match values.flag("accumulate") {
            true => Port::register("accum", accumulator(values), "sum of the dot products"),
            false => Port::output("sum", sum(values), "sum of the products, exact"),
        });
        ports
    }

    fn signals(&self) -> &'static [&'static str] {
        circuit::SIGNALS
    }

    fn behaviour(&self, values: &Values) -> Behaviour {
        match values.flag("accumulate") {
            true => Behaviour::Sequential { latency: registers(values) as usize },
            false => pipeline::behaviour(registers(values)),
        }
    }

    fn facts(&self, values: &Values) -> Vec<String> {
        let mut facts = vec![pipeline::fact(registers(values))];
        if values.flag("accumulate") {
            let ([a, b], lanes) = (operands(values), i128::from(values.count("lanes")));
            let (min, max) = product_range(a, b);
            facts.push(accumulator::fact((lanes * min, lanes * max), accumulator(values), "dot product"));
            facts.push("A sum that does not fit wraps.".to_string());
        }
        facts.extend(arch(values).fact(values));
        facts
    }

    fn primitives(&self, values: &Values) -> &'static [&'static str] {
        arch(values).primitives()
    }

    fn arch(&self, values: &Values) -> Option<&'static str> {
        Some(arch(values).name())
    }

    fn is_bitwise(&self, values: &Values) -> bool {
        arch(values).is_bitwise()
    }

    fn context(&self, values: &Values) -> Json {
        let ([a, b], lanes, stages) = (operands(values), values.count("lanes"), values.count("stages"));
        let [x, y] = multiplied(values);
        let (product, schedule) = (product([x, y]), schedule(values));
        let mut body = Body::enabled();
        let factors = [x.vector("x"), y.vector("y")];
        let value = circuit::product(&mut body, arch(values), factors, product_stages(values));
        let mut tree = Body::enabled();
        let total = Tree::new("products", product, lanes).sum(&mut tree, "tree", schedule, 2, &mut []);
        let total = total.extended(sum(values).bits);
        let total = match row_sum(values) {
            Some(row_sum) => {
                tree.paragraph();
                format!("{total} - {}", row_sum.product(&mut tree, schedule).extended(sum(values).bits))
            }
            None => total,
        };
        tree.paragraph();
        let start = pipeline::tap("start", stages, stages);
        let addend = Addend { name: "lane_sum", integer: sum(values), start: &start };
        let accumulator = values.flag("accumulate").then(|| {
            let accumulator = accumulator(values);
            json!({
                "start": pipeline::line("start", "clear", stages),
                "valid": pipeline::tap("valid", stages, registers(values)),
                "zero": format!("{}'d0", accumulator.bits),
                "sum": accumulator::context(values, arch(values), &addend, accumulator, accumulator.bits),
            })
        });
        let has_sign = product.signed && arch(values).is_operator();
        let element = |vector: &str, integer: Integer| format!("{vector}[{0}*i +: {0}]", integer.bits);
        json!({
            "pipeline": pipeline::context(registers(values)),
            "lanes": lanes,
            "x_type": vector_type(a.port),
            "y_type": vector_type(b.port),
            "x": as_type(&element("a", a.port), a.port.signed),
            "y": as_type(&element("b", b.port), b.port.signed),
            "operands": [x.context("x"), y.context("y")],
            "product_bits": product.bits,
            "products_msb": product.bits * lanes - 1,
            "product_type": vector_type(Integer { signed: has_sign, ..product }),
            "product": if has_sign { "$unsigned(product)" } else { "product" },
            "registered": schedule.cuts_after(1),
            "statements": body.into_statements(),
            "value": value,
            "tree": tree.into_statements(),
            "sum_range": format!("[{}:0]", sum(values).bits - 1),
            "total": total,
            "sum": as_type("lane_sum", sum(values).signed),
            "accumulator": accumulator,
        })
    }
}

fn operands(values: &Values) -> [Operand; 2] {
    [Operand::new(values, "a"), Operand::new(values, "b")]
}

/// Registers from operands to outputs: those of the sum, and the accumulator.
fn registers(values: &Values) -> u32 {
    values.count("stages") + u32::from(values.flag("accumulate"))
}

/// What the lanes multiply: the operands less their zero points, or as they are where row sums
/// correct the sum.
fn multiplied(values: &Values) -> [Operand; 2] {
    let operands = operands(values);
    if row_sum(values).is_some() { operands.map(Operand::raw) } else { operands }
}

/// Lanes from which on the sum of a row takes fewer LUTs than as many subtractions, and products one
/// bit wider: see `docs/architectures.md`.
const ROW_SUM_LANES: u32 = 16;

/// The correction for one zero point by (Z1), where it is smaller than a subtraction in every lane:
/// with many lanes, on LUTs of four inputs.
fn row_sum(values: &Values) -> Option<RowSum> {
    let (arch, count) = (values.word("arch"), values.count("lanes"));
    let is_mux_rows = arch == "mux_rows" || (arch == "auto" && values.word("objective") == "area");
    if values.word("target") != "ice40" || !is_mux_rows || count < ROW_SUM_LANES {
        return None;
    }
    let [a, b] = operands(values);
    let (shifted, vector, element, name) = match (a.zero_point, b.zero_point) {
        (_, ZeroPoint::None) => (a, "b", b.port, "za"),
        (ZeroPoint::None, _) => (b, "a", a.port, "zb"),
        _ => return None,
    };
    let constant = match shifted.zero_point {
        ZeroPoint::None => return None,
        ZeroPoint::Port => None,
        ZeroPoint::Constant(value) => {
            Some(format!("{}'d{}", shifted.port.bits, shifted.port.encode(value.into())))
        }
    };
    Some(RowSum { vector, element, count, zero: Factor::new(name, shifted.port), constant })
}

fn product(factors: [Operand; 2]) -> Integer {
    let [a, b] = factors.map(Operand::factor);
    Integer { bits: a.bits + b.bits, signed: a.signed || b.signed }
}

/// The narrowest type that holds `lanes` products of any value.
fn sum(values: &Values) -> Integer {
    let product = product(operands(values));
    Integer { bits: product.bits + levels(values), ..product }
}

fn accumulator(values: &Values) -> Integer {
    Integer { bits: values.count("acc_bits"), ..sum(values) }
}

/// Levels of the tree that adds the products.
fn levels(values: &Values) -> u32 {
    values.count("lanes").next_power_of_two().trailing_zeros()
}

/// The products are the first step, each level of the tree is one more, and so is the correction.
fn schedule(values: &Values) -> Schedule {
    let steps = levels(values) + 1 + u32::from(row_sum(values).is_some());
    Schedule::new(steps, values.count("stages"))
}

/// Registers of a product, its last included: those for which the tree has no level.
fn product_stages(values: &Values) -> u32 {
    match schedule(values).before() {
        0 => 0,
        extra => extra + 1,
    }
}

fn arch(values: &Values) -> Arch {
    let [a, b] = multiplied(values).map(Operand::factor);
    Arch::of(values, a, b, product_stages(values))
}
