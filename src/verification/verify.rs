//! Verification of one config: stimulus, model, reference and scoreboard put together.

use std::time::Instant;

use super::effort::Effort;
use super::engine_choice::{EngineChoice, choose};
use super::explain::explain;
use super::plan::{Plan, PlanPart, Scope};
use super::report::Report;
use super::scoreboard::compare_shard;
use super::verify_error::VerifyError;
use crate::model::Lanes;
use crate::simulation::{CompiledModel, Models};
use crate::stimulus::Shard;
use crate::text::hex_digest;
use crate::unit::Config;

/// Verifies `verilog`, which defines the module of the config, against the config's reference.
/// `begin` is told the number of transactions, then `progress` each time how many more were compared.
///
/// # Errors
/// When there is no model, the simulation stops by itself, or the sweep asked for is endless.
pub fn verify(
    config: &Config,
    verilog: &str,
    models: &dyn Models,
    effort: &Effort,
    begin: &dyn Fn(u64),
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Report, VerifyError> {
    let scope = Scope::new(config, effort)?;
    let EngineChoice { rtl, engine, unsliced } =
        choose(config, verilog, models, effort, scope.transactions(effort))?;
    let plans = Plan::all(config, effort, scope, rtl.lanes());
    let transactions =
        plans.iter().find(|plan| plan.part == PlanPart::Main).map(|plan| plan.stimulus.transactions());
    let rtl = rtl.with_coverage(models.coverage());
    let mut verdict = None;
    let (mut control_cycles, mut long_sum_cycles, mut random_start_cycles) = (None, None, None);
    for plan in plans {
        let tell: &(dyn Fn(u64) + Sync) = if plan.part == PlanPart::Main { progress } else { &|_| () };
        if plan.part == PlanPart::Main {
            begin(plan.stimulus.transactions() / u64::from(effort.shard.count));
        }
        let rtl = match plan.part {
            // What registers happen to begin with covers nothing.
            PlanPart::RandomStart => rtl.with_register_seed(plan.start).with_coverage(None),
            _ if plan.lanes != rtl.lanes() => {
                let single = models.model(config, verilog, plan.lanes, false).map_err(VerifyError::Model)?;
                single.with_coverage(models.coverage())
            }
            _ => rtl.clone(),
        };
        let clock = Instant::now();
        let shard = if plan.part == PlanPart::Main { effort.shard } else { Shard::WHOLE };
        let outcome = compare_shard(&rtl, plan.stimulus.as_ref(), shard, effort.threads, tell)?;
        match plan.part {
            PlanPart::Main => {}
            PlanPart::Control => *control_cycles.get_or_insert(0) += outcome.compared,
            PlanPart::LongSums => *long_sum_cycles.get_or_insert(0) += outcome.compared,
            PlanPart::RandomStart => *random_start_cycles.get_or_insert(0) += outcome.compared,
        }
        // What fails first is what is told.
        let fails = !outcome.described.is_empty();
        if fails || plan.part == PlanPart::Main {
            verdict = Some((plan, rtl, outcome, clock.elapsed().as_secs_f64()));
        }
        if fails {
            break;
        }
    }
    let (plan, rtl, outcome, seconds) = verdict.expect("the main part is run unless another fails before it");
    let mut report = Report {
        preset: config.name().to_string(),
        unit: config.unit().name().to_string(),
        arguments: config.arguments(),
        digest: hex_digest(&[config.digest().as_bytes(), verilog.as_bytes()]),
        domain: plan.domain,
        transactions: transactions.unwrap_or_default(),
        compared: outcome.compared,
        exhaustive: plan.exhaustive && Some(outcome.compared) == plan.domain,
        control_cycles,
        long_sum_cycles,
        random_start_cycles,
        mismatches: outcome.mismatches,
        seconds,
        seed: (!plan.exhaustive).then_some(effort.seed),
        lanes: plan.lanes.0,
        engine,
        unsliced,
        coverage: models.coverage().map(|coverage| coverage.summary(&format!("{}.v", config.name()))),
        four_state: None,
        failure: None,
    };
    if !outcome.described.is_empty() {
        report.failure = Some(explain(config, verilog, models, effort, &plan, &rtl, &outcome.described)?);
    }
    Ok(report)
}

/// Whether a model of one lane differs from its reference anywhere in the stimulus that [`verify`] would
/// give it; a simulation that ends by itself differs.
///
/// # Errors
/// When the sweep asked for is endless.
pub fn differs(rtl: &CompiledModel, effort: &Effort) -> Result<bool, VerifyError> {
    let scope = Scope::new(rtl.config(), effort)?;
    let plans = Plan::all(rtl.config(), effort, scope, Lanes::ONE);
    let differs = |plan: &Plan| {
        let rtl = rtl.with_register_seed(plan.start);
        match compare_shard(&rtl, plan.stimulus.as_ref(), effort.shard, effort.threads, &|_| ()) {
            Ok(outcome) => !outcome.described.is_empty(),
            Err(_) => true,
        }
    };
    Ok(plans.iter().any(differs))
}
