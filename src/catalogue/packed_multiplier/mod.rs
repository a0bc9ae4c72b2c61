//! Several narrow products from one DSP block, exact for all inputs.

mod block;
mod circuit;
mod dsp48e2;
mod fit;
mod packing;
mod sb_mac16;
mod word;

use serde_json::{Value as Json, json};

use super::operand::{A_BITS, A_SIGNED, B_BITS, B_SIGNED};
use crate::circuit::{Body, Net, pipeline};
use crate::unit::{
    Behaviour, ConfigError, Kind, Parameter, Port, Preset, Role, Value, Values, ValuesParameters, ValuesUnit,
};
use block::Block;
use circuit::Registers;
use dsp48e2::Control;
use packing::{Packing, Row};

/// `product[i + j * a_lanes] = a[i] * b[j]`, or `a[i] * b[i]`, or sums of `terms` of them.
pub(crate) struct PackedMultiplier;

pub(crate) type PackedMultiplierParameters = ValuesParameters<PackedMultiplier>;

const LANES: Kind = Kind::Integer { min: 1, max: 4 };

impl ValuesUnit for PackedMultiplier {
    const SUMMARY: &'static str = "several exact products packed into one multiplier block";

    const PARAMETERS: &'static [Parameter] = &[
        A_BITS,
        B_BITS,
        A_SIGNED,
        B_SIGNED,
        Parameter {
            name: "a_narrow",
            kind: Kind::Flag,
            default: Value::Flag(false),
            help: "no element of a is ever its most negative value",
        },
        Parameter {
            name: "b_narrow",
            kind: Kind::Flag,
            default: Value::Flag(false),
            help: "no element of b is ever its most negative value",
        },
        Parameter { name: "a_lanes", kind: LANES, default: Value::Integer(2), help: "elements of a" },
        Parameter { name: "b_lanes", kind: LANES, default: Value::Integer(1), help: "elements of b" },
        Parameter {
            name: "pairing",
            kind: Kind::Choice(&["outer", "elementwise"]),
            default: Value::Word("outer"),
            help: "every element of a times every one of b, or times the one in its place",
        },
        Parameter {
            name: "terms",
            kind: Kind::Integer { min: 1, max: 1 << 16 },
            default: Value::Integer(1),
            help: "products added up before they are unpacked",
        },
        Parameter {
            name: "stages",
            kind: Kind::Integer { min: 0, max: 4 },
            default: Value::Integer(0),
            help: "registers between operands and products, the accumulator of sums included",
        },
        Parameter {
            name: "target",
            kind: Kind::Choice(&["ice40", "ecp5", "xc7", "xcup"]),
            default: Value::Word("xc7"),
            help: "the FPGA family whose DSP block the products share",
        },
    ];

    #[rustfmt::skip]
    const PRESETS: &'static [Preset] = &[
        Preset { name: "int8_multiplier_pair_xc7", sets: &[] },
        Preset { name: "int8_multiplier_pair_xcup", sets: &["target=xcup"] },
        Preset { name: "int8_multiplier_pair_ice40", sets: &["b_lanes=2", "pairing=elementwise", "target=ice40"] },
        Preset { name: "int4_multiplier_quad_xc7", sets: &["a_bits=4", "b_bits=4", "b_lanes=2"] },
        Preset { name: "int4_multiplier_quad_xcup", sets: &["a_bits=4", "b_bits=4", "b_lanes=2", "target=xcup"] },
        Preset { name: "int4_multiplier_quad_ecp5", sets: &["a_bits=4", "b_bits=4", "b_narrow=true", "b_lanes=2", "target=ecp5"] },
        Preset { name: "w4a8_multiplier_pair_ecp5", sets: &["b_bits=4", "a_lanes=1", "b_lanes=2", "target=ecp5"] },
        Preset { name: "int8_dot7_pair_xcup", sets: &["terms=7", "stages=3", "target=xcup"] },
        Preset { name: "int4_dot7_quad_xc7", sets: &["a_bits=4", "b_bits=4", "b_lanes=2", "terms=7", "stages=3"] },
        Preset { name: "w4a8_dot9_pair_ecp5", sets: &["b_bits=4", "b_narrow=true", "a_lanes=1", "b_lanes=2", "terms=9", "stages=2", "target=ecp5"] },
    ];

    fn check(values: &Values) -> Result<(), ConfigError> {
        fit::check(values)
    }

    /// The packing belongs to the target.
    fn is_implementation(_: &str) -> bool {
        false
    }

    fn family(values: &Values) -> Option<&'static str> {
        Some(values.word("target"))
    }

    fn module_name(values: &Values) -> String {
        let Packing { a, b, terms, .. } = Packing::new(values);
        let what = if terms > 1 { format!("dot{terms}") } else { "mul".to_string() };
        let lanes =
            if is_elementwise(values) { a.lanes.to_string() } else { format!("{}x{}", a.lanes, b.lanes) };
        let pipeline = match values.count("stages") {
            0 => String::new(),
            stages => format!("_p{stages}"),
        };
        format!("packed{lanes}_{what}_{}_{}{pipeline}_{}", a.short(), b.short(), values.word("target"))
    }

    fn ports(values: &Values) -> Vec<Port> {
        let packing = Packing::new(values);
        let Packing { a, b, terms, .. } = packing;
        let input = |name, row: Row, help| {
            let port = Port::input(name, row.integer, help).packed(row.lanes);
            if row.narrow { port.narrow() } else { port }
        };
        let operands =
            [input("a", a, "multiplicands, the first in the lowest bits"), input("b", b, "multipliers")];
        let (result, fields) = (packing.result(), results(values));
        if terms > 1 {
            let valid = Port { registered: true, ..pipeline::valid_out() };
            let sum = Port::register("sum", result, help(values)).packed(fields);
            return pipeline::control().into_iter().chain(operands).chain([valid, sum]).collect();
        }
        let clock = Port::control("clk", Role::Clock, "acts on the rising edge");
        let product = Port::output("product", result, help(values)).packed(fields);
        (values.count("stages") > 0).then_some(clock).into_iter().chain(operands).chain([product]).collect()
    }

    fn behaviour(values: &Values) -> Behaviour {
        let stages = values.count("stages") as usize;
        match values.count("terms") {
            1 => Behaviour::FeedForward { latency: stages },
            _ => Behaviour::Sequential { latency: stages + 1 },
        }
    }

    fn facts(values: &Values) -> Vec<String> {
        let packing = Packing::new(values);
        let (stages, block) = (values.count("stages"), packing.block.name());
        let mut facts = match (packing.terms, stages) {
            (1, 0) => vec!["Combinational.".to_string()],
            (1, 1) => vec!["Latency: 1 clock cycle; one set of products per cycle; no reset.".to_string()],
            (1, _) => {
                vec![format!("Latency: {stages} clock cycles; one set of products per cycle; no reset.")]
            }
            (terms, _) => vec![format!(
                "Latency: {} clock cycles with en = 1; one product per cycle, one sum per {terms}.",
                stages + 1
            )],
        };
        for name in ["a", "b"] {
            let row = packing.row(name);
            if row.narrow {
                facts.push(format!("Precondition: no element of {name} is {}.", row.integer.min()));
            }
        }
        if is_elementwise(values) {
            facts.push(format!("Packing: each product has a multiplier of 8 by 8 bits in one {block}."));
            facts.push(
                "Yosys: synth_ice40 without -dsp, which makes one product of 16 by 16 bits of any such block."
                    .to_string(),
            );
            return facts;
        }
        let [a, b] = ["a", "b"].map(|name| packing.word_bits(name));
        facts.push(format!(
            "Packing: products {} bits apart in one product of {a} by {b} bits, one {block}.",
            packing.field().bits
        ));
        if packing.terms > 1 {
            facts.push(format!(
                "Longest sum that fits its {} bits: {} products.",
                packing.field().bits,
                packing.longest()
            ));
        }
        facts
    }

    fn primitives(values: &Values) -> &'static [&'static str] {
        match Block::of(values.word("target")) {
            Block::SbMac16 => &["SB_MAC16"],
            Block::Dsp48e2 => &["DSP48E2"],
            Block::Mult18x18d if values.count("terms") > 1 => &["CCU2C"],
            Block::Mult18x18d | Block::Dsp48e1 => &[],
        }
    }

    fn context(values: &Values) -> Json {
        let (packing, stages) = (Packing::new(values), values.count("stages"));
        if packing.terms > 1 {
            return sums(packing, stages);
        }
        let (mut body, registers) = (Body::default(), Registers::new(stages));
        let result = match packing.block {
            Block::SbMac16 => sb_mac16::sb_mac16(&mut body, packing, stages).text(),
            Block::Dsp48e2 => {
                let control = Control { enable: "1'b1", sum_enable: "1'b1", start: None };
                let net = dsp48e2::dsp48e2(&mut body, packing, registers, &control);
                let fields = circuit::fields(&mut body, packing, net);
                circuit::unpacked(packing, &fields)
            }
            Block::Dsp48e1 | Block::Mult18x18d => {
                let product = circuit::product(&mut body, packing, registers);
                let biased = circuit::biased(&mut body, packing, product);
                let mut fields = circuit::fields(&mut body, packing, biased);
                if registers.fields {
                    body.cut(&mut [&mut fields.net]);
                }
                circuit::unpacked(packing, &fields)
            }
        };
        body.paragraph();
        json!({ "statements": body.into_statements(), "result": result, "sums": Json::Null })
    }
}

/// What the template needs of a unit that adds products up.
fn sums(packing: Packing, stages: u32) -> Json {
    let (mut body, registers) = (Body::enabled(), Registers::new(stages));
    let all = packing.sum_bits();
    let (fields, accum) = match packing.block {
        Block::Dsp48e2 => {
            let control = Control { enable: "en", sum_enable: "enable", start: Some("start") };
            (dsp48e2::dsp48e2(&mut body, packing, registers, &control), Json::Null)
        }
        _ => {
            let product = circuit::product(&mut body, packing, registers);
            let next = circuit::next_sum(&mut body, packing, product);
            // A DSP block starts anew from any value; cells of ECP5 do, but not if a simulator does not know it.
            let zero = (!packing.block.adds()).then(|| format!("{all}'d0"));
            let accum = json!({ "range": format!("[{}:0]", all - 1), "zero": zero, "next": next });
            (Net::new("accum", all), accum)
        }
    };
    let mut unpacking = Body::default();
    let fields = circuit::fields(&mut unpacking, packing, fields);
    let count_bits = u32::BITS - (packing.terms - 1).leading_zeros();
    let (valid, enters) = match stages - 1 {
        0 => (Json::Null, "valid_in".to_string()),
        before => (
            pipeline::line(pipeline::SIGNAL, "valid_in", before),
            pipeline::tap(pipeline::SIGNAL, before, before),
        ),
    };
    body.paragraph();
    unpacking.paragraph();
    json!({
        "statements": body.into_statements(),
        "result": circuit::unpacked(packing, &fields),
        "sums": {
            "valid": valid,
            "enters": enters,
            "count_range": if count_bits == 1 { String::new() } else { format!("[{}:0] ", count_bits - 1) },
            "none": format!("{count_bits}'d0"),
            "one": format!("{count_bits}'d1"),
            "last": format!("{count_bits}'d{}", packing.terms - 1),
            "accum": accum,
            "unpacking": unpacking.into_statements(),
            "zero": format!("{}'d0", packing.result().bits * packing.fields()),
        },
    })
}

fn is_elementwise(values: &Values) -> bool {
    values.word("pairing") == "elementwise"
}

/// Elements of the result.
fn results(values: &Values) -> u32 {
    let packing = Packing::new(values);
    if is_elementwise(values) { packing.a.lanes } else { packing.fields() }
}

/// What an element of the output is.
fn help(values: &Values) -> &'static str {
    let Packing { a, b, terms, .. } = Packing::new(values);
    match (terms, a.lanes, b.lanes) {
        _ if is_elementwise(values) => "each element of a times the one of b in its place, exact",
        (1, 1, _) => "a times each element of b, exact",
        (1, _, 1) => "each element of a times b, exact",
        (1, ..) => "each element of a times the first of b, then times the second and so on, exact",
        (_, 1, _) => "sums of a times each element of b, exact",
        (_, _, 1) => "sums of each element of a times b, exact",
        _ => "sums of each element of a times the first of b, then times the second and so on, exact",
    }
}
