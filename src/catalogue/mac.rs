//! Multiply-accumulate in two registered stages, or more.

use serde_json::{Value as Json, json};

use super::operand::{A_BITS, A_SIGNED, B_BITS, B_SIGNED};
use super::zero_point::{
    A_ZERO_POINT, A_ZERO_POINT_VALUE, B_ZERO_POINT, B_ZERO_POINT_VALUE, Operand, product_range,
};
use crate::circuit;
use crate::circuit::accumulator::Addend;
use crate::circuit::verilog::{as_type, vector_type};
use crate::circuit::{Body, accumulator, pipeline};
use crate::unit::{
    ARCH, Arch, Behaviour, ConfigError, DSP, Integer, Kind, OBJECTIVE, Parameter, Port, Preset, Role, TARGET,
    Unit, Value, Values, implementation,
};

/// `mult_result <= a * b; accum <= accum + mult_result`.
pub(crate) struct Mac;

impl Unit for Mac {
    fn name(&self) -> &'static str {
        "mac"
    }

    fn summary(&self) -> &'static str {
        "multiply-accumulate in two registered stages or more"
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
                name: "stages",
                kind: Kind::Integer { min: 2, max: 18 },
                default: Value::Integer(2),
                help: "registers between operands and accum, itself among them",
            },
            Parameter {
                name: "acc_bits",
                kind: Kind::Integer { min: 4, max: 64 },
                default: Value::Integer(32),
                help: "width of the accumulator in bits",
            },
            Parameter {
                name: "overflow",
                kind: Kind::Choice(&["wrap", "saturate"]),
                default: Value::Word("wrap"),
                help: "what the accumulator does when a sum does not fit",
            },
            Parameter {
                name: "overflow_flag",
                kind: Kind::Flag,
                default: Value::Flag(false),
                help: "adds the sticky output overflow",
            },
            TARGET,
            ARCH,
            OBJECTIVE,
            DSP,
        ]
    }

    fn presets(&self) -> &'static [Preset] {
        &[
            Preset { name: "int8_mac", sets: &[] },
            Preset { name: "int4_mac", sets: &["a_bits=4", "b_bits=4"] },
            Preset { name: "int2_mac", sets: &["a_bits=2", "b_bits=2"] },
            Preset { name: "w4a8_mac", sets: &["b_bits=4"] },
            Preset {
                name: "uint8_mac_zp",
                sets: &["a_signed=false", "b_signed=false", "a_zero_point=port", "b_zero_point=port"],
            },
            Preset {
                name: "int8_mac_sat20",
                sets: &["acc_bits=20", "overflow=saturate", "overflow_flag=true"],
            },
        ]
    }

    fn check(&self, values: &Values) -> Result<(), ConfigError> {
        for name in ["a", "b"] {
            Operand::new(values, name).check(values)?;
        }
        let (product, acc_bits) = (product(values), values.count("acc_bits"));
        if acc_bits < product.bits {
            return Err(ConfigError::Combination {
                reason: format!("acc_bits={acc_bits} is narrower than one product of {} bits", product.bits),
                fix: format!("set acc_bits to at least {}", product.bits),
            });
        }
        implementation::check(values)
    }

    fn module_name(&self, values: &Values) -> String {
        let overflow = match (values.word("overflow"), values.flag("overflow_flag")) {
            ("saturate", true) => "_sat_flag",
            ("saturate", false) => "_sat",
            (_, true) => "_flag",
            (_, false) => "",
        };
        let pipeline = match values.count("stages") {
            2 => String::new(),
            stages => format!("_p{stages}"),
        };
        format!(
            "mac_{}_{}{pipeline}_acc{}{overflow}",
            Operand::new(values, "a").short(),
            Operand::new(values, "b").short(),
            values.count("acc_bits"),
        )
    }

    fn ports(&self, values: &Values) -> Vec<Port> {
        let (a, b) = (Operand::new(values, "a"), Operand::new(values, "b"));
        let mut ports = vec![
            Port::control("clk", Role::Clock, "acts on the rising edge"),
            Port::control("rst", Role::Reset, "synchronous reset, wins over en"),
            Port::control("en", Role::Enable, "holds every register when 0"),
            Port::control("clear", Role::Clear, "starts a new sum with this pair"),
            Port::input("a", a.port, "multiplicand"),
            Port::input("b", b.port, "multiplier"),
        ];
        ports.extend([a, b].into_iter().filter_map(Operand::zero_point_port));
        ports.push(Port::register("accum", accumulator(values), "sum of products"));
        if values.flag("overflow_flag") {
            ports.push(Port::register("overflow", Integer::unsigned(1), "this sum left its range"));
        }
        ports
    }

    fn signals(&self) -> &'static [&'static str] {
        circuit::SIGNALS
    }

    fn behaviour(&self, values: &Values) -> Behaviour {
        Behaviour::Sequential { latency: latency(values) as usize }
    }

    fn facts(&self, values: &Values) -> Vec<String> {
        let range = product_range(Operand::new(values, "a"), Operand::new(values, "b"));
        let longest = accumulator::fact(range, accumulator(values), "product");
        let overflow = match values.word("overflow") {
            "saturate" => "A sum that does not fit stops at the limit, and goes on from there.",
            _ => "A sum that does not fit wraps.",
        };
        let latency = format!("Latency: {} clock cycles with en = 1; one pair per cycle.", latency(values));
        let mut facts = vec![latency, longest, overflow.to_string()];
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
        let (a, b) = (Operand::new(values, "a"), Operand::new(values, "b"));
        let (product, accumulator, arch) = (product(values), accumulator(values), arch(values));
        let (acc_bits, acc_msb) = (accumulator.bits, accumulator.bits - 1);
        let (flag, saturate) = (values.flag("overflow_flag"), values.word("overflow") == "saturate");
        let checked = flag || saturate;
        // Two signs that differ tell that a signed sum left its range, a carry that an unsigned did.
        let (outside, limit) = if accumulator.signed {
            (
                format!("sum[{acc_bits}] ^ sum[{acc_msb}]"),
                format!("{{sum[{acc_bits}], {{{acc_msb}{{~sum[{acc_bits}]}}}}}}"),
            )
        } else {
            (format!("sum[{acc_bits}]"), format!("{{{acc_bits}{{1'b1}}}}"))
        };
        let fits = format!("sum[{acc_msb}:0]");
        let fitting = if saturate { format!("outside ? {limit} : {fits}") } else { fits };
        let sum_bits = acc_bits + u32::from(checked);
        let mut body = Body::enabled();
        let before = values.count("stages") - 1;
        let factors = [a.vector("a"), b.vector("b")];
        let value = circuit::product(&mut body, arch, factors, product_stages(values));
        let surplus = match arch {
            Arch::Inferred | Arch::Dsp => 0,
            _ => a.factor().bits + b.factor().bits - product.bits,
        };
        let start = pipeline::tap("start", before, before);
        let addend = Addend { name: "mult_result", integer: product, start: &start };
        // Pairs on their way are dropped by reset: nothing is added until one that came later arrives.
        let after = before + u32::from(is_split(values));
        let enable = |register: u32| match before {
            1 => "en".to_string(),
            _ => format!("en && {}", pipeline::tap("live", register, after)),
        };
        json!({
            "start": pipeline::line("start", "clear", before),
            "live": (before > 1).then(|| pipeline::line("live", "1'b1", after)),
            "adds": enable(before),
            "adds_high": enable(after),
            "split": is_split(values).then(|| accumulator::halves(&addend, accumulator)),
            "operands": [a.context("a"), b.context("b")],
            "statements": body.into_statements(),
            "product": if surplus > 0 { "product" } else { &value },
            "surplus": surplus,
            "surplus_range": if surplus > 1 { format!("[{}:0] ", surplus - 1) } else { String::new() },
            "value": &value,
            "product_type": vector_type(Integer { signed: product.signed && arch.is_operator(), ..product }),
            "product_range": format!("[{}:0]", product.bits - 1),
            "product_zero": format!("{}'d0", product.bits),
            "acc_msb": acc_msb,
            "acc_zero": format!("{acc_bits}'d0"),
            "sum": accumulator::context(values, arch, &addend, accumulator, sum_bits),
            "sum_msb": sum_bits - 1,
            "outside": outside,
            "checked": checked.then(|| as_type(&fitting, accumulator.signed)),
            "flag": flag,
        })
    }
}

fn arch(values: &Values) -> Arch {
    let factor = |name| Operand::new(values, name).factor();
    Arch::of(values, factor("a"), factor("b"), product_stages(values))
}

/// Registers of the product, `mult_result` among them where there are others.
fn product_stages(values: &Values) -> u32 {
    match values.count("stages") {
        2 => 0,
        stages => stages - 1,
    }
}

/// The width from which on the carry of an accumulator is what limits an iCE40.
const SPLIT_BITS: u32 = 20;

/// Whether the halves of the accumulator are added in two cycles.
fn is_split(values: &Values) -> bool {
    values.word("target") == "ice40"
        && values.word("objective") == "speed"
        && values.word("overflow") == "wrap"
        && !values.flag("overflow_flag")
        && values.count("acc_bits") >= SPLIT_BITS
}

/// Registers between operands and the output.
fn latency(values: &Values) -> u32 {
    values.count("stages") + u32::from(is_split(values))
}

/// The narrowest type that holds every product.
fn product(values: &Values) -> Integer {
    let (a, b) = (Operand::new(values, "a"), Operand::new(values, "b"));
    let (min, max) = product_range(a, b);
    let signed = a.factor().signed || b.factor().signed;
    let bits = (1..64).find(|&bits| {
        let candidate = Integer { bits, signed };
        candidate.holds(min) && candidate.holds(max)
    });
    Integer { bits: bits.expect("two operands of 17 bits make at most 34"), signed }
}

fn accumulator(values: &Values) -> Integer {
    Integer { bits: values.count("acc_bits"), signed: product(values).signed }
}
