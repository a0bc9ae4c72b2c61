//! Registers that hold the same in module and mutant although the fault can reach them, as behind a rounding
//! that hides a wrong last bit: what follows them need not be told apart.

use std::collections::HashSet;
use std::path::Path;

use super::abstraction::abstractions;
use super::circuit::Circuit;
use super::equivalence::Judge;
use super::error::MutationError;
use super::miter::{Miter, Pair};
use super::recoding::recoded;
use crate::unit::Behaviour;

impl Judge<'_> {
    /// Whether no output of a pipeline differs behind the registers that can be shown to hold the same,
    /// from the inputs on.
    pub(crate) fn is_cut_off(
        &self,
        miter: &Miter,
        whole: &Circuit,
        folder: &Path,
    ) -> Result<bool, MutationError> {
        let latency = whole.config.behaviour().latency();
        if latency == 0 || matches!(whole.config.behaviour(), Behaviour::Sequential { .. }) {
            return Ok(false);
        }
        if miter.loops() || !miter.is_firm() {
            return Ok(false);
        }
        let path = folder.join("cut.question.smt2");
        if self.holds(&whole.besides(), &path)? != Some(true) {
            return Ok(false);
        }
        let mut joined = HashSet::new();
        for depth in 1..=latency {
            let Some(Pair { netlist, registers, trigger }) = miter.pair(&joined) else { return Ok(true) };
            let reached = registers.iter().enumerate().filter(|(_, register)| register.depth == depth);
            let reached: Vec<_> = reached.collect();
            if reached.is_empty() {
                continue;
            }
            let relations = self.relations(whole.config, [&recoded(&netlist)], folder)?;
            let circuit = Circuit { config: whole.config, relation: &relations[0], trigger };
            for (place, register) in reached {
                if self.holds(&circuit.joined(place, depth), &path)? == Some(true) {
                    joined.insert(register.name.clone());
                }
            }
        }
        let Some(Pair { netlist, trigger, .. }) = miter.pair(&joined) else { return Ok(true) };
        if joined.is_empty() {
            return Ok(false);
        }
        let netlists: Vec<_> = abstractions(&netlist).into_iter().chain([netlist]).collect();
        for relation in self.relations(whole.config, &netlists, folder)? {
            let circuit = Circuit { config: whole.config, relation: &relation, trigger };
            if self.holds(&circuit.flushed(0, None), &path)? == Some(true) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
