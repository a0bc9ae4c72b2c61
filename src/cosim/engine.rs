//! Which model simulates a config: the Verilated one, or the bit-sliced one once the two have agreed.

use super::agreement::agree;
use super::dut::Rtl;
use super::shard::Shard;
use super::source::Lanes;
use super::verify::{Effort, ModelError, Models, VerifyError};
use crate::catalogue::Config;
use serde::{Deserialize, Serialize};

/// From this many transactions on, compiling the lanes costs less than they save.
const WORTH_LANES: u64 = 1 << 25;

/// What simulates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// Whatever takes the least time, building included.
    #[default]
    Auto,
    /// The Verilated model.
    Verilated,
    /// The bit-sliced model.
    Sliced,
}

/// Makes bit-sliced models.
pub trait Slicer: Send + Sync {
    /// From how many transactions on such a model takes less time than one Verilated instance; none
    /// when it cannot be made here.
    fn worth(&self) -> Option<u64>;

    /// The C++ of a model of the Verilog text with [`Lanes::SLICED`] lanes, which exports itself as
    /// `qrtl_model_<top>`.
    ///
    /// # Errors
    /// When there is no way to one.
    fn text(&self, config: &Config, verilog: &str, top: &str) -> Result<String, ModelError>;
}

/// The model for a run, and how it was come by.
pub(super) struct Chosen {
    pub(super) rtl: Rtl,
    pub(super) engine: Engine,
    /// Why it is not bit-sliced, where that would have paid.
    pub(super) unsliced: Option<String>,
}

/// The model that suits a run of so many transactions.
pub(super) fn choose(
    config: &Config,
    verilog: &str,
    models: &dyn Models,
    effort: &Effort,
    transactions: u64,
) -> Result<Chosen, VerifyError> {
    let verilated = |lanes| models.rtl(config, verilog, lanes, false).map_err(VerifyError::Model);
    // The stimulus depends on the lanes, and must not depend on what each machine of a job has.
    let pays = || {
        let worth = models.worth_slicing().filter(|_| config.is_bitwise() && effort.shard == Shard::WHOLE);
        worth.is_some_and(|worth| transactions >= worth)
    };
    let mut unsliced = None;
    if effort.engine == Engine::Sliced || (effort.engine == Engine::Auto && pays()) {
        match models.sliced(config, verilog) {
            Ok(rtl) => {
                agree(&rtl, &verilated(Lanes::ONE)?)?;
                return Ok(Chosen { rtl, engine: Engine::Sliced, unsliced });
            }
            Err(error) if effort.engine == Engine::Sliced => return Err(VerifyError::Model(error)),
            Err(error) => unsliced = Some(error.to_string()),
        }
    }
    let lanes = match transactions {
        ..WORTH_LANES => Lanes::ONE,
        _ => Lanes::worthwhile(config),
    };
    Ok(Chosen { rtl: verilated(lanes)?, engine: Engine::Verilated, unsliced })
}
