//! Tests of lines against the thresholds of the rules, in 128-bit integers.

use super::super::requantization::{Requantization, RoundingRule, Source};
use super::channels::ChannelForm;
use super::comparisons::ComparisonForm;
use super::division::StaircaseDivision;
use super::form::LineForm;
use super::line::{FRACTION, Lines, Slope};
use super::staircase::{Constants, Staircase};
use crate::circuit::constant_matrix::AdderFunction;
use crate::unit::{Integer, Target};

const RULES: [RoundingRule; 12] = [
    RoundingRule::Single,
    RoundingRule::Gemmlowp,
    RoundingRule::Ruy,
    RoundingRule::F32,
    RoundingRule::Floor,
    RoundingRule::Pow2,
    RoundingRule::Pow2Floor,
    RoundingRule::F64,
    RoundingRule::Int16,
    RoundingRule::F32AfterZeroPoint,
    RoundingRule::F32Bias,
    RoundingRule::F32Away,
];

/// Pseudo-random numbers (SplitMix64).
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ z >> 31) % end as u64) as i64
    }

    fn between(&mut self, min: i64, max: i64) -> i64 {
        min + self.below(max - min + 1)
    }
}

/// A requantizer with constant numbers of a rule.
fn draw(rule: RoundingRule, draw: &mut Draw) -> (Requantization, Constants) {
    let out = Integer { bits: draw.between(4, 8) as u32, signed: draw.below(3) > 0 };
    let accumulator = Integer::signed(draw.between(16, 32) as u32);
    let code = |draw: &mut Draw| draw.between(out.min() as i64, out.max() as i64);
    let zero_point = if draw.below(2) == 0 { 0 } else { code(draw) };
    let (min, max) = (code(draw), code(draw));
    let has_clamp = draw.below(3) == 0;
    let (clamp_min, clamp_max) =
        if has_clamp { (min.min(max), min.max(max)) } else { (out.min() as i64, out.max() as i64) };
    let shift = draw.between(-13, -2);
    let (multiplier, shift) = match rule {
        rule if rule.is_binary32() => ((127 + shift) << 23 | draw.below(1 << 23), 0),
        RoundingRule::F64 => ((1023 + shift) << 52 | draw.below(1 << 52), 0),
        RoundingRule::Pow2 | RoundingRule::Pow2Floor => (0, shift),
        _ => (draw.between(1 << 30, i32::MAX.into()), shift),
    };
    let bias =
        if rule == RoundingRule::F32Bias { (130 + draw.below(12)) << 23 | draw.below(1 << 23) } else { 0 };
    let constants = Constants { multiplier, shift, bias, zero_point, clamp_min, clamp_max };
    let requantization = Requantization {
        rule,
        accumulator,
        out,
        multiplier: Some(Source::Constant(multiplier)),
        shift: Some(Source::Constant(shift)),
        bias: Some(Source::Constant(bias)),
        zero_point: Source::Constant(zero_point),
        clamp_min: Some(Source::Constant(clamp_min)),
        clamp_max: Some(Source::Constant(clamp_max)),
    };
    (requantization, constants)
}

/// The code of a line before it is clamped, bit by bit as its additions compute it.
fn level(form: &LineForm, acc: i128) -> i128 {
    let segments = form.upper.len() as i128;
    let segment = (((acc - form.window.min()) * segments) >> form.window.bits) as usize;
    let keep = |value: i128, low: u32| value >> low << low;
    let addend = form.addend.as_ref().map_or(0, |addend| addend[segment]);
    if let Some(factor) = form.factor {
        return (keep(acc * factor, form.low) + addend) >> form.slope.fraction;
    }
    let mut nodes = vec![acc];
    for (operation, node) in form.graph.operations.iter().zip(1..) {
        let carried = form.carrier.as_ref().filter(|carrier| carrier.node == node);
        let constant = carried.map_or(0, |carrier| carrier.constants[segment]);
        let low = keep(nodes[operation.low], form.lowest[node]);
        let high = keep((nodes[operation.high] << operation.shift) + constant, form.lowest[node]);
        let value = match operation.function {
            AdderFunction::Add => low + high,
            AdderFunction::Subtract => low - high,
            AdderFunction::Reverse => high - low,
            AdderFunction::Negate => -low,
        };
        assert!(form.types[node].holds(value), "node {node} of {form:?} at {acc}");
        nodes.push(value);
    }
    let term = |term: &super::form::AdditionTerm| {
        let value = keep(nodes[term.node] << term.shift, form.low);
        // A complement, which is one unit less than the negative.
        if term.is_negative { -value - (1 << term.shift.max(form.low)) } else { value }
    };
    let above = match form.terms[..] {
        [_, second] => (form.types[second.node].bits - 1 + second.shift).max(form.low),
        _ => form.low,
    };
    let sum: i128 = form.terms.iter().map(term).sum();
    (sum + (form.upper[segment] << above) + form.lower[segment] + addend) >> form.slope.fraction
}

/// Panics unless the line rises exactly at the thresholds.
fn certify(staircase: &Staircase, form: &LineForm, what: &str) {
    let code = |acc: i64| (level(form, acc.into()) as i64).clamp(staircase.first, staircase.last());
    for (threshold, target) in staircase.steps() {
        assert!(code(threshold) >= target, "{what}: {form:?} at {threshold}");
        assert!(code(threshold - 1) < target, "{what}: {form:?} at {}", threshold - 1);
    }
    let window = form.window;
    for acc in [window.min() as i64, -1, 0, window.max() as i64] {
        assert_eq!(code(acc), staircase.code(acc), "{what}: {form:?} at {acc}");
        assert!(form.code.holds(level(form, acc.into())), "{what}: {form:?} at {acc}");
    }
}

/// Certifies the lines of `count` draws of a rule, and returns the number of lines.
fn certify_drawn(rule: RoundingRule, count: u64) -> u64 {
    let mut lines = 0;
    for seed in 0..count {
        let mut numbers = Draw((rule as u64) << 32 | seed);
        let (requantization, constants) = draw(rule, &mut numbers);
        let what = format!("{requantization:?}");
        let staircase = Staircase::of_rule(&requantization, &constants).expect("no left shift");
        if staircase.thresholds.is_empty() {
            continue;
        }
        let target = [Target::Generic, Target::Ice40, Target::Ecp5][numbers.below(3) as usize];
        let adders = LineForm::additions(&staircase, target);
        let short = LineForm::short_multiplier(&staircase, target);
        for form in [adders, short].into_iter().flatten() {
            certify(&staircase, &form, &what);
            lines += 1;
        }
    }
    lines
}

#[test]
fn lines_have_the_thresholds_of_drawn_rules() {
    let lines: u64 = RULES.into_iter().map(|rule| certify_drawn(rule, 4)).sum();
    // Two roundings to binary32 may leave a rule without a line.
    assert!(lines >= 2 * 6 * 4 * 9 / 10, "{lines} lines");
}

macro_rules! many_drawn_rules {
    ($($test:ident: $rule:ident, $least:literal;)*) => {$(
        #[test]
        #[ignore = "200 searches take half a minute"]
        fn $test() {
            let lines = certify_drawn(RoundingRule::$rule, 200);
            assert!(lines >= $least, "{lines} lines");
        }
    )*};
}

many_drawn_rules! {
    lines_have_the_thresholds_of_many_draws_of_gemmlowp: Gemmlowp, 300;
    lines_have_the_thresholds_of_many_draws_of_ruy: Ruy, 300;
    lines_have_the_thresholds_of_many_draws_of_single: Single, 300;
    lines_have_the_thresholds_of_many_draws_of_f32: F32, 100;
    lines_have_the_thresholds_of_many_draws_of_floor: Floor, 300;
    lines_have_the_thresholds_of_many_draws_of_pow2: Pow2, 300;
    lines_have_the_thresholds_of_many_draws_of_pow2_floor: Pow2Floor, 300;
}

/// The staircase of the scale of the presets.
fn preset(rule: RoundingRule) -> Staircase {
    let (mut requantization, mut constants) = draw(rule, &mut Draw(0));
    (requantization.accumulator, requantization.out) = (Integer::signed(32), Integer::signed(8));
    constants = Constants { zero_point: 0, clamp_min: -128, clamp_max: 127, ..constants };
    (constants.multiplier, constants.shift) = match rule {
        RoundingRule::F32 => (999_113_715, 0),
        _ => (1_185_020_333, -7),
    };
    Staircase::of_rule(&requantization, &constants).expect("no left shift")
}

#[test]
fn line_equals_rule_for_every_accumulator_of_window() {
    for rule in [RoundingRule::Single, RoundingRule::Gemmlowp, RoundingRule::F32] {
        let staircase = preset(rule);
        let window = staircase.window();
        assert_eq!(window.bits, 16, "{rule:?}");
        for target in [Target::Ice40, Target::Ecp5] {
            let forms =
                [LineForm::additions(&staircase, target), LineForm::short_multiplier(&staircase, target)];
            for form in forms {
                let form = form.expect("a line");
                certify(&staircase, &form, rule.word());
                for acc in window.min() as i64..=window.max() as i64 {
                    let code = (level(&form, acc.into()) as i64).clamp(-128, 127);
                    assert_eq!(code, staircase.code(acc), "{rule:?} at {acc}");
                }
            }
        }
    }
}

#[test]
fn multiplier_outside_its_interval_has_no_offset() {
    for rule in [RoundingRule::Single, RoundingRule::Gemmlowp, RoundingRule::F32] {
        for bits in 1..=4 {
            let lines = Lines::new(&preset(rule), bits);
            let slopes = lines.slopes().expect("the rule itself is a line");
            let offsets = |multiplier| lines.offsets(Slope { multiplier, fraction: FRACTION });
            for (inside, outside) in [(slopes.min, slopes.min - 1), (slopes.max, slopes.max + 1)] {
                assert!(offsets(inside).is_some(), "{rule:?} {bits} {inside}");
                assert!(offsets(outside).is_none(), "{rule:?} {bits} {outside}");
            }
        }
    }
}

#[test]
fn multiplier_outside_its_interval_is_refuted_by_a_threshold() {
    let staircase = preset(RoundingRule::Single);
    let mut form = LineForm::short_multiplier(&staircase, Target::Ecp5).expect("a line");
    let factor = form.factor.expect("a multiplier");
    for wrong in [factor - 1, factor + 1] {
        form.factor = Some(wrong);
        let wrong_codes = staircase.steps().filter(|&(threshold, target)| {
            let code = |acc: i64| level(&form, acc.into());
            code(threshold) < target.into() || code(threshold - 1) >= target.into()
        });
        assert!(wrong_codes.count() > 0, "{wrong} beside {factor}");
    }
}

#[test]
fn staircase_of_wrapping_shift_does_not_exist() {
    let (requantization, constants) = draw(RoundingRule::Gemmlowp, &mut Draw(7));
    let shifted = Constants { shift: 1, ..constants };
    let narrow = Requantization { accumulator: Integer::signed(31), ..requantization.clone() };
    let wide = Requantization { accumulator: Integer::signed(32), ..requantization };
    assert!(Staircase::of_rule(&narrow, &shifted).is_some());
    assert_eq!(Staircase::of_rule(&wide, &shifted), None);
}

#[test]
fn division_has_the_thresholds_of_drawn_rules() {
    let mut divisions = 0;
    for rule in [RoundingRule::Single, RoundingRule::Gemmlowp, RoundingRule::Ruy] {
        for seed in 0..200 {
            let mut numbers = Draw((rule as u64) << 40 | seed);
            let (requantization, constants) = draw(rule, &mut numbers);
            let staircase = Staircase::of_rule(&requantization, &constants).expect("no left shift");
            let staircases = std::slice::from_ref(&staircase);
            let found = StaircaseDivision::find(staircases, requantization.out, requantization.accumulator);
            let Some(division) = found else {
                assert_eq!(staircase.thresholds, [0i64; 0], "{requantization:?}");
                continue;
            };
            let code = |acc: i64| division.level(0, acc.into()).clamp(staircase.first, staircase.last());
            for (threshold, target) in staircase.steps() {
                assert!(code(threshold) >= target, "{requantization:?}: {division:?} at {threshold}");
                assert!(code(threshold - 1) < target, "{requantization:?}: {division:?} before {threshold}");
            }
            let window = staircase.window();
            for acc in [window.min() as i64, -1, 0, window.max() as i64] {
                assert_eq!(code(acc), staircase.code(acc), "{requantization:?}: {division:?} at {acc}");
            }
            divisions += 1;
        }
    }
    assert!(divisions > 500, "{divisions}");
}

#[test]
fn divisions_by_channel_have_the_thresholds() {
    let mut numbers = Draw(5);
    let (out, bounds) = (Integer::signed(8), (-128, 127));
    let constants = Constants {
        zero_point: -3,
        clamp_min: -128,
        clamp_max: 127,
        ..draw(RoundingRule::Single, &mut numbers).1
    };
    for rule in [RoundingRule::Single, RoundingRule::Gemmlowp, RoundingRule::Ruy] {
        let scales: Vec<(i64, i64)> =
            (0..40).map(|_| (numbers.between(1 << 30, i32::MAX.into()), numbers.between(-11, -4))).collect();
        let channels: Vec<Constants> = scales
            .into_iter()
            .chain([(0, 0)])
            .map(|(multiplier, shift)| Constants { multiplier, shift, ..constants })
            .collect();
        let requantization =
            Requantization { accumulator: Integer::signed(20), out, ..draw(rule, &mut numbers).0 };
        let wide = Requantization { accumulator: Integer::signed(40), ..requantization.clone() };
        let staircases: Vec<Staircase> = channels
            .iter()
            .map(|constants| Staircase::of_rule(&wide, constants).expect("no left shift"))
            .collect();
        let division =
            StaircaseDivision::find(&staircases, out, requantization.accumulator).expect("a division");
        let window = division.window();
        for (index, staircase) in staircases.iter().enumerate() {
            let near = staircase.thresholds.iter().flat_map(|acc| [acc - 1, *acc]);
            let ends = [window.min() as i64, -1, 0, window.max() as i64];
            for acc in near.chain(ends).filter(|acc| window.holds((*acc).into())) {
                let code = division.level(index, acc.into()).clamp(bounds.0, bounds.1);
                assert_eq!(code, staircase.code(acc), "{rule:?}: channel {index} at {acc}: {division:?}");
            }
        }
    }
}

#[test]
fn lines_by_channel_have_the_thresholds() {
    let scales =
        [(1_185_020_333, -7), (1_073_741_824, -7), (2_040_109_466, -10), (1_342_177_280, -5), (0, 0)];
    for rule in [RoundingRule::Single, RoundingRule::Gemmlowp, RoundingRule::Floor] {
        let (requantization, constants) = draw(rule, &mut Draw(3));
        let requantization =
            Requantization { accumulator: Integer::signed(32), out: Integer::signed(8), ..requantization };
        let constants = Constants { zero_point: -3, clamp_min: -128, clamp_max: 127, ..constants };
        let staircases: Vec<Staircase> = scales
            .iter()
            .map(|&(multiplier, shift)| Constants { multiplier, shift, ..constants })
            .map(|constants| Staircase::of_rule(&requantization, &constants).expect("no left shift"))
            .collect();
        let form = ChannelForm::find(&staircases, (-128, 127)).expect("lines");
        let mut thresholds = 0;
        for (index, staircase) in staircases.iter().enumerate() {
            let code = |acc: i64| (form.level(index, acc.into()) as i64).clamp(-128, 127);
            for (threshold, target) in staircase.steps() {
                assert!(
                    code(threshold) >= target && code(threshold - 1) < target,
                    "{rule:?} {index} {threshold}"
                );
                thresholds += 1;
            }
            assert_eq!([code(-1), code(0)], [-1, 0].map(|acc| staircase.code(acc)), "{rule:?} {index}");
        }
        assert_eq!(thresholds, 4 * 255);
    }
    let narrow = Staircase { first: -3, thresholds: vec![0, 5] };
    assert!(ChannelForm::find(&[narrow], (-128, 127)).is_none());
}

/// The comparisons of a code of up to 8 bits decide as the thresholds do, also by channel.
#[test]
fn comparisons_have_the_thresholds_of_drawn_rules() {
    let mut thresholds = 0;
    for rule in RULES {
        for seed in 0..20 {
            let mut numbers = Draw((rule as u64) << 40 | seed);
            let (requantization, constants) = draw(rule, &mut numbers);
            let out = requantization.out;
            let scales = [constants, Constants { clamp_min: constants.clamp_max, ..constants }];
            let staircases: Vec<Staircase> = scales
                .iter()
                .map(|constants| Staircase::of_rule(&requantization, constants).expect("no left shift"))
                .collect();
            let form = ComparisonForm::new(staircases.clone());
            for (channel, staircase) in staircases.iter().enumerate() {
                for (threshold, code) in staircase.steps() {
                    let found = [threshold - 1, threshold].map(|acc| form.code(out, channel, acc.into()));
                    assert!(found[0] < code && found[1] >= code, "{requantization:?} at {threshold}");
                    thresholds += 1;
                }
                for acc in [requantization.accumulator.min(), -1, 0, requantization.accumulator.max()] {
                    assert_eq!(
                        form.code(out, channel, acc),
                        staircase.code(acc as i64),
                        "{requantization:?}"
                    );
                }
            }
        }
    }
    assert!(thresholds > 10_000, "{thresholds}");
}
