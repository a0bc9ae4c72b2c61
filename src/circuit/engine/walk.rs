//! Walk of a window over frames in a ring buffer of rows: counters and addresses, without multiplications.
//!
//! Rows of all frames follow each other in the ring. The window of an output row begins at its first input
//! row, which may lie in the padding.

use serde_json::{Value as Json, json};

use super::memory::bits_of;
use crate::arithmetic::network::{Window, WindowAxis};

/// Codes that the window reads at each tap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TapChannels {
    /// All channels, word by word, again for each group of output channels.
    AllChannels,
    /// The word of the group of output channels.
    OwnChannels,
}

/// A walk of a window over frames.
#[derive(Clone, Debug)]
pub struct Walk {
    /// Window over rows and columns.
    pub window: Window,
    /// Channels of the input.
    pub channels: usize,
    /// Channels of a word of the ring, which divide `channels`.
    pub lanes: usize,
    /// Groups of output channels.
    pub groups: usize,
    /// Codes read at each tap.
    pub reading: TapChannels,
}

/// A counter of the walk, which advances when all inner counters are at their end.
struct Loop {
    name: &'static str,
    count: usize,
}

/// For each loop from the innermost: expression that is 1 in the last round of it and all inner loops.
struct LoopEnds(Vec<String>);

/// Indices of the loops.
const KERNEL_ROW: usize = 2;
const GROUP: usize = 3;
const COLUMN: usize = 4;
const ROW: usize = 5;

impl Walk {
    /// Rows from the first to the last tap.
    pub(super) fn extent(&self) -> usize {
        (self.window.rows.kernel - 1) * self.window.rows.dilation + 1
    }

    /// Words of a pixel.
    fn pixel_words(&self) -> usize {
        self.channels / self.lanes
    }

    /// Words of a row.
    fn row_words(&self) -> usize {
        self.window.columns.input * self.pixel_words()
    }

    /// Rows from the last window of a frame to the first of the next.
    pub(super) fn frame_step(&self) -> i64 {
        let rows = self.window.rows;
        rows.input as i64 - ((rows.output - 1) * rows.stride) as i64
    }

    /// Whether the last window begins at most one row after the frame, so that no row of the next frame is
    /// freed too early.
    pub fn is_supported(window: &Window) -> bool {
        let rows = window.rows;
        (rows.output - 1) * rows.stride <= rows.input + rows.before
    }

    /// Rows of the ring: a window, and the rows that arrive while it is read.
    pub fn ring_rows(&self) -> usize {
        self.extent() + self.window.rows.stride.max(self.frame_step().max(0) as usize)
    }

    /// Bytes of the ring.
    pub fn ring_bytes(&self) -> usize {
        self.ring_rows() * self.row_words() * self.lanes
    }

    /// Steps of one output pixel and group.
    pub fn taps(&self) -> usize {
        let words = match self.reading {
            TapChannels::AllChannels => self.pixel_words(),
            TapChannels::OwnChannels => 1,
        };
        self.window.taps() * words
    }

    /// Number of words of input rows that an output row needs before it begins.
    pub fn rows_before(&self, output_row: usize) -> usize {
        let rows = self.window.rows;
        let end = (output_row * rows.stride + self.extent()).saturating_sub(rows.before);
        end.clamp(0, rows.input)
    }

    fn loops(&self) -> [Loop; 6] {
        let Window { rows, columns } = self.window;
        let words = if self.reading == TapChannels::AllChannels { self.pixel_words() } else { 1 };
        [
            ("word", words),
            ("kernel_column", columns.kernel),
            ("kernel_row", rows.kernel),
            ("group", self.groups),
            ("column", columns.output),
            ("row", rows.output),
        ]
        .map(|(name, count)| Loop { name, count })
    }

    fn ends(&self) -> LoopEnds {
        let mut end = "1'b1".to_string();
        let ends = self.loops().map(|level| {
            if level.count > 1 {
                end = format!("{}_end", level.name);
            }
            end.clone()
        });
        LoopEnds(ends.to_vec())
    }

    /// Whether a step is the last of an output pixel.
    pub(crate) fn pixel_end(&self) -> String {
        self.ends().0[GROUP].clone()
    }

    /// The context of `templates/engine/walk.v.tera`, the key `walk` of an engine's context.
    pub(crate) fn context(&self) -> Json {
        let ends = self.ends();
        let loops = self.loops();
        let before = |index: usize| if index == 0 { "1'b1".to_string() } else { ends.0[index - 1].clone() };
        let counters = loops.iter().enumerate().filter(|(_, level)| level.count > 1).map(|(index, level)| {
            let bits = bits_of(level.count - 1);
            let inner = before(index);
            let is_last = format!("{} == {bits}'d{}", level.name, level.count - 1);
            json!({
                "name": level.name,
                "range": range(bits),
                "zero": format!("{bits}'d0"),
                "one": format!("{bits}'d1"),
                "is_last": if inner == "1'b1" { is_last } else { format!("{inner} && {is_last}") },
                "inner": if inner == "1'b1" { None } else { Some(inner) },
            })
        });
        let counters: Vec<Json> = counters.collect();
        let (lane_bits, column_bits) = (bits_of(self.lanes - 1), bits_of(self.row_words() - 1));
        let address_bits = self.address_bits();
        let ring = self.ring_rows() * self.row_words();
        let taps = &ends.0[KERNEL_ROW];
        json!({
            "lanes": (self.lanes > 1).then(|| json!({
                "range": range(lane_bits),
                "zero": format!("{lane_bits}'d0"),
                "one": format!("{lane_bits}'d1"),
                "last": format!("{lane_bits}'d{}", self.lanes - 1),
                "partial_msb": 8 * self.lanes - 9,
            })),
            "word_msb": 8 * self.lanes - 1,
            "rows": self.ring_rows(),
            "ring_last": ring - 1,
            "address": {
                "range": range(address_bits),
                "zero": format!("{address_bits}'d0"),
                "one": format!("{address_bits}'d1"),
                "last": format!("{address_bits}'d{}", ring - 1),
            },
            "column": (self.row_words() > 1).then(|| json!({
                "range": range(column_bits),
                "zero": format!("{column_bits}'d0"),
                "one": format!("{column_bits}'d1"),
                "last": format!("{column_bits}'d{}", self.row_words() - 1),
            })),
            "row_counts": self.row_counts(&ends.0[ROW]),
            "counters": counters,
            "row_end": ends.0[COLUMN],
            "taps_end": taps,
            "registers": self.registers(&ends),
            "read_address": self.read_address(),
            "outside": self.outside(),
        })
    }

    fn address_bits(&self) -> u32 {
        bits_of(self.ring_rows() * self.row_words() - 1)
    }

    /// Bits of a signed number of rows.
    pub(super) fn row_bits(&self) -> u32 {
        let rows = self.window.rows;
        bits_of(self.ring_rows() + rows.stride + rows.before + self.extent() + rows.input) + 1
    }

    /// Values of a register after a step, by the loop that advances, from the outermost to the innermost.
    fn choice(&self, ends: &LoopEnds, values: [&str; 6]) -> String {
        let loops = self.loops();
        // The outermost loop begins again where it ends, so that it always advances.
        let advancing = (0..6).rev().filter(|&index| index == 5 || loops[index].count > 1);
        let mut choices: Vec<(&str, &str)> = advancing
            .map(|index| (if index == 0 { "1'b1" } else { ends.0[index - 1].as_str() }, values[index]))
            .collect();
        let (_, last) = choices.pop().expect("the outermost loop always advances");
        while choices.last().is_some_and(|(_, value)| *value == last) {
            choices.pop();
        }
        let mut text = String::new();
        for (index, (condition, value)) in choices.iter().enumerate() {
            // Each condition implies the next one, so that equal values need only the last.
            if choices.get(index + 1).is_none_or(|(_, next)| next != value) {
                text += &format!("{condition} ? {value} : ");
            }
        }
        text + last
    }

    /// Registers of addresses and positions: type, value after reset, value after a step.
    fn registers(&self, ends: &LoopEnds) -> Vec<Json> {
        let Window { rows, columns } = self.window;
        let bits = self.address_bits();
        let ring = self.ring_rows();
        let unsigned = |value: i64| format!("{bits}'d{}", value.rem_euclid(1 << bits));
        let words = self.pixel_words() as i64;
        let start = unsigned(-(columns.before as i64) * words);
        let own = self.reading == TapChannels::OwnChannels;
        let pixel_step = columns.stride as i64 * words - if own { self.groups as i64 - 1 } else { 0 };
        let tap_step = columns.dilation as i64 * words - if own { 0 } else { words - 1 };
        let mut registers = Vec::new();
        let mut add = |name: &str, kind: String, reset: String, next: String| {
            registers.push(json!({ "name": name, "type": kind, "reset": reset, "next": next }));
        };
        let vector = range(bits);
        let next_pixel = format!("pixel + {}", unsigned(pixel_step));
        let next_group = if own { format!("pixel + {bits}'d1") } else { "pixel".to_string() };
        add(
            "pixel",
            vector.clone(),
            start.clone(),
            self.choice(ends, ["pixel", "pixel", "pixel", &next_group, &next_pixel, &start]),
        );
        let next_tap = format!("offset + {}", unsigned(tap_step));
        let next_word = format!("offset + {bits}'d1");
        add(
            "offset",
            vector.clone(),
            start.clone(),
            self.choice(ends, [&next_word, &next_tap, "pixel", &next_group, &next_pixel, &start]),
        );
        let in_ring = |rows: i64| rows.rem_euclid(ring as i64) * self.row_words() as i64;
        let top = unsigned(in_ring(-(rows.before as i64)));
        let window_step = |step: i64| self.moved("window", in_ring(step));
        let next_window = match (rows.output, in_ring(rows.stride as i64) == in_ring(self.frame_step())) {
            (1, _) | (_, true) => window_step(self.frame_step()),
            _ => {
                let (frame, row) = (window_step(self.frame_step()), window_step(rows.stride as i64));
                format!("{} ? {frame} : {row}", ends.0[ROW])
            }
        };
        add("window", vector.clone(), top.clone(), at_end(&ends.0[COLUMN], &next_window, "window"));
        if rows.kernel > 1 {
            let next_row = self.moved("tap_base", in_ring(rows.dilation as i64));
            let next_window = format!("({next_window})");
            add(
                "tap_base",
                vector,
                top,
                self.choice(ends, ["tap_base", "tap_base", &next_row, "window", "window", &next_window]),
            );
        }
        if columns.is_padded() {
            let bits = self.position_bits(&columns);
            let (start, left) =
                (signed(bits, -(columns.before as i64)), format!("left + {bits}'sd{}", columns.stride));
            let kind = format!("signed [{}:0] ", bits - 1);
            add(
                "left",
                kind.clone(),
                start.clone(),
                self.choice(ends, ["left", "left", "left", "left", &left, &start]),
            );
            let tap = format!("tap_column + {bits}'sd{}", columns.dilation);
            let values = ["tap_column", &tap, "left", "left", &left, &start];
            add("tap_column", kind, start.clone(), self.choice(ends, values));
        }
        if rows.is_padded() {
            let bits = self.row_bits();
            let start = signed(bits, -(rows.before as i64));
            let next = match rows.output {
                1 => start.clone(),
                _ => format!("({} ? {start} : top + {bits}'sd{})", ends.0[ROW], rows.stride),
            };
            let kind = format!("signed [{}:0] ", bits - 1);
            add("top", kind.clone(), start.clone(), at_end(&ends.0[COLUMN], &next, "top"));
            let tap = format!("tap_row + {bits}'sd{}", rows.dilation);
            let values = ["tap_row", "tap_row", &tap, "top", "top", &next];
            add("tap_row", kind, start, self.choice(ends, values));
        }
        registers
    }

    /// An address of the ring, advanced by some words.
    fn moved(&self, name: &str, words: i64) -> String {
        let bits = self.address_bits();
        let ring = (self.ring_rows() * self.row_words()) as i64;
        if words == 0 {
            return name.to_string();
        }
        if ring == 1 << bits {
            return format!("{name} + {bits}'d{words}");
        }
        // Modulo 2^bits, to which the wider difference is truncated.
        let wrapped = (words - ring).rem_euclid(1 << bits);
        format!("({name} < {bits}'d{} ? {name} + {bits}'d{words} : {name} + {bits}'d{wrapped})", ring - words)
    }

    fn read_address(&self) -> String {
        let base = if self.window.rows.kernel > 1 { "tap_base" } else { "window" };
        format!("{base} + offset")
    }

    fn position_bits(&self, axis: &WindowAxis) -> u32 {
        let last =
            (axis.output - 1) * axis.stride + (axis.kernel - 1) * axis.dilation + axis.stride + axis.dilation;
        bits_of(last.max(axis.input) + axis.before) + 1
    }

    /// Whether a tap lies in the padding; `None` where none does.
    fn outside(&self) -> Option<String> {
        let test = |axis: &WindowAxis, name: &str, bits: u32| {
            axis.is_padded().then(|| format!("{name} < {bits}'sd0 || {name} >= {bits}'sd{}", axis.input))
        };
        let Window { rows, columns } = self.window;
        let tests = [
            test(&columns, "tap_column", self.position_bits(&columns)),
            test(&rows, "tap_row", self.row_bits()),
        ];
        let tests: Vec<String> = tests.into_iter().flatten().collect();
        (!tests.is_empty()).then(|| tests.join(" || "))
    }
}

/// A value at the end of a loop, else another.
fn at_end(end: &str, value: &str, other: &str) -> String {
    if end == "1'b1" { value.to_string() } else { format!("{end} ? ({value}) : {other}") }
}

/// The range of a vector in its declaration, with a space behind it; empty for a single bit.
fn range(bits: u32) -> String {
    if bits == 1 { String::new() } else { format!("[{}:0] ", bits - 1) }
}

/// A signed Verilog constant.
pub(super) fn signed(bits: u32, value: i64) -> String {
    if value < 0 { format!("-{bits}'sd{}", -value) } else { format!("{bits}'sd{value}") }
}
