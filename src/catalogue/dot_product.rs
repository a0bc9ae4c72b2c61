//! Unit `dot_product`: dot product of two integer vectors, one per cycle, with or without an accumulator.

use serde_json::{Value as Json, json};

use super::accumulator_width::{ACC_BITS, DEFAULT_ACC_BITS, check_acc_bits};
use super::operand::{A_BITS, A_SIGNED, B_BITS, B_SIGNED};
use super::template_context::merged;
use super::zero_point::{
    A_ZERO_POINT, A_ZERO_POINT_VALUE, B_ZERO_POINT, B_ZERO_POINT_VALUE, ZeroPoint, ZeroPointOperand,
    product_range,
};
use crate::circuit;
use crate::circuit::accumulator::Addend;
use crate::circuit::verilog::{as_type, vector_type};
use crate::circuit::{Body, Factor, RowSum, Schedule, Tree, accumulator, pipeline};
use crate::unit::{
    ARCH, Arch, Behaviour, ConfigError, DSP, Implementation, Integer, Kind, OBJECTIVE, Objective, Parameter,
    Port, Preset, Role, TARGET, Target, UnitDefinition, UnitParameters, Value, Values,
};

/// `sum = (a[0] - za)*(b[0] - zb) + (a[1] - za)*(b[1] - zb) + ...`, exact; or `accum <= accum + sum`.
#[derive(Clone, Copy, Debug)]
pub struct DotProductParameters {
    /// An element of `a`.
    pub a: ZeroPointOperand,
    /// An element of `b`.
    pub b: ZeroPointOperand,
    /// Elements of a vector.
    pub lanes: u32,
    /// Registers between operands and sum.
    pub stages: u32,
    /// Width of the accumulator in bits, `None` without an accumulator.
    pub acc_bits: Option<u32>,
    /// How the products are built.
    pub implementation: Implementation,
}

const LANES: Parameter = Parameter {
    name: "lanes",
    kind: Kind::Integer { min: 2, max: 64 },
    default: Value::Integer(8),
    help: "number of products per sum",
};

const STAGES: Parameter = Parameter {
    name: "stages",
    kind: Kind::Integer { min: 1, max: 24 },
    default: Value::Integer(4),
    help: "registers between operands and sum",
};

const ACCUMULATE: Parameter = Parameter {
    name: "accumulate",
    kind: Kind::Flag,
    default: Value::Flag(false),
    help: "adds an accumulator: accum sums the dot products until clear",
};

impl UnitDefinition for DotProductParameters {
    const SUMMARY: &'static str = "exact dot product of two vectors of integers";

    const PARAMETERS: &'static [Parameter] = &[
        A_BITS,
        B_BITS,
        A_SIGNED,
        B_SIGNED,
        A_ZERO_POINT,
        A_ZERO_POINT_VALUE,
        B_ZERO_POINT,
        B_ZERO_POINT_VALUE,
        LANES,
        STAGES,
        ACCUMULATE,
        ACC_BITS,
        TARGET,
        ARCH,
        OBJECTIVE,
        DSP,
    ];

    const PRESETS: &'static [Preset] = &[
        Preset { name: "int8_dot8", sets: &[] },
        Preset { name: "int4_dot16", sets: &["a_bits=4", "b_bits=4", "lanes=16", "stages=5"] },
        Preset {
            name: "uint8_dot8_zp_acc",
            sets: &["a_signed=false", "a_zero_point=port", "accumulate=true"],
        },
    ];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        let [a, b] = ZeroPointOperand::parse_both(values)?;
        let (lanes, acc_bits) = (values.count(&LANES), values.count(&ACC_BITS));
        let accumulates = values.flag(&ACCUMULATE);
        if !accumulates && acc_bits != DEFAULT_ACC_BITS {
            return Err(ConfigError::Combination {
                reason: format!("acc_bits={acc_bits} has no effect"),
                fix: "set accumulate=true, or omit acc_bits".to_string(),
            });
        }
        if accumulates {
            check_acc_bits(acc_bits, exact_sum(a, b, lanes), "dot product")?;
        }
        let implementation = Implementation::parse(values)?;
        let acc_bits = accumulates.then_some(acc_bits);
        Ok(Self { a, b, lanes, stages: values.count(&STAGES), acc_bits, implementation })
    }
}

impl UnitParameters for DotProductParameters {
    fn module_name(&self) -> String {
        let (lanes, stages, a, b) = (self.lanes, self.stages, self.a.short(), self.b.short());
        let accumulator = self.acc_bits.map(|bits| format!("_acc{bits}")).unwrap_or_default();
        format!("dot{lanes}_{a}_{b}_p{stages}{accumulator}")
    }

    fn ports(&self) -> Vec<Port> {
        let (a, b, lanes) = (self.a, self.b, self.lanes);
        let mut ports = pipeline::control().to_vec();
        if self.acc_bits.is_some() {
            ports.push(Port::control("clear", Role::Clear, "starts a new sum with these vectors"));
        }
        ports.push(Port::input("a", a.port, "multiplicands, the first in the lowest bits").packed(lanes));
        ports.push(Port::input("b", b.port, "multipliers").packed(lanes));
        ports.extend([a, b].into_iter().filter_map(ZeroPointOperand::zero_point_port));
        ports.push(pipeline::valid_out());
        ports.push(match self.accumulator() {
            Some(accumulator) => Port::register("accum", accumulator, "sum of the dot products"),
            None => Port::output("sum", self.sum(), "sum of the products, exact"),
        });
        ports
    }

    fn behaviour(&self) -> Behaviour {
        match self.acc_bits {
            Some(_) => Behaviour::Sequential { latency: self.registers() as usize },
            None => pipeline::behaviour(self.registers()),
        }
    }

    fn facts(&self) -> Vec<String> {
        let mut facts = vec![pipeline::fact(self.registers())];
        if let Some(accumulator) = self.accumulator() {
            let ((min, max), lanes) = (product_range(self.a, self.b), i128::from(self.lanes));
            facts.push(accumulator::fact((lanes * min, lanes * max), accumulator, "dot product"));
            facts.push("A sum that does not fit wraps.".to_string());
        }
        facts.extend(self.implementation.fact(self.structure()));
        facts
    }

    fn product_arch(&self) -> Option<Arch> {
        Some(self.structure())
    }

    fn context(&self) -> Json {
        merged(self.lane_context(), self.sum_context())
    }
}

impl DotProductParameters {
    /// Template context of one lane.
    fn lane_context(&self) -> Json {
        let (a, b) = (self.a.port, self.b.port);
        let [x, y] = self.multiplied();
        let product = exact_product([x, y]);
        let mut body = Body::enabled();
        let factors = [x.vector("x"), y.vector("y")];
        let value = circuit::product(&mut body, self.structure(), factors, self.product_stages());
        let has_sign = product.signed && self.structure().is_operator();
        let element = |vector: &str, integer: Integer| format!("{vector}[{0}*i +: {0}]", integer.bits);
        json!({
            "lanes": self.lanes,
            "x_type": vector_type(a),
            "y_type": vector_type(b),
            "x": as_type(&element("a", a), a.signed),
            "y": as_type(&element("b", b), b.signed),
            "operands": [x.context("x"), y.context("y")],
            "product_bits": product.bits,
            "products_msb": product.bits * self.lanes - 1,
            "product_type": vector_type(Integer { signed: has_sign, ..product }),
            "product": if has_sign { "$unsigned(product)" } else { "product" },
            "registered": self.schedule().registers_after(1),
            "statements": body.into_statements(),
            "value": value,
        })
    }

    /// Template context of the adder tree and the accumulator.
    fn sum_context(&self) -> Json {
        let (sum, schedule) = (self.sum(), self.schedule());
        let product = exact_product(self.multiplied());
        let mut tree = Body::enabled();
        let total = Tree::new("products", product, self.lanes).sum(&mut tree, "tree", schedule, 2, &mut []);
        let total = total.extended(sum.bits);
        let total = match self.row_sum() {
            Some(row_sum) => {
                tree.blank_line();
                format!("{total} - {}", row_sum.product(&mut tree, schedule).extended(sum.bits))
            }
            None => total,
        };
        tree.blank_line();
        json!({
            "pipeline": pipeline::context(self.registers()),
            "tree": tree.into_statements(),
            "sum_range": format!("[{}:0]", sum.bits - 1),
            "total": total,
            "sum": as_type("lane_sum", sum.signed),
            "accumulator": self.accumulator().map(|accumulator| self.accumulator_context(accumulator)),
        })
    }

    fn accumulator_context(&self, accumulator: Integer) -> Json {
        let stages = self.stages;
        let start = pipeline::tap("start", stages, stages);
        let addend = Addend { name: "lane_sum", integer: self.sum(), start: &start };
        let (target, arch) = (self.implementation.target, self.structure());
        json!({
            "start": pipeline::line("start", "clear", stages),
            "valid": pipeline::tap("valid", stages, self.registers()),
            "zero": format!("{}'d0", accumulator.bits),
            "sum": accumulator::context(target, arch, &addend, accumulator, accumulator.bits),
        })
    }

    /// Number of registers from operands to outputs, accumulator included.
    fn registers(&self) -> u32 {
        self.stages + u32::from(self.acc_bits.is_some())
    }

    /// The factors of a lane: the operands minus their zero points, or the raw operands if a row sum corrects
    /// the result.
    fn multiplied(&self) -> [ZeroPointOperand; 2] {
        let operands = [self.a, self.b];
        if self.row_sum().is_some() { operands.map(ZeroPointOperand::raw) } else { operands }
    }

    /// The correction for one zero point by (Z1), if it takes fewer LUTs than a subtraction in every lane: with
    /// many lanes on 4-input LUTs.
    fn row_sum(&self) -> Option<RowSum> {
        let Implementation { target, arch, objective, .. } = self.implementation;
        let is_mux_rows = match arch {
            Some(arch) => arch == Arch::MuxRows,
            None => objective != Objective::Speed,
        };
        if target != Target::Ice40 || !is_mux_rows || self.lanes < ROW_SUM_LANES {
            return None;
        }
        let (a, b) = (self.a, self.b);
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
        Some(RowSum { vector, element, count: self.lanes, zero: Factor::new(name, shifted.port), constant })
    }

    fn sum(&self) -> Integer {
        exact_sum(self.a, self.b, self.lanes)
    }

    fn accumulator(&self) -> Option<Integer> {
        self.acc_bits.map(|bits| Integer { bits, ..self.sum() })
    }

    /// Pipeline schedule: one step for the products, one per tree level, and one for the correction.
    fn schedule(&self) -> Schedule {
        let steps = levels(self.lanes) + 1 + u32::from(self.row_sum().is_some());
        Schedule::new(steps, self.stages)
    }

    /// Number of registers of a product, its last included: those that the tree does not take.
    fn product_stages(&self) -> u32 {
        match self.schedule().before() {
            0 => 0,
            extra => extra + 1,
        }
    }

    fn structure(&self) -> Arch {
        let [a, b] = self.multiplied().map(ZeroPointOperand::factor);
        self.implementation.product(a, b, self.product_stages())
    }
}

/// From this number of lanes on, a row sum takes fewer LUTs than one subtraction per lane and products
/// one bit wider: see `docs/architectures.md`.
const ROW_SUM_LANES: u32 = 16;

fn exact_product(factors: [ZeroPointOperand; 2]) -> Integer {
    let [a, b] = factors.map(ZeroPointOperand::factor);
    Integer { bits: a.bits + b.bits, signed: a.signed || b.signed }
}

/// The narrowest type that holds `lanes` products of any value.
fn exact_sum(a: ZeroPointOperand, b: ZeroPointOperand, lanes: u32) -> Integer {
    let product = exact_product([a, b]);
    Integer { bits: product.bits + levels(lanes), ..product }
}

/// Levels of the tree that adds the products.
fn levels(lanes: u32) -> u32 {
    lanes.next_power_of_two().trailing_zeros()
}
