//! Asks a solver whether a mutant can be told from the module at all.

use super::abstraction::{abstractions, without_products};
use super::error::MutationError;
use super::files::{read, write};
use super::invariant;
use super::miter::{DIFFER, Miter, STATE, TRIGGER};
use super::netlist::Netlist;
use crate::catalogue::{Behaviour, Config, Port, Role};
use crate::cosim::parallel::in_parallel;
use crate::proof::{Solver, question, signal};
use crate::synthesis::Yosys;
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

/// The part of the time that a question has at first.
const HASTE: u32 = 20;

/// The tools, and how long each question may take.
pub(super) struct Judge<'a> {
    pub(super) yosys: &'a Yosys,
    pub(super) solver: &'a Solver,
    pub(super) limit: Duration,
}

impl Judge<'_> {
    /// Judges several mutants of a config; where there is no miter, the fault reaches no output.
    pub(super) fn judge(
        &self,
        config: &Config,
        miters: &[Option<Miter>],
    ) -> Result<Vec<Answer>, MutationError> {
        let scratch = self.yosys.scratch()?;
        let folder = scratch.path();
        let mut script = String::new();
        let mut limit = self.limit;
        let mut add = |name: String, netlist: &Netlist| {
            write(&folder.join(format!("{name}.json")), &netlist.json(false))?;
            limit += Duration::from_secs(1);
            script += &smt2(&name);
            Ok::<_, MutationError>(folder.join(format!("{name}.smt2")))
        };
        let mut files = Vec::new();
        for (number, miter) in miters.iter().enumerate() {
            let Some(Miter { pair, step }) = miter else {
                files.push(None);
                continue;
            };
            let weaker = abstractions(pair);
            let pairs = weaker.iter().chain([pair]).enumerate();
            let pairs = pairs.map(|(place, netlist)| add(format!("{number}_pair_{place}"), netlist));
            let pairs = pairs.collect::<Result<Vec<_>, _>>()?;
            let weaker = without_products(step);
            let steps = weaker.iter().chain([step]).enumerate();
            let steps = steps.map(|(place, netlist)| add(format!("{number}_step_{place}"), netlist));
            files.push(Some((pairs, steps.collect::<Result<Vec<_>, _>>()?)));
        }
        if !script.is_empty() {
            self.yosys.run(folder, &script, config.name(), limit)?;
        }
        let numbers: Vec<usize> = (0..files.len()).collect();
        in_parallel(&numbers, |&number| {
            let Some((pairs, steps)) = &files[number] else { return Ok(Answer::Equivalent) };
            let read =
                |files: &Vec<PathBuf>| files.iter().map(|file| read(file)).collect::<Result<Vec<_>, _>>();
            let (pairs, steps) = (read(pairs)?, read(steps)?);
            let circuit = |circuit| Circuit { config, circuit };
            let question = folder.join(format!("{number}.question.smt2"));
            self.answer(
                &pairs.iter().map(|text| circuit(text)).collect::<Vec<_>>(),
                &steps.iter().map(|text| circuit(text)).collect::<Vec<_>>(),
                &question,
            )
        })
    }

    /// Of the values of a port, those for which the solver does not say soon that no output differs once the
    /// inputs have passed through.
    pub(super) fn open_values(
        &self,
        config: &Config,
        pair: &Netlist,
        port: &Port,
    ) -> Result<Vec<u64>, MutationError> {
        let scratch = self.yosys.scratch()?;
        let folder = scratch.path();
        write(&folder.join("pair.json"), &pair.json(false))?;
        self.yosys.run(folder, &smt2("pair"), config.name(), self.limit)?;
        let circuit = read(&folder.join("pair.smt2"))?;
        let pair = Circuit { config, circuit: &circuit };
        let hasty = Judge { limit: self.limit / HASTE, ..*self };
        let values: Vec<u64> = (0..1 << port.width()).collect();
        let shown = in_parallel(&values, |value| {
            let given = format!("(= {} (_ bv{value} {}))", pair.value(port.name, 0), port.width());
            let path = folder.join(format!("{value}.question.smt2"));
            hasty.holds(&pair.flushed(0, Some(given)), &path)
        })?;
        Ok(values.into_iter().zip(shown).filter(|(_, holds)| *holds != Some(true)).map(|(v, _)| v).collect())
    }

    /// By the last of the pairs and of the steps, and by those before it that know less; first with little
    /// time for each question, since one that is soon answered often comes after some that are not.
    fn answer(&self, pairs: &[Circuit], steps: &[Circuit], path: &Path) -> Result<Answer, MutationError> {
        let hasty = Judge { limit: self.limit / HASTE, ..*self };
        match hasty.ask(pairs, steps, path)? {
            Answer::Equivalent => Ok(Answer::Equivalent),
            Answer::Different | Answer::Undecided => self.ask(pairs, steps, path),
        }
    }

    fn ask(&self, pairs: &[Circuit], steps: &[Circuit], path: &Path) -> Result<Answer, MutationError> {
        let Some(pair) = pairs.last() else { return Ok(Answer::Equivalent) };
        for step in steps {
            if self.holds(&[step.step()], path)? == Some(true) || self.kept(step, path)? {
                return Ok(Answer::Equivalent);
            }
        }
        let mut outputs = None;
        for pair_or_less in pairs {
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
    fn kept(&self, step: &Circuit, path: &Path) -> Result<bool, MutationError> {
        let latency = step.config.behaviour().latency();
        if matches!(step.config.behaviour(), Behaviour::Sequential { .. }) || latency == 0 {
            return Ok(false);
        }
        Ok(self.holds(&[step.kept(latency)], path)? == Some(true)
            && self.holds(&[step.kept_from_zero(latency)], path)? == Some(true))
    }

    /// Whether the outputs are the same in any state that is reached, whatever the registers held before;
    /// none where that is not shown either way.
    fn outputs_agree(&self, pair: &Circuit, path: &Path) -> Result<Option<bool>, MutationError> {
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
            Behaviour::Pipelined { .. } => Some(pair.after_reset(latency)),
            Behaviour::FeedForward { .. } => None,
        };
        let mut flushed = self.holds(&pair.flushed(0, None), path)?;
        if flushed == Some(false) {
            // What was before a transaction need not be of any inputs then, and a fault may look at it.
            flushed = self.holds(&pair.flushed(latency, None), path)?;
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

/// The commands that make a transition relation of a netlist.
fn smt2(name: &str) -> String {
    format!(
        "design -reset; read_json {name}.json; opt_expr; opt_merge; opt_clean; async2sync; dffunmap; \
         write_smt2 {name}.smt2; "
    )
}

/// A module and its mutant, side by side or for a step, as a transition relation.
pub(super) struct Circuit<'a> {
    config: &'a Config,
    circuit: &'a str,
}

impl Circuit<'_> {
    /// In no state whatever does a register take in something else, or an output differ.
    fn step(&self) -> String {
        self.question(0, &[], &self.no_difference(0))
    }

    /// Nor in those that the inputs of so many enabled cycles lead to.
    fn kept(&self, filled: usize) -> String {
        let assumed: Vec<String> = self.filling(filled).collect();
        self.question(filled, &assumed, &self.no_difference(filled))
    }

    /// Nor in the first cycles after a state in which all registers are 0.
    fn kept_from_zero(&self, cycles: usize) -> String {
        let zero = format!("(= {0} (bvsub {0} {0}))", self.value(STATE, 0));
        self.question(cycles - 1, &[zero], &all((0..cycles).map(|cycle| self.no_difference(cycle))))
    }

    /// From any two states no output differs once the inputs of so many enabled cycles, and of those of
    /// the latency after them, have passed through: where the last of those do not meet the condition of
    /// the fault, and where they do.
    fn flushed(&self, filled: usize, given: Option<String>) -> Vec<String> {
        let cycles = filled + self.config.behaviour().latency();
        let passing = (filled..cycles).map(|cycle| self.runs(cycle));
        let assumed: Vec<String> = self.filling(filled).chain(passing).chain(given).collect();
        let ask = |case: Option<String>| {
            let assumed: Vec<String> = assumed.iter().cloned().chain(case).collect();
            self.question(cycles, &assumed, &self.no_difference(cycles))
        };
        match self.circuit.contains(&format!("|{}_n {TRIGGER}|", self.config.name())) {
            true => {
                let met = self.value(TRIGGER, filled);
                vec![ask(Some(not(&met))), ask(Some(met))]
            }
            false => vec![ask(None)],
        }
    }

    /// That so many cycles are enabled.
    fn filling(&self, cycles: usize) -> impl Iterator<Item = String> {
        (0..cycles).filter_map(|cycle| self.control(Role::Enable, cycle))
    }

    /// From any two states no output differs in the cycles after a reset.
    fn after_reset(&self, cycles: usize) -> String {
        let resets = self.control(Role::Reset, 0).into_iter();
        let assumed: Vec<String> = resets.chain((1..cycles).map(|cycle| self.runs(cycle))).collect();
        self.question(cycles, &assumed, &all((1..=cycles).map(|cycle| self.no_difference(cycle))))
    }

    /// From any two states no output differs after so many cycles without difference.
    fn induction(&self, cycles: usize) -> String {
        let before = (0..cycles).flat_map(|cycle| [self.no_difference(cycle), self.runs(cycle)]);
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

    /// That the edge after a cycle is enabled and does not reset.
    fn runs(&self, cycle: usize) -> String {
        let enabled = self.control(Role::Enable, cycle);
        let goes_on = self.control(Role::Reset, cycle).map(|reset| not(&reset));
        all(enabled.into_iter().chain(goes_on))
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
        signal(self.config.name(), name, cycle)
    }

    /// The circuit over so many cycles, what is assumed, and the contrary of what is claimed.
    pub(super) fn question(&self, cycles: usize, assumed: &[String], claim: &str) -> String {
        let legal = (0..=cycles).flat_map(|cycle| self.preconditions(cycle));
        let assumed: Vec<String> = legal.chain(assumed.iter().cloned()).collect();
        question(self.circuit, cycles, "", &assumed, claim)
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

/// That all of some formulas hold, however few: `and` of SMT-LIB wants two.
fn all(formulas: impl Iterator<Item = String>) -> String {
    format!("(and true true {})", formulas.collect::<Vec<_>>().join(" "))
}

fn not(formula: &str) -> String {
    format!("(not {formula})")
}
