//! The adder tree of the terms, and the magnitude of their sum.

use super::Dot;
use crate::circuit::body::Body;
use crate::circuit::float::Steps;
use crate::circuit::lanes::LaneVector;
use crate::circuit::net::{Net, repeated};

/// Adds the terms and `carries`, all but one of them: a carry for each adder.
///
/// Returns the sum and the carry that is left, in registers.
pub(super) fn add(
    body: &mut Body,
    dot: &Dot,
    stages: u32,
    terms: LaneVector,
    mut carries: Net,
) -> (Net, Net) {
    body.comment(&["Each adder adds a carry; one is left for the magnitude."]);
    let mut steps = Steps::new(dot.levels(), stages);
    let mut sums = terms;
    for level in (0..dot.levels()).rev() {
        let (bits, count) = (sums.bits, 1 << level);
        let name = format!("sums_of_{}", dot.lanes() / count);
        let next = LaneVector::declared(body, &name, bits + 1, count);
        let carry = if count == 1 { carries.bit(carries.lo) } else { lane(&carries) };
        let [left, right] = sums.pair(bits - 1, 0);
        let [left_sign, right_sign] = sums.pair(bits - 1, bits - 1);
        body.lanes(
            &name,
            count,
            vec![
                format!(
                    "wire [{}:0] total = {{{left_sign}, {left}, 1'b1}} + {{{right_sign}, {right}, {carry}}};",
                    bits + 1
                ),
                "wire unused = &{1'b0, total[0]};".to_string(),
                format!("assign {} = total[{}:1];", next.at(), bits + 1),
            ],
        );
        sums = next;
        carries = carries.sub(carries.hi, carries.lo + count);
        if level > 0 {
            steps.end(body, &mut [&mut sums.net, &mut carries]);
        }
    }
    body.insert_registers(&mut [&mut sums.net, &mut carries]);
    (sums.net, carries)
}

/// The bit of a net for lane `i`.
fn lane(net: &Net) -> String {
    match net.lo {
        0 => format!("{}[i]", net.name),
        lo => format!("{}[i + {lo}]", net.name),
    }
}

/// The magnitude of `total + carry`, and whether the total is negative: true also for -1 and a carry.
pub(super) fn magnitude(body: &mut Body, total: &Net, carry: &Net) -> (Net, String) {
    let bits = total.bits() - 1;
    let negative = total.bit(total.hi);
    let flipped = format!("{} ^ {}", repeated(&negative, bits), total.slice(bits - 1, 0));
    let one = format!("{{{}'d0, {negative} ^ {}}}", bits - 1, carry.text());
    (body.wire("magnitude", bits, &format!("({flipped}) + {one}")), negative)
}
