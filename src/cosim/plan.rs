//! What a config is verified with.

use super::dut::{DutError, Rtl};
use super::scoreboard::{Outcome, compare};
use super::source::Lanes;
use super::stimulus::{Exhaustive, LongSums, Random, Sequence, Stimulus, domain, domain_bits};
use super::verify::{Effort, VerifyError};
use crate::catalogue::{Behaviour, Config};

/// From this many transactions on, compiling the lanes costs less than they save.
const WORTH_LANES: u64 = 1 << 25;

/// Cycles of random control beside a sweep in which control rests.
const CONTROL_CYCLES: u64 = 1 << 18;

/// The stimulus and the lanes that suit it.
pub(super) struct Plan {
    pub(super) stimulus: Box<dyn Stimulus>,
    pub(super) lanes: Lanes,
    pub(super) domain: Option<u64>,
    pub(super) exhaustive: bool,
}

impl Plan {
    /// The whole domain where it is small enough or that is asked for, random transactions otherwise.
    pub(super) fn new(config: &Config, effort: &Effort) -> Result<Plan, VerifyError> {
        let ports = config.ports();
        let stateless = !matches!(config.behaviour(), Behaviour::Sequential { .. });
        let domain = domain(&ports).filter(|_| stateless);
        let lanes_for = |transactions| match transactions {
            ..WORTH_LANES => Lanes::ONE,
            _ => Lanes::worthwhile(config),
        };
        let refuse =
            |reason: String| VerifyError::NotExhaustible { config: config.name().to_string(), reason };
        if effort.exhaustive && !stateless {
            return Err(refuse("its outputs depend on the history of its inputs".to_string()));
        }
        if stateless && (effort.exhaustive || domain.is_some_and(|domain| domain <= effort.whole)) {
            let stimulus = Exhaustive::new(&ports).ok_or_else(|| {
                let bits = domain_bits(&ports);
                refuse(format!("its inputs have 2^{bits} values, more than 2^{}", Exhaustive::MAX_BITS))
            })?;
            let lanes = lanes_for(stimulus.transactions());
            return Ok(Plan { stimulus: Box::new(stimulus), lanes, domain, exhaustive: true });
        }
        let lanes = lanes_for(effort.cases);
        let stimulus = Random::new(config, effort.seed, effort.cases, lanes.0);
        Ok(Plan { stimulus: Box::new(stimulus), lanes, domain, exhaustive: false })
    }

    /// What the stimulus leaves out: stalls, bubbles and resets in the sweep of a pipelined unit, whose
    /// control rests; sums of more terms than an episode has rows.
    pub(super) fn beside(&self, config: &Config, effort: &Effort) -> Option<Plan> {
        let lanes = self.lanes.0;
        let stimulus: Box<dyn Stimulus> = match config.behaviour() {
            Behaviour::Pipelined { .. } if self.stimulus.is_steady() => {
                Box::new(Random::new(config, effort.seed, CONTROL_CYCLES, lanes))
            }
            Behaviour::Sequential { .. } => Box::new(LongSums::new(config, lanes)?),
            _ => return None,
        };
        Some(Plan { stimulus, lanes: self.lanes, domain: self.domain, exhaustive: false })
    }

    /// Compares a model with its reference over the whole stimulus.
    pub(super) fn compare(
        &self,
        rtl: &Rtl,
        threads: usize,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<Outcome, DutError> {
        compare(rtl, self.stimulus.as_ref(), threads, progress)
    }

    /// Whether rows depend on those before them.
    pub(super) fn has_history(&self, config: &Config) -> bool {
        match config.behaviour() {
            Behaviour::FeedForward { .. } => false,
            Behaviour::Pipelined { .. } => !self.stimulus.is_steady(),
            Behaviour::Sequential { .. } => true,
        }
    }

    /// The rows around a transaction, and its own row among them: from the reset before it where rows
    /// depend on those before them, for a pipeline without control all that are in it together with
    /// the transaction.
    pub(super) fn history(&self, rtl: &Rtl, transaction: u64) -> (Sequence, usize) {
        let lanes = u64::from(self.lanes.0);
        let (row, lane) = (transaction / lanes, transaction % lanes);
        let episode = self.stimulus.chunk() / lanes;
        let (first, last) = match rtl.config().behaviour() {
            _ if self.has_history(rtl.config()) => (row / episode * episode, row),
            Behaviour::FeedForward { latency } => (row.saturating_sub(latency as u64), row + latency as u64),
            _ => (row, row),
        };
        let rows = (last - first + 1) as usize;
        let (mut inputs, _) = rtl.columns(rows);
        let stimulus = self.stimulus.as_ref();
        (
            Sequence::of_lane(stimulus, &mut inputs, first * lanes, rows, lanes as usize, lane as usize),
            (row - first) as usize,
        )
    }

    /// The same rows as a stimulus that stands alone: a transaction of a sweep gets its reset before
    /// it, and after it the rows in which its result comes out.
    pub(super) fn replay(&self, rtl: &Rtl, transaction: u64) -> Sequence {
        let (history, _) = self.history(rtl, transaction);
        match rtl.config().behaviour() {
            Behaviour::Pipelined { latency } if self.stimulus.is_steady() => {
                let mut sequence = Sequence::idle(rtl.config(), latency + 2);
                for (column, given) in sequence.inputs_mut().iter_mut().zip(history.inputs()) {
                    column.copy_from(1, given, 0, 1);
                }
                sequence
            }
            _ => history,
        }
    }
}
