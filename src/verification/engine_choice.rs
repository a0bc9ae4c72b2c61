//! Choice of the simulation engine: Verilated, or bit-sliced once both models have agreed.

use super::agreement::check_agreement;
use super::job::Verification;
use super::verify_error::VerifyError;
use crate::model::Lanes;
use crate::simulation::{CompiledModel, SimulationEngine};
use crate::stimulus::Shard;

/// From this many transactions on, compiling several lanes costs less than they save.
const MANY_TRANSACTIONS: u64 = 1 << 25;

/// The model of a run, and the engine it runs on.
pub(crate) struct EngineChoice {
    pub(crate) model: CompiledModel,
    pub(crate) engine: SimulationEngine,
    /// Reason why the model is not bit-sliced, if that would have been faster.
    pub(crate) unsliced: Option<String>,
}

impl EngineChoice {
    /// Builds the model that suits a run of this many transactions.
    pub(crate) fn new(job: &Verification, transactions: u64) -> Result<Self, VerifyError> {
        let requested = job.effort.engine;
        let mut unsliced = None;
        if requested == SimulationEngine::Sliced
            || (requested == SimulationEngine::Auto && slicing_is_faster(job, transactions))
        {
            match job.models.sliced_model(job.config, job.text()) {
                Ok(model) => {
                    check_agreement(&model, &job.verilated(Lanes::ONE, false)?)?;
                    return Ok(Self { model, engine: SimulationEngine::Sliced, unsliced });
                }
                Err(error) if requested == SimulationEngine::Sliced => return Err(VerifyError::Model(error)),
                Err(error) => unsliced = Some(error.to_string()),
            }
        }
        let lanes = match transactions {
            ..MANY_TRANSACTIONS => Lanes::ONE,
            _ => Lanes::for_long_runs(job.config),
        };
        Ok(Self { model: job.verilated(lanes, false)?, engine: SimulationEngine::Verilated, unsliced })
    }
}

/// Whether a bit-sliced model takes less time, build included.
///
/// Never for a shard: the stimulus depends on the number of lanes, and must not depend on the tools that a
/// machine happens to have.
fn slicing_is_faster(job: &Verification, transactions: u64) -> bool {
    let is_candidate = job.config.is_bitwise() && job.effort.shard == Shard::WHOLE;
    is_candidate && job.models.slicing_threshold().is_some_and(|threshold| transactions >= threshold)
}
