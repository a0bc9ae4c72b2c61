//! Unit `constant_matrix`: product of a constant matrix and a vector, one per cycle, without multipliers.

use serde_json::{Value as Json, json};

use crate::circuit::Body;
use crate::circuit::constant_matrix::{Emission, Graph, Polarity, Range, inferred, search};
use crate::text::hex_digest;
use crate::unit::{
    Behaviour, ConfigError, Integer, Kind, Matrix, Parameter, Port, Preset, Role, TARGET, Target,
    UnitDefinition, UnitParameters, Value, Values, choice,
};

/// `y[i] = W[i][0]*x[0] + W[i][1]*x[1] + ...`, exact, with 0 to 10 registers.
#[derive(Clone, Debug)]
pub struct ConstantMatrixParameters {
    /// The matrix.
    pub weights: Matrix,
    /// The narrowest type that holds every weight.
    pub weight: Integer,
    /// The type of an element of `x`.
    pub x: Integer,
    /// Registers between `x` and `y`.
    pub stages: u32,
    /// The FPGA family.
    pub target: Target,
    /// The structure of the sums.
    pub arch: MatrixArch,
}

choice! {
    /// The structure of the sums of a constant matrix.
    pub enum MatrixArch {
        /// Operators, left to synthesis.
        Inferred = "inferred",
        /// Canonical signed digits; each row is computed separately.
        Csd = "csd",
        /// Adders shared between rows.
        Shared = "shared",
    }
}

/// The 4-point transform of H.265, a discrete cosine transform in integers.
const DCT4: Matrix =
    Matrix::fixed(4, &[64, 64, 64, 64, 83, 36, -36, -83, 64, -64, -64, 64, 36, -83, 83, -36]);

const WEIGHTS: Parameter = Parameter {
    name: "weights",
    kind: Kind::Matrix,
    default: Value::Matrix(DCT4),
    help: "the matrix; qrtl reads it from a file with --weights",
};

const WEIGHT_BITS: Parameter = Parameter {
    name: "weight_bits",
    kind: Kind::Integer { min: 2, max: 16 },
    default: Value::Integer(8),
    help: "width of a weight in bits, two's complement",
};

const X_BITS: Parameter = Parameter {
    name: "x_bits",
    kind: Kind::Integer { min: 2, max: 16 },
    default: Value::Integer(8),
    help: "width of an element of x in bits",
};

const X_SIGNED: Parameter = Parameter {
    name: "x_signed",
    kind: Kind::Flag,
    default: Value::Flag(true),
    help: "x is two's complement",
};

const STAGES: Parameter = Parameter {
    name: "stages",
    kind: Kind::Integer { min: 0, max: 10 },
    default: Value::Integer(0),
    help: "registers between x and y",
};

const ARCH: Parameter = Parameter {
    name: "arch",
    kind: Kind::Choice(&["auto", "inferred", "csd", "shared"]),
    default: Value::Word("auto"),
    help: "the structure of the sums; auto is shared",
};

impl UnitDefinition for ConstantMatrixParameters {
    const SUMMARY: &'static str = "exact product of a constant matrix and a vector of integers";

    const PARAMETERS: &'static [Parameter] = &[WEIGHTS, WEIGHT_BITS, X_BITS, X_SIGNED, STAGES, TARGET, ARCH];

    const PRESETS: &'static [Preset] = &[
        Preset { name: "int8_dct4", sets: &[] },
        Preset { name: "int8_matrix8x8", sets: &[RANDOM8X8] },
        Preset { name: "int8_matrix8x8_p4", sets: &[RANDOM8X8, "stages=4"] },
    ];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        let (weights, weight) = (values.matrix(&WEIGHTS), Integer::signed(values.count(&WEIGHT_BITS)));
        check_weights(weights, weight)?;
        Ok(Self {
            weights: weights.clone(),
            weight,
            x: values.integer_type(&X_BITS, &X_SIGNED),
            stages: values.count(&STAGES),
            target: values.choice(&TARGET),
            arch: values.optional_choice(&ARCH).unwrap_or(MatrixArch::Shared),
        })
    }
}

fn check_weights(weights: &Matrix, weight: Integer) -> Result<(), ConfigError> {
    let mut is_zero = true;
    for (row, elements) in weights.rows().enumerate() {
        for (column, &value) in elements.iter().enumerate() {
            is_zero &= value == 0;
            if !weight.holds(value.into()) {
                return Err(ConfigError::Combination {
                    reason: format!(
                        "the weight {value} in row {row}, column {column} (both from 0) does not fit weight_bits={}",
                        weight.bits
                    ),
                    fix: format!(
                        "weights are {}..={}; quantize it, or set weight_bits",
                        weight.min(),
                        weight.max()
                    ),
                });
            }
        }
    }
    if is_zero {
        return Err(ConfigError::Combination {
            reason: "every weight is 0, so y is always 0".to_string(),
            fix: "give a matrix with a nonzero weight".to_string(),
        });
    }
    Ok(())
}

impl UnitParameters for ConstantMatrixParameters {
    fn module_name(&self) -> String {
        let (rows, columns) = (self.weights.rows().len(), self.weights.columns());
        let (weight_bits, x) = (self.weight.bits, self.x.short());
        let pipeline = if self.stages == 0 { String::new() } else { format!("_p{}", self.stages) };
        let digest = hex_digest(&[self.weights.to_string().as_bytes()]);
        format!("matrix{rows}x{columns}_s{weight_bits}_{x}_t{digest}{pipeline}")
    }

    fn ports(&self) -> Vec<Port> {
        let mut ports = Vec::new();
        if self.stages > 0 {
            ports.push(Port::control("clk", Role::Clock, "acts on the rising edge"));
        }
        let (columns, rows) = (self.weights.columns() as u32, self.weights.rows().len() as u32);
        let x = Port::input("x", self.x, "a vector, its first element in the lowest bits");
        let y = Port::output("y", self.y(), "weights times x, exact, row 0 in the lowest bits");
        ports.extend([x.packed(columns), y.packed(rows)]);
        ports
    }

    fn behaviour(&self) -> Behaviour {
        Behaviour::FeedForward { latency: self.stages as usize }
    }

    fn arch(&self) -> Option<&'static str> {
        Some(self.arch.word())
    }

    fn facts(&self) -> Vec<String> {
        let latency = match self.stages {
            0 => "Combinational.".to_string(),
            1 => "Latency: 1 clock cycle; one vector per cycle; no reset.".to_string(),
            stages => format!("Latency: {stages} clock cycles; one vector per cycle; no reset."),
        };
        let (rows, columns) = (self.weights.rows().len(), self.weights.columns());
        let digest = self.weights.digest();
        let weights = format!("Weights: {rows} x {columns}; SHA-256 of their text: {digest}");
        let target = match self.target {
            Target::Generic => String::new(),
            target => format!(", for {}", target.word()),
        };
        vec![latency, weights, format!("Architecture: {}{target}.", self.arch.word())]
    }

    fn context(&self) -> Json {
        let (weights, y) = (&self.weights, self.y());
        let mut body = Body::default();
        let (adders, (outputs, cut)) = if self.arch == MatrixArch::Inferred {
            let outputs = inferred(&mut body, weights, self.x, y, self.stages);
            (String::new(), (outputs, Vec::new()))
        } else {
            let graph = self.graph();
            (adder_count(&graph), self.emit(&graph, &mut body))
        };
        let columns = (0..weights.columns()).filter(|&column| weights.rows().all(|row| row[column] == 0));
        let unused: Vec<String> =
            columns.map(|column| format!("x[{}]", slice(column, self.x))).chain(cut).collect();
        json!({
            "adders": adders,
            "statements": body.into_statements(),
            "outputs": outputs
                .iter()
                .enumerate()
                .map(|(row, value)| json!({ "slice": slice(row, y), "value": value }))
                .collect::<Vec<_>>(),
            "unused": unused.join(", "),
        })
    }
}

impl ConstantMatrixParameters {
    /// The narrowest type that holds every value of every output.
    fn y(&self) -> Integer {
        let input = Range::of(self.x);
        let ranges = self.weights.rows().map(|row| Range::of_form(row, input));
        ranges.reduce(Range::union).expect("a matrix has a row").integer()
    }

    /// The adders of a config without products.
    fn graph(&self) -> Graph {
        let input = Range::of(self.x);
        // A cell of the ECP5 holds two bits of one adder.
        let granule = if self.target == Target::Ecp5 { 2 } else { 1 };
        let cost = |graph: &Graph| -> u64 {
            let types = graph.types(input);
            let adders = graph.operations.iter().zip(&types[graph.inputs..]);
            adders
                .map(|(operation, sum)| u64::from((sum.bits - operation.passed()).next_multiple_of(granule)))
                .sum()
        };
        match self.arch {
            MatrixArch::Csd => search::separate(&self.weights, input),
            _ => search::shared(&self.weights, input, cost),
        }
    }

    fn emit(&self, graph: &Graph, body: &mut Body) -> (Vec<String>, Vec<String>) {
        let types = graph.types(Range::of(self.x));
        let is_ice40 = self.target == Target::Ice40;
        let polarity = if is_ice40 { Polarity::choose(graph, &types) } else { Polarity::plain(graph) };
        let emission = Emission { graph, types: &types, polarity: &polarity, subtracts: !is_ice40 };
        emission.emit(body, self.stages, self.y())
    }
}

/// The bits of an element in a vector.
fn slice(index: usize, element: Integer) -> String {
    let lo = index as u32 * element.bits;
    format!("{}:{lo}", lo + element.bits - 1)
}

/// Header line with the number of adders.
fn adder_count(graph: &Graph) -> String {
    let depth = graph.levels().into_iter().max().unwrap_or(0);
    format!("{} adders, at most {depth} one after another.", graph.operations.len())
}

/// 64 numbers of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) from the state 0: the upper 8 bits
/// of each, two's complement, row by row.
const RANDOM8X8: &str = "weights=\
     -30,110,6,-8,27,83,44,-59;\
     62,-13,101,-62,-122,-114,-75,-124;\
     125,-61,52,-40,-37,-87,-19,84;\
     -35,-109,105,64,-94,-18,-15,55;\
     12,5,-46,105,65,60,110,79;\
     -124,19,7,18,-52,-20,62,105;\
     119,34,-29,-33,32,3,-55,-101;\
     48,-49,-12,-65,-19,85,62,-30";
