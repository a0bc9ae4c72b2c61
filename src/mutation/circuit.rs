//! What can be claimed of a module and its mutant, as questions for the solver.

use super::miter::{ALIKE, DIFFER, STATE, TRIGGER};
use crate::proof::{query, signal};
use crate::unit::{Behaviour, Config, Port, Role};

/// The output of a unit that takes one transaction at a time.
const BUSY: &str = "busy";

/// A module and its mutant, side by side or for a step, as a transition relation.
pub(crate) struct Circuit<'a> {
    pub(crate) config: &'a Config,
    pub(crate) relation: &'a str,
    /// How many registers lie between the inputs and the condition of the fault, where it has one.
    pub(crate) trigger: Option<usize>,
}

impl Circuit<'_> {
    /// In no state whatever does a register take in something else, or an output differ.
    pub(crate) fn step(&self) -> String {
        self.question(0, &[], &self.no_difference(0))
    }

    /// Nor in those that the inputs of so many enabled cycles lead to.
    pub(crate) fn kept(&self, filled: usize) -> String {
        let assumed: Vec<String> = self.filling(filled).collect();
        self.question(filled, &assumed, &self.no_difference(filled))
    }

    /// Nor in the first cycles after a state in which all registers are 0.
    pub(crate) fn kept_from_zero(&self, cycles: usize) -> String {
        let claim = all((0..cycles).map(|cycle| self.no_difference(cycle)));
        self.question(cycles - 1, &[self.is_zero()], &claim)
    }

    /// From any two states no output differs once the inputs of so many enabled cycles, and of those of
    /// the latency after them, have passed through.
    pub(crate) fn flushed(&self, filled: usize, given: Option<String>) -> Vec<String> {
        let cycles = filled + self.config.behaviour().latency();
        let passing = (filled..cycles).map(|cycle| self.runs(cycle));
        let assumed: Vec<String> = self.filling(filled).chain(passing).chain(given).collect();
        self.cases(filled, cycles, &assumed, &self.no_difference(cycles))
    }

    /// From a state in which all registers are 0 no output differs in so many enabled cycles, from the one
    /// on in which the first inputs may show.
    pub(crate) fn started(&self, cycles: usize) -> String {
        let first = match self.config.behaviour() {
            Behaviour::FeedForward { latency } => latency,
            // A valid bit says so.
            _ => 0,
        };
        let assumed: Vec<String> = self.filling(cycles).chain([self.is_zero()]).collect();
        self.question(cycles, &assumed, &all((first..=cycles).map(|cycle| self.no_difference(cycle))))
    }

    /// A register of that place in [`ALIKE`] holds the same in both: from any two states once the inputs of
    /// as many enabled cycles as its depth have come to it, and before if all registers were 0.
    pub(crate) fn joined(&self, place: usize, depth: usize) -> Vec<String> {
        let assumed: Vec<String> = self.filling(depth).collect();
        let is_alike = |cycle| format!("(= ((_ extract {place} {place}) {}) #b1)", self.value(ALIKE, cycle));
        let mut questions = self.cases(0, depth, &assumed, &is_alike(depth));
        if depth > 1 {
            let from_zero: Vec<String> = assumed.into_iter().chain([self.is_zero()]).collect();
            questions.push(self.question(depth, &from_zero, &all((1..depth).map(is_alike))));
        }
        questions
    }

    /// A question for the case that what came in in some cycle does not meet the condition of the fault,
    /// and one that it does: a case has less to search than both.
    fn cases(&self, first: usize, cycles: usize, assumed: &[String], claim: &str) -> Vec<String> {
        let ask = |case: Option<String>| {
            let assumed: Vec<String> = assumed.iter().cloned().chain(case).collect();
            self.question(cycles, &assumed, claim)
        };
        match self.trigger.map(|depth| first + depth).filter(|cycle| *cycle <= cycles) {
            Some(cycle) => {
                let met = self.value(TRIGGER, cycle);
                vec![ask(Some(not(&met))), ask(Some(met))]
            }
            None => vec![ask(None)],
        }
    }

    /// That so many cycles are enabled.
    fn filling(&self, cycles: usize) -> impl Iterator<Item = String> {
        (0..cycles).filter_map(|cycle| self.control(Role::Enable, cycle))
    }

    /// From any two states no output differs in the cycles after a reset.
    pub(crate) fn after_reset(&self, cycles: usize) -> String {
        let resets = self.control(Role::Reset, 0).into_iter();
        let assumed: Vec<String> = resets.chain((1..cycles).map(|cycle| self.runs(cycle))).collect();
        self.question(cycles, &assumed, &all((1..=cycles).map(|cycle| self.no_difference(cycle))))
    }

    /// From any two states no output differs after so many cycles without difference.
    pub(crate) fn induction(&self, cycles: usize) -> String {
        let before = (0..cycles).flat_map(|cycle| [self.no_difference(cycle), self.runs(cycle)]);
        self.question(cycles, &before.collect::<Vec<_>>(), &self.no_difference(cycles))
    }

    /// For a unit that says when it is busy: from any two states at rest with the same outputs, outputs go on
    /// being the same until it rests again, which it does before long, whether a transaction starts or not;
    /// and it rests after a reset. None for other units.
    pub(crate) fn transactions(&self) -> Option<Vec<String>> {
        let latency = self.config.behaviour().latency();
        let is_busy = |port: &Port| !port.is_driven() && port.name == BUSY;
        let (reset, start) = (|cycle| self.control(Role::Reset, cycle), self.control(Role::Valid, 0)?);
        self.config.ports().iter().find(|port| is_busy(port))?;
        let rests = |cycle| not(&self.value(BUSY, cycle));
        let is_alike = |cycle| format!("(and {} {})", rests(cycle), self.no_difference(cycle));
        let from_rest = |start: String| Some(vec![is_alike(0), not(&reset(0)?), start]);
        // A reset ends a transaction, but not before the cycle after it.
        let goes_on = |cycle| {
            let reset = reset(cycle).map(|reset| not(&reset));
            all([self.value(BUSY, cycle)].into_iter().chain(reset))
        };
        let until_then = (1..=latency).map(|cycle| {
            let before = all((1..cycle).map(goes_on));
            format!("(=> {before} {})", self.no_difference(cycle))
        });
        let ends = format!("(or {} {})", rests(latency), not(&all((1..latency).map(goes_on))));
        Some(vec![
            self.question(1, &[reset(0)?], &is_alike(1)),
            self.question(1, &from_rest(not(&start))?, &is_alike(1)),
            self.question(latency, &from_rest(start)?, &all(until_then.chain([ends]))),
        ])
    }

    /// Nothing that outputs depend on changes while it is not enabled, so that no sequence need have a pause;
    /// what moves all the same is a free input. None for a module that does not wait.
    pub(crate) fn hold(&self) -> Option<String> {
        let enabled = self.control(Role::Enable, 0)?;
        let reset = self.control(Role::Reset, 0).map(|reset| not(&reset));
        let assumed: Vec<String> = [not(&enabled)].into_iter().chain(reset).collect();
        Some(self.question(1, &assumed, &format!("(= {} {})", self.value(STATE, 0), self.value(STATE, 1))))
    }

    /// That all registers are 0 at first, as with the power in an FPGA.
    pub(crate) fn is_zero(&self) -> String {
        format!("(= {0} (bvsub {0} {0}))", self.value(STATE, 0))
    }

    /// What counts of a unit without history besides what inputs lead to: nothing moves while it waits, and
    /// no output differs in the cycles after a reset, nor before the first inputs have passed through.
    pub(crate) fn besides(&self) -> Vec<String> {
        let first = match self.config.behaviour() {
            Behaviour::Pipelined { latency } if latency > 0 => {
                vec![self.after_reset(latency), self.started(latency - 1)]
            }
            _ => Vec::new(),
        };
        self.hold().into_iter().chain(first).collect()
    }

    /// That no output differs in a cycle.
    pub(crate) fn no_difference(&self, cycle: usize) -> String {
        not(&self.value(DIFFER, cycle))
    }

    /// That the edge after a cycle is enabled and does not reset.
    fn runs(&self, cycle: usize) -> String {
        let enabled = self.control(Role::Enable, cycle);
        let goes_on = self.control(Role::Reset, cycle).map(|reset| not(&reset));
        all(enabled.into_iter().chain(goes_on))
    }

    /// That the input of one bit with a role is 1.
    pub(crate) fn control(&self, role: Role, cycle: usize) -> Option<String> {
        let ports = self.config.ports();
        ports
            .iter()
            .find(|port| port.role == role && port.is_driven())
            .map(|port| self.value(port.name, cycle))
    }

    /// That an input has a value.
    pub(crate) fn is(&self, port: &Port, value: u64, cycle: usize) -> String {
        let name = self.value(port.name, cycle);
        match (port.width(), value) {
            // To the solver a single bit is no vector.
            (1, 0) => not(&name),
            (1, _) => name,
            (width, _) => format!("(= {name} (_ bv{value} {width}))"),
        }
    }

    pub(crate) fn value(&self, name: &str, cycle: usize) -> String {
        signal(self.config.name(), name, cycle)
    }

    /// The circuit over so many cycles, what is assumed, and the contrary of what is claimed.
    pub(crate) fn question(&self, cycles: usize, assumed: &[String], claim: &str) -> String {
        let legal = (0..=cycles).flat_map(|cycle| self.preconditions(cycle));
        let assumed: Vec<String> = legal.chain(assumed.iter().cloned()).collect();
        query(self.relation, cycles, "", &assumed, claim)
    }

    /// That no element of a narrow port is the most negative value.
    fn preconditions(&self, cycle: usize) -> Vec<String> {
        let ports = self.config.ports();
        let narrow = ports.iter().filter(|port| port.is_driven() && port.narrow);
        let elements = narrow.flat_map(|port| (0..port.elements).map(move |element| (port, element)));
        let formula = |(port, element): (&Port, u32)| {
            let (bits, whole) = (port.integer.bits, self.value(port.name, cycle));
            let low = bits * element;
            let least = port.integer.encode(port.integer.min());
            not(&format!("(= ((_ extract {} {low}) {whole}) (_ bv{least} {bits}))", low + bits - 1))
        };
        elements.map(formula).collect()
    }
}

/// That all of some formulas hold, however few: `and` of SMT-LIB wants two.
fn all(formulas: impl Iterator<Item = String>) -> String {
    format!("(and true true {})", formulas.collect::<Vec<_>>().join(" "))
}

fn not(formula: &str) -> String {
    format!("(not {formula})")
}
