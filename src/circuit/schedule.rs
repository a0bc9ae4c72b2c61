//! The positions of the registers in a pipelined structure.

/// `stages` registers distributed over `steps` combinational steps. The last register holds the product and is
/// declared by the caller; registers beyond the number of steps hold the operands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schedule {
    steps: u32,
    stages: u32,
}

impl Schedule {
    pub(crate) fn new(steps: u32, stages: u32) -> Self {
        Self { steps, stages }
    }

    /// Registers between the operands and the first step.
    pub(crate) fn before(self) -> u32 {
        self.stages.saturating_sub(self.steps)
    }

    /// Whether a register follows this step, the first being 1.
    pub(crate) fn registers_after(self, step: u32) -> bool {
        let segments = self.stages.min(self.steps);
        (1..segments).any(|segment| self.steps * segment / segments == step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The steps in each segment.
    fn segments(steps: u32, stages: u32) -> Vec<u32> {
        let schedule = Schedule::new(steps, stages);
        let mut segments = vec![0];
        for step in 1..=steps {
            *segments.last_mut().unwrap() += 1;
            if schedule.registers_after(step) {
                segments.push(0);
            }
        }
        segments
    }

    #[test]
    fn registers_are_spread_evenly_over_steps() {
        assert_eq!(segments(7, 4), [1, 2, 2, 2]);
        assert_eq!(segments(7, 1), [7]);
        assert_eq!(segments(4, 4), [1, 1, 1, 1]);
        for steps in 1..=20 {
            for stages in 0..=17 {
                let cuts = segments(steps, stages).len() as u32 - 1;
                assert_eq!(cuts + Schedule::new(steps, stages).before(), stages.saturating_sub(1));
                let segments = segments(steps, stages);
                let (least, most) = (segments.iter().min().unwrap(), segments.iter().max().unwrap());
                assert!(*least > 0 && most - least <= 1, "{steps} steps: {segments:?}");
            }
        }
    }
}
