//! Cells of a gate-level netlist as C++ expressions on words that hold one bit per lane.

/// A combinational cell of Yosys and its value in C++.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gate {
    /// Cell type.
    kind: &'static str,
    /// Input ports.
    pub(super) inputs: &'static [&'static str],
    /// C++ expression; input port names stand for their words.
    expression: &'static str,
}

/// All cell types that the script of [`super::slicer`] leaves, registers aside.
const GATES: [Gate; 5] = [
    Gate { kind: "$_NOT_", inputs: &["A"], expression: "~A" },
    Gate { kind: "$_AND_", inputs: &["A", "B"], expression: "A & B" },
    Gate { kind: "$_OR_", inputs: &["A", "B"], expression: "A | B" },
    Gate { kind: "$_XOR_", inputs: &["A", "B"], expression: "A ^ B" },
    Gate { kind: "$_MUX_", inputs: &["A", "B", "S"], expression: "A ^ ((A ^ B) & S)" },
];

impl Gate {
    /// The gate of that cell type.
    pub(super) fn of_kind(kind: &str) -> Option<&'static Self> {
        GATES.iter().find(|gate| gate.kind == kind)
    }

    /// The expression on these words, one per input.
    pub(super) fn expression_on(&self, words: &[String]) -> String {
        let mut text = String::new();
        for symbol in self.expression.chars() {
            match self.inputs.iter().position(|input| input.starts_with(symbol)) {
                Some(index) => text += &words[index],
                None => text.push(symbol),
            }
        }
        text
    }
}
