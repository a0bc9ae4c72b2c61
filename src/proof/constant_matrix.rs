//! A constant matrix: its text is evaluated as linear forms of the inputs.

use super::certificate::linear;
use super::specification::Specification;
use crate::catalogue::ConstantMatrixParameters;

pub(crate) fn specification(_: &ConstantMatrixParameters) -> Result<Specification, &'static str> {
    Ok(Specification::Text {
        claim: "every output is the linear form of its row",
        check: |config, verilog| match linear(config, verilog) {
            Ok(_) => Ok(()),
            Err(refutation) => Err(refutation.to_string()),
        },
    })
}
