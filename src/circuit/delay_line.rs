//! Shift registers that delay a value by a number of stages.

use serde_json::{Value as Json, json};

use super::body::Register;

/// A shift register of `stages` values of `bits` bits, the latest in the lowest bits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DelayLine {
    name: &'static str,
    bits: u32,
    stages: u32,
}

impl DelayLine {
    pub(crate) fn new(name: &'static str, bits: u32, stages: u32) -> Self {
        assert!(bits > 0 && stages > 0, "{name} delays {bits} bits by {stages} stages");
        Self { name, bits, stages }
    }

    /// The value that was the input `stage` clock edges ago, from 1 on.
    pub(crate) fn tap(self, stage: u32) -> String {
        assert!((1..=self.stages).contains(&stage), "{} has no stage {stage}", self.name);
        self.slice(stage * self.bits - 1, (stage - 1) * self.bits)
    }

    /// The oldest value.
    pub(crate) fn last(self) -> String {
        self.tap(self.stages)
    }

    /// Template context: range of the declaration, and the expression that the register loads.
    pub(crate) fn context(self, input: &str) -> Json {
        let Register { range, value, .. } = self.register(input);
        json!({ "range": range, "next": value })
    }

    /// The shift register, for a body.
    pub(crate) fn register(self, input: &str) -> Register {
        let width = self.bits * self.stages;
        let value = match self.stages {
            1 => input.to_string(),
            _ => format!("{{{}, {input}}}", self.slice(width - self.bits - 1, 0)),
        };
        let range = if width == 1 { String::new() } else { format!("[{}:0] ", width - 1) };
        Register { range, name: self.name.to_string(), value }
    }

    fn slice(self, hi: u32, lo: u32) -> String {
        let name = self.name;
        match (hi, lo) {
            (_, 0) if hi + 1 == self.bits * self.stages => name.to_string(),
            _ if hi == lo => format!("{name}[{hi}]"),
            _ => format!("{name}[{hi}:{lo}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taps_follow_the_value_from_stage_to_stage() {
        let line = DelayLine::new("line", 4, 3);
        assert_eq!(line.context("code"), json!({ "range": "[11:0] ", "next": "{line[7:0], code}" }));
        assert_eq!([line.tap(1), line.tap(2), line.last()], ["line[3:0]", "line[7:4]", "line[11:8]"]);
    }

    #[test]
    fn single_stage_is_a_plain_register() {
        for (bits, range) in [(1, ""), (8, "[7:0] ")] {
            let line = DelayLine::new("line", bits, 1);
            assert_eq!(line.context("code"), json!({ "range": range, "next": "code" }));
            assert_eq!(line.last(), "line");
        }
    }
}
