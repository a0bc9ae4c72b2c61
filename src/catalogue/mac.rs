//! Unit `mac`: multiply-accumulate in two or more registered stages.

use serde_json::{Value as Json, json};

use super::accumulator_width::{ACC_BITS, check_acc_bits};
use super::operand::{A_BITS, A_SIGNED, B_BITS, B_SIGNED};
use super::template_context::merged;
use super::zero_point::{
    A_ZERO_POINT, A_ZERO_POINT_VALUE, B_ZERO_POINT, B_ZERO_POINT_VALUE, ZeroPointOperand, product_range,
};
use crate::circuit;
use crate::circuit::accumulator::Addend;
use crate::circuit::verilog::{as_type, vector_type};
use crate::circuit::{Body, accumulator, pipeline};
use crate::unit::{
    ARCH, Arch, Behaviour, Choice, ConfigError, DSP, Implementation, Integer, Kind, OBJECTIVE, Objective,
    Parameter, Port, Preset, Role, TARGET, Target, UnitDefinition, UnitParameters, Value, Values, choice,
};

/// `mult_result <= a * b; accum <= accum + mult_result`.
#[derive(Clone, Copy, Debug)]
pub struct MacParameters {
    /// The multiplicand.
    pub a: ZeroPointOperand,
    /// The multiplier.
    pub b: ZeroPointOperand,
    /// Registers from operands to `accum`, which is the last of them.
    pub stages: u32,
    /// Width of the accumulator in bits.
    pub acc_bits: u32,
    /// Overflow behaviour of the accumulator.
    pub overflow: Overflow,
    /// Whether the sticky output `overflow` exists.
    pub overflow_flag: bool,
    /// How the product is built.
    pub implementation: Implementation,
}

choice! {
    /// Overflow behaviour of an accumulator.
    pub enum Overflow {
        /// The sum wraps: its low bits are kept.
        Wrap = "wrap",
        /// The sum saturates at the limit of its type.
        Saturate = "saturate",
    }
}

const STAGES: Parameter = Parameter {
    name: "stages",
    kind: Kind::Integer { min: 2, max: 18 },
    default: Value::Integer(2),
    help: "registers from operands to accum, which is the last of them",
};

const OVERFLOW: Parameter = Parameter {
    name: "overflow",
    kind: Kind::Choice(Overflow::WORDS),
    default: Value::Word(Overflow::Wrap.word()),
    help: "overflow behaviour of the accumulator",
};

const OVERFLOW_FLAG: Parameter = Parameter {
    name: "overflow_flag",
    kind: Kind::Flag,
    default: Value::Flag(false),
    help: "adds the sticky output overflow",
};

impl UnitDefinition for MacParameters {
    const SUMMARY: &'static str = "multiply-accumulate in two registered stages or more";

    const PARAMETERS: &'static [Parameter] = &[
        A_BITS,
        B_BITS,
        A_SIGNED,
        B_SIGNED,
        A_ZERO_POINT,
        A_ZERO_POINT_VALUE,
        B_ZERO_POINT,
        B_ZERO_POINT_VALUE,
        STAGES,
        ACC_BITS,
        OVERFLOW,
        OVERFLOW_FLAG,
        TARGET,
        ARCH,
        OBJECTIVE,
        DSP,
    ];

    const PRESETS: &'static [Preset] = &[
        Preset { name: "int8_mac", sets: &[] },
        Preset { name: "int4_mac", sets: &["a_bits=4", "b_bits=4"] },
        Preset { name: "int2_mac", sets: &["a_bits=2", "b_bits=2"] },
        Preset { name: "w4a8_mac", sets: &["b_bits=4"] },
        Preset {
            name: "uint8_mac_zp",
            sets: &["a_signed=false", "b_signed=false", "a_zero_point=port", "b_zero_point=port"],
        },
        Preset { name: "int8_mac_sat20", sets: &["acc_bits=20", "overflow=saturate", "overflow_flag=true"] },
    ];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        let [a, b] = ZeroPointOperand::parse_both(values)?;
        let acc_bits = values.count(&ACC_BITS);
        check_acc_bits(acc_bits, narrowest_product(a, b), "product")?;
        Ok(Self {
            a,
            b,
            stages: values.count(&STAGES),
            acc_bits,
            overflow: values.choice(&OVERFLOW),
            overflow_flag: values.flag(&OVERFLOW_FLAG),
            implementation: Implementation::parse(values)?,
        })
    }
}

impl UnitParameters for MacParameters {
    fn module_name(&self) -> String {
        let overflow = match (self.overflow, self.overflow_flag) {
            (Overflow::Saturate, true) => "_sat_flag",
            (Overflow::Saturate, false) => "_sat",
            (Overflow::Wrap, true) => "_flag",
            (Overflow::Wrap, false) => "",
        };
        let pipeline = if self.stages == 2 { String::new() } else { format!("_p{}", self.stages) };
        let (a, b, acc_bits) = (self.a.short(), self.b.short(), self.acc_bits);
        format!("mac_{a}_{b}{pipeline}_acc{acc_bits}{overflow}")
    }

    fn ports(&self) -> Vec<Port> {
        let mut ports = vec![
            Port::control("clk", Role::Clock, "acts on the rising edge"),
            Port::control("rst", Role::Reset, "synchronous reset, wins over en"),
            Port::control("en", Role::Enable, "holds every register when 0"),
            Port::control("clear", Role::Clear, "starts a new sum with this pair"),
            Port::input("a", self.a.port, "multiplicand"),
            Port::input("b", self.b.port, "multiplier"),
        ];
        ports.extend([self.a, self.b].into_iter().filter_map(ZeroPointOperand::zero_point_port));
        ports.push(Port::register("accum", self.accumulator(), "sum of products"));
        if self.overflow_flag {
            ports.push(Port::register("overflow", Integer::unsigned(1), "this sum left its range"));
        }
        ports
    }

    fn behaviour(&self) -> Behaviour {
        Behaviour::Sequential { latency: self.latency() as usize }
    }

    fn facts(&self) -> Vec<String> {
        let longest = accumulator::fact(product_range(self.a, self.b), self.accumulator(), "product");
        let overflow = match self.overflow {
            Overflow::Saturate => "A sum that does not fit stops at the limit, and goes on from there.",
            Overflow::Wrap => "A sum that does not fit wraps.",
        };
        let latency = format!("Latency: {} clock cycles with en = 1; one pair per cycle.", self.latency());
        let mut facts = vec![latency, longest, overflow.to_string()];
        facts.extend(self.implementation.fact(self.structure()));
        facts
    }

    fn product_arch(&self) -> Option<Arch> {
        Some(self.structure())
    }

    fn context(&self) -> Json {
        merged(self.product_context(), self.sum_context())
    }
}

impl MacParameters {
    /// Template context of the product and the control bits of its pipeline.
    fn product_context(&self) -> Json {
        let (product, arch) = (narrowest_product(self.a, self.b), self.structure());
        let mut body = Body::enabled();
        let before = self.stages - 1;
        let factors = [self.a.vector("a"), self.b.vector("b")];
        let value = circuit::product(&mut body, arch, factors, self.product_stages());
        let surplus = match arch {
            Arch::Inferred | Arch::Dsp => 0,
            _ => self.a.factor().bits + self.b.factor().bits - product.bits,
        };
        // Reset drops the pairs in the pipeline: nothing is added until a later pair arrives.
        let after = before + u32::from(self.is_split());
        let enable = |register: u32| match before {
            1 => "en".to_string(),
            _ => format!("en && {}", pipeline::tap("live", register, after)),
        };
        json!({
            "start": pipeline::line("start", "clear", before),
            "live": (before > 1).then(|| pipeline::line("live", "1'b1", after)),
            "adds": enable(before),
            "adds_high": enable(after),
            "operands": [self.a.context("a"), self.b.context("b")],
            "statements": body.into_statements(),
            "product": if surplus > 0 { "product" } else { &value },
            "surplus": surplus,
            "surplus_range": if surplus > 1 { format!("[{}:0] ", surplus - 1) } else { String::new() },
            "value": &value,
            "product_type": vector_type(Integer { signed: product.signed && arch.is_operator(), ..product }),
            "product_range": format!("[{}:0]", product.bits - 1),
            "product_zero": format!("{}'d0", product.bits),
        })
    }

    /// Template context of the accumulator.
    fn sum_context(&self) -> Json {
        let (product, accumulator) = (narrowest_product(self.a, self.b), self.accumulator());
        let (acc_bits, acc_msb) = (accumulator.bits, accumulator.bits - 1);
        let saturates = self.overflow == Overflow::Saturate;
        let checked = self.overflow_flag || saturates;
        // A signed sum left its range if its two upper bits differ, an unsigned one if it has a carry.
        let (outside, limit) = if accumulator.signed {
            (
                format!("sum[{acc_bits}] ^ sum[{acc_msb}]"),
                format!("{{sum[{acc_bits}], {{{acc_msb}{{~sum[{acc_bits}]}}}}}}"),
            )
        } else {
            (format!("sum[{acc_bits}]"), format!("{{{acc_bits}{{1'b1}}}}"))
        };
        let fits = format!("sum[{acc_msb}:0]");
        let fitting = if saturates { format!("outside ? {limit} : {fits}") } else { fits };
        let sum_bits = acc_bits + u32::from(checked);
        let start = pipeline::tap("start", self.stages - 1, self.stages - 1);
        let addend = Addend { name: "mult_result", integer: product, start: &start };
        let target = self.implementation.target;
        json!({
            "split": self.is_split().then(|| accumulator::halves(&addend, accumulator)),
            "acc_msb": acc_msb,
            "acc_zero": format!("{acc_bits}'d0"),
            "sum": accumulator::context(target, self.structure(), &addend, accumulator, sum_bits),
            "sum_msb": sum_bits - 1,
            "outside": outside,
            "checked": checked.then(|| as_type(&fitting, accumulator.signed)),
            "flag": self.overflow_flag,
        })
    }

    fn structure(&self) -> Arch {
        self.implementation.product(self.a.factor(), self.b.factor(), self.product_stages())
    }

    /// Number of registers of the product; `mult_result` counts if there are others.
    fn product_stages(&self) -> u32 {
        if self.stages == 2 { 0 } else { self.stages - 1 }
    }

    /// Whether the halves of the accumulator are added in two cycles.
    fn is_split(&self) -> bool {
        self.implementation.target == Target::Ice40
            && self.implementation.objective != Objective::Area
            && self.overflow == Overflow::Wrap
            && !self.overflow_flag
            && self.acc_bits >= SPLIT_BITS
    }

    /// Registers between operands and the output.
    fn latency(&self) -> u32 {
        self.stages + u32::from(self.is_split())
    }

    fn accumulator(&self) -> Integer {
        Integer { bits: self.acc_bits, signed: narrowest_product(self.a, self.b).signed }
    }
}

/// From this width on, the carry of an accumulator is the critical path on an iCE40.
const SPLIT_BITS: u32 = 20;

/// The narrowest type that holds every product.
fn narrowest_product(a: ZeroPointOperand, b: ZeroPointOperand) -> Integer {
    let (min, max) = product_range(a, b);
    let signed = a.factor().signed || b.factor().signed;
    let bits = (1..64).find(|&bits| {
        let candidate = Integer { bits, signed };
        candidate.holds(min) && candidate.holds(max)
    });
    Integer { bits: bits.expect("two operands of 17 bits make at most 34"), signed }
}
