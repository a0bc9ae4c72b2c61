//! Product by the operator `*`, whose mapping is left to the synthesis tool.

use super::body::{Body, Register};
use super::net::Factor;
use super::verilog::{extended, vector_type};
use crate::unit::Integer;

/// `a * b` with the registers before it, a form that every flow absorbs into DSP blocks and maps correctly.
pub(crate) fn inferred(body: &mut Body, a: Factor, b: Factor, stages: u32) -> String {
    let last = stages.saturating_sub(1);
    let delayed = |factor: &Factor, stage: u32| match stage {
        0 => factor.net.name.clone(),
        _ => format!("{}_{stage}", factor.net.name),
    };
    for stage in 1..=last {
        let register = |factor: &Factor| Register {
            range: format!("{} ", vector_type(integer(factor))),
            name: delayed(factor, stage),
            value: delayed(factor, stage - 1),
        };
        body.registers(vec![register(&a), register(&b)]);
    }
    // Verilog multiplies as signed only if both operands are: the unsigned one gets a zero sign bit.
    let text = |own: &Factor, other: &Factor| {
        let name = delayed(own, last);
        match (own.signed, other.signed) {
            (false, true) => format!("$signed({})", extended(&name, integer(own), own.bits() + 1)),
            _ => name,
        }
    };
    format!("{} * {}", text(&a, &b), text(&b, &a))
}

fn integer(factor: &Factor) -> Integer {
    Integer { bits: factor.bits(), signed: factor.signed }
}
