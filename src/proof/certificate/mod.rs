//! Certificates: proofs about emitted Verilog that need neither a solver nor a simulation.
//!
//! Nothing here looks at how a module was made. The text is read again, and what it computes is
//! followed from the ports `x` to the port `y` in exact integers.

mod evaluate;
mod form;
mod syntax;

use crate::catalogue::ConstantMatrixParameters;
use crate::unit::Config;
use evaluate::Evaluation;

/// What was shown of a module: each output is its row of the matrix times the inputs, for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Certificate {
    /// Outputs, each of which is its linear form.
    pub outputs: usize,
    /// Vectors declared in the module, none of which ever leaves its range.
    pub vectors: usize,
    /// Clock edges from inputs to outputs, the same on all ways.
    pub latency: usize,
}

/// Why a text has no certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refutation {
    /// Linear forms say nothing of the unit.
    #[error("{unit} computes no linear form; certificates are for constant_matrix")]
    Unit {
        /// The unit.
        unit: &'static str,
    },
    /// Text outside of what generated modules are written in.
    #[error(
        "line {line}: '{found}' stands where {expected} is expected; only generated modules can be certified"
    )]
    Syntax {
        /// The line, from 1 on.
        line: usize,
        /// What stands there.
        found: String,
        /// What should.
        expected: &'static str,
    },
    /// A name that has no value there, or a second one.
    #[error("line {line}: '{name}' {fault}; declare it once, before it is read")]
    Name {
        /// The line, from 1 on.
        line: usize,
        /// The name.
        name: String,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// Operands of different widths.
    #[error("line {line}: {found} bits where {expected} are needed; extend or cut one of them")]
    Width {
        /// The line, from 1 on.
        line: usize,
        /// The bits of the expression.
        found: u32,
        /// Those that its place has.
        expected: u32,
    },
    /// A value that its vector does not hold, or an extension that changes it.
    #[error(
        "line {line}: values from {min} to {max} do not fit {bits} bits as they are read; widen the vector"
    )]
    Range {
        /// The line, from 1 on.
        line: usize,
        /// The smallest value.
        min: i128,
        /// The largest.
        max: i128,
        /// The bits there are.
        bits: u32,
    },
    /// Something that is no linear form of the inputs.
    #[error("line {line}: {what}; only sums, differences, shifts and extensions are linear")]
    NotLinear {
        /// The line, from 1 on.
        line: usize,
        /// What it is.
        what: &'static str,
    },
    /// Values of different cycles that meet.
    #[error("line {line}: values of different cycles meet; every way from x has to pass as many registers")]
    Cycle {
        /// The line, from 1 on.
        line: usize,
    },
    /// An output of another cycle than the latency says.
    #[error("y[{row}] comes {found} cycles after x, not {expected}; add or take out registers")]
    Latency {
        /// The row.
        row: usize,
        /// The registers on the way.
        found: usize,
        /// The latency of the config.
        expected: usize,
    },
    /// An output that is not its row.
    #[error(
        "y[{row}] counts x[{column}] {found} times, the weight is {expected}; with only x[{column}] = 1 they differ"
    )]
    Weight {
        /// The row, from 0 on.
        row: usize,
        /// The column, from 0 on.
        column: usize,
        /// The coefficient in the text.
        found: i128,
        /// The weight.
        expected: i64,
    },
    /// An output that is not 0 when all inputs are.
    #[error("y[{row}] is {found} where every x is 0; it has to be 0")]
    Constant {
        /// The row, from 0 on.
        row: usize,
        /// What it is.
        found: i128,
    },
}

/// Proves that a module computes the matrix of its config: every vector is followed as an exact linear
/// form of the inputs, modulo two to its width, and wherever a sign or zeros extend it, its exact range
/// shows that they may. The text need not be what the generator made of the config.
///
/// # Errors
/// The [`Refutation`] of the first line that is wrong or cannot be followed.
pub fn linear(config: &Config, verilog: &str) -> Result<Certificate, Refutation> {
    let Some(ConstantMatrixParameters { weights, .. }) = config.try_parameters() else {
        return Err(Refutation::Unit { unit: config.unit().name() });
    };
    let mut evaluation = Evaluation::new(config);
    for statement in syntax::statements(verilog)? {
        evaluation.run(&statement)?;
    }
    evaluation.conclude(config, weights)
}
