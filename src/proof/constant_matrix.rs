//! Claim of a constant matrix: a certificate of linear forms, without a solver.

use super::certificate::linear;
use super::specification::Specification;
use crate::catalogue::ConstantMatrixParameters;

pub(crate) fn specification(_: &ConstantMatrixParameters) -> Result<Specification, &'static str> {
    Ok(Specification::Netlist {
        claim: "every output is the linear form of its row",
        check: |yosys, config, verilog, limit| {
            let verdict = linear(yosys, config, verilog, limit)?;
            Ok(verdict.map(drop).map_err(|refutation| refutation.to_string()))
        },
    })
}
