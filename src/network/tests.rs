use super::*;
use crate::reference::quantizer::Scheme;

/// What an accuracy may lose at 8 bits, in percentage points: one image in a hundred.
const INT8_DROP: f64 = 1.0;

fn layer(weights: [f32; 4], bias: [f32; 2]) -> Dense {
    Dense { weights: Tensor::new(vec![2, 2], weights.to_vec()).unwrap(), bias: bias.to_vec() }
}

fn rows(data: &[f32]) -> Tensor<f32> {
    Tensor::new(vec![data.len() / 2, 2], data.to_vec()).unwrap()
}

fn close(found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-6 * expected.abs().max(1.0), "{found} {expected}");
    }
}

#[test]
fn a_fifth_of_each_digit_is_for_testing() {
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
fn the_float_network_scores_what_its_training_measured() {
    let (classifier, test) = (Classifier::embedded(), Digits::embedded().test);
    let logits = classifier.activations(&test.images).pop().unwrap();
    let score = (test.correct(&logits) as u32, test.labels.len() as u32);
    assert_eq!(score, (classifier.trained_correct, classifier.trained_total));
    assert_eq!(classifier.shape(), "64-32-10");
}

#[test]
fn symmetric_codes_and_sums_are_those_computed_by_hand() {
    // Scales 1.27 / 127 = 0.01 and 2.54 / 127 = 0.02.
    let float = layer([1.27, -0.5, 0.25, 0.64], [0.5, -1.0]);
    let variant =
        Variant { weight_bits: 8, activation_bits: 8, scheme: Scheme::Symmetric, per_channel: false };
    let x = rows(&[2.54, 1.0]);
    let quantized = QuantizedDense::new(&float, &x, variant).unwrap();
    let codes = quantized.quantize(&x).unwrap();
    let operands = quantized.operands(&codes);
    let expected = Operands { x: &[127, 50], w: &[127, -50, 25, 64], terms: 2, x_zero: 0, w_zeros: &[0, 0] };
    assert_eq!(operands, expected);
    let sums = Software.accumulate(&operands).unwrap();
    assert_eq!(sums, [127 * 127 - 50 * 50, 25 * 127 + 64 * 50]);
    close(quantized.dequantize(&sums).data(), &[3.2258, 0.275]);
}

#[test]
fn affine_channels_have_a_zero_point_each() {
    // Activations -0.55..2 have scale 0.01 and zero point 55; the rows of weights -0.5..1 and 0..3 have
    // scales 0.1 and 0.2, zero points 5 and 0.
    let float = layer([1.0, -0.5, 3.0, 0.6], [0.0, 0.0]);
    let variant = Variant { weight_bits: 4, activation_bits: 8, scheme: Scheme::Affine, per_channel: true };
    let x = rows(&[2.0, -0.55]);
    let quantized = QuantizedDense::new(&float, &x, variant).unwrap();
    let codes = quantized.quantize(&x).unwrap();
    let operands = quantized.operands(&codes);
    let expected = Operands { x: &[255, 0], w: &[15, 0, 15, 3], terms: 2, x_zero: 55, w_zeros: &[5, 0] };
    assert_eq!(operands, expected);
    let sums = Software.accumulate(&operands).unwrap();
    assert_eq!(sums, [2000 + 275, 3000 - 165]);
    close(quantized.dequantize(&sums).data(), &[2.275, 5.67]);
}

#[test]
fn sums_restore_the_product_of_the_restored_operands() {
    let (classifier, digits) = (Classifier::embedded(), Digits::embedded());
    let calibration = classifier.activations(&digits.train.images);
    let inputs = classifier.activations(&digits.test.images);
    let mut compared = 0;
    for variant in Variant::grid() {
        for (float, (calibration, x)) in classifier.layers.iter().zip(calibration.iter().zip(&inputs)) {
            let layer = QuantizedDense::new(float, calibration, variant).unwrap();
            let codes = layer.quantize(x).unwrap();
            let found = layer.dequantize(&Software.accumulate(&layer.operands(&codes)).unwrap());

            let parameters =
                variant.activations().unwrap().derive(calibration.data(), calibration.shape()).unwrap();
            let x_restored = parameters.dequantize(&codes, x.shape()).unwrap();
            let (reals, shape) = (float.weights.data(), float.weights.shape());
            let parameters = variant.weights().unwrap().derive(reals, shape).unwrap();
            let w_codes = parameters.quantize(reals, shape).unwrap();
            let w_restored = parameters.dequantize(&w_codes, shape).unwrap();
            for (x, found) in x_restored.chunks(shape[1]).zip(found.data().chunks(shape[0])) {
                for (w, (bias, found)) in w_restored.chunks(shape[1]).zip(float.bias.iter().zip(found)) {
                    let products = || x.iter().zip(w).map(|(&x, &w)| f64::from(x) * f64::from(w));
                    let sum = products().sum::<f64>() + f64::from(*bias);
                    let magnitude = products().map(f64::abs).sum::<f64>() + f64::from(bias.abs());
                    // Two roundings of scales, two of each operand, two of the result.
                    let roundings = 8.0 * f64::from(f32::EPSILON);
                    assert!((f64::from(*found) - sum).abs() <= roundings * magnitude, "{variant}");
                    compared += 1;
                }
            }
        }
    }
    assert_eq!(compared, 20 * 360 * (32 + 10));
}

#[test]
fn every_variant_is_evaluated_and_eight_bits_lose_little() {
    let mut steps = Vec::new();
    let evaluation = evaluate(
        &Classifier::embedded(),
        &Digits::embedded(),
        &Variant::grid(),
        |_| Ok(Software),
        |evaluation| steps.push(evaluation.outcomes.len()),
    )
    .unwrap();
    assert_eq!(steps, (1..=20).collect::<Vec<_>>());
    let int8 = evaluation.outcomes.iter().filter(|outcome| outcome.variant.widths() == "W8A8");
    let drops: Vec<_> = int8.map(|outcome| evaluation.drop(outcome).abs()).collect();
    assert_eq!(drops.len(), 4);
    assert!(drops.iter().all(|&drop| drop <= INT8_DROP), "{drops:?}");
    for outcome in &evaluation.outcomes {
        assert_eq!((outcome.compared, outcome.mismatches), (360 * (32 + 10), 0));
        assert_eq!(outcome.errors.len(), 360 * 10);
        let rms = outcome.errors.iter().map(|&error| f64::from(error).powi(2)).sum::<f64>() / 3600.0;
        assert!((rms / outcome.logits.mse - 1.0).abs() < 1e-3);
    }
}

#[test]
fn widths_and_schemes_choose_the_unit() {
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
        let values = unit.values();
        let zero_points = [values.word("a_zero_point"), values.word("b_zero_point")];
        let expected = if values.flag("a_signed") { "none" } else { "port" };
        assert_eq!(zero_points, [expected; 2]);
    }
}

/// Wrong in its last sum, or without it.
struct Broken {
    short: bool,
}

impl MatrixEngine for Broken {
    fn accumulate(&mut self, operands: &Operands) -> Result<Vec<i64>, EngineError> {
        let mut sums = Software.accumulate(operands)?;
        let last = sums.pop().unwrap();
        if !self.short {
            sums.push(last + 1);
        }
        Ok(sums)
    }

    fn cycles(&self) -> u64 {
        7
    }
}

#[test]
fn a_wrong_sum_is_counted() {
    let grid = &Variant::grid()[..1];
    let run = |short| {
        evaluate(&Classifier::embedded(), &Digits::embedded(), grid, |_| Ok(Broken { short }), |_| ())
    };
    let outcome = &run(false).unwrap().outcomes[0];
    assert_eq!((outcome.mismatches, outcome.cycles), (2, 7));
    let error = run(true).unwrap_err().to_string();
    assert!(error.starts_with("W8A8 symmetric per tensor: the engine returned 11519 sums"), "{error}");
}

#[test]
fn what_no_unit_can_compute_is_refused() {
    let refused = |variant: Variant| {
        let run =
            evaluate(&Classifier::embedded(), &Digits::embedded(), &[variant], |_| Ok(Software), |_| ());
        run.unwrap_err().to_string()
    };
    let variant = Variant::grid()[0];
    let offset = refused(Variant { scheme: Scheme::Offset, ..variant });
    assert!(offset.contains("use symmetric or affine"), "{offset}");
    let wide = refused(Variant { weight_bits: 17, ..variant });
    assert!(wide.contains("b_bits"), "{wide}");
}
