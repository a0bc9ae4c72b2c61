//! Explanation of a mismatch: its inputs, the shortest failing stimulus, the reproducer files.

use super::comparison_result::Mismatch;
use super::job::Verification;
use super::plan::{Plan, RANDOM_REGISTER_SEEDS};
use super::report::{Failure, MismatchView, ShrunkView};
use super::reproducer::{Reproducer, ReproducerError};
use super::shrink::{Counterexample, shrink};
use super::verify_error::VerifyError;
use crate::model::Lanes;
use crate::simulation::{CompiledModel, SimulationEngine};

/// Explains the mismatches of a plan, and writes the reproducer folder if one was requested.
pub(crate) fn explain(
    job: &Verification,
    plan: &Plan,
    model: &CompiledModel,
    mismatches: &[Mismatch],
) -> Result<Failure, VerifyError> {
    let single = job.verilated(Lanes::ONE, job.effort.failures.is_some())?;
    let found = shortest(&single, plan, model, &mismatches[0])?;
    let options = replay_options(job, plan);
    let mut failure = Failure {
        mismatches: mismatches.iter().map(|mismatch| view(plan, model, mismatch)).collect(),
        shrunk: None,
        replay: job.replay(&options),
        folder: None,
    };
    if let Some((single, found)) = &found {
        failure.shrunk = Some(ShrunkView::new(job.config, found, single.register_seed()));
        if let Some(parent) = &job.effort.failures {
            let verilog = job.text();
            let reproducer =
                Reproducer { model: single, verilog, found, failure: &failure, options: &options };
            failure.folder = Some(reproducer.write(parent).map_err(|error| match error {
                ReproducerError::Output(error) => VerifyError::Output(error),
                ReproducerError::Dut(error) => VerifyError::Dut(error),
            })?);
        }
    }
    Ok(failure)
}

/// A mismatch with its inputs, and its cycle where outputs depend on earlier rows.
fn view(plan: &Plan, model: &CompiledModel, mismatch: &Mismatch) -> MismatchView {
    let (history, row) = plan.history(model, mismatch.transaction);
    let inputs: Vec<Vec<u64>> = history.inputs().iter().map(|column| column.words(row)).collect();
    let cycle = plan.has_history(model.config()).then_some(row as u64);
    MismatchView::new(model.config(), mismatch, cycle, &inputs)
}

/// The options of `qrtl verify` that repeat the stimulus of a plan.
fn replay_options(job: &Verification, plan: &Plan) -> String {
    let stimulus = match (plan.exhaustive, job.effort.exhaustive) {
        (true, true) => " --exhaustive".to_string(),
        (true, false) => String::new(),
        (false, _) => format!(" --cases {} --seed {}", job.effort.cases, job.effort.seed),
    };
    // Random episodes differ with the number of lanes.
    let engine = match (job.effort.engine, plan.lanes) {
        (_, Lanes::SLICED) => " --engine sliced",
        (SimulationEngine::Verilated, _) => " --engine verilated",
        _ => "",
    };
    stimulus + engine
}

/// The shortest failing stimulus found, and the model with the initial register values that make it fail.
///
/// Registers at 0 hide a reset that leaves a register unchanged; random values show it.
fn shortest(
    single: &CompiledModel,
    plan: &Plan,
    model: &CompiledModel,
    mismatch: &Mismatch,
) -> Result<Option<(CompiledModel, Counterexample)>, VerifyError> {
    let stimulus = plan.replay(model, mismatch.transaction);
    for seed in [0].into_iter().chain(RANDOM_REGISTER_SEEDS) {
        let seeded = single.with_register_seed(seed);
        if let Some(found) = shrink(&seeded, stimulus.clone())? {
            return Ok(Some((seeded, found)));
        }
    }
    Ok(None)
}
