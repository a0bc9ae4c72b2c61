//! What the cells of a netlist compute, on words that hold one bit of each lane.

/// A combinational cell of Yosys and its value as C++.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gate {
    /// Its name in the netlist.
    name: &'static str,
    /// Its inputs.
    pub(crate) inputs: &'static [&'static str],
    /// The expression, in which the names of the inputs stand for their words.
    expression: &'static str,
}

/// All cells that the synthesis of [`super::slicer`] leaves, apart from registers.
const GATES: [Gate; 5] = [
    Gate { name: "$_NOT_", inputs: &["A"], expression: "~A" },
    Gate { name: "$_AND_", inputs: &["A", "B"], expression: "A & B" },
    Gate { name: "$_OR_", inputs: &["A", "B"], expression: "A | B" },
    Gate { name: "$_XOR_", inputs: &["A", "B"], expression: "A ^ B" },
    Gate { name: "$_MUX_", inputs: &["A", "B", "S"], expression: "A ^ ((A ^ B) & S)" },
];

impl Gate {
    /// The gate of that name.
    pub(crate) fn of(name: &str) -> Option<&'static Gate> {
        GATES.iter().find(|gate| gate.name == name)
    }

    /// The expression on these words, one an input.
    pub(crate) fn on(&self, words: &[String]) -> String {
        let mut text = String::new();
        for symbol in self.expression.chars() {
            match self.inputs.iter().position(|input| input.starts_with(symbol)) {
                Some(place) => text += &words[place],
                None => text.push(symbol),
            }
        }
        text
    }
}
