//! How a running sum is added up: the form that the target has the fewest LUTs for.

use super::implementation::Arch;
use super::structure::{Body, Function, adder};
use super::verilog::extended;
use super::{Integer, Values};
use serde_json::{Value as Json, json};

/// What enters a sum.
pub(super) struct Addend<'a> {
    /// The register that holds it.
    pub(super) name: &'a str,
    pub(super) integer: Integer,
    /// The bit that says it starts a new sum.
    pub(super) start: &'a str,
}

/// What the templates read of the sum in the register `accum`. `bits` is the width of the sum: one
/// more than the accumulator where overflow is looked at.
pub(super) fn context(
    values: &Values,
    arch: Arch,
    addend: &Addend<'_>,
    accumulator: Integer,
    bits: u32,
) -> Json {
    let &Addend { name, integer, start } = addend;
    let addend = extended(name, integer, bits);
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
                let addend = bit(name, integer, index);
                [addend, "1'b1".to_string(), bit("accum", accumulator, index), start.to_string()]
            })
            .collect();
        adder(&mut body, "sum", Function::AddUnless, &inputs);
    }
    let base = format!("{start} ? {zero} : {accum}");
    let (base, next) = match (arch, values.word("target")) {
        (Arch::Ccu2cRows, _) => (String::new(), "sum".to_string()),
        // One LUT a bit adds, and chooses.
        (Arch::MuxRows | Arch::BoothRows | Arch::BoothDadda, "ice40") => {
            (String::new(), format!("{start} ? {addend} : {accum} + {addend}"))
        }
        // A DSP block clears its own sum, and LUTs of six inputs have one to spare.
        _ if bits == accumulator.bits => (String::new(), format!("({base}) + {addend}")),
        _ => (base, format!("base + {addend}")),
    };
    json!({ "statements": body.into_statements(), "base": base, "next": next })
}

/// How many addends of that smallest and largest value may be added before some choice of them
/// overflows the accumulator; none when every one is 0.
fn longest_sum((min, max): (i128, i128), accumulator: Integer) -> Option<i128> {
    let above = (max > 0).then(|| accumulator.max() / max);
    let below = (min < 0).then(|| accumulator.min() / min);
    above.into_iter().chain(below).min()
}

/// The line of the header that states it, for addends of that name.
pub(super) fn fact(range: (i128, i128), accumulator: Integer, addend: &str) -> String {
    match longest_sum(range, accumulator) {
        Some(1) => format!("Longest sum that cannot overflow: 1 {addend}."),
        Some(count) => format!("Longest sum that cannot overflow: {count} {addend}s."),
        None => format!("No sum can overflow: every {addend} is 0."),
    }
}
