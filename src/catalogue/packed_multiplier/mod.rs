//! Unit `packed_multiplier`: several narrow exact products from one DSP block.

mod fit;

use serde_json::{Value as Json, json};

use super::operand::{A_BITS, A_SIGNED, B_BITS, B_SIGNED, operands};
use crate::circuit::packed_multiplier::{
    self, Block, Control, FactorRow, FactorSide, Packing, RegisterPositions,
};
use crate::circuit::{Body, Net, pipeline};
use crate::unit::{
    Behaviour, Choice, ConfigError, Kind, Parameter, Port, Preset, Role, UnitDefinition, UnitParameters,
    Value, Values, choice,
};

/// `product[i + j * a_lanes] = a[i] * b[j]`, or `a[i] * b[i]`, or sums of `terms` of them.
#[derive(Clone, Copy, Debug)]
pub struct PackedMultiplierParameters {
    /// The elements, and the block that they share.
    pub packing: Packing,
    /// Pairing of the elements.
    pub pairing: Pairing,
    /// Registers between operands and products, the accumulator of sums included.
    pub stages: u32,
}

choice! {
    /// Pairing of the elements of two vectors.
    pub enum Pairing {
        /// Every element of `a` with every element of `b`.
        Outer = "outer",
        /// Every element of `a` with the element of `b` that has the same index.
        Elementwise = "elementwise",
    }
}

const A_NARROW: Parameter = Parameter {
    name: "a_narrow",
    kind: Kind::Flag,
    default: Value::Flag(false),
    help: "no element of a is ever its most negative value",
};

const B_NARROW: Parameter = Parameter {
    name: "b_narrow",
    kind: Kind::Flag,
    default: Value::Flag(false),
    help: "no element of b is ever its most negative value",
};

const LANES: Kind = Kind::Integer { min: 1, max: 4 };

const A_LANES: Parameter =
    Parameter { name: "a_lanes", kind: LANES, default: Value::Integer(2), help: "elements of a" };

const B_LANES: Parameter =
    Parameter { name: "b_lanes", kind: LANES, default: Value::Integer(1), help: "elements of b" };

const PAIRING: Parameter = Parameter {
    name: "pairing",
    kind: Kind::Choice(Pairing::WORDS),
    default: Value::Word(Pairing::Outer.word()),
    help: "outer: every element of a times every element of b; elementwise: elements of the same index",
};

const TERMS: Parameter = Parameter {
    name: "terms",
    kind: Kind::Integer { min: 1, max: 1 << 16 },
    default: Value::Integer(1),
    help: "number of products summed before unpacking",
};

const STAGES: Parameter = Parameter {
    name: "stages",
    kind: Kind::Integer { min: 0, max: 4 },
    default: Value::Integer(0),
    help: "registers between operands and products, the accumulator of sums included",
};

const TARGET: Parameter = Parameter {
    name: "target",
    kind: Kind::Choice(Block::WORDS),
    default: Value::Word(Block::Dsp48e1.word()),
    help: "the FPGA family whose DSP block the products share",
};

impl UnitDefinition for PackedMultiplierParameters {
    const SUMMARY: &'static str = "several exact products packed into one multiplier block";

    const PARAMETERS: &'static [Parameter] = &[
        A_BITS, B_BITS, A_SIGNED, B_SIGNED, A_NARROW, B_NARROW, A_LANES, B_LANES, PAIRING, TERMS, STAGES,
        TARGET,
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

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        let [a, b] = operands(values);
        let packing = Packing {
            block: values.choice(&TARGET),
            a: FactorRow { integer: a, narrow: values.flag(&A_NARROW), lanes: values.count(&A_LANES) },
            b: FactorRow { integer: b, narrow: values.flag(&B_NARROW), lanes: values.count(&B_LANES) },
            terms: values.count(&TERMS),
        };
        let parsed = Self { packing, pairing: values.choice(&PAIRING), stages: values.count(&STAGES) };
        fit::check(&parsed)?;
        Ok(parsed)
    }

    /// The packing depends on the target.
    fn is_implementation(_: &str) -> bool {
        false
    }
}

impl UnitParameters for PackedMultiplierParameters {
    fn module_name(&self) -> String {
        let Packing { a, b, terms, block } = self.packing;
        let what = if terms > 1 { format!("dot{terms}") } else { "mul".to_string() };
        let lanes = match self.pairing {
            Pairing::Elementwise => a.lanes.to_string(),
            Pairing::Outer => format!("{}x{}", a.lanes, b.lanes),
        };
        let pipeline = if self.stages == 0 { String::new() } else { format!("_p{}", self.stages) };
        format!("packed{lanes}_{what}_{}_{}{pipeline}_{}", a.short(), b.short(), block.word())
    }

    fn ports(&self) -> Vec<Port> {
        let Packing { a, b, terms, .. } = self.packing;
        let input = |name, row: FactorRow, help| {
            let port = Port::input(name, row.integer, help).packed(row.lanes);
            if row.narrow { port.narrow() } else { port }
        };
        let operands =
            [input("a", a, "multiplicands, the first in the lowest bits"), input("b", b, "multipliers")];
        let (result, results) = (self.packing.result(), self.results());
        if terms > 1 {
            let valid = Port { registered: true, ..pipeline::valid_out() };
            let sum = Port::register("sum", result, self.help()).packed(results);
            return pipeline::control().into_iter().chain(operands).chain([valid, sum]).collect();
        }
        let clock = Port::control("clk", Role::Clock, "acts on the rising edge");
        let product = Port::output("product", result, self.help()).packed(results);
        (self.stages > 0).then_some(clock).into_iter().chain(operands).chain([product]).collect()
    }

    fn behaviour(&self) -> Behaviour {
        let stages = self.stages as usize;
        match self.packing.terms {
            1 => Behaviour::FeedForward { latency: stages },
            _ => Behaviour::Sequential { latency: stages + 1 },
        }
    }

    fn facts(&self) -> Vec<String> {
        let mut facts = vec![self.latency_fact()];
        for side in FactorSide::BOTH {
            let row = self.packing.row(side);
            if row.narrow {
                facts.push(format!("Precondition: no element of {} is {}.", side.word(), row.integer.min()));
            }
        }
        facts.extend(self.packing_facts());
        facts
    }

    fn primitives(&self) -> &'static [&'static str] {
        match self.packing.block {
            Block::SbMac16 => &["SB_MAC16"],
            Block::Dsp48e2 => &["DSP48E2"],
            Block::Mult18x18d if self.packing.terms > 1 => &["CCU2C"],
            Block::Mult18x18d | Block::Dsp48e1 => &[],
        }
    }

    fn family(&self) -> Option<&'static str> {
        Some(self.packing.block.word())
    }

    fn context(&self) -> Json {
        let (packing, stages) = (self.packing, self.stages);
        if packing.terms > 1 {
            return sums_context(packing, stages);
        }
        let (mut body, registers) = (Body::default(), RegisterPositions::new(stages));
        let result = match packing.block {
            Block::SbMac16 => packed_multiplier::sb_mac16(&mut body, packing, stages).text(),
            Block::Dsp48e2 => {
                let control = Control { enable: "1'b1", sum_enable: "1'b1", start: None };
                let net = packed_multiplier::dsp48e2(&mut body, packing, registers, &control);
                let fields = packed_multiplier::fields(&mut body, packing, net);
                packed_multiplier::unpacked(packing, &fields)
            }
            Block::Dsp48e1 | Block::Mult18x18d => {
                let product = packed_multiplier::product(&mut body, packing, registers);
                let biased = packed_multiplier::biased(&mut body, packing, product);
                let mut fields = packed_multiplier::fields(&mut body, packing, biased);
                if registers.fields {
                    body.insert_registers(&mut [&mut fields.net]);
                }
                packed_multiplier::unpacked(packing, &fields)
            }
        };
        body.blank_line();
        json!({ "statements": body.into_statements(), "result": result, "sums": Json::Null })
    }
}

impl PackedMultiplierParameters {
    fn latency_fact(&self) -> String {
        match (self.packing.terms, self.stages) {
            (1, 0) => "Combinational.".to_string(),
            (1, 1) => "Latency: 1 clock cycle; one set of products per cycle; no reset.".to_string(),
            (1, stages) => {
                format!("Latency: {stages} clock cycles; one set of products per cycle; no reset.")
            }
            (terms, stages) => format!(
                "Latency: {} clock cycles with en = 1; one product per cycle, one sum per {terms}.",
                stages + 1
            ),
        }
    }

    fn packing_facts(&self) -> Vec<String> {
        let (packing, block) = (self.packing, self.packing.block.name());
        if self.pairing == Pairing::Elementwise {
            return vec![
                format!("Packing: each product has a multiplier of 8 by 8 bits in one {block}."),
                "Yosys: synth_ice40 without -dsp, which makes one product of 16 by 16 bits of any such block."
                    .to_string(),
            ];
        }
        let ([a, b], field) = (FactorSide::BOTH.map(|side| packing.word_bits(side)), packing.field().bits);
        let mut facts = vec![format!(
            "Packing: products {field} bits apart in one product of {a} by {b} bits, one {block}."
        )];
        if packing.terms > 1 {
            facts.push(format!("Longest sum that fits its {field} bits: {} products.", packing.longest()));
        }
        facts
    }

    /// Number of elements of the result.
    fn results(&self) -> u32 {
        match self.pairing {
            Pairing::Elementwise => self.packing.a.lanes,
            Pairing::Outer => self.packing.fields(),
        }
    }

    /// Help text of the output.
    fn help(&self) -> &'static str {
        let Packing { a, b, terms, .. } = self.packing;
        match (terms, a.lanes, b.lanes) {
            _ if self.pairing == Pairing::Elementwise => {
                "each element of a times the one of b in its place, exact"
            }
            (1, 1, _) => "a times each element of b, exact",
            (1, _, 1) => "each element of a times b, exact",
            (1, ..) => "each element of a times the first of b, then times the second and so on, exact",
            (_, 1, _) => "sums of a times each element of b, exact",
            (_, _, 1) => "sums of each element of a times b, exact",
            _ => "sums of each element of a times the first of b, then times the second and so on, exact",
        }
    }
}

/// Template context of a unit that sums products.
fn sums_context(packing: Packing, stages: u32) -> Json {
    let (mut body, registers) = (Body::enabled(), RegisterPositions::new(stages));
    let all = packing.sum_bits();
    let (fields, accum) = match packing.block {
        Block::Dsp48e2 => {
            let control = Control { enable: "en", sum_enable: "enable", start: Some("start") };
            (packed_multiplier::dsp48e2(&mut body, packing, registers, &control), Json::Null)
        }
        _ => {
            let product = packed_multiplier::product(&mut body, packing, registers);
            let next = packed_multiplier::next_sum(&mut body, packing, product);
            // A DSP block starts a sum from any value. So do ECP5 cells in hardware, but not in a simulator
            // that starts with unknown values.
            let zero = (!packing.block.adds()).then(|| format!("{all}'d0"));
            let accum = json!({ "range": format!("[{}:0]", all - 1), "zero": zero, "next": next });
            (Net::new("accum", all), accum)
        }
    };
    let mut unpacking = Body::default();
    let fields = packed_multiplier::fields(&mut unpacking, packing, fields);
    let count_bits = u32::BITS - (packing.terms - 1).leading_zeros();
    let (valid, enters) = match stages - 1 {
        0 => (Json::Null, "valid_in".to_string()),
        before => (
            pipeline::line(pipeline::SIGNAL, "valid_in", before),
            pipeline::tap(pipeline::SIGNAL, before, before),
        ),
    };
    body.blank_line();
    unpacking.blank_line();
    json!({
        "statements": body.into_statements(),
        "result": packed_multiplier::unpacked(packing, &fields),
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
