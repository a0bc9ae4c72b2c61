//! Asks a solver whether a mutant can be told from the module at all.

use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

use super::abstraction::{abstractions, without_products};
use super::circuit::Circuit;
use super::error::MutationError;
use super::files::{YOSYS_LIMIT, read, write};
use super::invariant;
use super::miter::Miter;
use super::netlist::Netlist;
use crate::toolchain::parallel::in_parallel;
use crate::toolchain::{Solver, Yosys};
use crate::unit::{Behaviour, Config, Port};

/// What the solver says of a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// No input whatever tells it from the module.
    Equivalent,
    /// Some input does, or some state that no input need lead to.
    Different,
    /// Neither could be shown in the time.
    Undecided,
}

/// The part of the time that a question has at first.
const HASTE: u32 = 20;

/// The tools, and how long each question may take.
pub(crate) struct Judge<'a> {
    pub(crate) yosys: &'a Yosys,
    pub(crate) solver: &'a Solver,
    pub(crate) limit: Duration,
}

impl Judge<'_> {
    /// Judges several mutants of a config.
    pub(crate) fn judge(&self, config: &Config, miters: &[Miter]) -> Result<Vec<Answer>, MutationError> {
        in_parallel(miters, |miter| {
            let Some(pair) = miter.pair(&HashSet::new()) else { return Ok(Answer::Equivalent) };
            let scratch = self.yosys.scratch()?;
            let folder = scratch.path();
            let pairs: Vec<Netlist> = abstractions(&pair.netlist).into_iter().chain([pair.netlist]).collect();
            let step = miter.step();
            let steps: Vec<Netlist> = without_products(&step).into_iter().chain([step]).collect();
            let relations = self.relations(config, pairs.iter().chain(&steps), folder)?;
            let circuit = |relation| Circuit { config, relation, trigger: pair.trigger };
            let circuits: Vec<Circuit> = relations.iter().map(|relation| circuit(relation)).collect();
            let (pairs, steps) = circuits.split_at(pairs.len());
            self.answer(miter, pairs, steps, folder)
        })
    }

    /// Of the values of a port, those for which the solver does not say soon that no output differs once the
    /// inputs have passed through.
    pub(crate) fn open_values(
        &self,
        config: &Config,
        miter: &Miter,
        port: &Port,
    ) -> Result<Vec<u64>, MutationError> {
        let values: Vec<u64> = (0..1 << port.width()).collect();
        let shown = self.of_the_whole(config, miter, |pair, folder| {
            in_parallel(&values, |value| {
                let given = pair.is(port, *value, 0);
                let path = folder.join(format!("{value}.question.smt2"));
                self.in_haste().holds(&pair.flushed(0, Some(given)), &path)
            })
        })?;
        let shown = shown.unwrap_or_default();
        Ok(values.into_iter().zip(shown).filter(|(_, holds)| *holds != Some(true)).map(|(v, _)| v).collect())
    }

    /// Whether a unit without history does all that a sweep of inputs in a row does not show.
    pub(crate) fn agrees_besides(&self, config: &Config, miter: &Miter) -> Result<bool, MutationError> {
        if !miter.waits() || !miter.is_of_one_time() {
            return Ok(false);
        }
        let ask =
            |pair: Circuit, folder: &Path| self.holds(&pair.besides(), &folder.join("besides.question.smt2"));
        Ok(self.of_the_whole(config, miter, ask)?.is_none_or(|holds| holds == Some(true)))
    }

    /// What is asked of module and mutant with all that they are; none where no output can differ.
    fn of_the_whole<T>(
        &self,
        config: &Config,
        miter: &Miter,
        ask: impl FnOnce(Circuit, &Path) -> Result<T, MutationError>,
    ) -> Result<Option<T>, MutationError> {
        let Some(pair) = miter.pair(&HashSet::new()) else { return Ok(None) };
        let scratch = self.yosys.scratch()?;
        let relations = self.relations(config, [&pair.netlist], scratch.path())?;
        let circuit = Circuit { config, relation: &relations[0], trigger: pair.trigger };
        ask(circuit, scratch.path()).map(Some)
    }

    /// The same with little time for each question.
    fn in_haste(&self) -> Judge<'_> {
        Judge { limit: self.limit / HASTE, ..*self }
    }

    /// The transition relations of some netlists.
    pub(crate) fn relations<'n>(
        &self,
        config: &Config,
        netlists: impl IntoIterator<Item = &'n Netlist>,
        folder: &Path,
    ) -> Result<Vec<String>, MutationError> {
        let mut script = String::new();
        let mut files = Vec::new();
        for (place, netlist) in netlists.into_iter().enumerate() {
            write(&folder.join(format!("{place}.json")), &netlist.json(false))?;
            script += &format!(
                "design -reset; read_json {place}.json; opt_expr; opt_merge; opt_clean; async2sync; dffunmap; \
                 write_smt2 {place}.smt2; "
            );
            files.push(folder.join(format!("{place}.smt2")));
        }
        self.yosys.run(folder, &script, config.name(), YOSYS_LIMIT)?;
        Ok(files.iter().map(|file| read(file)).collect::<Result<_, _>>()?)
    }

    /// By the last of the pairs and of the steps, and by those before it that know less; first with little
    /// time for each question, since one that is soon answered often comes after some that are not.
    fn answer(
        &self,
        miter: &Miter,
        pairs: &[Circuit],
        steps: &[Circuit],
        folder: &Path,
    ) -> Result<Answer, MutationError> {
        let Some(pair) = pairs.last() else { return Ok(Answer::Equivalent) };
        let path = folder.join("question.smt2");
        let hasty = self.in_haste();
        match hasty.ask(miter, pairs, steps, &path)? {
            Answer::Equivalent => Ok(Answer::Equivalent),
            Answer::Undecided if hasty.is_cut_off(miter, pair, folder)? => Ok(Answer::Equivalent),
            Answer::Undecided | Answer::Different => self.ask(miter, pairs, steps, &path),
        }
    }

    fn ask(
        &self,
        miter: &Miter,
        pairs: &[Circuit],
        steps: &[Circuit],
        path: &Path,
    ) -> Result<Answer, MutationError> {
        let Some(pair) = pairs.last() else { return Ok(Answer::Equivalent) };
        for step in steps {
            if self.holds(&[step.step()], path)? == Some(true) || miter.is_firm() && self.kept(step, path)? {
                return Ok(Answer::Equivalent);
            }
        }
        if let Some(claims) = pair.transactions() {
            return Ok(match self.holds(&claims, path)? {
                Some(true) => Answer::Equivalent,
                _ => Answer::Undecided,
            });
        }
        let mut outputs = None;
        for pair_or_less in pairs {
            outputs = self.outputs_agree(miter, pair_or_less, path)?;
            if outputs == Some(true) {
                break;
            }
        }
        match outputs {
            Some(true) => return Ok(Answer::Equivalent),
            // In a mutant that moves in a pause, a bit that is free to be anything may be what differs.
            Some(false) if miter.waits() => return Ok(Answer::Different),
            _ => {}
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
    fn outputs_agree(
        &self,
        miter: &Miter,
        pair: &Circuit,
        path: &Path,
    ) -> Result<Option<bool>, MutationError> {
        let latency = pair.config.behaviour().latency();
        if matches!(pair.config.behaviour(), Behaviour::Sequential { .. }) {
            // A difference after a reset is one; any two states may never be reached together.
            return match self.holds(&[pair.after_reset(latency + 1)], path)? {
                Some(true) => {
                    let others = [pair.induction(latency + 1)].into_iter().chain(pair.hold());
                    Ok(self.holds(&others.collect::<Vec<_>>(), path)?.filter(|holds| *holds))
                }
                other => Ok(other),
            };
        }
        let mut flushed = self.holds(&pair.flushed(0, None), path)?;
        if flushed == Some(false) && miter.is_firm() {
            // What was before a transaction need not be of any inputs then, and a fault may look at it: then
            // those count that come after others, and the first ones.
            let mut claims = pair.flushed(latency, None);
            claims.push(pair.started(2 * latency));
            flushed = self.holds(&claims, path)?;
        }
        match flushed {
            Some(true) => Ok(self.holds(&pair.besides(), path)?.filter(|holds| *holds)),
            other => Ok(other),
        }
    }

    /// Whether a claim holds in all of its cases; none where the solver does not say in time.
    pub(crate) fn holds(&self, cases: &[String], path: &Path) -> Result<Option<bool>, MutationError> {
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
