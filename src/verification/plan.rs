//! What is run of a config: its stimulus, in parts.

use super::effort::Effort;
use super::verify_error::VerifyError;
use crate::model::Lanes;
use crate::simulation::CompiledModel;
use crate::stimulus::{EPISODE_ROWS, Exhaustive, LongSums, Random, Sequence, Stimulus, domain, domain_bits};
use crate::unit::{Behaviour, Config, Role};

/// Cycles of random control beside a sweep in which control rests.
const CONTROL_CYCLES: u64 = 1 << 18;

/// Seeds of the random values that registers begin with, beside the 0 of all other parts.
pub(crate) const RANDOM_STARTS: [u32; 2] = [1, 2];

/// How much of a config there is to verify, whatever the model.
pub(crate) struct Scope {
    domain: Option<u64>,
    /// Every input, where it is swept whole.
    whole: Option<Exhaustive>,
}

impl Scope {
    pub(crate) fn new(config: &Config, effort: &Effort) -> Result<Scope, VerifyError> {
        let ports = config.ports();
        let stateless = !matches!(config.behaviour(), Behaviour::Sequential { .. });
        let domain = domain(&ports).filter(|_| stateless);
        let refuse =
            |reason: String| VerifyError::NotExhaustible { config: config.name().to_string(), reason };
        if effort.exhaustive && !stateless {
            return Err(refuse("its outputs depend on the history of its inputs".to_string()));
        }
        if !stateless
            || !(effort.exhaustive || domain.is_some_and(|domain| domain <= effort.exhaustive_limit))
        {
            return Ok(Scope { domain, whole: None });
        }
        let whole = Exhaustive::new(&ports).ok_or_else(|| {
            let bits = domain_bits(&ports);
            refuse(format!("its inputs have 2^{bits} values, more than 2^{}", Exhaustive::MAX_BITS))
        })?;
        Ok(Scope { domain, whole: Some(whole) })
    }

    /// About how many transactions that is.
    pub(crate) fn transactions(&self, effort: &Effort) -> u64 {
        self.whole.as_ref().map_or(effort.cases, Exhaustive::transactions)
    }
}

/// What a stimulus is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlanPart {
    /// As much as was asked for.
    Main,
    /// Stalls, bubbles and resets, which a sweep of a pipelined unit leaves out.
    Control,
    /// Sums of more terms than an episode of random rows has.
    LongSums,
    /// A reset after which nothing may depend on what the registers held before.
    RandomStart,
}

/// The stimulus and the lanes that suit it.
pub(crate) struct Plan {
    pub(crate) part: PlanPart,
    pub(crate) stimulus: Box<dyn Stimulus>,
    pub(crate) lanes: Lanes,
    pub(crate) domain: Option<u64>,
    pub(crate) exhaustive: bool,
    /// Seed of what registers begin with, as [`CompiledModel::with_register_seed`] takes it.
    pub(crate) start: u32,
}

impl Plan {
    /// All that is run of a config, in that order: short and telling parts first, but for the random
    /// starts, whose failures would be those of the others as well.
    pub(crate) fn all(config: &Config, effort: &Effort, scope: Scope, lanes: Lanes) -> Vec<Plan> {
        let main = Plan::main(config, effort, scope, lanes);
        // What is short is not divided.
        if !effort.shard.is_first() {
            return vec![main];
        }
        let has_reset = config.ports().iter().any(|port| port.role == Role::Reset);
        let starts = RANDOM_STARTS.iter().filter(|_| has_reset).map(|&start| {
            let cycles = EPISODE_ROWS * u64::from(main.lanes.0);
            Plan { start, ..main.beside(PlanPart::RandomStart, config, effort, cycles) }
        });
        let starts: Vec<Plan> = starts.collect();
        let pipelined = matches!(config.behaviour(), Behaviour::Pipelined { .. });
        let control = (pipelined && main.stimulus.is_steady())
            .then(|| main.beside(PlanPart::Control, config, effort, CONTROL_CYCLES));
        let sums = LongSums::new(config).map(|sums| Plan {
            part: PlanPart::LongSums,
            stimulus: Box::new(sums),
            lanes: Lanes::ONE,
            domain: main.domain,
            exhaustive: false,
            start: 0,
        });
        control.into_iter().chain([main]).chain(sums).chain(starts).collect()
    }

    fn main(config: &Config, effort: &Effort, scope: Scope, lanes: Lanes) -> Plan {
        let Scope { domain, whole } = scope;
        let exhaustive = whole.is_some();
        let stimulus: Box<dyn Stimulus> = match whole {
            Some(stimulus) => Box::new(stimulus),
            None => Box::new(Random::new(config, effort.seed, effort.cases, lanes.0)),
        };
        Plan { part: PlanPart::Main, stimulus, lanes, domain, exhaustive, start: 0 }
    }

    /// A short random run beside this plan.
    fn beside(&self, part: PlanPart, config: &Config, effort: &Effort, cycles: u64) -> Plan {
        let stimulus = Box::new(Random::new(config, effort.seed, cycles, self.lanes.0));
        Plan { part, stimulus, lanes: self.lanes, domain: self.domain, exhaustive: false, start: 0 }
    }

    /// Whether rows depend on those before them.
    pub(crate) fn has_history(&self, config: &Config) -> bool {
        match config.behaviour() {
            Behaviour::FeedForward { .. } => false,
            Behaviour::Pipelined { .. } => !self.stimulus.is_steady(),
            Behaviour::Sequential { .. } => true,
        }
    }

    /// The rows around a transaction, and its own row among them: from the reset before it where rows
    /// depend on those before them, for a pipeline without control all that are in it together with
    /// the transaction.
    pub(crate) fn history(&self, rtl: &CompiledModel, transaction: u64) -> (Sequence, usize) {
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
    pub(crate) fn replay(&self, rtl: &CompiledModel, transaction: u64) -> Sequence {
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
