//! Asks a solver whether a mutant can be told from the module at all.

use super::abstraction::abstractions;
use super::error::MutationError;
use super::invariant;
use super::miter::{ALIKE, DIFFER, STATE, TRIGGER};
use super::netlist::Netlist;
use crate::catalogue::{Behaviour, Config, Role};
use crate::cosim::error::BuildError;
use crate::cosim::parallel::in_parallel;
use crate::proof::Solver;
use crate::synthesis::{SynthesisError, Yosys};
use std::fs;
use std::path::{Path, PathBuf};
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
        let mut circuits = vec![Vec::new(); pairs.len()];
        for (number, pair) in
            pairs.iter().enumerate().filter_map(|(number, pair)| Some((number, pair.as_ref()?)))
        {
            let weaker = abstractions(pair);
            for (strength, netlist) in weaker.iter().chain([pair]).enumerate() {
                let name = format!("{number}_{strength}");
                write(&folder.join(format!("{name}.json")), &netlist.json(false))?;
                limit += Duration::from_secs(1);
                script += &format!(
                    "design -reset; read_json {name}.json; opt_expr; opt_merge; opt_clean; async2sync; dffunmap; \
                     write_smt2 {name}.smt2; "
                );
                circuits[number].push(folder.join(format!("{name}.smt2")));
            }
        }
        if !script.is_empty() {
            self.yosys.run(folder, &script, config.name(), limit)?;
        }
        let numbers: Vec<usize> = (0..pairs.len()).collect();
        in_parallel(&numbers, |&number| {
            let read = |path: &PathBuf| {
                fs::read_to_string(path).map_err(|error| SynthesisError::Unreadable {
                    tool: "Yosys",
                    file: path.clone(),
                    problem: error.to_string(),
                })
            };
            let circuits = circuits[number].iter().map(read).collect::<Result<Vec<String>, _>>()?;
            let pairs: Vec<Pair> = circuits.iter().map(|circuit| Pair { config, circuit }).collect();
            let question = folder.join(format!("{number}.question.smt2"));
            match pairs.split_last() {
                Some((pair, weaker)) => self.answer(weaker, pair, &question),
                None => Ok(Answer::Equivalent),
            }
        })
    }

    /// By the pair, and by others before it that know less.
    fn answer(&self, weaker: &[Pair], pair: &Pair, path: &Path) -> Result<Answer, MutationError> {
        let pairs = || weaker.iter().chain([pair]);
        for pair in pairs() {
            if self.holds(&[pair.step()], path)? == Some(true) || self.kept(pair, path)? {
                return Ok(Answer::Equivalent);
            }
        }
        let mut outputs = None;
        for pair_or_less in pairs() {
            outputs = self.outputs_agree(pair_or_less, path)?;
            if outputs == Some(true) {
                break;
            }
        }
        if outputs == Some(true) {
            let holds = pair.hold().map(|hold| self.holds(&[hold], path)).transpose()?;
            if holds.is_none_or(|holds| holds == Some(true)) {
                return Ok(Answer::Equivalent);
            }
        }
        if outputs == Some(false) {
            return Ok(Answer::Different);
        }
        match invariant::excludes_differences(pair, self, path)? {
            true => Ok(Answer::Equivalent),
            false => Ok(Answer::Undecided),
        }
    }

    /// Whether registers that hold the same go on doing so once they are filled with what inputs led to, and
    /// from 0 on, and no output differs. What a fault shows then came from before the first inputs.
    fn kept(&self, pair: &Pair, path: &Path) -> Result<bool, MutationError> {
        let latency = pair.config.behaviour().latency();
        if matches!(pair.config.behaviour(), Behaviour::Sequential { .. }) {
            return Ok(false);
        }
        if self.holds(&[pair.kept(latency)], path)? != Some(true) {
            return Ok(false);
        }
        for cycles in 0..latency {
            if self.holds(&[pair.kept_from_zero(cycles)], path)? != Some(true) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether the outputs are the same in any state that is reached, whatever the registers held before;
    /// none where that is not shown either way.
    fn outputs_agree(&self, pair: &Pair, path: &Path) -> Result<Option<bool>, MutationError> {
        let latency = pair.config.behaviour().latency();
        let any_states = match pair.config.behaviour() {
            Behaviour::Sequential { .. } => {
                // A difference after a reset is one; any two states may never be reached together.
                return match self.holds(&[pair.after_reset(latency + 1)], path)? {
                    Some(true) => {
                        Ok(self.holds(&[pair.induction(latency + 1)], path)?.filter(|holds| *holds))
                    }
                    other => Ok(other),
                };
            }
            Behaviour::Pipelined { .. } => Some(pair.after_reset(latency.max(2) - 1)),
            Behaviour::FeedForward { .. } => None,
        };
        let mut flushed = self.holds(&pair.flushed(0), path)?;
        if flushed == Some(false) {
            // What was before a transaction need not be of any inputs then, and a fault may look at it.
            flushed = self.holds(&pair.flushed(latency), path)?;
        }
        match (flushed, any_states) {
            (Some(true), Some(question)) => Ok(self.holds(&[question], path)?.filter(|holds| *holds)),
            (flushed, _) => Ok(flushed),
        }
    }

    /// Whether a claim holds in all of its cases; none where the solver does not say in time.
    fn holds(&self, cases: &[String], path: &Path) -> Result<Option<bool>, MutationError> {
        let mut all = Some(true);
        for question in cases {
            write(path, question)?;
            let text = self.solver.run(path, self.limit)?;
            match text.as_deref().map(str::trim) {
                Some("unsat") => {}
                Some("sat") => return Ok(Some(false)),
                _ => all = None,
            }
        }
        Ok(all)
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

    /// From any two states no output differs once the inputs of so many enabled cycles, and of those of
    /// the latency after them, have passed through: where the last of those do not meet the condition of
    /// the fault, and where they do.
    fn flushed(&self, filled: usize) -> Vec<String> {
        let cycles = filled + self.config.behaviour().latency();
        let passing = (filled..cycles).map(|cycle| self.moves(cycle));
        let assumed: Vec<String> = self.filling(filled).chain(passing).collect();
        let question = |case: Option<String>| {
            let assumed: Vec<String> = assumed.iter().cloned().chain(case).collect();
            self.question(cycles, &assumed, &self.no_difference(cycles))
        };
        match self.circuit.contains(&format!("|{}_n {TRIGGER}|", self.config.name())) {
            true => {
                let met = self.value(TRIGGER, filled);
                vec![question(Some(not(&met))), question(Some(met))]
            }
            false => vec![question(None)],
        }
    }

    /// Registers that hold the same after the inputs of so many enabled cycles go on doing so, and no output
    /// differs.
    fn kept(&self, filled: usize) -> String {
        let assumed: Vec<String> = self.filling(filled).chain([self.all_alike(filled)]).collect();
        let claim = format!("(and {} {})", self.no_difference(filled), self.all_alike(filled + 1));
        self.question(filled + 1, &assumed, &claim)
    }

    /// The same of any cycles after a state in which all registers are 0.
    fn kept_from_zero(&self, cycles: usize) -> String {
        let zero = format!("(= {0} (bvsub {0} {0}))", self.value(STATE, 0));
        let claim = format!("(and {} {})", self.no_difference(cycles), self.all_alike(cycles + 1));
        self.question(cycles + 1, &[zero, self.all_alike(cycles)], &claim)
    }

    /// That so many cycles are enabled.
    fn filling(&self, cycles: usize) -> impl Iterator<Item = String> {
        (0..cycles).filter_map(|cycle| self.control(Role::Enable, cycle))
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
