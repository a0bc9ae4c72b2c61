//! Accumulators, in the structure that takes the fewest LUTs on the target.

use serde_json::{Value as Json, json};

use super::body::Body;
use super::ccu2c::{Ccu2cFunction, adder};
use super::verilog::{as_type, extended};
use crate::unit::{Arch, Integer, Target};

/// The addend of an accumulator.
pub(crate) struct Addend<'a> {
    /// Name of its register.
    pub(crate) name: &'a str,
    /// Its type.
    pub(crate) integer: Integer,
    /// Name of the bit that starts a new sum with it.
    pub(crate) start: &'a str,
}

/// The template context of the sum in the register `accum`. `bits` is the width of the sum: one more than
/// the accumulator where overflow is detected.
pub(crate) fn context(
    target: Target,
    arch: Arch,
    addend: &Addend<'_>,
    accumulator: Integer,
    bits: u32,
) -> Json {
    let &Addend { name, integer, start } = addend;
    // A sum as wide as the accumulator has its type; a wider one consists of slices.
    let signed = accumulator.signed && bits == accumulator.bits;
    let addend = as_type(&extended(name, integer, bits), signed);
    let sign = format!("accum[{}]", accumulator.bits - 1);
    let zero = format!("{bits}'{}0", if signed { "sd" } else { "d" });
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
        adder(&mut body, "sum", Ccu2cFunction::AddUnless, &inputs);
    }
    let base = format!("{start} ? {zero} : {accum}");
    let (base, next) = match (arch, target) {
        (Arch::Ccu2cRows, _) => (String::new(), as_type("sum", signed)),
        // One LUT per bit adds and selects.
        (Arch::MuxRows | Arch::BoothRows | Arch::BoothDadda, Target::Ice40) => {
            (String::new(), format!("{start} ? {addend} : {accum} + {addend}"))
        }
        // A DSP block clears its own sum, and LUTs of six inputs have one input to spare.
        _ if bits == accumulator.bits => (String::new(), format!("({base}) + {addend}")),
        _ => (base, format!("base + {addend}")),
    };
    json!({ "statements": body.into_statements(), "base": base, "next": next })
}

/// The context of `templates/mac.v.tera` for a sum whose high half follows the low half by one cycle.
pub(crate) fn halves(addend: &Addend<'_>, accumulator: Integer) -> Json {
    let &Addend { name, integer, start } = addend;
    let low = accumulator.bits / 2;
    let high = accumulator.bits - low;
    let low_addend = format!(
        "{{1'b0, {}}}",
        if integer.bits > low { format!("{name}[{}:0]", low - 1) } else { extended(name, integer, low) }
    );
    // The bits of the addend above the low half, or only its top bit.
    let lowest = low.min(integer.bits - 1);
    let rest = Integer { bits: integer.bits - lowest, ..integer };
    let is_below = !integer.signed && integer.bits <= low;
    json!({
        "start": start,
        "low_bits": low,
        "low_msb": low - 1,
        "low_zero": format!("{low}'d0"),
        "low_sum": format!("{start} ? {low_addend} : {{1'b0, low}} + {low_addend}"),
        "high_bits": high,
        "high_msb": high - 1,
        "next": as_type(&format!("{{start_high ? addend : high_sum[{high}:1], low}}"), accumulator.signed),
        "addend": if is_below { format!("{high}'d0") } else { extended("rest", rest, high) },
        "rest_range": format!("[{}:0] ", rest.bits - 1),
        "rest_zero": format!("{}'d0", rest.bits),
        "rest": if is_below { "1'b0".to_string() } else { vector_slice(name, integer.bits - 1, lowest) },
    })
}

fn vector_slice(name: &str, high: u32, low: u32) -> String {
    if high == low { format!("{name}[{high}]") } else { format!("{name}[{high}:{low}]") }
}

/// The largest number of addends in this range whose sum never overflows the accumulator; `None` when
/// every addend is 0.
fn longest_sum((min, max): (i128, i128), accumulator: Integer) -> Option<i128> {
    let above = (max > 0).then(|| accumulator.max() / max);
    let below = (min < 0).then(|| accumulator.min() / min);
    above.into_iter().chain(below).min()
}

/// The header line on the longest sum that cannot overflow, for addends of that name.
pub(crate) fn fact(range: (i128, i128), accumulator: Integer, addend: &str) -> String {
    match longest_sum(range, accumulator) {
        Some(1) => format!("Longest sum that cannot overflow: 1 {addend}."),
        Some(count) => format!("Longest sum that cannot overflow: {count} {addend}s."),
        None => format!("No sum can overflow: every {addend} is 0."),
    }
}
