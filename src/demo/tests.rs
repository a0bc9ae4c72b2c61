//! Tests of the classifier demo, with the software backend.

use super::quantized::{LayerOutput, QuantizedDense};
use super::*;
use crate::arithmetic::quantizer::{Scheme, TensorQuantizer};
use crate::arithmetic::rescale::Rule;
use crate::catalogue::{MacParameters, ZeroPoint};
use crate::unit::Config;

/// Largest accuracy drop at 8 bits in percentage points: one image in a hundred.
const INT8_DROP: f64 = 1.0;

fn layer(weights: [f32; 4], bias: [f32; 2]) -> DenseLayer {
    DenseLayer { weights: Tensor::new(vec![2, 2], weights.to_vec()).unwrap(), bias: bias.to_vec() }
}

/// Parameters of activations in the range of `reals`.
fn activations(variant: Variant, reals: &[f32]) -> TensorQuantizer<f32> {
    variant.activations().unwrap().derive(reals, &[reals.len()]).unwrap()
}

#[test]
fn one_fifth_of_each_digit_is_for_testing() {
    let Digits { train, test } = Digits::embedded();
    assert_eq!((train.labels.len(), test.labels.len()), (1437, 360));
    for digit in 0..10 {
        let count = |part: &Samples| part.labels.iter().filter(|&&label| label == digit).count() as f64;
        let share = count(&test) / (count(&test) + count(&train));
        assert!((share - 0.2).abs() < 0.005, "{share} of digit {digit}");
    }
    for part in [train, test] {
        assert_eq!(part.images.shape(), [part.labels.len(), 64]);
        assert!(part.images.data().iter().all(|pixel| (0.0..=1.0).contains(pixel)));
    }
}

#[test]
fn float_classifier_reproduces_training_accuracy() {
    let (classifier, test) = (Classifier::embedded(), Digits::embedded().test);
    let logits = classifier.activations(&test.images).pop().unwrap();
    let score = (test.correct(logits.data()) as u32, test.labels.len() as u32);
    assert_eq!(score, (classifier.trained_correct, classifier.trained_total));
    assert_eq!(classifier.shape(), "64-32-10");
}

#[test]
fn symmetric_layer_equals_hand_computation() {
    // Scales 2.54 / 127 = 0.02 and 1.27 / 127 = 0.01: the bias counts steps of 0.0002.
    let float = layer([1.27, -0.5, 0.25, 0.64], [0.5, -1.0]);
    let variant = Variant::INT8;
    let (input, output) = (activations(variant, &[2.54]), activations(variant, &[3.81]));
    let side = LayerOutput { parameters: &output, relu: true };
    let quantized = QuantizedDense::new(&float, &input, side, variant, Rule::Gemmlowp).unwrap();
    let x = input.quantize(&[2.54, 1.0, -2.54, 0.0], &[2, 2]).unwrap();
    let operands = quantized.mac_job(x);
    let expected = MacJob {
        x: vec![127, 50, -127, 0],
        w: vec![127, -50, 25, 64],
        terms: 2,
        x_zero: 0,
        w_zeros: vec![0, 0],
        bias: vec![2500, -5000],
    };
    assert_eq!(operands, expected);
    let sums = operands.reference();
    assert_eq!(sums, [127 * 127, 25 * 127 + 64 * 50 - 5000, -127 * 127 + 2500, -25 * 127 - 5000]);
    // 3.2258 and 0.275 in steps of 3.81 / 127 = 0.03; below zero the ReLU clamps.
    assert_eq!(quantized.requantizer_job(sums).reference(), [108, 9, 0, 0]);
}

#[test]
fn affine_layer_per_channel_equals_hand_computation() {
    // Activations -0.55..2 have scale 0.01 and zero point 55; the rows of weights -0.5..1 and 0..3 have
    // scales 0.1 and 0.2, zero points 5 and 0. Steps of the bias are 0.001 and 0.002.
    let float = layer([1.0, -0.5, 3.0, 0.6], [0.1, -0.2]);
    let variant = Variant { weight_bits: 4, activation_bits: 8, scheme: Scheme::Affine, per_channel: true };
    // -1..5.375 has scale 0.025 and zero point 40.
    let (input, output) = (activations(variant, &[2.0, -0.55]), activations(variant, &[-1.0, 5.375]));
    let x = input.quantize(&[2.0, -0.55, -0.55, -0.55], &[2, 2]).unwrap();
    let codes = |relu| {
        let side = LayerOutput { parameters: &output, relu };
        let quantized = QuantizedDense::new(&float, &input, side, variant, Rule::Single).unwrap();
        let operands = quantized.mac_job(x.clone());
        let expected = MacJob {
            x: vec![255, 0, 0, 0],
            w: vec![15, 0, 15, 3],
            terms: 2,
            x_zero: 55,
            w_zeros: vec![5, 0],
            bias: vec![100, -100],
        };
        assert_eq!(operands, expected);
        let sums = operands.reference();
        assert_eq!(sums, [2000 + 275 + 100, 3000 - 165 - 100, -550 + 275 + 100, -825 - 165 - 100]);
        quantized.requantizer_job(sums).reference()
    };
    // 2.375, 5.47, -0.175 and -2.18: 95, 218.8, -7 and -87.2 steps from the zero point.
    assert_eq!(codes(false), [135, 255, 33, 0]);
    assert_eq!(codes(true), [135, 255, 40, 40]);
}

#[test]
fn layer_codes_match_dequantized_operands() {
    let (classifier, digits) = (Classifier::embedded(), Digits::embedded());
    let calibration = classifier.activations(&digits.train.images);
    let inputs = classifier.activations(&digits.test.images);
    let mut compared = 0;
    for variant in Variant::grid() {
        for (index, float) in classifier.layers.iter().enumerate() {
            let [input, output] =
                [index, index + 1].map(|index| activations(variant, calibration[index].data()));
            let side = LayerOutput { parameters: &output, relu: false };
            let layer = QuantizedDense::new(float, &input, side, variant, Rule::Single).unwrap();
            let codes = input.quantize(inputs[index].data(), inputs[index].shape()).unwrap();
            let found = layer.requantizer_job(layer.mac_job(codes.clone()).reference()).reference();

            let x_restored = input.dequantize(&codes, inputs[index].shape()).unwrap();
            let (reals, shape) = (float.weights.data(), float.weights.shape());
            let weights = variant.weights().unwrap().derive(reals, shape).unwrap();
            let w_codes = weights.quantize(reals, shape).unwrap();
            let w_restored = weights.dequantize(&w_codes, shape).unwrap();
            let zero = match output.zero() {
                crate::arithmetic::quantizer::Zero::Points(points) => f64::from(points[0]),
                _ => unreachable!("no variant has an offset"),
            };
            let step = f64::from(output.scales()[0]);
            let (min, max) = (f64::from(output.format().min()), f64::from(output.format().max()));
            for (x, found) in x_restored.chunks(shape[1]).zip(found.chunks(shape[0])) {
                for (channel, (w, found)) in w_restored.chunks(shape[1]).zip(found).enumerate() {
                    let products = x.iter().zip(w).map(|(&x, &w)| f64::from(x) * f64::from(w));
                    let sum = products.sum::<f64>() + f64::from(float.bias[channel]);
                    // Half a step of the bias, half a step of the code, and roundings of f32.
                    let part = channel % weights.scales().len();
                    let bias_step = f64::from(input.scales()[0]) * f64::from(weights.scales()[part]);
                    let tolerance = 0.5 * bias_step / step + 0.5 + 1e-3;
                    let expected = (sum / step + zero).clamp(min, max);
                    assert!((f64::from(*found) - expected).abs() <= tolerance, "{variant}");
                    compared += 1;
                }
            }
        }
    }
    assert_eq!(compared, 20 * 360 * (32 + 10));
}

#[test]
fn evaluates_all_variants_and_8_bits_lose_little() {
    let mut steps = 0;
    let (classifier, digits, grid) = (Classifier::embedded(), Digits::embedded(), Variant::grid());
    let trained = TrainedClassifiers::embedded();
    let evaluation =
        evaluate(&classifier, &trained, &digits, &grid, &SoftwareBackend, || steps += 1).unwrap();
    assert_eq!((steps, evaluation.outcomes.len(), evaluation.rules.len()), (runs(&grid), 20, 7));
    let int8 = evaluation.outcomes.iter().filter(|outcome| outcome.variant.widths() == "W8A8");
    let logits: Vec<_> = int8.map(|outcome| &outcome.logits).chain([&evaluation.float8.logits]).collect();
    assert_eq!(logits.len(), 5);
    for logits in logits {
        assert!(evaluation.drop(logits).abs() <= INT8_DROP, "{}", evaluation.drop(logits));
    }
    let all = ComparisonTally { cycles: 0, compared: 360 * (32 + 10), mismatches: 0 };
    for outcome in evaluation
        .outcomes
        .iter()
        .chain(&evaluation.trained)
        .chain(evaluation.rules.iter().map(|rule| &rule.outcome))
    {
        assert_eq!([outcome.sums, outcome.codes], [all; 2]);
        assert_eq!(outcome.logits.errors.len(), 360 * 10);
        let squares = outcome.logits.errors.iter().map(|&error| f64::from(error).powi(2));
        let mean = squares.sum::<f64>() / 3600.0;
        assert!((mean / outcome.logits.loss.mse - 1.0).abs() < 1e-3);
    }
    // Two blocks for each of 32 outputs, one for each of 10.
    assert_eq!(evaluation.float8.dots, ComparisonTally { compared: 360 * (2 * 32 + 10), ..all });
    assert_eq!(evaluation.tallies().count(), runs(&grid));
}

#[test]
fn rules_change_expected_share_of_codes() {
    let evaluation = evaluate(
        &Classifier::embedded(),
        &TrainedClassifiers::embedded(),
        &Digits::embedded(),
        &[],
        &SoftwareBackend,
        || (),
    )
    .unwrap();
    let changed = |wanted: Rule| {
        let rule = evaluation.rules.iter().find(|rule| rule.rule == wanted).unwrap();
        assert_eq!(rule.hidden, 360 * 32);
        rule.percent()
    };
    // (R2) differs from (R1) below zero alone, where the ReLU clamps; (R3) and (R4) where (R1) rounds twice;
    // (R6) on half of the positive values.
    assert_eq!([Rule::Gemmlowp, Rule::Ruy].map(changed), [0.0, 0.0]);
    for rule in [Rule::Single, Rule::F32] {
        assert!(changed(rule) > 0.0 && changed(rule) < 0.5, "{rule} {}", changed(rule));
    }
    assert!((25.0..50.0).contains(&changed(Rule::Floor)), "{}", changed(Rule::Floor));
    assert_eq!(evaluation.rules[0].outcome.variant, Variant::INT8);
}

#[test]
fn layer_scales_use_the_arithmetic_of_their_rule() {
    let (x, w, y) = (0.1f32, 0.3f32, 0.7f32);
    let exact = f64::from(x) * f64::from(w) / f64::from(y);
    assert_eq!(layer_scale(Rule::Gemmlowp, x, w, y).unwrap().to_f64(), exact);
    let f32_factor = layer_scale(Rule::F32, x, w, y).unwrap().to_f64();
    assert_eq!((f32_factor, f32_factor == exact), (f64::from(x * w / y), false));
    // 0.0429 lies between 1/32 and 1/16, nearer to the first by its logarithm too.
    assert_eq!(layer_scale(Rule::Pow2, x, w, y).unwrap().to_f64(), 1.0 / 32.0);
    assert_eq!(layer_scale(Rule::Pow2Floor, x, 2.0 * w, y).unwrap().to_f64(), 1.0 / 16.0);
    let refused = layer_scale(Rule::Single, x, w, 0.0).unwrap_err().to_string();
    assert!(refused.contains("not a positive finite number"), "{refused}");
}

#[test]
fn splits_float8_rows_into_blocks() {
    // 40 inputs of 448 against weights of 448: each product is 1, as both scales are.
    let float = DenseLayer { weights: Tensor::new(vec![1, 40], vec![448.0; 40]).unwrap(), bias: vec![0.5] };
    let classifier = Classifier { layers: vec![float], trained_correct: 0, trained_total: 0 };
    let images = Tensor::new(vec![1, 40], vec![448.0; 40]).unwrap();
    let network = Float8Classifier::new(&classifier, &classifier.activations(&images));
    let mut dot = CheckedBackend::new(Box::new(SoftwareBackend));
    let logits = network.logits(&images, &mut dot).unwrap();
    assert_eq!(logits.data(), [40.0 * 448.0 * 448.0 + 0.5]);
    assert_eq!(dot.tally().compared, 2);
    assert_eq!(Float8Classifier::unit().unwrap().preset(), Some("fp8_dot_e4m3_h100"));
}

#[test]
fn selects_unit_by_widths_and_scheme() {
    let units: Vec<_> = Variant::grid().iter().map(|variant| variant.mac().unwrap()).collect();
    let presets: Vec<_> = units.iter().map(|unit| unit.preset()).step_by(2).collect();
    let (some, none) = (Some, None);
    let expected = [
        some("int8_mac"),
        some("uint8_mac_zp"),
        some("w4a8_mac"),
        none,
        some("int4_mac"),
        none,
        none,
        none,
        some("int2_mac"),
        none,
    ];
    assert_eq!(presets, expected);
    for unit in units {
        let MacParameters { a, b, .. } = unit.parameters();
        let expected = if a.port.signed { ZeroPoint::None } else { ZeroPoint::Port };
        assert_eq!([a.zero_point, b.zero_point], [expected; 2]);
    }
}

/// Backend whose last result is wrong or missing.
struct WrongBackend<J: Job> {
    change: fn(J::Result) -> J::Result,
    short: bool,
}

impl<J: Job> Backend<J> for WrongBackend<J> {
    fn run(&mut self, job: &J) -> Result<Vec<J::Result>, BackendError> {
        let mut results = job.reference();
        let last = results.pop().unwrap();
        if !self.short {
            results.push((self.change)(last));
        }
        Ok(results)
    }

    fn cycles(&self) -> u64 {
        7
    }
}

/// Backends, one of which gives a wrong result.
#[derive(Clone, Copy)]
struct BrokenBackends {
    unit: &'static str,
    short: bool,
}

impl BrokenBackends {
    fn engine<J: Job + 'static>(self, unit: &str, change: fn(J::Result) -> J::Result) -> Box<dyn Backend<J>> {
        if self.unit == unit {
            Box::new(WrongBackend { change, short: self.short })
        } else {
            Box::new(SoftwareBackend)
        }
    }
}

impl Backends for BrokenBackends {
    fn mac(&self, _: &Config) -> Result<Box<dyn Backend<MacJob>>, BackendError> {
        Ok(self.engine("mac", |sum| sum + 1))
    }

    fn requantizer(&self, _: &Config) -> Result<Box<dyn Backend<RequantizerJob>>, BackendError> {
        Ok(self.engine("requantizer", |code| code ^ 1))
    }

    fn dot(&self, _: &Config) -> Result<Box<dyn Backend<DotJob>>, BackendError> {
        Ok(self.engine("dot", |sum| sum ^ 1))
    }
}

#[test]
fn counts_mismatches_of_every_unit() {
    let run = |unit, short| {
        let grid = &Variant::grid()[..1];
        evaluate(
            &Classifier::embedded(),
            &TrainedClassifiers::embedded(),
            &Digits::embedded(),
            grid,
            &BrokenBackends { unit, short },
            || (),
        )
    };
    // One in each of two layers.
    for (unit, [sums, codes, dots]) in [("mac", [2, 0, 0]), ("requantizer", [0, 2, 0]), ("dot", [0, 0, 2])] {
        let evaluation = run(unit, false).unwrap();
        let integer = &evaluation.outcomes[0];
        let found = [integer.sums, integer.codes, evaluation.float8.dots];
        assert_eq!(found.map(|tally| tally.mismatches), [sums, codes, dots], "{unit}");
        assert_eq!(found.map(|tally| tally.cycles), [sums, codes, dots].map(|wrong| wrong / 2 * 7));
        assert_eq!(found.map(ComparisonTally::passed), [sums, codes, dots].map(|wrong| wrong == 0));
    }
    let texts = [
        ("mac", "W8A8 symmetric per tensor: the backend returned 11519 results instead of 11520"),
        ("requantizer", "W8A8 symmetric per tensor: the backend returned 11519 results"),
        ("dot", "E4M3 per tensor: the backend returned 23039 results"),
    ];
    for (unit, text) in texts {
        let error = run(unit, true).unwrap_err().to_string();
        assert!(error.starts_with(text), "{error}");
    }
}

#[test]
fn rejects_variants_without_a_unit() {
    let refused = |variant: Variant| {
        let run = evaluate(
            &Classifier::embedded(),
            &TrainedClassifiers::embedded(),
            &Digits::embedded(),
            &[variant],
            &SoftwareBackend,
            || (),
        );
        run.unwrap_err().to_string()
    };
    let variant = Variant::grid()[0];
    let offset = refused(Variant { scheme: Scheme::Offset, ..variant });
    assert!(offset.contains("use symmetric or affine"), "{offset}");
    let wide = refused(Variant { weight_bits: 17, ..variant });
    assert!(wide.contains("b_bits"), "{wide}");
    let software = requantizer(Rule::F64).unwrap_err().to_string();
    assert!(software.contains("f64"), "{software}");
}

#[test]
fn training_for_a_variant_restores_most_of_its_accuracy() {
    let (classifier, trained) = (Classifier::embedded(), TrainedClassifiers::embedded());
    let evaluation =
        evaluate(&classifier, &trained, &Digits::embedded(), &Variant::grid(), &SoftwareBackend, || ())
            .unwrap();
    let least = |widths: &str, affine: bool| {
        let is_own = |result: &&VariantResult| {
            result.variant.widths() == widths && (result.variant.scheme == Scheme::Affine) == affine
        };
        let drops = evaluation.trained.iter().filter(is_own).map(|result| evaluation.drop(&result.logits));
        drops.reduce(f64::min).unwrap()
    };
    assert!(least("W4A4", false) <= 0.5 && least("W4A4", true) <= 0.5);
    assert!(least("W2A2", true) <= 5.0, "{}", least("W2A2", true));
    for (calibrated, trained) in evaluation.variants().filter(|(result, _)| result.variant.weight_bits == 2) {
        assert!(trained.logits.correct > calibrated.logits.correct, "{}", calibrated.variant);
    }
}
