//! What a guarded input makes of frames whose `tlast` is early or missing.

use super::number::Integer;
use super::port::{Port, Role};
use super::stream::{Beat, FrameFunction};

/// A frame whose end is not where its length puts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameEvent {
    /// `tlast` before the last beat of a frame: the rest of the frame counts as 0.
    UnexpectedLast,
    /// No `tlast` at the last beat of a frame: beats are dropped up to the next `tlast`.
    MissingLast,
}

impl FrameEvent {
    /// All events, in the order of their ports.
    pub const ALL: [Self; 2] = [Self::UnexpectedLast, Self::MissingLast];

    /// Name of the output that is 1 in the clock cycle after the beat.
    pub fn port_name(self) -> &'static str {
        match self {
            Self::UnexpectedLast => "event_tlast_unexpected",
            Self::MissingLast => "event_tlast_missing",
        }
    }

    /// The output.
    pub(crate) fn port(self) -> Port {
        let help = match self {
            Self::UnexpectedLast => "the beat before ended its frame early",
            Self::MissingLast => "the beat before should have ended its frame",
        };
        Port { role: Role::Event, ..Port::output(self.port_name(), Integer::unsigned(1), help) }
    }
}

/// Frames of equal length from a stream whose `tlast` may be wrong.
#[derive(Clone, Copy, Debug)]
pub struct FrameGuard {
    length: usize,
    /// Beats of the current frame so far.
    position: usize,
    /// Whether beats are dropped up to the next `tlast`.
    is_dropping: bool,
}

impl FrameGuard {
    /// The guard of frames of `length` beats, after a reset.
    pub fn new(length: usize) -> Self {
        Self { length, position: 0, is_dropping: false }
    }

    /// Resets it: the next beat is the first of a frame.
    pub fn reset(&mut self) {
        *self = Self::new(self.length);
    }

    /// The guard of a function's only input; `None` if the function has none.
    pub fn of_function(function: &dyn FrameFunction) -> Option<Self> {
        function.is_guarded().then(|| Self::new(function.input_lengths()[0]))
    }

    /// Whether the next beat is to have `tlast`: it ends a frame, or it is dropped.
    pub fn is_last(&self) -> bool {
        self.is_dropping || self.position + 1 == self.length
    }

    /// Takes a beat, of which only `tlast` matters.
    pub(crate) fn advance(&mut self, last: bool) {
        self.accept(Beat { data: 0, last }, &mut Vec::new());
    }

    /// Takes a beat of the stream and appends the beats of frames that follow from it.
    pub fn accept(&mut self, beat: Beat, frames: &mut impl Extend<Beat>) -> Option<FrameEvent> {
        if self.is_dropping {
            self.is_dropping = !beat.last;
            return None;
        }
        self.position += 1;
        let is_end = self.position == self.length;
        frames.extend([Beat { last: is_end, ..beat }]);
        if is_end {
            self.position = 0;
            self.is_dropping = !beat.last;
            return self.is_dropping.then_some(FrameEvent::MissingLast);
        }
        if !beat.last {
            return None;
        }
        let missing = self.length - self.position;
        frames.extend((1..=missing).map(|count| Beat { data: 0, last: count == missing }));
        self.position = 0;
        Some(FrameEvent::UnexpectedLast)
    }

    /// Takes all beats of a stream; returns the beats of its frames and the events.
    pub fn accept_all(mut self, beats: &[Beat]) -> (Vec<Beat>, Vec<FrameEvent>) {
        let mut frames = Vec::with_capacity(beats.len());
        let events = beats.iter().filter_map(|&beat| self.accept(beat, &mut frames)).collect();
        (frames, events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(text: &str) -> Vec<Beat> {
        let beats = text.split(' ').map(|word| Beat {
            data: word.trim_end_matches('.').parse().unwrap(),
            last: word.ends_with('.'),
        });
        beats.collect()
    }

    fn framed(text: &str) -> (String, Vec<FrameEvent>) {
        let (frames, events) = FrameGuard::new(3).accept_all(&stream(text));
        let words: Vec<String> =
            frames.iter().map(|beat| format!("{}{}", beat.data, if beat.last { "." } else { "" })).collect();
        (words.join(" "), events)
    }

    #[test]
    fn frame_after_a_broken_one_is_right() {
        use FrameEvent::{MissingLast, UnexpectedLast};
        let cases = [
            ("1 2 3. 4 5 6.", "1 2 3. 4 5 6.", vec![]),
            ("1. 4 5 6.", "1 0 0. 4 5 6.", vec![UnexpectedLast]),
            ("1 2. 4. 5 6 7.", "1 2 0. 4 0 0. 5 6 7.", vec![UnexpectedLast; 2]),
            ("1 2 3 9. 4 5 6.", "1 2 3. 4 5 6.", vec![MissingLast]),
            ("1 2 3 9 9 9 9. 4 5 6. 7", "1 2 3. 4 5 6. 7", vec![MissingLast]),
        ];
        for (beats, frames, events) in cases {
            assert_eq!(framed(beats), (frames.to_string(), events), "{beats}");
        }
    }
}
