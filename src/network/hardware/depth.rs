//! Depth of the buffers before a join, from the skew of its branches.

use super::engine::InputNeeds;

/// For each beat of a tensor, the beats of the network's input that must arrive before it can leave its module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Arrivals(Vec<usize>);

impl Arrivals {
    /// The input itself.
    pub(super) fn of_input(elements: usize) -> Self {
        Self((1..=elements).collect())
    }

    /// The output of a layer whose beat `k` needs the first `needs.before(k)` beats of each input.
    pub(super) fn after(inputs: &[(&Self, &InputNeeds)], elements: usize) -> Self {
        let arrival = |beat: usize| {
            let last = |(input, needs): &(&Self, &InputNeeds)| match needs.before(beat) {
                0 => 0,
                count => input.0[count - 1],
            };
            inputs.iter().map(last).max().unwrap_or(0)
        };
        Self((0..elements).map(arrival).collect())
    }

    /// Maximum number of beats of this tensor that wait at a join, whose output beats arrive as `joined`. A buffer of
    /// this depth avoids a deadlock of the network's input.
    pub(super) fn waiting_beats(&self, needs: &InputNeeds, joined: &Self) -> usize {
        let mut count = 0;
        let mut most = 0;
        let mut taken = 0;
        for (beat, &arrival) in joined.0.iter().enumerate() {
            while self.0.get(count).is_some_and(|own| *own < arrival) {
                count += 1;
            }
            most = most.max(count.saturating_sub(taken));
            taken = needs.before(beat);
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
        let rows = InputNeeds::Rows { beats: 8, before: vec![16, 24, 32, 32] };
        let branch = Arrivals::after(&[(&input, &rows)], 32);
        assert_eq!(branch.0[0], 16);
        let waiting = |left: &Arrivals, right: &Arrivals| {
            let own = InputNeeds::Own;
            let joined = Arrivals::after(&[(left, &own), (right, &own)], 32);
            [left, right].map(|side| side.waiting_beats(&own, &joined))
        };
        assert_eq!(waiting(&input, &branch), [15, 0]);
        let twice = Arrivals::after(&[(&branch, &rows)], 32);
        assert_eq!(waiting(&input, &twice), [23, 0]);
    }

    #[test]
    fn buffer_depth_covers_a_frame_that_waits_for_its_average() {
        let input = Arrivals::of_input(12);
        // Three channels, each the average of four codes, which multiply the codes they come from.
        let average = Arrivals::after(&[(&input, &InputNeeds::Groups(12))], 3);
        let needs = [InputNeeds::Own, InputNeeds::Each(vec![3; 12].into())];
        let joined = Arrivals::after(&[(&input, &needs[0]), (&average, &needs[1])], 12);
        assert_eq!(input.waiting_beats(&needs[0], &joined), 11);
        assert_eq!(average.waiting_beats(&needs[1], &joined), 0);
    }
}
