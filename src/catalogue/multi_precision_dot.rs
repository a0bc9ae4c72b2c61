//! Unit `multi_precision_dot`: dot product of words of one, two or four numbers, by a mode at run time.

use serde_json::{Value as Json, json};

use super::operand::A_SIGNED;
use crate::circuit::multi_precision::{WIDTHS, WORD_BITS, multi_precision_product, weight};
use crate::circuit::{Body, DelayLine, Factor, Net, Schedule, Tree, pipeline, repeated};
use crate::unit::{
    Behaviour, ConfigError, Integer, Kind, Parameter, Port, Preset, UnitDefinition, UnitParameters, Value,
    Values,
};

/// `sum = a[0]*b[0] + a[1]*b[1] + ...` over numbers of 8, 4 or 2 bits, exact.
#[derive(Clone, Copy, Debug)]
pub struct MultiPrecisionDotParameters {
    /// Whether the numbers of `a` are signed; those of `b` are.
    pub a_signed: bool,
    /// Words of a vector, of 8 bits each.
    pub lanes: u32,
    /// Registers between operands and sum.
    pub stages: u32,
}

const LANES: Parameter = Parameter {
    name: "lanes",
    kind: Kind::Integer { min: 1, max: 64 },
    default: Value::Integer(8),
    help: "number of words of 8 bits in a vector",
};

const STAGES: Parameter = Parameter {
    name: "stages",
    kind: Kind::Integer { min: 1, max: 12 },
    default: Value::Integer(4),
    help: "registers between operands and sum",
};

/// Bits of the input `mode`.
const MODE_BITS: u32 = 2;

/// Bits of the product of a lane, whatever the mode.
const PRODUCT: Integer = Integer { bits: 2 * WORD_BITS, signed: true };

/// The product of a lane is a step, and so is the selection of the sum by mode.
const STEPS_BESIDE_TREE: u32 = 2;

impl UnitDefinition for MultiPrecisionDotParameters {
    const SUMMARY: &'static str = "exact dot product of integers of 8, 4 or 2 bits, selected at run time";

    const PARAMETERS: &'static [Parameter] = &[A_SIGNED, LANES, STAGES];

    const PRESETS: &'static [Preset] = &[
        Preset { name: "multi_precision_dot8", sets: &[] },
        Preset { name: "multi_precision_dot1", sets: &["lanes=1", "stages=1"] },
        Preset { name: "multi_precision_dot1_u8", sets: &["a_signed=false", "lanes=1", "stages=1"] },
    ];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        Ok(Self {
            a_signed: values.flag(&A_SIGNED),
            lanes: values.count(&LANES),
            stages: values.count(&STAGES),
        })
    }
}

impl UnitParameters for MultiPrecisionDotParameters {
    fn module_name(&self) -> String {
        let Self { a_signed, lanes, stages } = *self;
        format!("multi_dot{lanes}_{}_s8_p{stages}", Integer { bits: WORD_BITS, signed: a_signed }.short())
    }

    fn ports(&self) -> Vec<Port> {
        let word = Integer::unsigned(WORD_BITS);
        let mode =
            Port::input("mode", Integer::unsigned(MODE_BITS), "numbers: 0 of 8 bits, 1 of 4, 2 and 3 of 2");
        let mut ports = pipeline::control().to_vec();
        ports.push(mode);
        ports.push(Port::input("a", word, "multiplicands, the first in the lowest bits").packed(self.lanes));
        ports.push(Port::input("b", word, "multipliers").packed(self.lanes));
        ports.push(pipeline::valid_out());
        ports.push(Port::register("sum", self.sum(), "sum of the products, exact"));
        ports
    }

    fn behaviour(&self) -> Behaviour {
        pipeline::behaviour(self.stages)
    }

    fn facts(&self) -> Vec<String> {
        let lanes = self.lanes;
        let counts = WIDTHS.map(|width| format!("{} of {width} bits", lanes * WORD_BITS / width));
        vec![
            pipeline::fact(self.stages),
            format!("Products in a sum: {}, {} or {}.", counts[0], counts[1], counts[2]),
        ]
    }

    fn context(&self) -> Json {
        let schedule = self.schedule();
        let mut a = Factor { net: Net::new("x", WORD_BITS), signed: self.a_signed };
        let mut b = Net::new("y", WORD_BITS);
        let mut lane = Body::enabled();
        for _ in 0..schedule.before() {
            lane.insert_registers(&mut [&mut a.net, &mut b]);
        }
        let product = multi_precision_product(&mut lane, &a, &b, ["is_8", "is_4"]);
        let mut tree = Body::enabled();
        let total = self.total(&mut tree);
        json!({
            "pipeline": pipeline::context(self.stages),
            "lanes": self.lanes,
            "mode_line": self.mode_line().map(|line| line.context("mode")),
            "mode": self.mode(schedule.before()),
            "statements": lane.into_statements(),
            "product": product,
            "products_msb": self.lanes * PRODUCT.bits - 1,
            "registered": schedule.registers_after(1),
            "tree": tree.into_statements(),
            "total_msb": self.sum().bits - 1,
            "total": total,
            "result": self.result(),
        })
    }
}

impl MultiPrecisionDotParameters {
    fn sum(&self) -> Integer {
        Integer { bits: PRODUCT.bits + self.levels(), ..PRODUCT }
    }

    /// Levels of the tree that adds the products of the lanes.
    fn levels(&self) -> u32 {
        self.lanes.next_power_of_two().trailing_zeros()
    }

    fn schedule(&self) -> Schedule {
        Schedule::new(self.levels() + STEPS_BESIDE_TREE, self.stages)
    }

    /// The sum of the products of all lanes.
    fn total(&self, body: &mut Body) -> String {
        if self.levels() == 0 {
            return "products".to_string();
        }
        let tree = Tree::new("products", PRODUCT, self.lanes);
        let total = tree.sum(body, "tree", self.schedule(), 2, &mut []);
        body.blank_line();
        total.net.text()
    }

    /// The total of all lanes, by mode.
    fn result(&self) -> String {
        let mode = self.mode(self.stages - 1);
        let [widest, middle, narrowest] = WIDTHS.map(|width| self.sum_of(width));
        format!("{mode} == 2'd0 ? {widest} : {mode} == 2'd1 ? {middle} : {narrowest}")
    }

    /// The total without the bits below the weight of a product of this width.
    fn sum_of(&self, width: u32) -> String {
        let bits = self.sum().bits;
        match weight(width) {
            0 => "total".to_string(),
            low => {
                format!("{{{}, total[{}:{low}]}}", repeated(&format!("total[{}]", bits - 1), low), bits - 1)
            }
        }
    }

    /// The modes of the operands on their way to the sum.
    fn mode_line(&self) -> Option<DelayLine> {
        (self.stages > 1).then(|| DelayLine::new("mode_line", MODE_BITS, self.stages - 1))
    }

    /// The mode of the operands that entered a number of stages before.
    fn mode(&self, stage: u32) -> String {
        match self.mode_line() {
            Some(line) if stage > 0 => line.tap(stage),
            _ => "mode".to_string(),
        }
    }
}
