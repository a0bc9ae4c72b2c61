//! Verification of one config: runs stimulus, model, reference and scoreboard.

use std::time::Instant;

use super::comparison_result::ComparisonResult;
use super::effort::Effort;
use super::engine_choice::EngineChoice;
use super::explain::explain;
use super::job::Verification;
use super::plan::{Plan, PlanPart, Scope};
use super::report::Report;
use super::scoreboard::compare_shard;
use super::verify_error::VerifyError;
use crate::model::Lanes;
use crate::simulation::CompiledModel;
use crate::stimulus::Shard;
use crate::text::hex_digest;

impl Verification<'_> {
    /// Builds the model, runs all parts of the stimulus until one fails, and explains a failure.
    ///
    /// # Errors
    /// When the model cannot be built, the design ends its simulation, or a requested exhaustive sweep is
    /// too large.
    pub fn run(&self) -> Result<Report, VerifyError> {
        let scope = Scope::new(self.config, &self.effort)?;
        let choice = EngineChoice::new(self, scope.transactions(&self.effort))?;
        let plans = Plan::all(self.config, &self.effort, scope, choice.model.lanes());
        let is_main = |plan: &&Plan| plan.part == PlanPart::Main;
        let transactions = plans.iter().find(is_main).map_or(0, |plan| plan.stimulus.transactions());
        let mut short_parts = ShortParts::default();
        let mut reported = None;
        for plan in plans {
            let run = self.run_plan(plan, &choice.model)?;
            short_parts.add(&run);
            let fails = !run.result.first_mismatches.is_empty();
            if fails || run.plan.part == PlanPart::Main {
                reported = Some(run);
            }
            if fails {
                break;
            }
        }
        let run = reported.expect("the main part runs unless another part fails before it");
        self.report(run, choice, transactions, short_parts)
    }

    fn run_plan(&self, plan: Plan, chosen: &CompiledModel) -> Result<PlanRun, VerifyError> {
        let is_main = plan.part == PlanPart::Main;
        let shard = if is_main { self.effort.shard } else { Shard::WHOLE };
        if is_main {
            self.progress.begin(plan.stimulus.transactions() / u64::from(shard.count));
        }
        let advance = |count: u64| {
            if is_main {
                self.progress.advance(count);
            }
        };
        let model = self.model_of_plan(&plan, chosen)?;
        let clock = Instant::now();
        let result = compare_shard(&model, plan.stimulus.as_ref(), shard, self.effort.threads, &advance)?;
        Ok(PlanRun { plan, model, result, seconds: clock.elapsed().as_secs_f64() })
    }

    fn model_of_plan(&self, plan: &Plan, chosen: &CompiledModel) -> Result<CompiledModel, VerifyError> {
        let model =
            if plan.lanes == chosen.lanes() { chosen.clone() } else { self.verilated(plan.lanes, false)? };
        Ok(match plan.part {
            // Random initial values of registers do not count as coverage.
            PlanPart::RandomRegisters => model.with_register_seed(plan.register_seed),
            _ => model.with_coverage(self.models.coverage()),
        })
    }

    fn report(
        &self,
        run: PlanRun,
        choice: EngineChoice,
        transactions: u64,
        short_parts: ShortParts,
    ) -> Result<Report, VerifyError> {
        let PlanRun { plan, model, result, seconds } = run;
        let failure = match result.first_mismatches.as_slice() {
            [] => None,
            mismatches => Some(explain(self, &plan, &model, mismatches)?),
        };
        let coverage = self.models.coverage();
        Ok(Report {
            preset: self.config.name().to_string(),
            unit: self.config.unit().name().to_string(),
            arguments: self.config.arguments(),
            digest: hex_digest(&[self.config.digest().as_bytes(), self.text().as_bytes()]),
            domain: plan.domain,
            transactions,
            compared: result.compared,
            exhaustive: plan.exhaustive && Some(result.compared) == plan.domain,
            control_cycles: short_parts.control_cycles,
            long_sum_cycles: short_parts.long_sum_cycles,
            random_start_cycles: short_parts.random_start_cycles,
            mismatches: result.mismatches,
            seconds,
            seed: (!plan.exhaustive).then_some(self.effort.seed),
            lanes: plan.lanes.0,
            engine: choice.engine,
            unsliced: choice.unsliced,
            coverage: coverage.map(|coverage| coverage.summary(&format!("{}.v", self.config.name()))),
            four_state: None,
            recorded: None,
            failure,
            wrong_module: None,
        })
    }
}

/// A plan that was run.
struct PlanRun {
    plan: Plan,
    model: CompiledModel,
    result: ComparisonResult,
    seconds: f64,
}

/// Cycles compared in the secondary parts; `None` for a part that was not run.
#[derive(Default)]
struct ShortParts {
    control_cycles: Option<u64>,
    long_sum_cycles: Option<u64>,
    random_start_cycles: Option<u64>,
}

impl ShortParts {
    fn add(&mut self, run: &PlanRun) {
        let cycles = match run.plan.part {
            PlanPart::Main => return,
            PlanPart::Control => &mut self.control_cycles,
            PlanPart::LongSums => &mut self.long_sum_cycles,
            PlanPart::RandomRegisters => &mut self.random_start_cycles,
        };
        *cycles.get_or_insert(0) += run.result.compared;
    }
}

/// Whether a model of one lane differs from its reference anywhere in the stimulus of a [`Verification`].
///
/// A design that ends its simulation counts as different.
///
/// # Errors
/// When a requested exhaustive sweep is too large.
pub fn differs(model: &CompiledModel, effort: &Effort) -> Result<bool, VerifyError> {
    let scope = Scope::new(model.config(), effort)?;
    let plans = Plan::all(model.config(), effort, scope, Lanes::ONE);
    let differs = |plan: &Plan| {
        let model = model.with_register_seed(plan.register_seed);
        match compare_shard(&model, plan.stimulus.as_ref(), effort.shard, effort.threads, &|_| ()) {
            Ok(result) => !result.first_mismatches.is_empty(),
            Err(_) => true,
        }
    };
    Ok(plans.iter().any(differs))
}
