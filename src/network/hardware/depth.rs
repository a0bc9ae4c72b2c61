//! Depth of the buffers before a join, from the skew of its branches.

/// For each beat of a tensor, the beats of the network's input that must arrive before it can leave its module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Arrivals(Vec<usize>);

impl Arrivals {
    /// The input itself.
    pub(super) fn of_input(elements: usize) -> Self {
        Self((1..=elements).collect())
    }

    /// The output of a layer whose beat `k` needs the first `needed(k)` beats of each input.
    pub(super) fn after(inputs: &[&Self], elements: usize, needed: impl Fn(usize) -> usize) -> Self {
        let arrival = |beat: usize| match needed(beat) {
            0 => 0,
            count => inputs.iter().map(|input| input.0[count - 1]).max().unwrap_or(0),
        };
        Self((0..elements).map(arrival).collect())
    }

    /// Maximum number of beats of this tensor that wait at a join for the other tensor. A buffer of this depth
    /// avoids a deadlock of the network's input.
    pub(super) fn waiting_beats(&self, other: &Self) -> usize {
        let mut count = 0;
        let mut most = 0;
        for (beat, &arrival) in other.0.iter().enumerate() {
            while self.0.get(count).is_some_and(|own| *own < arrival) {
                count += 1;
            }
            most = most.max(count.saturating_sub(beat));
        }
        most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffer_depth_covers_branch_that_waits_for_rows() {
        let input = Arrivals::of_input(32);
        // Rows of 8 beats; an output row needs the row below it.
        let branch = Arrivals::after(&[&input], 32, |beat| ((beat / 8 + 2) * 8).min(32));
        assert_eq!(branch.0[0], 16);
        assert_eq!(input.waiting_beats(&branch), 15);
        assert_eq!(branch.waiting_beats(&input), 0);
        let twice = Arrivals::after(&[&branch], 32, |beat| ((beat / 8 + 2) * 8).min(32));
        assert_eq!(input.waiting_beats(&twice), 23);
        assert_eq!(twice.waiting_beats(&branch), 0);
    }
}
