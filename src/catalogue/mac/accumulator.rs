//! How the sum of a mac is added up: the form that the target has the fewest LUTs for.

use super::super::implementation::Arch;
use super::super::structure::{Body, Function, adder};
use super::super::verilog::extended;
use super::super::{Integer, Values};
use serde_json::{Value as Json, json};

/// What `templates/mac.v.tera` reads of the sum. `product` is the type of `mult_result`, `bits` the
/// width of the sum: one more than the accumulator where overflow is looked at.
pub(super) fn context(
    values: &Values,
    arch: Arch,
    product: Integer,
    accumulator: Integer,
    bits: u32,
) -> Json {
    let addend = extended("mult_result", product, bits);
    let (sign, zero) = (format!("accum[{}]", accumulator.bits - 1), format!("{bits}'d0"));
    let accum = match bits - accumulator.bits {
        0 => "accum".to_string(),
        _ if accumulator.signed => format!("{{{sign}, accum}}"),
        _ => "{1'b0, accum}".to_string(),
    };
    let mut body = Body::default();
    if arch == Arch::Ccu2cRows {
        let bit = |name: &str, own: Integer, index: u32| match index {
            _ if index < own.bits => format!("{name}[{index}]"),
            _ if own.signed => format!("{name}[{}]", own.bits - 1),
            _ => "1'b0".to_string(),
        };
        let inputs: Vec<_> = (0..bits)
            .map(|index| {
                let addend = bit("mult_result", product, index);
                [addend, "1'b1".to_string(), bit("accum", accumulator, index), "start".to_string()]
            })
            .collect();
        adder(&mut body, "sum", Function::AddUnless, &inputs);
    }
    let base = format!("start ? {zero} : {accum}");
    let (base, next) = match (arch, values.word("target")) {
        (Arch::Ccu2cRows, _) => (String::new(), "sum".to_string()),
        // One LUT a bit adds, and chooses.
        (Arch::MuxRows | Arch::BoothRows | Arch::BoothDadda, "ice40") => {
            (String::new(), format!("start ? {addend} : {accum} + {addend}"))
        }
        // A DSP block clears its own sum, and LUTs of six inputs have one to spare.
        _ if bits == accumulator.bits => (String::new(), format!("({base}) + {addend}")),
        _ => (base, format!("base + {addend}")),
    };
    json!({ "statements": body.into_statements(), "base": base, "next": next })
}
