//! The cell SB_MAC16, instantiated by name because Yosys infers only its product of 16 by 16 bits.

use super::packing::{FactorRow, Packing};
use crate::circuit::{Body, Factor, Net};

/// Bits of a product of one of the two multipliers.
const HALF: u32 = 16;

/// The cell, from the operands to two products, as wide as the result's elements, side by side.
pub(crate) fn sb_mac16(body: &mut Body, packing: Packing, stages: u32) -> Net {
    let bits = packing.result().bits;
    let products = body.net("products", 2 * bits);
    let spare = HALF - bits;
    let output = match spare {
        0 => products.text(),
        _ => {
            let unused = body.net("unused", 2 * spare);
            let half = |index: u32| {
                let above = unused.slice((index + 1) * spare - 1, index * spare);
                format!("{above}, {}", products.slice((index + 1) * bits - 1, index * bits))
            };
            format!("{{{}, {}}}", half(1), half(0))
        }
    };
    let pin = |name: &str, value: &str| format!(".{name}({value})");
    let zeros = |names: &[&str]| names.iter().map(|name| pin(name, "1'b0")).collect::<Vec<_>>();
    let (clock, enable) = if stages > 0 { ("clk", "1'b1") } else { ("1'b0", "1'b0") };
    let pins = vec![
        vec![pin("CLK", clock), pin("CE", enable)],
        vec![pin("A", &bytes("a", packing.a)), pin("B", &bytes("b", packing.b))],
        vec![pin("C", "16'd0"), pin("D", "16'd0"), pin("O", &output)],
        zeros(&["AHOLD", "BHOLD", "CHOLD", "DHOLD", "OHOLDTOP", "OHOLDBOT"]),
        zeros(&["IRSTTOP", "IRSTBOT", "ORSTTOP", "ORSTBOT"]),
        zeros(&["OLOADTOP", "OLOADBOT", "ADDSUBTOP", "ADDSUBBOT"]),
        zeros(&["CI", "ACCUMCI", "SIGNEXTIN"]),
    ];
    let flags = |names: &[&str], flag: bool| -> Vec<String> {
        names.iter().map(|name| pin(name, if flag { "1'b1" } else { "1'b0" })).collect()
    };
    let select = |name: &str| pin(name, "2'b10");
    let parameters = vec![
        flags(&["MODE_8x8"], true),
        flags(&["A_SIGNED"], packing.a.integer.signed),
        flags(&["B_SIGNED"], packing.b.integer.signed),
        flags(&["A_REG", "B_REG"], stages > 1),
        flags(&["TOP_8x8_MULT_REG", "BOT_8x8_MULT_REG"], stages > 0),
        // The adders are bypassed.
        vec![select("TOPOUTPUT_SELECT"), select("BOTOUTPUT_SELECT")],
    ];
    body.blank_line();
    body.cell("SB_MAC16", parameters, "block".to_string(), pins);
    products
}

/// Both elements of an operand, each extended to a byte.
fn bytes(name: &str, row: FactorRow) -> String {
    let (bits, net) = (row.integer.bits, Net::new(name, 2 * row.integer.bits));
    if bits == 8 {
        return net.text();
    }
    let byte = |index: u32| {
        let net = net.sub((index + 1) * bits - 1, index * bits);
        Factor { net, signed: row.integer.signed }.extended(8)
    };
    format!("{{{}, {}}}", byte(1), byte(0))
}
