//! Operators, gates and registers.

use std::collections::BTreeMap;

use super::bit::Bit;

/// An operator, a gate or a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    /// Cell type, `$add`.
    pub(crate) kind: String,
    /// Parameters as strings; numbers are binary, as Yosys writes them.
    pub(crate) parameters: BTreeMap<String, String>,
    pub(crate) inputs: BTreeMap<String, Vec<Bit>>,
    pub(crate) outputs: BTreeMap<String, Vec<Bit>>,
    /// File and line of the Verilog that the cell came from.
    pub(crate) source: String,
}

impl Cell {
    /// A parameter that is a small number; 0 when there is none of that name.
    pub(crate) fn number(&self, name: &str) -> u32 {
        self.parameters.get(name).and_then(|digits| u32::from_str_radix(digits, 2).ok()).unwrap_or(0)
    }

    /// Whether the operands are signed.
    pub(crate) fn is_signed(&self) -> bool {
        self.number("A_SIGNED") == 1 && (!self.inputs.contains_key("B") || self.number("B_SIGNED") == 1)
    }

    pub(crate) fn is_register(&self) -> bool {
        self.kind.contains("dff") || self.kind.contains("latch")
    }

    /// Bits of an input port; empty when the cell has no such port.
    pub(crate) fn input(&self, port: &str) -> &[Bit] {
        self.inputs.get(port).map_or(&[], Vec::as_slice)
    }

    /// An operand, extended or truncated to the width of the result.
    pub(crate) fn extended(&self, port: &str, signed: bool) -> Vec<Bit> {
        let bits = self.input(port);
        let top = *bits.last().unwrap_or(&Bit::Zero);
        let fill = if signed { top } else { Bit::Zero };
        bits.iter().copied().chain(std::iter::repeat(fill)).take(self.output().len()).collect()
    }

    /// Bits of the only output port that operators, gates and registers have.
    pub(crate) fn output(&self) -> &[Bit] {
        self.outputs.values().next().map_or(&[], Vec::as_slice)
    }

    /// Line of the Verilog, `39`; empty if unknown.
    pub(crate) fn line(&self) -> &str {
        let position = self.source.split('|').next().unwrap_or_default();
        let lines = position.rsplit(':').next().unwrap_or_default();
        lines.split('.').next().unwrap_or_default()
    }
}

/// Makes an operator: widths follow from the connections, both operands are signed or neither is.
pub(crate) fn operator(kind: &str, signed: bool, inputs: &[(&str, &[Bit])], output: &[Bit]) -> Cell {
    let number = |value: usize| format!("{value:032b}");
    let mut parameters = BTreeMap::new();
    match kind {
        "$mux" => drop(parameters.insert("WIDTH".to_string(), number(output.len()))),
        "$dff" => {
            parameters.insert("WIDTH".to_string(), number(output.len()));
            parameters.insert("CLK_POLARITY".to_string(), "1".to_string());
        }
        _ => {
            for (name, bits) in inputs {
                parameters.insert(format!("{name}_WIDTH"), number(bits.len()));
                parameters.insert(format!("{name}_SIGNED"), number(signed.into()));
            }
            parameters.insert("Y_WIDTH".to_string(), number(output.len()));
        }
    }
    let port = if kind == "$dff" { "Q" } else { "Y" };
    Cell {
        kind: kind.to_string(),
        parameters,
        inputs: inputs.iter().map(|(name, bits)| (name.to_string(), bits.to_vec())).collect(),
        outputs: [(port.to_string(), output.to_vec())].into(),
        source: String::new(),
    }
}
