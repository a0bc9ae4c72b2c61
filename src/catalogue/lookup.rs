//! Unit `lookup`: any function of one int8 code as a table, stream to stream.

use serde_json::{Value as Json, json};

use super::code_stream::{CODE, clock_and_reset, short_digest};
use crate::arithmetic::network::Lookup;
use crate::circuit::engine::{memory, word};
use crate::unit::{
    Beat, Behaviour, ConfigError, FrameFunction, Kind, Matrix, Parameter, Port, Preset, StreamNames,
    UnitDefinition, UnitParameters, Value, Values,
};

/// A table of 256 codes.
#[derive(Clone, Debug)]
pub struct LookupParameters {
    /// The function.
    pub(crate) function: Lookup,
}

/// Hard swish of codes of scale 1/16 and zero point 0, to the nearest code.
const HARD_SWISH: Matrix = Matrix::fixed(16, &hard_swish());

const fn hard_swish() -> [i64; 256] {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let code = index as i64 - if index < 128 { 0 } else { 256 };
        let gate = if code < -48 {
            0
        } else if code > 48 {
            96
        } else {
            code + 48
        };
        // The product has scale 1/16 * 1/96; its sign decides which way half goes.
        let product = code * gate;
        table[index] = if product < 0 { (product - 48) / 96 } else { (product + 48) / 96 };
        index += 1;
    }
    table
}

const TABLE: Parameter = Parameter {
    name: "table",
    kind: Kind::Matrix,
    default: Value::Matrix(HARD_SWISH),
    help: "16 rows of 16 codes: those of the codes 0 to 127, then of -128 to -1",
};

impl UnitDefinition for LookupParameters {
    const SUMMARY: &'static str = "function of one int8 code by a table, stream to stream";
    const PARAMETERS: &'static [Parameter] = &[TABLE];
    const PRESETS: &'static [Preset] = &[Preset { name: "lookup_hard_swish", sets: &[] }];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        let table = values.matrix(&TABLE);
        let refusal = |reason: String, fix: &str| ConfigError::Combination { reason, fix: fix.to_string() };
        let size = (table.rows().len(), table.columns());
        if size != (16, 16) {
            return Err(refusal(format!("table is {} x {}", size.0, size.1), "give 16 rows of 16 codes"));
        }
        let codes: Vec<i64> = table.rows().flatten().copied().collect();
        if let Some(wide) = codes.iter().find(|&&code| !CODE.holds(code.into())) {
            return Err(refusal(
                format!("{wide} in the table is not an int8 code"),
                "use codes of -128..=127",
            ));
        }
        Ok(Self { function: Lookup::new(|code| codes[usize::from(code as u8)] as i32) })
    }
}

impl UnitParameters for LookupParameters {
    fn module_name(&self) -> String {
        format!("lookup_{}", short_digest(&format!("{:?}", self.function)))
    }

    fn ports(&self) -> Vec<Port> {
        let mut ports = clock_and_reset();
        ports.extend(StreamNames::S_AXIS.input(CODE, true, "code"));
        ports.extend(StreamNames::M_AXIS.output(CODE, true, "its entry in the table"));
        ports
    }

    fn behaviour(&self) -> Behaviour {
        Behaviour::Stream { interval: 1, latency: 2 }
    }

    fn facts(&self) -> Vec<String> {
        vec!["One code a clock cycle; m_axis_tready goes to s_axis_tready without a register.".to_string()]
    }

    fn context(&self) -> Json {
        let words: Vec<String> = self.codes().map(|code| word(8, [code.into()])).collect();
        json!({ "memory": memory("entries", "The code of each code.", 8, &words) })
    }

    fn frame_function(&self) -> Option<Box<dyn FrameFunction>> {
        Some(Box::new(Self { function: self.function }))
    }
}

impl LookupParameters {
    /// The table in the order of the bit patterns of codes.
    fn codes(&self) -> impl Iterator<Item = i8> {
        (0..=u8::MAX).map(|pattern| self.function.get(pattern as i8))
    }
}

impl FrameFunction for LookupParameters {
    fn input_lengths(&self) -> Vec<usize> {
        vec![1]
    }

    fn output_lengths(&self) -> Vec<usize> {
        vec![1]
    }

    fn frame(&self, inputs: &[Vec<Beat>]) -> Vec<Vec<Beat>> {
        let of =
            |beat: &Beat| Beat { data: u64::from(self.function.get(beat.data as u8 as i8) as u8), ..*beat };
        vec![inputs[0].iter().map(of).collect()]
    }
}
