//! The cell DSP48E2, instantiated by name because Yosys would map its adders to LUTs.

use super::fields::RegisterPositions;
use super::packing::{FactorSide, Packing};
use super::word::{PackedWord, word};
use crate::circuit::{Body, Factor, Net};

/// The enables of the registers of a block, and the operand that it adds to the product.
pub(crate) struct Control {
    /// Enables the registers before the sum.
    pub(crate) enable: &'static str,
    /// Enables the sum.
    pub(crate) sum_enable: &'static str,
    /// Starts a new sum; `None` without sums.
    pub(crate) start: Option<&'static str>,
}

/// Bits of the ports A and D that reach the multiplier through the adder before it, of A, of B and of P.
const ADDED_BITS: u32 = 27;
const A_BITS: u32 = 30;
const B_BITS: u32 = 18;
const P_BITS: u32 = 48;

/// The cell, from the operands to all fields side by side.
pub(crate) fn dsp48e2(
    body: &mut Body,
    packing: Packing,
    registers: RegisterPositions,
    control: &Control,
) -> Net {
    let [wide, narrow] = packing.placed().expect("a config that does not fit is refused");
    let mut part = |side: FactorSide, adds: bool| {
        let row = packing.row(side);
        let net = Net::new(side.word(), row.integer.bits * row.lanes);
        word(body, side.word(), &net, row, packing.step(side), adds)
    };
    let (high, low) = match part(wide, true) {
        PackedWord::Halves([high, low]) => (high, Some(low)),
        PackedWord::Whole(net) => (net, None),
    };
    let PackedWord::Whole(narrow) = part(narrow, false) else { unreachable!("only the wide side adds") };
    let signed = |net: &Net, bits: u32| Factor { net: net.clone(), signed: true }.extended(bits);
    let low = low.map_or(format!("{ADDED_BITS}'d0"), |low| signed(&low, ADDED_BITS));
    let all = packing.sum_bits();
    let fields = body.net("fields", all);
    let p = match P_BITS - all {
        0 => fields.text(),
        unused => format!("{{{}, fields}}", body.net("unused", unused).text()),
    };
    let is_clocked = registers.fields;
    let clock_enable = |used: bool| if used { control.enable } else { "1'b0" };
    let pins = vec![
        vec![pin("CLK", if is_clocked { "clk" } else { "1'b0" })],
        vec![pin("A", &signed(&high, A_BITS)), pin("ACIN", "30'd0")],
        vec![pin("D", &low)],
        vec![pin("B", &signed(&narrow, B_BITS)), pin("BCIN", "18'd0")],
        vec![pin("C", &format!("48'h{:012x}", packing.bias(0))), pin("P", &p)],
        vec![pin("PCIN", "48'd0"), pin("CARRYCASCIN", "1'b0"), pin("MULTSIGNIN", "1'b0")],
        // D plus the second register of A, times the second register of B.
        vec![pin("INMODE", "5'b00100"), pin("OPMODE", &operation(control)), pin("ALUMODE", "4'b0000")],
        vec![pin("CARRYIN", "1'b0"), pin("CARRYINSEL", "3'b000")],
        vec![pin("CEA1", "1'b0"), pin("CEA2", clock_enable(registers.operands))],
        vec![pin("CEB1", clock_enable(registers.words)), pin("CEB2", clock_enable(registers.operands))],
        vec![pin("CED", clock_enable(registers.operands)), pin("CEAD", clock_enable(registers.words))],
        vec![pin("CEM", clock_enable(registers.product))],
        vec![pin("CEP", if is_clocked { control.sum_enable } else { "1'b0" })],
        zeros(&["CEC", "CEALUMODE", "CECARRYIN", "CECTRL", "CEINMODE"]),
        zeros(&["RSTA", "RSTB", "RSTC", "RSTD", "RSTM", "RSTP"]),
        zeros(&["RSTALLCARRYIN", "RSTALUMODE", "RSTCTRL", "RSTINMODE"]),
    ];
    body.blank_line();
    body.cell("DSP48E2", parameters(registers), "block".to_string(), pins);
    fields
}

/// Product plus C, or product plus P.
fn operation(control: &Control) -> String {
    match control.start {
        None => "9'b000110101".to_string(),
        Some(start) => format!("{{4'b0001, {start}, 4'b0101}}"),
    }
}

fn parameters(registers: RegisterPositions) -> Vec<Vec<String>> {
    let count = |names: &[&str], count: u32| -> Vec<String> {
        names.iter().map(|name| pin(name, &count.to_string())).collect()
    };
    let b_registers = u32::from(registers.operands) + u32::from(registers.words);
    vec![
        vec![pin("AMULTSEL", "\"AD\"")],
        count(&["AREG", "ACASCREG", "DREG"], registers.operands.into()),
        count(&["BREG", "BCASCREG"], b_registers),
        count(&["ADREG"], registers.words.into()),
        count(&["MREG"], registers.product.into()),
        count(&["PREG"], registers.fields.into()),
        count(&["CREG", "INMODEREG", "OPMODEREG", "ALUMODEREG", "CARRYINREG", "CARRYINSELREG"], 0),
    ]
}

fn pin(name: &str, value: &str) -> String {
    format!(".{name}({value})")
}

fn zeros(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| pin(name, "1'b0")).collect()
}
