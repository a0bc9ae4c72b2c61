//! The product of two factors, in a given structure.

use super::body::Body;
use super::digit::digits;
use super::net::Factor;
use super::{booth_dadda, booth_rows, ccu2c_rows, inferred, mux_rows};
use crate::unit::{Arch, Integer};

/// Adds the circuit of a product to the body and returns the product as an expression. Of its `stages`
/// registers, all but the last, which holds the product, are in the body.
pub(crate) fn product(body: &mut Body, arch: Arch, [a, b]: [Factor; 2], stages: u32) -> String {
    let product = match arch {
        Arch::Inferred | Arch::Dsp => inferred::inferred(body, a, b, stages),
        Arch::BoothDadda => booth_dadda::booth_dadda(body, a, b, stages),
        Arch::MuxRows => mux_rows::mux_rows(body, a, b, stages),
        Arch::BoothRows => booth_rows::booth_rows(body, a, b, stages),
        Arch::Ccu2cRows => ccu2c_rows::ccu2c_rows(body, a, b, stages),
    };
    body.blank_line();
    product
}

/// The registers that a product can use; further ones only delay its operands.
pub(crate) fn product_steps(arch: Arch, a: Integer, b: Integer) -> u32 {
    match arch {
        // DSP blocks register operands, product and sum.
        Arch::Inferred | Arch::Dsp => 3,
        Arch::BoothDadda => booth_dadda::steps(&Factor::new("a", a), &Factor::new("b", b)),
        Arch::MuxRows | Arch::Ccu2cRows => a.bits.min(b.bits) - 1,
        Arch::BoothRows => digits(a.bits, a.signed).min(digits(b.bits, b.signed)),
    }
}
