//! Rows of stimulus and response: clock cycles, or evaluations without a clock.

use super::role::MapRole;

/// The control inputs of a row, in the order of [`InputRows::controls`].
pub(crate) const CONTROL_ROLES: [MapRole; 5] =
    [MapRole::Reset, MapRole::Enable, MapRole::ValidIn, MapRole::Clear, MapRole::Last];
pub(crate) const RESET: usize = 0;
pub(crate) const ENABLE: usize = 1;
pub(crate) const VALID: usize = 2;
pub(crate) const CLEAR: usize = 3;
pub(crate) const LAST: usize = 4;

/// Stimulus, one entry per row.
#[derive(Clone)]
pub(crate) struct InputRows {
    /// Levels of the control inputs; 1 asserts the input, for either polarity.
    pub controls: [Vec<u8>; 5],
    /// One column per element of the operands.
    pub operands: Vec<Vec<u64>>,
}

impl InputRows {
    /// Rows without reset, stall or clear; each is valid and the last of its sum.
    pub fn all_valid(operands: Vec<Vec<u64>>) -> Self {
        let len = operands.first().map_or(0, Vec::len);
        let level = |level: u8| vec![level; len];
        Self { controls: [level(0), level(1), level(1), level(0), level(1)], operands }
    }

    /// Appends rows with operands 0 that are enabled but not valid.
    pub fn append_idle(&mut self, count: usize) {
        self.operands.iter_mut().for_each(|column| column.extend(std::iter::repeat_n(0, count)));
        for (control, levels) in self.controls.iter_mut().enumerate() {
            levels.extend(std::iter::repeat_n(u8::from(control == ENABLE), count));
        }
    }

    pub fn len(&self) -> usize {
        self.controls[0].len()
    }
}

/// Response, one entry per row.
pub(crate) struct OutputRows {
    /// One column per element of the result.
    pub results: Vec<Vec<u64>>,
    /// Level of `valid_out`, `None` if it is not mapped.
    pub valid: Option<Vec<u8>>,
}
