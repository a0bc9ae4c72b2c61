//! Tests of identification on recordings made with a rule.

use super::*;
use crate::arithmetic::quantizer::CodeFormat;
use crate::arithmetic::rescale::{OutputStage, Scale};
use crate::rules::identification::{DifferingOutput, IdentificationVerdict};

fn stage(zero_point: i32) -> OutputStage {
    OutputStage::new(CodeFormat::new(8, true).unwrap(), zero_point).unwrap()
}

fn parameters(scales: &[Scale], output: OutputStage) -> RescaleParameters {
    RescaleParameters { scales: scales.to_vec(), outputs: vec![output], biases: None }
}

fn identified(
    parameters: &RescaleParameters,
    acc: &[i64],
    codes: &[i32],
) -> Result<RuleIdentification, RescaleError> {
    Hypotheses { acc_bits: 32, parameters, formed: &[] }.identify(acc, codes)
}

fn recorded(rule: Rule, parameters: &RescaleParameters, acc: &[i64]) -> Vec<i32> {
    let rescaler = parameters.rescaler(rule, 32).unwrap();
    acc.iter().enumerate().map(|(index, &acc)| rescaler.rescale(acc, index)).collect()
}

const SCALE: Scale = Scale::Fixed { multiplier: 1_185_020_333, shift: -7 };

#[test]
fn one_accumulator_near_a_tie_distinguishes_rules() {
    let parameters = parameters(&[Scale::fixed(1_185_020_333, -2).unwrap()], stage(0));
    let identification = identified(&parameters, &[0, 387], &[0, 54]).unwrap();
    assert_eq!(identification.compared, 2);
    let explaining: Vec<Rule> = identification.explaining().collect();
    assert_eq!(explaining, [Rule::Gemmlowp, Rule::Ruy]);
    let single = &identification.findings[2];
    let first = DifferingOutput { index: 1, acc: 387, recorded: 54, computed: 53 };
    assert_eq!(*single, (Rule::Single, RuleFinding::Contradicted { wrong: 1, first }));
    assert!(matches!(
        identification.findings[6],
        (Rule::Pow2, RuleFinding::Inapplicable(RescaleError::NotPowerOfTwo(_)))
    ));
    assert_eq!(identification.findings.len(), Rule::ALL.len());
}

#[test]
fn finds_counterexample_beyond_first_chunk() {
    let parameters = parameters(&[Scale::Real(0.5)], stage(0));
    let acc: Vec<i64> = (0..5000).map(|i| i % 200).collect();
    let mut codes: Vec<i32> = acc.iter().map(|&acc| (acc as i32) >> 1).collect();
    codes[4321] += 7;
    let identification = identified(&parameters, &acc, &codes).unwrap();
    let (rule, floor) = &identification.findings[5];
    let first = DifferingOutput { index: 4321, acc: 121, recorded: 67, computed: 60 };
    assert_eq!((*rule, floor), (Rule::Floor, &RuleFinding::Contradicted { wrong: 1, first }));
    assert_eq!(identification.verdict(), IdentificationVerdict::NoRule);
    let text = identification.sentence();
    assert!(
        text.contains("comes nearest and differs on 1 of 5000, first at acc 121: 60, recorded 67"),
        "{text}"
    );
}

#[test]
fn rejects_empty_and_unequal_recordings() {
    let parameters = parameters(&[Scale::Real(0.5)], stage(0));
    assert_eq!(identified(&parameters, &[], &[]), Err(RescaleError::NothingToCompare));
    let unequal = RescaleError::UnequalLengths { acc: 2, out: 1 };
    assert_eq!(identified(&parameters, &[1, 2], &[1]), Err(unequal));
}

/// Each rule is alone after the suggested accumulators are recorded, or shares its function with the others.
#[test]
fn suggested_accumulators_separate_every_rule() {
    let mut named = 0;
    for scale in [SCALE, Scale::Real(0.004_311), Scale::Real(0.031_25), Scale::Real(0.74)] {
        let parameters = parameters(&[scale], stage(-3));
        for rule in Rule::ALL {
            let Ok(_) = parameters.rescaler(rule, 32) else { continue };
            let few: Vec<i64> = (-20..20).map(|index| index * 997).collect();
            let before = identified(&parameters, &few, &recorded(rule, &parameters, &few)).unwrap();
            assert!(before.explaining().any(|other| other == rule), "{rule}");
            let mut acc = few.clone();
            acc.extend(before.separating.iter().map(|row| row[0]));
            let after = identified(&parameters, &acc, &recorded(rule, &parameters, &acc)).unwrap();
            assert_eq!(after.verdict(), IdentificationVerdict::Identified, "{rule} {scale:?}: {after}");
            assert!(after.functions[0].contains(&rule), "{rule}: {after}");
            named += 1;
        }
    }
    assert!(named > 35, "{named}");
}

#[test]
fn names_neighbouring_multiplier() {
    let scale = 0.004_311_f32;
    let given = parameters(&[Scale::Real(scale.into())], stage(0));
    let truth = parameters(&[Scale::Real(scale.next_up().into())], stage(0));
    // Every threshold of both, which differ in few accumulators at most.
    let thresholds = truth.rescaler(Rule::F32, 32).unwrap().thresholds(0).unwrap();
    let mut acc: Vec<i64> = thresholds.accumulators.iter().flat_map(|&acc| [acc - 1, acc]).collect();
    acc.extend((0..1 << 20).map(|index| index - (1 << 19)));
    let identification = identified(&given, &acc, &recorded(Rule::F32, &truth, &acc)).unwrap();
    let (_, finding) = &identification.findings[3];
    assert!(matches!(finding, RuleFinding::Explains { .. }), "{identification}");
}

#[test]
fn few_samples_name_no_rule() {
    let parameters = parameters(&[SCALE], stage(0));
    // One accumulator on which gemmlowp and single differ, and none beside it.
    let range: Vec<i64> = (-30_000..30_000).collect();
    let [gemmlowp, single] = [Rule::Gemmlowp, Rule::Single].map(|rule| recorded(rule, &parameters, &range));
    let index = (0..range.len()).find(|&index| gemmlowp[index] != single[index]).unwrap();
    let acc = [range[index], 5];
    let identification = identified(&parameters, &acc, &recorded(Rule::Single, &parameters, &acc)).unwrap();
    assert!(!identification.is_explained() || identification.functions.len() > 1, "{identification}");
}

#[test]
fn channels_with_rules_of_their_own_are_told_apart() {
    let parameters = parameters(&[SCALE, SCALE], stage(0));
    let acc: Vec<i64> = (-30_000..30_000).flat_map(|acc| [acc, acc]).collect();
    let [gemmlowp, floor] = [Rule::Gemmlowp, Rule::Floor].map(|rule| recorded(rule, &parameters, &acc));
    let codes: Vec<i32> = (0..acc.len()).map(|i| if i % 2 == 0 { gemmlowp[i] } else { floor[i] }).collect();
    let identification = identified(&parameters, &acc, &codes).unwrap();
    assert_eq!(identification.verdict(), IdentificationVerdict::ChannelsDiffer);
    assert!(identification.by_channel[0].rules.contains(&Rule::Gemmlowp), "{identification}");
    assert!(identification.by_channel[1].rules.contains(&Rule::Floor), "{identification}");
}

#[test]
fn finds_zero_point_clamp_and_scale() {
    let acc: Vec<i64> = (-40_000..40_000).collect();
    let given = parameters(&[SCALE], stage(0));
    let doubled = Scale::Fixed { multiplier: 1_185_020_333, shift: -6 };
    let truths = [
        (parameters(&[SCALE], stage(-11)), "With --zero-point -11,"),
        (parameters(&[SCALE], stage(-11).relu().unwrap()), "--min -11 (a fused ReLU)"),
        (parameters(&[SCALE], stage(0).clamped(-100, 90).unwrap()), "With --min -100, --max 90,"),
        (parameters(&[doubled], stage(0)), "With a scale times 2^1,"),
    ];
    for (truth, sentence) in truths {
        let identification = identified(&given, &acc, &recorded(Rule::Gemmlowp, &truth, &acc)).unwrap();
        assert_eq!(identification.verdict(), IdentificationVerdict::NoRule);
        let text = identification.sentence();
        assert!(text.contains(sentence) && text.contains("gemmlowp"), "{text}");
        assert!(identification.amendment.unwrap().rules.contains(&Rule::Gemmlowp));
    }
    let off = parameters(&[Scale::Real(SCALE.to_f64() * 1.03)], stage(0));
    let text = identified(&given, &acc, &recorded(Rule::Single, &off, &acc)).unwrap().sentence();
    assert!(text.contains("a scale about +3.0"), "{text}");
}

#[test]
fn float_bias_is_distinguished_from_integer_bias() {
    let biases = Some(vec![1234.567_f32]);
    let parameters = RescaleParameters { biases, ..parameters(&[Scale::Real(0.0371)], stage(2)) };
    let acc: Vec<i64> = (-6000..6000).collect();
    let identification = identified(&parameters, &acc, &recorded(Rule::F32Bias, &parameters, &acc)).unwrap();
    let explaining: Vec<Rule> = identification.explaining().collect();
    assert_eq!(explaining, [Rule::F32Bias], "{identification}");
}

/// Without thresholds, which are not computed for so many channels, one output near a tie is no evidence.
#[test]
fn rule_without_thresholds_is_not_named_on_few_outputs() {
    let parameters = parameters(&[SCALE], stage(0));
    let acc = [500, -500];
    let identification = identified(&parameters, &acc, &recorded(Rule::Single, &parameters, &acc)).unwrap();
    let functions = vec![vec![Rule::Single]];
    let alone = RuleIdentification { functions, pinned: 0, thresholds: 0, decisive: 1, ..identification };
    assert_eq!(alone.verdict(), IdentificationVerdict::TooFewNearTies);
    assert_eq!(RuleIdentification { decisive: 8, ..alone }.verdict(), IdentificationVerdict::Identified);
}

/// Rules on more channels than thresholds are computed for are not called one function.
#[test]
fn rules_on_many_channels_are_not_merged() {
    let parameters = parameters(&vec![SCALE; 2000], stage(0));
    let acc = vec![500; 2000];
    let identification = identified(&parameters, &acc, &recorded(Rule::Single, &parameters, &acc)).unwrap();
    assert!(identification.functions.len() > 3, "{identification}");
    assert!(identification.functions.iter().all(|rules| rules.len() == 1), "{identification}");
}
