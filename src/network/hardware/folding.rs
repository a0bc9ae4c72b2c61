//! Folding: how many products each layer computes per cycle.

use std::collections::BTreeMap;
use std::fmt;

use super::budget::Budget;
use super::engine::Goal;
use super::error::HardwareError;
use super::plan::{HardwarePlan, layer_error};
use super::realization::realize;
use crate::circuit::engine::Fold;
use crate::network::graph::Network;
use crate::unit::Implementation;

/// How the layers of a network are folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Folding {
    /// Fewest multipliers with at most this many clock cycles from one frame to the next.
    Cycles(usize),
    /// As `Cycles`, or with the fewest reachable clock cycles if these are more.
    ReachableCycles(usize),
    /// Fewest clock cycles within a budget.
    Budget(Budget),
    /// The fold of layers by their index; each other layer gets the fewest multipliers with which it is not the
    /// slowest.
    Given(BTreeMap<usize, Fold>),
}

impl fmt::Display for Folding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cycles(cycles) => write!(f, "at most {cycles} cycles requested"),
            Self::ReachableCycles(_) => f.write_str("no limit requested"),
            Self::Budget(budget) => budget.fmt(f),
            Self::Given(folds) => write!(f, "folds of {} layers given", folds.len()),
        }
    }
}

impl HardwarePlan {
    /// Plans a network.
    ///
    /// # Errors
    /// [`HardwareError`] for layers without an engine or without that fold, and for cycles or a budget that are
    /// not reachable.
    pub(super) fn new(
        network: &Network,
        folding: &Folding,
        implementation: Implementation,
    ) -> Result<Self, HardwareError> {
        let none = BTreeMap::new();
        match folding {
            Folding::Cycles(cycles) => Self::with_at_most(network, *cycles, implementation),
            Folding::ReachableCycles(cycles) => {
                Self::with_reachable_cycles(network, *cycles, &none, implementation)
            }
            Folding::Budget(budget) => Self::within_budget(network, budget, implementation),
            Folding::Given(folds) => {
                let slowest = slowest(network, folds, implementation)?;
                Self::with_reachable_cycles(network, slowest, folds, implementation)
            }
        }
    }

    /// Plans a network for at most `cycles` per frame; the error names the slowest layer of the fastest hardware.
    fn with_at_most(
        network: &Network,
        cycles: usize,
        implementation: Implementation,
    ) -> Result<Self, HardwareError> {
        let plan = |cycles| Self::with_cycles(network, cycles, &BTreeMap::new(), implementation);
        let mut planned = plan(cycles);
        while let Err(HardwareError::Cycles { least, .. }) = planned {
            match plan(least) {
                Ok(_) => break,
                slower => planned = slower,
            }
        }
        match planned {
            Err(HardwareError::Cycles { least, index, node, .. }) => {
                Err(HardwareError::Cycles { asked: cycles, least, index, node })
            }
            planned => planned,
        }
    }

    /// Plans a network for `cycles` per frame, or for the fewest reachable if these are more.
    fn with_reachable_cycles(
        network: &Network,
        mut cycles: usize,
        folds: &BTreeMap<usize, Fold>,
        implementation: Implementation,
    ) -> Result<Self, HardwareError> {
        loop {
            match Self::with_cycles(network, cycles, folds, implementation) {
                Err(HardwareError::Cycles { least, .. }) => cycles = least,
                planned => return planned,
            }
        }
    }

    /// Plans a network within a budget: bisects on the cycles, which fall as resources rise.
    fn within_budget(
        network: &Network,
        budget: &Budget,
        implementation: Implementation,
    ) -> Result<Self, HardwareError> {
        budget.check(implementation)?;
        let plan = |cycles| Self::with_reachable_cycles(network, cycles, &BTreeMap::new(), implementation);
        let mut best = plan(usize::MAX)?;
        budget.admits(&best, implementation)?;
        let mut too_few = 0;
        while best.cycles() > too_few + 1 {
            let middle = too_few + (best.cycles() - too_few) / 2;
            let planned = plan(middle)?;
            // The fewest reachable cycles can be more than the middle.
            if budget.admits(&planned, implementation).is_ok() && planned.cycles() < best.cycles() {
                best = planned;
            } else {
                too_few = middle;
            }
        }
        Ok(best)
    }
}

/// Cycles of the slowest layer with a given fold.
fn slowest(
    network: &Network,
    folds: &BTreeMap<usize, Fold>,
    implementation: Implementation,
) -> Result<usize, HardwareError> {
    let mut slowest = 1;
    for (&index, &fold) in folds {
        let layers = network.layers.len();
        let layer = network.layers.get(index).ok_or(HardwareError::NoLayer { index, layers })?;
        // No limit that a serial requantizer would use up.
        let goal = Goal { cycles: 0, fold: Some(fold), implementation };
        let realization =
            realize(network, layer, goal).map_err(|missing| layer_error(network, index, missing))?;
        slowest = slowest.max(realization.cycles());
    }
    Ok(slowest)
}
