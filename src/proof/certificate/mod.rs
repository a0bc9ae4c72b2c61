//! Certificates of linear forms: proofs that a module computes its matrix, without a solver or a simulation.
//!
//! Yosys elaborates the Verilog to word-level operators, and every vector is evaluated as an exact linear
//! form of the inputs, from the port `x` to the port `y`. The proof does not depend on the generator.

mod evaluate;
mod form;
#[cfg(test)]
mod tests;

use std::time::Duration;

use crate::catalogue::ConstantMatrixParameters;
use crate::netlist::elaborate;
use crate::toolchain::{ToolError, Yosys};
use crate::unit::{Config, Integer};

/// Certificate: proof that each output is its row of the matrix times the inputs, for all inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Certificate {
    /// Number of outputs.
    pub outputs: usize,
    /// Number of operators and registers between inputs and outputs.
    pub cells: usize,
    /// Clock edges from inputs to outputs, the same on all paths.
    pub latency: usize,
}

/// Reason why a module has no certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refutation {
    /// The unit does not compute a linear form.
    #[error("{unit} is not linear in its inputs; certificates exist for constant_matrix only")]
    Unit {
        /// Name of the unit.
        unit: &'static str,
    },
    /// A port is missing, or its width differs from the config.
    #[error("port {name} has {found} bits instead of {expected}; declare it as `qrtl generate` does")]
    Port {
        /// Name of the port.
        name: &'static str,
        /// Bits in the module; 0 when the port is missing.
        found: usize,
        /// Bits in the config.
        expected: u32,
    },
    /// A cycle of operators or registers.
    #[error("an output depends on itself; a product of a matrix and a vector has no feedback")]
    Loop,
    /// A cell or a selection of bits is not a linear form of the inputs.
    #[error(
        "{location}: {found}; only sums, differences, inversions, products with constants, registers, shifts and extensions are linear"
    )]
    NotLinear {
        /// Line of the Verilog, or the output.
        location: String,
        /// What was found.
        found: String,
    },
    /// A vector is extended although its value does not fit the vector.
    #[error("{location}: values from {min} to {max} do not fit {}; widen the vector", integer.short())]
    Range {
        /// Line of the Verilog, or the output.
        location: String,
        /// Smallest value.
        min: i128,
        /// Largest value.
        max: i128,
        /// Type in which the vector is extended.
        integer: Integer,
    },
    /// An operator combines values of different cycles.
    #[error(
        "{location}: combines values of different cycles; every path from x must pass the same number of registers"
    )]
    Cycle {
        /// Line of the Verilog, or the output.
        location: String,
    },
    /// The latency of an output differs from the config.
    #[error("y[{row}] follows x after {found} cycles, not {expected}; add or remove registers")]
    Latency {
        /// Row, from 0 on.
        row: usize,
        /// Registers on the path.
        found: usize,
        /// Latency of the config.
        expected: usize,
    },
    /// A weight of an output differs from the matrix.
    #[error(
        "y[{row}] contains {found} * x[{column}], but the weight is {expected}; with only x[{column}] = 1 they differ"
    )]
    Weight {
        /// Row, from 0 on.
        row: usize,
        /// Column, from 0 on.
        column: usize,
        /// Coefficient in the module.
        found: i128,
        /// Weight in the matrix.
        expected: i64,
    },
    /// An output is not 0 when all inputs are.
    #[error("y[{row}] is {found} when every x is 0; it must be 0")]
    Constant {
        /// Row, from 0 on.
        row: usize,
        /// Value of the output.
        found: i128,
    },
}

/// Whether the unit computes a linear form, so that its modules can be certified.
pub fn applies_to(config: &Config) -> bool {
    config.try_parameters::<ConstantMatrixParameters>().is_some()
}

/// Certifies that the module in `verilog` computes the matrix of its config, or refutes it.
///
/// Vectors are known modulo two to their width. Wherever a vector is extended by sign or zeros, the exact range
/// of its form must show that the extension keeps the value. Any Verilog is accepted, not only generated text.
///
/// # Errors
/// [`ToolError`] when Yosys cannot elaborate the module within `limit`. The inner error is a
/// [`Refutation`]: the first cell or output that is wrong or not linear.
pub fn linear(
    yosys: &Yosys,
    config: &Config,
    verilog: &str,
    limit: Duration,
) -> Result<Result<Certificate, Refutation>, ToolError> {
    let Some(ConstantMatrixParameters { weights, .. }) = config.try_parameters() else {
        return Ok(Err(Refutation::Unit { unit: config.unit().name() }));
    };
    let netlist = elaborate(yosys, config, verilog, limit)?;
    Ok(evaluate::certify(config, weights, &netlist))
}
