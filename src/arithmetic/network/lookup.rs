//! Functions of one code as a table.

/// A function from codes to codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lookup {
    table: [i8; 256],
}

impl Lookup {
    /// Tabulates a function of the codes -128 to 127; results are clamped to them.
    pub fn new(function: impl Fn(i32) -> i32) -> Self {
        let code = |index: usize| function((index as u8 as i8).into()).clamp(-128, 127) as i8;
        Self { table: std::array::from_fn(code) }
    }

    /// Result for one code.
    pub fn get(&self, code: i8) -> i8 {
        self.table[usize::from(code as u8)]
    }

    /// Output codes.
    pub fn apply(&self, x: &[i8]) -> Vec<i8> {
        x.iter().map(|&code| self.get(code)).collect()
    }
}
