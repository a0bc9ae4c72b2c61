//! A built design on the bench: rows of operands and control in, results out, polarity taken care of.

use std::path::Path;

use super::binding::{Binding, Mapped};
use super::error::AuditError;
use super::fields::{pack, put_bit, put_number, unpack};
use super::ports::Port;
use super::role::Role;
use super::verilog::Verilated;
use crate::model::{Pin, design_shim};
use crate::simulation::{Design, DesignInstance};
use crate::toolchain::builder::{Builder, Unit as CppUnit};
use crate::toolchain::compiler::Optimization;
use crate::toolchain::verilate::{Member, Trace};

/// The control inputs that a row sets, in the order of [`Rows::lines`].
pub(crate) const LINES: [Role; 5] = [Role::Reset, Role::Enable, Role::ValidIn, Role::Clear, Role::Last];
pub(crate) const RESET: usize = 0;
pub(crate) const ENABLE: usize = 1;
pub(crate) const VALID: usize = 2;
pub(crate) const CLEAR: usize = 3;
pub(crate) const LAST: usize = 4;

/// Rows in which reset is held at the start, and idle rows after it.
const PREAMBLE: (usize, usize) = (6, 4);

/// What is driven, one entry a row: 1 asserts a line whatever its polarity.
#[derive(Clone)]
pub(crate) struct Rows {
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
pub(crate) struct Answers {
    /// By element of the result.
    pub results: Vec<Vec<u64>>,
    /// Whether the row was marked as valid, where there is such a port.
    pub valid: Option<Vec<u8>>,
}

/// Where bits of a driven port come from, or those of an output go.
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
    /// The low bits of a number.
    Number {
        number: u128,
        bits: u32,
    },
}

/// What is to do with a port: the places of its bits, each with the lowest of them.
#[derive(Clone)]
struct Wired {
    member: Member,
    places: Vec<(u32, Place)>,
}

impl Wired {
    /// Adds a place to the port, which becomes one of those wired if it is not.
    fn add(wired: &mut Vec<Wired>, port: &Port, place: Place) {
        match wired.iter_mut().find(|wired| wired.member.name == port.member.name) {
            Some(wired) => wired.places.push((port.low, place)),
            None => wired.push(Wired { member: port.member.clone(), places: vec![(port.low, place)] }),
        }
    }
}

/// A built design whose ports are bound.
#[derive(Clone)]
pub(crate) struct Bench {
    design: Design,
    inputs: Vec<Wired>,
    outputs: Vec<Wired>,
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
        let mut wired = [Vec::new(), Vec::new()];
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
                let count = (bound.port.bits() / mapped.bits) as usize;
                let place = match (line, mapped.role) {
                    (Some(line), _) => {
                        low[line] = bound.inverted;
                        Place::Line(line)
                    }
                    (_, Role::ValidOut) => {
                        valid_low = bound.inverted;
                        Place::Valid
                    }
                    _ => Place::Elements { first: next[side], count, bits: mapped.bits },
                };
                Wired::add(&mut wired[side], &bound.port, place);
                if line.is_none() && mapped.role != Role::ValidOut {
                    next[side] += count;
                }
            }
        }
        for (port, number) in &binding.tied_bits {
            Wired::add(&mut wired[0], port, Place::Number { number: *number, bits: port.width });
        }
        // What begins at bit 0 clears the others.
        wired.iter_mut().flatten().for_each(|wired| wired.places.sort_by_key(|&(low, _)| low));
        let pin = |(side, wired): (usize, &Wired)| {
            let pin = Pin { member: wired.member.name.clone(), driven: side == 0 };
            (pin, (wired.member.bits, wired.member.elements as usize))
        };
        let sides = wired.iter().enumerate();
        let pins = sides.flat_map(|(side, wired)| wired.iter().map(move |wired| (side, wired)));
        let (pins, sizes): (Vec<Pin>, Vec<(u32, usize)>) = pins.map(pin).unzip();
        let clock = clock.map(|bound| (bound.port.member.name.as_str(), bound.inverted));
        let shim = design_shim(top, clock, &pins, &binding.ties, trace);
        let unit = CppUnit { top, shim: &shim, optimization: Optimization::Full };
        let path = builder.generated_object(&unit, &verilated.generated, verilated.folder.path(), trace)?;
        let design = Design::load(&path, top, &sizes)?;
        let [inputs, outputs] = wired;
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
        self.driven().any(|place| matches!(place, Place::Line(own) if *own == line))
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
        self.driven().map(end).max().unwrap_or(0)
    }

    fn driven(&self) -> impl Iterator<Item = &Place> {
        self.inputs.iter().flat_map(|wired| wired.places.iter().map(|(_, place)| place))
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
pub(crate) struct Session<'a> {
    bench: &'a Bench,
    instance: DesignInstance,
}

impl Session<'_> {
    /// Drives the rows; what was in flight before them comes out with them.
    pub fn run(&mut self, rows: &Rows) -> Result<Answers, AuditError> {
        let len = rows.len();
        let [mut inputs, mut outputs] = self.bench.design.columns(len);
        for (wired, column) in self.bench.inputs.iter().zip(&mut inputs) {
            for &(at, ref place) in &wired.places {
                match *place {
                    Place::Line(line) => {
                        let low = self.bench.low[line];
                        put_bit(column, at, len, |row| (rows.lines[line][row] == 1) ^ low);
                    }
                    Place::Elements { first, count, bits } => {
                        pack(&rows.operands[first..first + count], bits, at, len, column);
                    }
                    Place::Number { number, bits } => put_number(column, at, bits, len, number),
                    Place::Valid => {}
                }
            }
        }
        self.instance.run(len, &inputs, &mut outputs)?;
        let mut answers = Answers { results: vec![Vec::new(); self.bench.results.len()], valid: None };
        for (wired, column) in self.bench.outputs.iter().zip(&outputs) {
            for &(at, ref place) in &wired.places {
                match *place {
                    Place::Valid => {
                        let low = u64::from(self.bench.valid_low);
                        let mut valid = vec![Vec::new()];
                        unpack(column, 1, at, len, &mut valid);
                        answers.valid =
                            valid.pop().map(|valid| valid.iter().map(|bit| (bit ^ low) as u8).collect());
                    }
                    Place::Elements { first, count, bits } => {
                        unpack(column, bits, at, len, &mut answers.results[first..first + count]);
                    }
                    Place::Line(_) | Place::Number { .. } => {}
                }
            }
        }
        Ok(answers)
    }
}

/// The ports of a role by name, for reports.
pub(crate) fn port_names(mapped: &Mapped) -> String {
    let names = mapped.ports.iter().map(|bound| bound.port.name.as_str());
    names.collect::<Vec<_>>().join("+")
}
