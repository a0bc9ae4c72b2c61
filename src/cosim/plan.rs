//! What is run of a config: its stimulus, in parts.

use super::dut::Rtl;
use super::source::Lanes;
use super::stimulus::{EPISODE_ROWS, Exhaustive, Random, Sequence, Stimulus, domain, domain_bits};
use super::verify::{Effort, VerifyError};
use crate::catalogue::{Behaviour, Config, Role};

/// From this many transactions on, compiling the lanes costs less than they save.
const WORTH_LANES: u64 = 1 << 25;

/// Cycles of random control beside a sweep in which control rests.
const CONTROL_CYCLES: u64 = 1 << 18;

/// Seeds of the random values that registers begin with, beside the 0 of all other parts.
pub(super) const RANDOM_STARTS: [u32; 2] = [1, 2];

/// What a stimulus is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// As much as was asked for.
    Main,
    /// Stalls, bubbles and resets, which a sweep of a pipelined unit leaves out.
    Control,
    /// A reset after which nothing may depend on what the registers held before.
    RandomStart,
}

/// The stimulus and the lanes that suit it.
pub(super) struct Plan {
    pub(super) part: Part,
    pub(super) stimulus: Box<dyn Stimulus>,
    pub(super) lanes: Lanes,
    pub(super) domain: Option<u64>,
    pub(super) exhaustive: bool,
    /// Seed of what registers begin with, as [`Rtl::starting_from`] takes it.
    pub(super) start: u32,
}

impl Plan {
    /// All that is run of a config, in that order: short and telling parts first, but for the random
    /// starts, whose failures would be those of the others as well.
    pub(super) fn all(config: &Config, effort: &Effort) -> Result<Vec<Plan>, VerifyError> {
        let main = Plan::main(config, effort)?;
        // What is short is not divided.
        if !effort.shard.leads() {
            return Ok(vec![main]);
        }
        let has_reset = config.ports().iter().any(|port| port.role == Role::Reset);
        let starts = RANDOM_STARTS.iter().filter(|_| has_reset).map(|&start| {
            let cycles = EPISODE_ROWS * u64::from(main.lanes.0);
            Plan { start, ..main.beside(Part::RandomStart, config, effort, cycles) }
        });
        let starts: Vec<Plan> = starts.collect();
        let pipelined = matches!(config.behaviour(), Behaviour::Pipelined { .. });
        let control = (pipelined && main.stimulus.is_steady())
            .then(|| main.beside(Part::Control, config, effort, CONTROL_CYCLES));
        Ok(control.into_iter().chain([main]).chain(starts).collect())
    }

    fn main(config: &Config, effort: &Effort) -> Result<Plan, VerifyError> {
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
            let (part, stimulus) = (Part::Main, Box::new(stimulus));
            return Ok(Plan { part, stimulus, lanes, domain, exhaustive: true, start: 0 });
        }
        let lanes = lanes_for(effort.cases);
        let stimulus = Box::new(Random::new(config, effort.seed, effort.cases, lanes.0));
        Ok(Plan { part: Part::Main, stimulus, lanes, domain, exhaustive: false, start: 0 })
    }

    /// A short random run beside this plan.
    fn beside(&self, part: Part, config: &Config, effort: &Effort, cycles: u64) -> Plan {
        let stimulus = Box::new(Random::new(config, effort.seed, cycles, self.lanes.0));
        Plan { part, stimulus, lanes: self.lanes, domain: self.domain, exhaustive: false, start: 0 }
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
        let (first, last) = match rtl.config().behaviour() {
            _ if self.has_history(rtl.config()) => (row / EPISODE_ROWS * EPISODE_ROWS, row),
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
