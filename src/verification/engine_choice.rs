//! Which model simulates a config: the Verilated one, or the bit-sliced one once the two have agreed.

use super::agreement::agree;
use super::effort::Effort;
use super::verify_error::VerifyError;
use crate::model::Lanes;
use crate::simulation::{CompiledModel, Models, SimulationEngine};
use crate::stimulus::Shard;
use crate::unit::Config;

/// From this many transactions on, compiling the lanes costs less than they save.
const WORTH_LANES: u64 = 1 << 25;

/// The model for a run, and how it was come by.
pub(crate) struct EngineChoice {
    pub(crate) rtl: CompiledModel,
    pub(crate) engine: SimulationEngine,
    /// Why it is not bit-sliced, where that would have paid.
    pub(crate) unsliced: Option<String>,
}

/// The model that suits a run of so many transactions.
pub(crate) fn choose(
    config: &Config,
    verilog: &str,
    models: &dyn Models,
    effort: &Effort,
    transactions: u64,
) -> Result<EngineChoice, VerifyError> {
    let verilated = |lanes| models.model(config, verilog, lanes, false).map_err(VerifyError::Model);
    // The stimulus depends on the lanes, and must not depend on what each machine of a job has.
    let pays = || {
        let worth =
            models.slicing_threshold().filter(|_| config.is_bitwise() && effort.shard == Shard::WHOLE);
        worth.is_some_and(|worth| transactions >= worth)
    };
    let mut unsliced = None;
    if effort.engine == SimulationEngine::Sliced || (effort.engine == SimulationEngine::Auto && pays()) {
        match models.sliced_model(config, verilog) {
            Ok(rtl) => {
                agree(&rtl, &verilated(Lanes::ONE)?)?;
                return Ok(EngineChoice { rtl, engine: SimulationEngine::Sliced, unsliced });
            }
            Err(error) if effort.engine == SimulationEngine::Sliced => return Err(VerifyError::Model(error)),
            Err(error) => unsliced = Some(error.to_string()),
        }
    }
    let lanes = match transactions {
        ..WORTH_LANES => Lanes::ONE,
        _ => Lanes::for_long_runs(config),
    };
    Ok(EngineChoice { rtl: verilated(lanes)?, engine: SimulationEngine::Verilated, unsliced })
}
