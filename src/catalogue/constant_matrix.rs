//! Product of a matrix of constants and a vector of integers, one a cycle, without a multiplier.

use serde_json::{Value as Json, json};

use crate::circuit::Body;
use crate::circuit::constant_matrix::{Emission, Graph, Polarity, Range, inferred, search};
use crate::text::hex_digest;
use crate::unit::{
    Behaviour, ConfigError, Integer, Kind, Matrix, Parameter, Port, Preset, Role, TARGET, Value, Values,
    ValuesParameters, ValuesUnit,
};

/// `y[i] = W[i][0]*x[0] + W[i][1]*x[1] + ...`, exact, with 0 to 10 registers on the way.
pub(crate) struct ConstantMatrix;

pub(crate) type ConstantMatrixParameters = ValuesParameters<ConstantMatrix>;

const WEIGHTS: &str = "weights";

/// The 4-point transform of H.265, a discrete cosine transform in integers.
const DCT4: Matrix =
    Matrix::fixed(4, &[64, 64, 64, 64, 83, 36, -36, -83, 64, -64, -64, 64, 36, -83, 83, -36]);

const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: WEIGHTS,
        kind: Kind::Matrix,
        default: Value::Matrix(DCT4),
        help: "the matrix; qrtl reads it from a file with --weights",
    },
    Parameter {
        name: "weight_bits",
        kind: Kind::Integer { min: 2, max: 16 },
        default: Value::Integer(8),
        help: "width that every weight has to fit, two's complement",
    },
    Parameter {
        name: "x_bits",
        kind: Kind::Integer { min: 2, max: 16 },
        default: Value::Integer(8),
        help: "width of an element of x in bits",
    },
    Parameter {
        name: "x_signed",
        kind: Kind::Flag,
        default: Value::Flag(true),
        help: "x is two's complement",
    },
    Parameter {
        name: "stages",
        kind: Kind::Integer { min: 0, max: 10 },
        default: Value::Integer(0),
        help: "registers between x and y",
    },
    TARGET,
    Parameter {
        name: "arch",
        kind: Kind::Choice(&["auto", "inferred", "csd", "shared"]),
        default: Value::Word("auto"),
        help: "the structure of the sums; auto is shared",
    },
];

impl ValuesUnit for ConstantMatrix {
    const SUMMARY: &'static str = "exact product of a constant matrix and a vector of integers";

    const PARAMETERS: &'static [Parameter] = PARAMETERS;

    const PRESETS: &'static [Preset] = &[
        Preset { name: "int8_dct4", sets: &[] },
        Preset { name: "int8_matrix8x8", sets: &[RANDOM8X8] },
        Preset { name: "int8_matrix8x8_p4", sets: &[RANDOM8X8, "stages=4"] },
    ];

    fn check(values: &Values) -> Result<(), ConfigError> {
        let (matrix, weight) = (values.matrix(WEIGHTS), Integer::signed(values.count("weight_bits")));
        let mut is_zero = true;
        for (row, weights) in matrix.rows().enumerate() {
            for (column, &value) in weights.iter().enumerate() {
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
                reason: "every weight is 0, and y with them".to_string(),
                fix: "give a matrix with a weight that is not".to_string(),
            });
        }
        Ok(())
    }

    fn module_name(values: &Values) -> String {
        let matrix = values.matrix(WEIGHTS);
        let pipeline = match values.count("stages") {
            0 => String::new(),
            stages => format!("_p{stages}"),
        };
        format!(
            "matrix{}x{}_s{}_{}_t{}{pipeline}",
            matrix.rows().len(),
            matrix.columns(),
            values.count("weight_bits"),
            element(values).short(),
            hex_digest(&[matrix.to_string().as_bytes()]),
        )
    }

    fn ports(values: &Values) -> Vec<Port> {
        let matrix = values.matrix(WEIGHTS);
        let mut ports = Vec::new();
        if values.count("stages") > 0 {
            ports.push(Port::control("clk", Role::Clock, "acts on the rising edge"));
        }
        let (columns, rows) = (matrix.columns() as u32, matrix.rows().len() as u32);
        ports.push(
            Port::input("x", element(values), "a vector, its first element in the lowest bits")
                .packed(columns),
        );
        ports.push(
            Port::output("y", output(values), "weights times x, exact, row 0 in the lowest bits")
                .packed(rows),
        );
        ports
    }

    fn behaviour(values: &Values) -> Behaviour {
        Behaviour::FeedForward { latency: values.count("stages") as usize }
    }

    fn arch(values: &Values) -> Option<&'static str> {
        Some(arch(values))
    }

    fn facts(values: &Values) -> Vec<String> {
        let matrix = values.matrix(WEIGHTS);
        let latency = match values.count("stages") {
            0 => "Combinational.".to_string(),
            1 => "Latency: 1 clock cycle; one vector per cycle; no reset.".to_string(),
            stages => format!("Latency: {stages} clock cycles; one vector per cycle; no reset."),
        };
        let (rows, columns) = (matrix.rows().len(), matrix.columns());
        let weights = format!("Weights: {rows} x {columns}; SHA-256 of their text: {}", matrix.digest());
        let target = match values.word("target") {
            "generic" => String::new(),
            target => format!(", for {target}"),
        };
        let arch = format!("Architecture: {}{target}.", arch(values));
        vec![latency, weights, arch]
    }

    fn context(values: &Values) -> Json {
        let (matrix, output, stages) = (values.matrix(WEIGHTS), output(values), values.count("stages"));
        let mut body = Body::default();
        let (adders, (outputs, cut)) = match arch(values) {
            "inferred" => {
                let outputs = inferred(&mut body, matrix, element(values), output, stages);
                (String::new(), (outputs, Vec::new()))
            }
            _ => {
                let graph = graph(values);
                (adders(&graph), emit(values, &graph, &mut body))
            }
        };
        let columns = (0..matrix.columns()).filter(|&column| matrix.rows().all(|row| row[column] == 0));
        let unused: Vec<String> =
            columns.map(|column| format!("x[{}]", slice(column, element(values)))).chain(cut).collect();
        json!({
            "adders": adders,
            "statements": body.into_statements(),
            "outputs": outputs
                .iter()
                .enumerate()
                .map(|(row, value)| json!({ "slice": slice(row, output), "value": value }))
                .collect::<Vec<_>>(),
            "unused": unused.join(", "),
        })
    }
}

/// The bits of an element in a vector.
fn slice(index: usize, element: Integer) -> String {
    let lo = index as u32 * element.bits;
    format!("{}:{lo}", lo + element.bits - 1)
}

fn element(values: &Values) -> Integer {
    Integer { bits: values.count("x_bits"), signed: values.flag("x_signed") }
}

/// The narrowest type that holds every value of every output.
fn output(values: &Values) -> Integer {
    let input = Range::of(element(values));
    let ranges = values.matrix(WEIGHTS).rows().map(|row| Range::of_form(row, input));
    ranges.reduce(Range::with).expect("a matrix has a row").integer()
}

fn arch(values: &Values) -> &'static str {
    match values.word("arch") {
        "auto" => "shared",
        arch => arch,
    }
}

/// The adders of a config that has no products.
fn graph(values: &Values) -> Graph {
    let (matrix, input) = (values.matrix(WEIGHTS), Range::of(element(values)));
    // A cell of the ECP5 holds two bits of one adder.
    let granule = if values.word("target") == "ecp5" { 2 } else { 1 };
    let cost = |graph: &Graph| -> u64 {
        let types = graph.types(input);
        let adders = graph.operations.iter().zip(&types[graph.inputs..]);
        adders
            .map(|(operation, sum)| u64::from((sum.bits - operation.passed()).next_multiple_of(granule)))
            .sum()
    };
    if arch(values) == "csd" { search::separate(matrix, input) } else { search::shared(matrix, input, cost) }
}

fn emit(values: &Values, graph: &Graph, body: &mut Body) -> (Vec<String>, Vec<String>) {
    let types = graph.types(Range::of(element(values)));
    let is_ice40 = values.word("target") == "ice40";
    let polarity = if is_ice40 { Polarity::choose(graph, &types) } else { Polarity::plain(graph) };
    let emission = Emission { graph, types: &types, polarity: &polarity, subtracts: !is_ice40 };
    emission.emit(body, values.count("stages"), output(values))
}

/// How many there are, for the reader.
fn adders(graph: &Graph) -> String {
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
