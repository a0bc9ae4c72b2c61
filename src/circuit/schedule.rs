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

/// A part of a pipeline: a number of steps, and the relative delay of each.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PipelinePart {
    pub(crate) steps: u32,
    pub(crate) delay: u32,
}

impl PipelinePart {
    /// The delay between two of its registers, if there are this many.
    fn delay_with(self, stages: u32) -> u32 {
        self.steps.div_ceil(stages) * self.delay
    }
}

/// Distributes `stages` registers over the parts, at least one for each, so that the longest delay is short.
///
/// No part gets more registers than it has steps: the sum of the result may be less than `stages`.
pub(crate) fn distribute(parts: &[PipelinePart], stages: u32) -> Vec<u32> {
    let mut result = vec![1; parts.len()];
    for _ in parts.len() as u32..stages {
        let extensible = (0..parts.len()).filter(|&index| result[index] < parts[index].steps);
        // The first of the slowest, which is the product unless others are slower.
        let Some(slowest) = extensible.rev().max_by_key(|&index| parts[index].delay_with(result[index]))
        else {
            break;
        };
        result[slowest] += 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_parts_get_registers_first() {
        let parts = [
            PipelinePart { steps: 7, delay: 3 },
            PipelinePart { steps: 4, delay: 2 },
            PipelinePart { steps: 1, delay: 9 },
        ];
        assert_eq!(distribute(&parts, 3), [1, 1, 1]);
        assert_eq!(distribute(&parts, 7), [4, 2, 1]);
        assert_eq!(distribute(&parts, 40), [7, 4, 1]);
    }

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
