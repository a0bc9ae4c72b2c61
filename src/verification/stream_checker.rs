//! The checker of units with streams: order of values, stable handshakes, no deadlock.
//!
//! The stimulus withholds every handshake at random. The checker follows the beats that the RTL accepted and
//! the beats that it gave, so that latency is free. A unit may give a beat before it has accepted the whole
//! input frame; such a beat is compared once the frame is complete. If the frame stays incomplete, the rest
//! counts as 0.
//!
//! A guarded unit makes frames of what it accepted, and its event outputs are compared in every row.

use std::collections::VecDeque;

use super::comparison_result::Mismatch;
use crate::unit::{
    Beat, Column, Config, Direction, FrameEvent, FrameFunction, FrameGuard, Port, Role, StreamIndices,
    streams,
};

/// Checker of a unit with streams; one state per lane.
pub(crate) struct StreamChecker {
    function: Box<dyn FrameFunction>,
    inputs: Vec<StreamIndices>,
    outputs: Vec<StreamIndices>,
    input_lengths: Vec<usize>,
    output_lengths: Vec<usize>,
    output_names: Vec<&'static str>,
    /// Outputs of events, of a guarded unit.
    events: Vec<(FrameEvent, usize)>,
    reset: Option<usize>,
    /// Rows without progress after which a unit is in deadlock.
    patience: usize,
    lanes: Vec<Lane>,
}

/// The streams of one lane since the last reset.
#[derive(Clone, Default)]
struct Lane {
    /// Beats accepted at each input, from the first frame that is not complete at every input.
    accepted: Vec<VecDeque<Beat>>,
    /// The guard of the input, of a guarded unit.
    guard: Option<FrameGuard>,
    /// The event of the previous row.
    event: Option<FrameEvent>,
    /// Beats due at each output.
    due: Vec<VecDeque<Beat>>,
    /// Beats given at each output before their input frame was complete.
    early: Vec<Vec<EarlyBeat>>,
    /// The beat that each output offered in the previous row and that was not taken.
    offered: Vec<Option<Beat>>,
    /// Rows since the last progress at each output, and at the inputs.
    waiting: Vec<usize>,
    starving: usize,
}

/// A beat given before its input frame was complete.
#[derive(Clone, Copy)]
struct EarlyBeat {
    transaction: u64,
    beat: Beat,
}

/// The columns of a row and its transaction.
#[derive(Clone, Copy)]
struct Row<'a> {
    inputs: &'a [Column],
    outputs: &'a [Column],
    index: usize,
    transaction: u64,
}

impl Row<'_> {
    fn input(&self, port: usize) -> u64 {
        self.inputs[port].get(self.index)
    }

    fn output(&self, port: usize) -> u64 {
        self.outputs[port].get(self.index)
    }
}

impl StreamChecker {
    /// The checker of a config with streams for `lanes` lanes; `None` for any other config.
    pub(crate) fn new(config: &Config, lanes: usize) -> Option<Self> {
        let function = config.frame_function()?;
        let ports = config.ports();
        let [inputs, outputs] = streams(&ports);
        let driven: Vec<&Port> = ports.iter().filter(|port| port.is_driven()).collect();
        let output_names: Vec<&str> =
            ports.iter().filter(|port| port.direction == Direction::Output).map(|port| port.name).collect();
        let index = |event: FrameEvent| output_names.iter().position(|name| *name == event.port_name());
        let events = FrameEvent::ALL.into_iter().filter_map(|event| Some((event, index(event)?)));
        let lane = Lane {
            accepted: vec![VecDeque::new(); inputs.len()],
            guard: FrameGuard::of_function(&*function),
            event: None,
            due: vec![VecDeque::new(); outputs.len()],
            early: vec![Vec::new(); outputs.len()],
            offered: vec![None; outputs.len()],
            waiting: vec![0; outputs.len()],
            starving: 0,
        };
        Some(Self {
            input_lengths: function.input_lengths(),
            output_lengths: function.output_lengths(),
            function,
            inputs,
            outputs,
            events: events.collect(),
            output_names,
            reset: driven.iter().position(|port| port.role == Role::Reset),
            patience: 2 * config.behaviour().latency() + 64,
            lanes: vec![lane; lanes],
        })
    }

    /// Checks a batch whose first entry is a transaction of that index; returns the number of beats compared.
    ///
    /// The row before the first reset is not checked. Mismatches are appended.
    pub(crate) fn check(
        &mut self,
        first: u64,
        inputs: &[Column],
        outputs: &[Column],
        mismatches: &mut Vec<Mismatch>,
    ) -> u64 {
        let lanes = self.lanes.len();
        let mut compared = 0;
        for index in 0..outputs.first().map_or(0, Column::len) {
            let row = Row { inputs, outputs, index, transaction: first + index as u64 };
            let mut lane = std::mem::take(&mut self.lanes[index % lanes]);
            if self.reset.is_some_and(|port| inputs[port].get(index / lanes) == 1) {
                self.check_partial_frame(&lane, mismatches);
                lane.clear();
            } else {
                self.check_events(&lane, row, mismatches);
                self.accept(&mut lane, row, mismatches);
                compared += self.take(&mut lane, row, mismatches);
                self.watch(&mut lane, row, mismatches);
            }
            self.lanes[index % lanes] = lane;
        }
        compared
    }

    /// Ends a chunk: checks the beats whose input frame is not complete, and clears the state.
    pub(crate) fn finish(&mut self, mismatches: &mut Vec<Mismatch>) {
        let mut lanes = std::mem::take(&mut self.lanes);
        for lane in &mut lanes {
            self.check_partial_frame(lane, mismatches);
            lane.clear();
        }
        self.lanes = lanes;
    }

    /// Takes the beats that the inputs accept in a row; computes the frames that are complete.
    fn accept(&self, lane: &mut Lane, row: Row, mismatches: &mut Vec<Mismatch>) {
        lane.event = None;
        for (stream, accepted) in self.inputs.iter().zip(&mut lane.accepted) {
            if row.input(stream.valid) == 1 && row.output(stream.ready) == 1 {
                let last = stream.last.is_some_and(|port| row.input(port) == 1);
                let beat = Beat { data: row.input(stream.data), last };
                match &mut lane.guard {
                    Some(guard) => lane.event = guard.accept(beat, accepted),
                    None => accepted.push_back(beat),
                }
            }
        }
        let mut lengths = lane.accepted.iter().zip(&self.input_lengths);
        if lengths.all(|(accepted, &length)| accepted.len() >= length) {
            let pairs = lane.accepted.iter_mut().zip(&self.input_lengths);
            let frame: Vec<Vec<Beat>> =
                pairs.map(|(accepted, &length)| accepted.drain(..length).collect()).collect();
            let results = self.function.frame(&frame);
            self.check_early(lane, &results, mismatches);
            for ((due, early), result) in lane.due.iter_mut().zip(&mut lane.early).zip(results) {
                due.extend(&result[early.len()..]);
                early.clear();
            }
        }
    }

    /// Compares the event outputs, which report the row before.
    fn check_events(&self, lane: &Lane, row: Row, mismatches: &mut Vec<Mismatch>) {
        for &(event, output) in &self.events {
            let (due, given) = (u64::from(lane.event == Some(event)), row.output(output));
            if due != given {
                mismatches.push(self.mismatch(row.transaction, output, due, given));
            }
        }
    }

    /// Compares the beats that the outputs offer in a row, and takes those that move.
    fn take(&self, lane: &mut Lane, row: Row, mismatches: &mut Vec<Mismatch>) -> u64 {
        let mut compared = 0;
        for (output, stream) in self.outputs.iter().enumerate() {
            let offered = (row.output(stream.valid) == 1).then(|| Beat {
                data: row.output(stream.data),
                last: stream.last.is_some_and(|port| row.output(port) == 1),
            });
            if let Some(held) = lane.offered[output]
                && offered != Some(held)
            {
                // A beat that is offered stays until it is taken.
                mismatches.push(self.difference(stream, row.transaction, Some(held), offered));
            }
            let is_taken = row.input(stream.ready) == 1;
            lane.offered[output] = offered.filter(|_| !is_taken);
            let Some(beat) = offered.filter(|_| is_taken) else { continue };
            compared += 1;
            lane.waiting[output] = 0;
            match lane.due[output].pop_front() {
                Some(due) if due != beat => {
                    mismatches.push(self.difference(stream, row.transaction, Some(due), offered));
                }
                Some(_) => {}
                None if self.may_be_early(lane, output) => {
                    lane.early[output].push(EarlyBeat { transaction: row.transaction, beat });
                }
                None => mismatches.push(self.difference(stream, row.transaction, None, offered)),
            }
        }
        compared
    }

    /// Whether an output may give a beat of a frame that has begun.
    fn may_be_early(&self, lane: &Lane, output: usize) -> bool {
        let has_begun = lane.accepted.iter().any(|accepted| !accepted.is_empty());
        has_begun && lane.early[output].len() < self.output_lengths[output]
    }

    /// Detects deadlock: outputs that do not give a due beat, and inputs that stall although no beat is due.
    fn watch(&self, lane: &mut Lane, row: Row, mismatches: &mut Vec<Mismatch>) {
        for (output, stream) in self.outputs.iter().enumerate() {
            let is_waiting = !lane.due[output].is_empty() && row.input(stream.ready) == 1;
            lane.waiting[output] += usize::from(is_waiting && row.output(stream.valid) == 0);
            if lane.waiting[output] > self.patience {
                lane.waiting[output] = 0;
                mismatches.push(self.mismatch(row.transaction, stream.valid, 1, 0));
            }
        }
        let is_idle = lane.due.iter().all(VecDeque::is_empty) && lane.offered.iter().all(Option::is_none);
        let mut inputs = self.inputs.iter();
        let is_starving = is_idle && inputs.all(|s| row.input(s.valid) == 1 && row.output(s.ready) == 0);
        lane.starving = if is_starving { lane.starving + 1 } else { 0 };
        if lane.starving > self.patience {
            lane.starving = 0;
            mismatches.push(self.mismatch(row.transaction, self.inputs[0].ready, 1, 0));
        }
    }

    /// Compares the beats of an incomplete frame, whose missing rest counts as 0.
    fn check_partial_frame(&self, lane: &Lane, mismatches: &mut Vec<Mismatch>) {
        if lane.early.iter().all(Vec::is_empty) {
            return;
        }
        let pad = |(accepted, &length): (&VecDeque<Beat>, &usize)| {
            let mut frame: Vec<Beat> = accepted.iter().take(length).copied().collect();
            frame.resize(length, Beat::default());
            frame
        };
        let frame: Vec<Vec<Beat>> = lane.accepted.iter().zip(&self.input_lengths).map(pad).collect();
        self.check_early(lane, &self.function.frame(&frame), mismatches);
    }

    fn check_early(&self, lane: &Lane, results: &[Vec<Beat>], mismatches: &mut Vec<Mismatch>) {
        for ((stream, early), result) in self.outputs.iter().zip(&lane.early).zip(results) {
            let wrong = early.iter().zip(result).filter(|(early, due)| early.beat != **due);
            mismatches.extend(wrong.map(|(early, due)| {
                self.difference(stream, early.transaction, Some(*due), Some(early.beat))
            }));
        }
    }

    /// The first port in which a beat differs from the one that is expected.
    fn difference(
        &self,
        stream: &StreamIndices,
        transaction: u64,
        expected: Option<Beat>,
        got: Option<Beat>,
    ) -> Mismatch {
        match (expected, got, stream.last) {
            (Some(expected), Some(got), _) if expected.data != got.data => {
                self.mismatch(transaction, stream.data, expected.data, got.data)
            }
            (Some(expected), Some(got), Some(last)) => {
                self.mismatch(transaction, last, expected.last.into(), got.last.into())
            }
            _ => self.mismatch(transaction, stream.valid, expected.is_some().into(), got.is_some().into()),
        }
    }

    fn mismatch(&self, transaction: u64, output: usize, expected: u64, got: u64) -> Mismatch {
        Mismatch { transaction, port: self.output_names[output], expected: vec![expected], got: vec![got] }
    }
}

impl Lane {
    fn clear(&mut self) {
        self.accepted.iter_mut().for_each(VecDeque::clear);
        self.guard.iter_mut().for_each(FrameGuard::reset);
        self.event = None;
        self.due.iter_mut().for_each(VecDeque::clear);
        self.early.iter_mut().for_each(Vec::clear);
        self.offered.fill(None);
        self.waiting.fill(0);
        self.starving = 0;
    }
}
