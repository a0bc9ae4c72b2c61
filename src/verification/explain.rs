//! From a mismatch to its explanation: what was driven, the shortest stimulus that still fails, files.

use super::effort::Effort;
use super::plan::{Plan, RANDOM_STARTS};
use super::report::{Failure, MismatchView, ShrunkView};
use super::reproducer::{Reproducer, ReproducerError};
use super::scoreboard::Mismatch;
use super::shrink::{Counterexample, shrink};
use super::verify_error::VerifyError;
use crate::model::Lanes;
use crate::simulation::{CompiledModel, Models, SimulationEngine};
use crate::unit::Config;

/// Explains the mismatches of a plan, and writes the folder that was asked for.
pub(crate) fn explain(
    config: &Config,
    verilog: &str,
    models: &dyn Models,
    effort: &Effort,
    plan: &Plan,
    rtl: &CompiledModel,
    described: &[Mismatch],
) -> Result<Failure, VerifyError> {
    let has_history = plan.has_history(config);
    let views = described.iter().map(|mismatch| {
        let (history, row) = plan.history(rtl, mismatch.transaction);
        let inputs: Vec<Vec<u64>> = history.inputs().iter().map(|column| column.words(row)).collect();
        MismatchView::new(config, mismatch, has_history.then_some(row as u64), &inputs)
    });
    let mismatches = views.collect();
    let single =
        models.model(config, verilog, Lanes::ONE, effort.failures.is_some()).map_err(VerifyError::Model)?;
    let found = shortest(&single, plan, rtl, &described[0])?;
    let mut replay = format!("qrtl verify {}", config.arguments());
    if plan.exhaustive {
        replay += if effort.exhaustive { " --exhaustive" } else { "" };
    } else {
        replay += &format!(" --cases {} --seed {}", effort.cases, effort.seed);
    }
    // Random episodes differ with the lanes.
    replay += match (effort.engine, plan.lanes) {
        (_, Lanes::SLICED) => " --engine sliced",
        (SimulationEngine::Verilated, _) => " --engine verilated",
        _ => "",
    };
    let mut failure = Failure { mismatches, shrunk: None, replay, folder: None };
    if let Some((single, found)) = &found {
        failure.shrunk = Some(ShrunkView::new(config, found, single.register_seed()));
        if let Some(parent) = &effort.failures {
            let reproducer = Reproducer { rtl: single, verilog, found, failure: &failure };
            failure.folder = Some(reproducer.write(parent).map_err(|error| match error {
                ReproducerError::Output(error) => VerifyError::Output(error),
                ReproducerError::Dut(error) => VerifyError::Dut(error),
            })?);
        }
    }
    Ok(failure)
}

/// The shortest stimulus found, and the model with the registers that it fails from. Where a reset
/// leaves something of what ran before it, registers at 0 may hide the failure, and random ones show it.
fn shortest(
    single: &CompiledModel,
    plan: &Plan,
    rtl: &CompiledModel,
    mismatch: &Mismatch,
) -> Result<Option<(CompiledModel, Counterexample)>, VerifyError> {
    let stimulus = plan.replay(rtl, mismatch.transaction);
    for start in [0].into_iter().chain(RANDOM_STARTS) {
        let started = single.with_register_seed(start);
        if let Some(found) = shrink(&started, stimulus.clone())? {
            return Ok(Some((started, found)));
        }
    }
    Ok(None)
}
