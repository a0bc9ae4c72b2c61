//! Asks a solver whether a mutant can be told from the module at all.

use super::error::MutationError;
use super::invariant;
use super::miter::{ALIKE, DIFFER, STATE};
use super::netlist::Netlist;
use crate::catalogue::{Behaviour, Config, Role};
use crate::cosim::error::BuildError;
use crate::cosim::parallel::in_parallel;
use crate::proof::Solver;
use crate::synthesis::{SynthesisError, Yosys};
use std::fs;
use std::path::Path;
use std::time::Duration;

/// What the solver says of a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// No input whatever tells it from the module.
    Equivalent,
    /// Some input does.
    Different,
    /// Neither could be shown in the time.
    Undecided,
}

/// The tools, and how long each question may take.
pub(super) struct Judge<'a> {
    pub(super) yosys: &'a Yosys,
    pub(super) solver: &'a Solver,
    pub(super) limit: Duration,
}

impl Judge<'_> {
    /// Judges several mutants of a config by the pairs of module and mutant; where there is none, the
    /// fault reaches no output.
    pub(super) fn judge(
        &self,
        config: &Config,
        pairs: &[Option<Netlist>],
    ) -> Result<Vec<Answer>, MutationError> {
        let scratch = self.yosys.scratch()?;
        let folder = scratch.path();
        let mut script = String::new();
        let mut limit = self.limit;
        for (number, pair) in
            pairs.iter().enumerate().filter_map(|(number, pair)| Some((number, pair.as_ref()?)))
        {
            write(&folder.join(format!("{number}.json")), &pair.json(false))?;
            limit += Duration::from_secs(1);
            script += &format!(
                "design -reset; read_json {number}.json; opt_expr; opt_merge; opt_clean; async2sync; dffunmap; \
                 write_smt2 {number}.smt2; "
            );
        }
        if !script.is_empty() {
            self.yosys.run(folder, &script, config.name(), limit)?;
        }
        let numbers: Vec<usize> = (0..pairs.len()).collect();
        in_parallel(&numbers, |&number| {
            if pairs[number].is_none() {
                return Ok(Answer::Equivalent);
            }
            let path = folder.join(format!("{number}.smt2"));
            let circuit = fs::read_to_string(&path).map_err(|error| SynthesisError::Unreadable {
                tool: "Yosys",
                file: path,
                problem: error.to_string(),
            })?;
            self.answer(&Pair { config, circuit: &circuit }, &folder.join(format!("{number}.question.smt2")))
        })
    }

    fn answer(&self, pair: &Pair, path: &Path) -> Result<Answer, MutationError> {
        let ask = |question: String| -> Result<Option<bool>, MutationError> {
            write(path, &question)?;
            let text = self.solver.run(path, self.limit)?;
            Ok(text.and_then(|text| match text.trim() {
                "unsat" => Some(false),
                "sat" => Some(true),
                _ => None,
            }))
        };
        let holds = |question: String| Ok::<bool, MutationError>(ask(question)? == Some(false));
        if holds(pair.step())? {
            return Ok(Answer::Equivalent);
        }
        // What is not equivalent is mostly found by the first question that goes by the outputs alone.
        let latency = pair.config.behaviour().latency();
        let (first, second) = match pair.config.behaviour() {
            Behaviour::FeedForward { .. } => (pair.flushed(), None),
            Behaviour::Pipelined { .. } => (pair.flushed(), Some(pair.after_reset(latency.max(2) - 1))),
            Behaviour::Sequential { .. } => {
                (pair.after_reset(latency + 1), Some(pair.induction(latency + 1)))
            }
        };
        let first = ask(first)?;
        let mut is_proved = first == Some(false);
        for question in second.into_iter().chain(pair.hold()) {
            is_proved = is_proved && holds(question)?;
        }
        // A difference after a reset is one; any two states may never be reached together.
        let is_reached =
            first == Some(true) && matches!(pair.config.behaviour(), Behaviour::Sequential { .. });
        if is_proved || (!is_reached && invariant::excludes_differences(pair, self, path)?) {
            return Ok(Answer::Equivalent);
        }
        Ok(if first == Some(true) { Answer::Different } else { Answer::Undecided })
    }
}

/// A module and its mutant as a transition relation.
pub(super) struct Pair<'a> {
    config: &'a Config,
    circuit: &'a str,
}

impl Pair<'_> {
    /// Registers that hold the same go on doing so, and no output differs.
    fn step(&self) -> String {
        let claim = format!("(and {} {})", self.no_difference(0), self.all_alike(1));
        self.question(1, &[self.all_alike(0)], &claim)
    }

    /// From any two states no output differs once the inputs have passed through.
    fn flushed(&self) -> String {
        let cycles = self.config.behaviour().latency();
        let assumed: Vec<String> = (0..cycles).map(|cycle| self.moves(cycle)).collect();
        self.question(cycles, &assumed, &self.no_difference(cycles))
    }

    /// From any two states no output differs in the cycles after a reset.
    fn after_reset(&self, cycles: usize) -> String {
        let resets = self.control(Role::Reset, 0).into_iter();
        let assumed: Vec<String> = resets.chain((1..cycles).map(|cycle| self.moves(cycle))).collect();
        let claims: String = (1..=cycles).map(|cycle| self.no_difference(cycle) + " ").collect();
        self.question(cycles, &assumed, &format!("(and {claims})"))
    }

    /// From any two states no output differs after so many cycles without difference.
    fn induction(&self, cycles: usize) -> String {
        let before = (0..cycles).flat_map(|cycle| [self.no_difference(cycle), self.moves(cycle)]);
        self.question(cycles, &before.collect::<Vec<_>>(), &self.no_difference(cycles))
    }

    /// Nothing changes while it is not enabled, so that no sequence need have a pause. None for a module
    /// that does not wait.
    fn hold(&self) -> Option<String> {
        let enabled = self.control(Role::Enable, 0)?;
        let reset = self.control(Role::Reset, 0).map(|reset| not(&reset));
        let assumed: Vec<String> = [not(&enabled)].into_iter().chain(reset).collect();
        Some(self.question(1, &assumed, &format!("(= {} {})", self.value(STATE, 0), self.value(STATE, 1))))
    }

    /// That no output differs in a cycle.
    pub(super) fn no_difference(&self, cycle: usize) -> String {
        not(&self.value(DIFFER, cycle))
    }

    /// That every register holds the same in both.
    fn all_alike(&self, cycle: usize) -> String {
        format!("(= (bvnot {0}) (bvsub {0} {0}))", self.value(ALIKE, cycle))
    }

    /// That the edge after a cycle is enabled, or resets.
    fn moves(&self, cycle: usize) -> String {
        match (self.control(Role::Enable, cycle), self.control(Role::Reset, cycle)) {
            (Some(enable), Some(reset)) => format!("(or {enable} {reset})"),
            (Some(enable), None) => enable,
            (None, _) => "true".to_string(),
        }
    }

    /// That the input of one bit with a role is 1.
    pub(super) fn control(&self, role: Role, cycle: usize) -> Option<String> {
        let ports = self.config.ports();
        ports
            .iter()
            .find(|port| port.role == role && port.is_driven())
            .map(|port| self.value(port.name, cycle))
    }

    pub(super) fn value(&self, name: &str, cycle: usize) -> String {
        format!("(|{}_n {name}| s{cycle})", self.config.name())
    }

    /// The circuit over so many cycles, what is assumed, and the contrary of what is claimed.
    pub(super) fn question(&self, cycles: usize, assumed: &[String], claim: &str) -> String {
        let top = self.config.name();
        let mut text = format!("(set-logic ALL)\n(set-option :produce-models true)\n{}", self.circuit);
        for cycle in 0..=cycles {
            text += &format!("(declare-const s{cycle} |{top}_s|)\n");
            self.preconditions(cycle).iter().for_each(|formula| text += &format!("(assert {formula})\n"));
        }
        for cycle in 0..cycles {
            text += &format!("(assert (|{top}_t| s{cycle} s{}))\n", cycle + 1);
        }
        assumed.iter().for_each(|formula| text += &format!("(assert {formula})\n"));
        text + &format!("(assert {})\n(check-sat)\n", not(claim))
    }

    /// That no element of a narrow port is the most negative value.
    fn preconditions(&self, cycle: usize) -> Vec<String> {
        let ports = self.config.ports();
        let narrow = ports.iter().filter(|port| port.is_driven() && port.narrow);
        let elements = narrow.flat_map(|port| (0..port.elements).map(move |element| (port, element)));
        let formula = |(port, element): (&crate::catalogue::Port, u32)| {
            let (bits, whole) = (port.integer.bits, self.value(port.name, cycle));
            let low = bits * element;
            let least = port.integer.encode(port.integer.min());
            not(&format!("(= ((_ extract {} {low}) {whole}) (_ bv{least} {bits}))", low + bits - 1))
        };
        elements.map(formula).collect()
    }
}

fn not(formula: &str) -> String {
    format!("(not {formula})")
}

pub(super) fn write(path: &Path, text: &str) -> Result<(), MutationError> {
    Ok(fs::write(path, text).map_err(|source| BuildError::Cache { path: path.to_path_buf(), source })?)
}
