//! The requantizer under every rule for many values of the ports multiplier, shift and zero point.

use qrtl::catalogue::unit;
use qrtl::generator::render;
use qrtl::model::Lanes;
use qrtl::simulation::{ModelBuilder, Models};
use qrtl::stimulus::Stimulus;
use qrtl::unit::{Column, Config, Integer};
use qrtl::verification::{ComparisonResult, Effort, Verification, compare};

/// Binary logarithm of the number of accumulators per point.
const BITS: u32 = 17;

/// Values of the ports multiplier, shift and zero point, and the real scale as a fraction.
#[derive(Clone, Copy)]
struct Point {
    multiplier: i64,
    shift: i64,
    zero_point: i64,
    numerator: i128,
    places: u32,
}

struct Points {
    points: Vec<Point>,
    shift: Option<Integer>,
    has_multiplier: bool,
}

impl Points {
    /// Extreme and typical points of a rule.
    fn of(rule: &str) -> Points {
        let pow2 = rule.starts_with("pow2");
        let mut points = Vec::new();
        for shift in if pow2 { (-31..=0).collect() } else { SHIFTS.to_vec() } {
            for multiplier in if pow2 { &[1 << 30][..] } else { &[1, 1 << 30, 1_185_020_333, (1 << 31) - 1] }
            {
                for &zero_point in if pow2 { &[-128, -1, 0, 127][..] } else { &[-128, 127] } {
                    let places = if pow2 { 30 - shift } else { 31 - shift };
                    let scale = *multiplier as f64 * 2f64.powi(-(places as i32));
                    let pattern = i64::from((scale as f32).to_bits());
                    points.push(Point {
                        multiplier: if rule.starts_with("f32") { pattern } else { *multiplier },
                        shift,
                        zero_point,
                        numerator: i128::from(*multiplier),
                        places: places as u32,
                    });
                }
            }
        }
        assert!(points.len() >= 100, "{}", points.len());
        let shift = match rule {
            "f32" | "f32_away" => None,
            _ if pow2 => Some(Integer::signed(7)),
            _ => Some(Integer::signed(6)),
        };
        Points { points, shift, has_multiplier: !pow2 }
    }

    /// Accumulators near ties, powers of two and the limits, and random ones of any magnitude.
    fn accumulator(point: Point, index: u64) -> i128 {
        let random = (index + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let random = (random ^ random >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let near = i128::from(random >> 61) - 4;
        let sign = if random & 1 == 0 { 1 } else { -1 };
        match index % 4 {
            0 => {
                let code = i128::from(random >> 8 & 0x1ff) - 256;
                ((2 * code + 1) << (point.places - 1)) / point.numerator + near
            }
            1 => sign * (1i128 << (random >> 8 & 31)) + near,
            2 => i128::from(i32::MIN) + sign * i128::from(random >> 8 & 0xffff),
            _ => i128::from((random as i32) >> (random >> 40 & 31)),
        }
    }
}

const SHIFTS: [i64; 14] = [-31, -30, -20, -12, -9, -7, -5, -3, -1, 0, 1, 2, 8, 30];

impl Stimulus for Points {
    fn transactions(&self) -> u64 {
        (self.points.len() as u64) << BITS
    }

    fn chunk(&self) -> u64 {
        1 << BITS
    }

    fn is_steady(&self) -> bool {
        true
    }

    fn fill(&self, first: u64, inputs: &mut [Column]) {
        let [rst, en, valid_in, acc, numbers @ ..] = inputs else { panic!("control, accumulator, numbers") };
        rst.fill(|_| 0);
        en.fill(|_| 1);
        valid_in.fill(|_| 1);
        let last = self.points.len() - 1;
        let point = |i: usize| self.points[last.min(((first + i as u64) >> BITS) as usize)];
        acc.fill(|i| Integer::signed(32).encode(Points::accumulator(point(i), first + i as u64)));
        let mut numbers = numbers.iter_mut();
        let mut fill = |value: &dyn Fn(Point) -> u64| {
            let column = numbers.next().expect("a column for each number");
            column.fill(|i| value(point(i)));
        };
        if self.has_multiplier {
            fill(&|point| point.multiplier as u64);
        }
        if let Some(integer) = self.shift {
            fill(&|point| integer.encode(point.shift.into()));
        }
        fill(&|point| Integer::signed(8).encode(point.zero_point.into()));
    }
}

fn config(rule: &str, own: &[&str], numbers_are_ports: bool) -> Config {
    let mut sets = vec![format!("rule={rule}")];
    sets.extend(own.iter().map(|set| set.to_string()));
    match (rule, numbers_are_ports) {
        ("f32", false) => sets.push("multiplier=999113715".to_string()),
        (_, false) => sets.push("zero_point=3".to_string()),
        (_, true) => {
            sets.push("zero_point=port".to_string());
            if !rule.starts_with("pow2") {
                sets.push("multiplier=port".to_string());
            }
        }
    }
    match (rule, numbers_are_ports) {
        ("f32" | "f32_away", _) => sets.push("shift=0".to_string()),
        (_, true) => sets.push("shift=port".to_string()),
        (_, false) => {}
    }
    Config::new(unit("requantizer").unwrap(), None, &sets).unwrap()
}

fn models() -> ModelBuilder {
    ModelBuilder::discover(&|notice| eprintln!("{notice}")).unwrap()
}

fn run(rule: &str, edit: impl Fn(String) -> String) -> (Points, ComparisonResult) {
    let config = config(rule, &[], true);
    let points = Points::of(rule);
    let rtl = models().model(&config, &edit(render(&config)), Lanes::for_long_runs(&config), false).unwrap();
    let outcome = compare(&rtl, &points, 2).unwrap();
    (points, outcome)
}

macro_rules! rules {
    ($($rule:ident)*) => {$(
        mod $rule {
            #[test]
            fn equals_the_reference_at_many_points() {
                let (points, outcome) = super::run(stringify!($rule), |text| text);
                assert_eq!(outcome.mismatches, 0, "{:?}", outcome.first_mismatches);
                assert_eq!(outcome.compared, super::Stimulus::transactions(&points));
            }
        }
    )*};
}

rules! { gemmlowp ruy single f32 floor pow2 pow2_floor int16 f32_away }

/// The rules that are not proved for all accumulators in `proofs`.
macro_rules! sweeps {
    ($($module:ident: $rule:literal, $bits:literal;)*) => {$(
        mod $module {
            #[test]
            #[ignore = "sweeps all accumulators"]
            fn equals_the_reference_on_every_accumulator() {
                super::sweep($rule, $bits);
            }
        }
    )*};
}

sweeps! {
    ruy_of_30_bits: "ruy", 30;
    floor_of_28_bits: "floor", 28;
    pow2_of_28_bits: "pow2", 28;
    pow2_floor_of_28_bits: "pow2_floor", 28;
}

fn sweep(rule: &str, bits: u32) {
    let config = config(rule, &[&format!("acc_bits={bits}")], false);
    let effort = Effort { cases: 0, exhaustive: true, threads: 2, ..Effort::default() };
    let report = Verification::new(&config, &models()).effort(effort).run().unwrap();
    assert!(report.passed() && report.exhaustive, "{:?}", report.failure);
    assert_eq!(report.compared, 1 << bits);
    assert!(report.control_cycles.is_some_and(|cycles| cycles > 1 << 17));
}

#[test]
#[ignore = "builds many models"]
fn every_structure_equals_reference() {
    let mut structures: Vec<(&str, Vec<&str>)> = vec![
        ("requantizer_per_channel", vec!["target=ice40"]),
        ("requantizer_per_channel", vec!["target=ecp5", "dsp=avoid"]),
        ("requantizer_per_channel", vec!["target=xc7", "dsp=avoid"]),
        ("requantizer_per_channel", vec!["target=xc7"]),
        ("requantizer_per_channel", vec!["arch=inferred"]),
        ("requantizer_single", vec!["target=ice40", "objective=speed"]),
    ];
    for preset in ["requantizer_single", "requantizer_gemmlowp", "requantizer_f32"] {
        for arch in ["arch=inferred", "arch=adders", "arch=short_multiplier"] {
            structures.push((preset, vec!["target=ecp5", arch]));
        }
        structures.push((preset, vec!["target=ice40"]));
    }
    for sets in [
        vec!["rule=f64", "multiplier=4571607584623492386", "shift=0", "zero_point=-3"],
        vec![
            "rule=f64",
            "multiplier=4571607584623492386,4566299019433041920",
            "shift=0",
            "arch=successive_approximation",
        ],
        vec!["rule=f32_after_zp", "multiplier=999113715", "shift=0", "zero_point=3"],
        vec!["rule=f32_bias", "multiplier=999113715", "shift=0", "bias=1150681088"],
        vec![
            "rule=f32_bias",
            "multiplier=999113715",
            "shift=0",
            "bias=1150681088,3298164736",
            "clamp_min=-9",
        ],
        vec!["rule=f32_away", "multiplier=999113715", "shift=0", "zero_point=3"],
        vec!["rule=int16", "zero_point=3", "arch=inferred"],
    ] {
        structures.push(("", sets));
    }
    for rule in
        [vec!["rule=single"], vec!["rule=gemmlowp"], vec!["rule=f32", "multiplier=999113715", "shift=0"]]
    {
        for own in [&["stages=9"][..], &["clamp_max=100", "out_signed=false", "stages=1"]] {
            structures.push(("", [&rule[..], &["arch=successive_approximation"], own].concat()));
        }
    }
    for (preset, sets) in structures {
        let preset = Some(preset).filter(|preset| !preset.is_empty());
        let config = Config::new(unit("requantizer").unwrap(), preset, &sets).unwrap();
        let effort = Effort { cases: 1 << 17, ..Effort::default() };
        let report = Verification::new(&config, &models()).effort(effort).run().unwrap();
        assert!(report.passed() && report.compared > 1 << 16, "{sets:?}: {:?}", report.failure);
    }
}

#[test]
fn constant_requantizer_is_a_constant() {
    let config = Config::new(unit("requantizer").unwrap(), None, &["multiplier=0", "zero_point=-7"]).unwrap();
    let text = render(&config);
    assert!(text.contains("Every accumulator gives the code -7."), "{text}");
    let (_, module) = text.split_once("\nmodule ").unwrap();
    assert!(!module.contains(" + "), "{text}");
    let report = Verification::new(&config, &models()).run().unwrap();
    assert!(report.passed() && report.compared > 0, "{:?}", report.failure);
}

#[test]
fn detects_missing_rounding() {
    let (_, outcome) = run("single", |text| {
        let broken = text.replace(", shifted[0]}", ", 1'b0}");
        assert_ne!(broken, text);
        broken
    });
    assert!(outcome.mismatches > 1000);
}
