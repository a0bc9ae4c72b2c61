//! The classifier demo on Verilated units, and on a requantizer that implements another rule.

use qrtl::arithmetic::quantizer::Scheme;
use qrtl::arithmetic::rescale::Rule;
use qrtl::demo::{
    Classifier, ComparisonTally, Digits, Evaluation, RULES, TrainedClassifiers, Variant, VerilatedBackends,
    evaluate, requantizer,
};
use qrtl::generator::{named, render};
use qrtl::model::Lanes;
use qrtl::simulation::{CompiledModel, ModelBuilder, ModelError, Models};
use qrtl::unit::Config;

/// Affine per channel, and the variant with the longest bias.
const GRID: [Variant; 2] = [
    Variant { weight_bits: 8, activation_bits: 8, scheme: Scheme::Affine, per_channel: true },
    Variant { weight_bits: 2, activation_bits: 2, scheme: Scheme::Symmetric, per_channel: true },
];

fn run(models: &dyn Models) -> Evaluation {
    let (classifier, trained) = (Classifier::embedded(), TrainedClassifiers::embedded());
    evaluate(&classifier, &trained, &Digits::embedded(), &GRID, &VerilatedBackends::new(models), || ())
        .unwrap()
}

#[test]
fn every_sum_and_code_equals_reference() {
    let models = ModelBuilder::discover(&|_| ()).unwrap();
    models.build_all(&VerilatedBackends::models(&GRID).unwrap(), &|| ()).unwrap();
    let evaluation = run(&models);
    let outputs = 360 * (32 + 10);
    for outcome in evaluation
        .outcomes
        .iter()
        .chain(&evaluation.trained)
        .chain(evaluation.rules.iter().map(|rule| &rule.outcome))
    {
        for tally in [outcome.sums, outcome.codes] {
            assert_eq!((tally.compared, tally.mismatches), (outputs, 0), "{}", outcome.variant);
            assert!(tally.cycles > outputs / 64, "{}", outcome.variant);
        }
    }
    assert_eq!((evaluation.float8.dots.compared, evaluation.float8.dots.mismatches), (360 * 74, 0));
    assert_eq!(evaluation.tallies().count(), 2 * GRID.len() + RULES.len() + 1);
}

/// Models whose gemmlowp requantizer implements rule `floor`.
struct Floored(ModelBuilder);

impl Models for Floored {
    fn model(
        &self,
        config: &Config,
        verilog: &str,
        lanes: Lanes,
        trace: bool,
    ) -> Result<CompiledModel, ModelError> {
        let floored = named(requantizer(Rule::Floor)?, config.name())?;
        let is_gemmlowp = config.name() == requantizer(Rule::Gemmlowp)?.name();
        let verilog = if is_gemmlowp { render(&floored) } else { verilog.to_string() };
        self.0.model(config, &verilog, lanes, trace)
    }
}

#[test]
#[ignore = "runs the whole classifier"]
fn detects_requantizer_of_another_rule() {
    let evaluation = run(&Floored(ModelBuilder::discover(&|_| ()).unwrap()));
    for outcome in &evaluation.outcomes {
        assert_eq!((outcome.sums.mismatches, outcome.sums.passed()), (0, true));
        assert!(outcome.codes.mismatches > 0, "{}", outcome.variant);
    }
    let failed: Vec<bool> = evaluation.rules.iter().map(|rule| !rule.outcome.tally().passed()).collect();
    assert_eq!(failed, [true, false, false, false, false, false, false]);
    assert!(!evaluation.tallies().all(ComparisonTally::passed));
}
