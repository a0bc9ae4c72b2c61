//! Position in a part of a pipeline whose steps may end in registers.

use crate::circuit::body::Body;
use crate::circuit::net::Net;
use crate::circuit::schedule::Schedule;

/// The steps of a part, in order. The caller adds the last register of the part.
#[derive(Debug)]
pub(crate) struct Steps {
    schedule: Schedule,
    completed: u32,
}

impl Steps {
    /// A part with `steps` steps and `stages` registers, at least one.
    pub(crate) fn new(steps: u32, stages: u32) -> Self {
        Self { schedule: Schedule::new(steps, stages), completed: 0 }
    }

    /// Ends a step: `live`, the nets that later steps read, become registers if one follows this step.
    pub(crate) fn end(&mut self, body: &mut Body, live: &mut [&mut Net]) {
        self.completed += 1;
        if self.schedule.registers_after(self.completed) {
            body.insert_registers(live);
        }
    }
}
