//! Verification plan: the parts of the stimulus, and the replay of their rows.

use super::effort::Effort;
use super::frame_driver::FrameDriver;
use super::verify_error::VerifyError;
use crate::model::Lanes;
use crate::simulation::CompiledModel;
use crate::stimulus::{
    ExhaustiveStimulus, LongSums, RandomStimulus, Sequence, Stimulus, domain, domain_bits, episode_rows,
};
use crate::unit::{Behaviour, Config, Role};

/// Cycles of random control inputs, added to a sweep whose control inputs are idle.
const CONTROL_CYCLES: u64 = 1 << 18;

/// Seeds of random initial register values; in all other parts registers begin at 0.
pub(crate) const RANDOM_REGISTER_SEEDS: [u32; 2] = [1, 2];

/// Input space of a config, and whether it is swept exhaustively.
pub(crate) struct Scope {
    domain: Option<u64>,
    /// The exhaustive sweep; `None` for random stimulus.
    sweep: Option<ExhaustiveStimulus>,
}

impl Scope {
    pub(crate) fn new(config: &Config, effort: &Effort) -> Result<Self, VerifyError> {
        let ports = config.ports();
        let is_stateless = !config.behaviour().has_history();
        let domain = domain(&ports).filter(|_| is_stateless);
        let refuse =
            |reason: String| VerifyError::NotExhaustible { config: config.name().to_string(), reason };
        if effort.exhaustive && !is_stateless {
            return Err(refuse("its outputs depend on the history of its inputs".to_string()));
        }
        let is_small = domain.is_some_and(|domain| domain <= effort.exhaustive_limit);
        if !is_stateless || !(effort.exhaustive || is_small) {
            return Ok(Self { domain, sweep: None });
        }
        let sweep = ExhaustiveStimulus::new(&ports).ok_or_else(|| {
            let bits = domain_bits(&ports);
            refuse(format!("its inputs have 2^{bits} values, more than 2^{}", ExhaustiveStimulus::MAX_BITS))
        })?;
        Ok(Self { domain, sweep: Some(sweep) })
    }

    /// Approximate number of transactions.
    pub(crate) fn transactions(&self, effort: &Effort) -> u64 {
        self.sweep.as_ref().map_or(effort.cases, ExhaustiveStimulus::transactions)
    }
}

/// Purpose of a part of the stimulus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlanPart {
    /// The requested number of transactions.
    Main,
    /// Stalls, bubbles and resets, which the sweep of a pipelined unit does not contain.
    Control,
    /// Sums of more terms than a random episode has rows.
    LongSums,
    /// Reset from random register values, none of which may reach an output.
    RandomRegisters,
}

/// One part of the stimulus, and the lanes that run it.
pub(crate) struct Plan {
    pub(crate) part: PlanPart,
    pub(crate) stimulus: Box<dyn Stimulus>,
    pub(crate) lanes: Lanes,
    pub(crate) domain: Option<u64>,
    pub(crate) exhaustive: bool,
    /// Seed of initial register values, see [`CompiledModel::with_register_seed`].
    pub(crate) register_seed: u32,
}

impl Plan {
    /// All parts for a config, in the order in which they run.
    ///
    /// The first part that fails is reported. Random registers come last, because they also show the failures
    /// of all other parts.
    pub(crate) fn all(config: &Config, effort: &Effort, scope: Scope, lanes: Lanes) -> Vec<Self> {
        let main = Self::main(config, effort, scope, lanes);
        // Short parts are not divided among shards.
        if !effort.shard.is_first() {
            return vec![main];
        }
        let has_reset = config.ports().iter().any(|port| port.role == Role::Reset);
        let seeds = RANDOM_REGISTER_SEEDS.into_iter().filter(|_| has_reset);
        let random_registers: Vec<Self> = seeds
            .map(|register_seed| {
                let cycles = episode_rows(config) * u64::from(main.lanes.0);
                Self { register_seed, ..main.beside(PlanPart::RandomRegisters, config, effort, cycles) }
            })
            .collect();
        let is_pipelined = matches!(config.behaviour(), Behaviour::Pipelined { .. });
        let control = (is_pipelined && main.stimulus.is_steady())
            .then(|| main.beside(PlanPart::Control, config, effort, CONTROL_CYCLES));
        let long_sums = LongSums::new(config).map(|sums| Self {
            part: PlanPart::LongSums,
            stimulus: Box::new(sums),
            lanes: Lanes::ONE,
            domain: main.domain,
            exhaustive: false,
            register_seed: 0,
        });
        control.into_iter().chain([main]).chain(long_sums).chain(random_registers).collect()
    }

    fn main(config: &Config, effort: &Effort, scope: Scope, lanes: Lanes) -> Self {
        let Scope { domain, sweep } = scope;
        let exhaustive = sweep.is_some();
        let stimulus: Box<dyn Stimulus> = match sweep {
            Some(stimulus) => Box::new(stimulus),
            None => Box::new(RandomStimulus::new(config, effort.seed, effort.cases, lanes.0)),
        };
        Self { part: PlanPart::Main, stimulus, lanes, domain, exhaustive, register_seed: 0 }
    }

    /// A short random run with the lanes of this plan.
    fn beside(&self, part: PlanPart, config: &Config, effort: &Effort, cycles: u64) -> Self {
        let stimulus = Box::new(RandomStimulus::new(config, effort.seed, cycles, self.lanes.0));
        let (lanes, domain) = (self.lanes, self.domain);
        Self { part, stimulus, lanes, domain, exhaustive: false, register_seed: 0 }
    }

    /// Whether outputs depend on earlier rows.
    pub(crate) fn has_history(&self, config: &Config) -> bool {
        match config.behaviour() {
            Behaviour::FeedForward { .. } => false,
            Behaviour::Pipelined { .. } => !self.stimulus.is_steady(),
            Behaviour::Sequential { .. } | Behaviour::Stream { .. } => true,
        }
    }

    /// The rows around a transaction, and the index of its own row among them.
    ///
    /// Where outputs depend on earlier rows, the rows begin with the last reset. For a pipeline without
    /// control they are all rows that are in flight together with the transaction.
    pub(crate) fn history(&self, model: &CompiledModel, transaction: u64) -> (Sequence, usize) {
        let lanes = u64::from(self.lanes.0);
        let (row, lane) = (transaction / lanes, transaction % lanes);
        let episode = self.stimulus.chunk() / lanes;
        let (first, last) = match model.config().behaviour() {
            _ if self.has_history(model.config()) => (row / episode * episode, row),
            Behaviour::FeedForward { latency } => (row.saturating_sub(latency as u64), row + latency as u64),
            _ => (row, row),
        };
        let rows = (last - first + 1) as usize;
        let (mut inputs, mut outputs) = model.columns(rows);
        self.stimulus.fill(first * lanes, &mut inputs);
        if let Some(mut frames) = FrameDriver::new(model.config(), lanes as usize) {
            let mut dut = model.with_register_seed(self.register_seed).instance();
            // A design that stops has shown its failure before.
            let _ = frames.run(&mut dut, rows, &mut inputs, &mut outputs);
        }
        (Sequence::of_lane(&inputs, rows, lanes as usize, lane as usize), (row - first) as usize)
    }

    /// The same rows as a stimulus of its own.
    ///
    /// A transaction of a pipelined sweep gets a reset before it, and the rows in which its result leaves
    /// the pipeline after it.
    pub(crate) fn replay(&self, model: &CompiledModel, transaction: u64) -> Sequence {
        let (history, _) = self.history(model, transaction);
        match model.config().behaviour() {
            Behaviour::Pipelined { latency } if self.stimulus.is_steady() => {
                let mut sequence = Sequence::idle(model.config(), latency + 2);
                for (column, given) in sequence.inputs_mut().iter_mut().zip(history.inputs()) {
                    column.copy_from(1, given, 0, 1);
                }
                sequence
            }
            _ => history,
        }
    }
}
