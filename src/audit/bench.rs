//! A built design on the bench: rows of operands and control in, results out, polarity taken care of.

use super::binding::{Binding, Mapped};
use super::verilog::Verilated;
use super::{AuditError, Role};
use crate::column::Column;
use crate::cosim::builder::{Builder, Unit as CppUnit};
use crate::cosim::compiler::Optimization;
use crate::cosim::verilate::Trace;
use crate::cosim::{Design, DesignInstance};
use crate::cosim::{Pin, design_shim};
use std::path::Path;

/// The control inputs that a row sets, in the order of [`Rows::lines`].
pub(super) const LINES: [Role; 5] = [Role::Reset, Role::Enable, Role::ValidIn, Role::Clear, Role::Last];
pub(super) const RESET: usize = 0;
pub(super) const ENABLE: usize = 1;
pub(super) const VALID: usize = 2;
pub(super) const CLEAR: usize = 3;
pub(super) const LAST: usize = 4;

/// Rows in which reset is held at the start, and idle rows after it.
const PREAMBLE: (usize, usize) = (6, 4);

/// What is driven, one entry a row: 1 asserts a line whatever its polarity.
#[derive(Clone)]
pub(super) struct Rows {
    pub lines: [Vec<u8>; 5],
    /// By element of the operands.
    pub operands: Vec<Vec<u64>>,
}

impl Rows {
    /// Operands that all count: enabled, valid, each the end of its sum.
    pub fn steady(operands: Vec<Vec<u64>>) -> Rows {
        let len = operands.first().map_or(0, Vec::len);
        let line = |value: u8| vec![value; len];
        Rows { lines: [line(0), line(1), line(1), line(0), line(1)], operands }
    }

    pub fn len(&self) -> usize {
        self.lines[0].len()
    }
}

/// What came out, one entry a row.
pub(super) struct Answers {
    /// By element of the result.
    pub results: Vec<Vec<u64>>,
    /// Whether the row was marked as valid, where there is such a port.
    pub valid: Option<Vec<u8>>,
}

/// Where the bits of a driven port come from, or those of an output go.
#[derive(Clone)]
enum Place {
    Line(usize),
    Valid,
    /// From the element on, as many of that width.
    Elements {
        first: usize,
        count: usize,
        bits: u32,
    },
}

/// A built design whose ports are bound.
#[derive(Clone)]
pub(super) struct Bench {
    design: Design,
    inputs: Vec<Place>,
    outputs: Vec<Place>,
    /// Widths of the elements of the result.
    pub results: Vec<u32>,
    /// Which lines are active low; only discovery changes it.
    pub low: [bool; 5],
    valid_low: bool,
    pub has_clock: bool,
    pub has_valid_out: bool,
    /// How many pairs a sum has whose end the design counts itself; only discovery sets it.
    pub counted: Option<usize>,
}

impl Bench {
    /// Compiles the model and loads it.
    pub fn build(
        top: &str,
        verilated: &Verilated,
        binding: &Binding,
        builder: &Builder,
        trace: Trace,
    ) -> Result<Bench, AuditError> {
        let mut pins = [Vec::new(), Vec::new()];
        let mut places = [Vec::new(), Vec::new()];
        let mut next = [0, 0];
        let (mut clock, mut low, mut valid_low) = (None, [false; 5], false);
        for mapped in &binding.mapped {
            let side = usize::from(mapped.role.is_output());
            if mapped.role == Role::Clock {
                clock = mapped.ports.first();
                continue;
            }
            let line = LINES.iter().position(|role| *role == mapped.role);
            for bound in &mapped.ports {
                let member = &bound.port.member;
                let count = (bound.port.bits() / mapped.bits) as usize;
                places[side].push(match (line, mapped.role) {
                    (Some(line), _) => {
                        low[line] = bound.inverted;
                        Place::Line(line)
                    }
                    (_, Role::ValidOut) => {
                        valid_low = bound.inverted;
                        Place::Valid
                    }
                    _ => Place::Elements { first: next[side], count, bits: mapped.bits },
                });
                if line.is_none() && mapped.role != Role::ValidOut {
                    next[side] += count;
                }
                let pin = Pin { member: member.name.clone(), driven: side == 0 };
                pins[side].push((pin, (member.bits, member.elements as usize)));
            }
        }
        let [driven, read] = pins;
        let (pins, sizes): (Vec<Pin>, Vec<(u32, usize)>) = driven.into_iter().chain(read).unzip();
        let clock = clock.map(|bound| (bound.port.member.name.as_str(), bound.inverted));
        let shim = design_shim(top, clock, &pins, &binding.ties, trace);
        let unit = CppUnit { top, shim: &shim, optimization: Optimization::Full };
        let path = builder.generated_object(&unit, &verilated.generated, verilated.folder.path(), trace)?;
        let design = Design::load(&path, top, &sizes)?;
        let [inputs, outputs] = places;
        let results = binding.role(Role::Out).map(|out| vec![out.bits; out.elements]).unwrap_or_default();
        let has_valid_out = binding.role(Role::ValidOut).is_some();
        Ok(Bench {
            design,
            inputs,
            outputs,
            results,
            low,
            valid_low,
            has_clock: clock.is_some(),
            has_valid_out,
            counted: None,
        })
    }

    /// Whether a line is mapped.
    pub fn has(&self, line: usize) -> bool {
        self.inputs.iter().any(|place| matches!(place, Place::Line(own) if *own == line))
    }

    /// Whether sums have an end, which the map or the design itself says.
    pub fn ends(&self) -> bool {
        self.has(LAST) || self.counted.is_some()
    }

    /// How many elements the operands have.
    pub fn operands(&self) -> usize {
        let end = |place: &Place| match place {
            Place::Elements { first, count, .. } => first + count,
            _ => 0,
        };
        self.inputs.iter().map(end).max().unwrap_or(0)
    }

    /// A fresh instance that has been reset.
    pub fn start(&self) -> Result<Session<'_>, AuditError> {
        self.start_traced(None)
    }

    /// The same, with the waveform in a file.
    pub fn start_traced(&self, wave: Option<&Path>) -> Result<Session<'_>, AuditError> {
        let mut session = Session { bench: self, instance: self.design.instance() };
        if let Some(path) = wave {
            session.instance.trace(path)?;
        }
        if self.has_clock {
            let mut rows = Rows::steady(vec![vec![0; PREAMBLE.0 + PREAMBLE.1]; self.operands()]);
            rows.lines[RESET][..PREAMBLE.0].fill(1);
            rows.lines[VALID].fill(0);
            rows.lines[LAST].fill(0);
            session.run(&rows)?;
        }
        Ok(session)
    }
}

/// An instance and its registers.
pub(super) struct Session<'a> {
    bench: &'a Bench,
    instance: DesignInstance,
}

impl Session<'_> {
    /// Drives the rows; what was in flight before them comes out with them.
    pub fn run(&mut self, rows: &Rows) -> Result<Answers, AuditError> {
        let len = rows.len();
        let [mut inputs, mut outputs] = self.bench.design.columns(len);
        for (place, column) in self.bench.inputs.iter().zip(&mut inputs) {
            match *place {
                Place::Line(line) => {
                    let low = u64::from(self.bench.low[line]);
                    column.write(0, rows.lines[line].iter().map(|&asserted| u64::from(asserted) ^ low));
                }
                Place::Elements { first, count, bits } => {
                    pack(&rows.operands[first..first + count], bits, len, column);
                }
                Place::Valid => {}
            }
        }
        self.instance.run(len, &inputs, &mut outputs)?;
        let mut answers = Answers { results: vec![Vec::new(); self.bench.results.len()], valid: None };
        for (place, column) in self.bench.outputs.iter().zip(&outputs) {
            match *place {
                Place::Valid => {
                    let low = u64::from(self.bench.valid_low);
                    answers.valid = Some((0..len).map(|row| (column.get(row) ^ low) as u8).collect());
                }
                Place::Elements { first, count, bits } => {
                    unpack(column, bits, len, &mut answers.results[first..first + count]);
                }
                Place::Line(_) => {}
            }
        }
        Ok(answers)
    }
}

fn mask(bits: u32) -> u64 {
    u64::MAX >> (64 - bits)
}

/// Puts elements side by side: as the values of an array, or as the bits of one vector.
fn pack(elements: &[Vec<u64>], bits: u32, len: usize, column: &mut Column) {
    let mask = mask(bits);
    if column.len() == len * elements.len() {
        let (count, elements) = (elements.len(), &elements);
        column.write(0, (0..len * count).map(|at| elements[at % count][at / count] & mask));
        return;
    }
    let mut words = vec![0u64; (bits as usize * elements.len()).div_ceil(64) + 1];
    for row in 0..len {
        words.fill(0);
        for (place, element) in elements.iter().enumerate() {
            let (word, shift) = (place * bits as usize / 64, place * bits as usize % 64);
            let value = u128::from(element[row] & mask) << shift;
            words[word] |= value as u64;
            words[word + 1] |= (value >> 64) as u64;
        }
        column.set_words(row, &words);
    }
}

/// The reverse.
fn unpack(column: &Column, bits: u32, len: usize, elements: &mut [Vec<u64>]) {
    let (count, mask) = (elements.len(), mask(bits));
    if column.len() == len * count {
        for (place, element) in elements.iter_mut().enumerate() {
            *element = (0..len).map(|row| column.get(row * count + place) & mask).collect();
        }
        return;
    }
    for row in 0..len {
        let words = column.words(row);
        for (place, element) in elements.iter_mut().enumerate() {
            let (word, shift) = (place * bits as usize / 64, place * bits as usize % 64);
            let high = words.get(word + 1).copied().unwrap_or(0);
            let value = (u128::from(high) << 64 | u128::from(words[word])) >> shift;
            element.push(value as u64 & mask);
        }
    }
}

/// The ports of a role by name, for reports.
pub(super) fn port_names(mapped: &Mapped) -> String {
    let names = mapped.ports.iter().map(|bound| bound.port.name.as_str());
    names.collect::<Vec<_>>().join("+")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_survive_packing_into_vectors_and_arrays() {
        let elements: Vec<Vec<u64>> =
            (0..7u64).map(|place| (0..5).map(|row| (row * 977 + place * 8191) & 0x1fff).collect()).collect();
        for column in [Column::zeros(7 * 13, 5), Column::zeros(13, 7 * 5)] {
            let mut column = column;
            pack(&elements, 13, 5, &mut column);
            let mut found = vec![Vec::new(); 7];
            unpack(&column, 13, 5, &mut found);
            assert_eq!(found, elements);
        }
    }
}
