//! Packed multipliers: exact for all legal inputs, rejected if they do not fit, and every fault is detected.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use crate::common::command::qrtl;
use qrtl::catalogue::{preset, unit};
use qrtl::files::tensor::{Array, Tensor, write_npz};
use qrtl::generator::render;
use qrtl::model::Lanes;
use qrtl::simulation::{ModelBuilder, Models};
use qrtl::stimulus::{ExhaustiveStimulus, RandomStimulus, Sequence, Stimulus, domain};
use qrtl::unit::{Column, Config, Direction};
use qrtl::verification::{Effort, Report, Verification, compare};

static MODELS: LazyLock<ModelBuilder> =
    LazyLock::new(|| ModelBuilder::discover(&|notice| eprintln!("{notice}")).unwrap());

fn packed(sets: &[&str]) -> Config {
    Config::new(unit("packed_multiplier").unwrap(), None, sets).unwrap()
}

fn verified(config: &Config, verilog: &str) -> Report {
    let effort = Effort { cases: 1 << 16, ..Effort::default() };
    Verification::new(config, &*MODELS).verilog(verilog).effort(effort).run().unwrap()
}

#[test]
fn products_of_every_shape_are_exact() {
    let shapes: [&[&str]; 12] = [
        &["a_bits=4", "b_bits=4", "b_lanes=2", "stages=4", "target=xcup"],
        &["a_bits=4", "b_bits=5", "b_lanes=2", "a_signed=false", "stages=3", "target=xcup"],
        &["a_bits=4", "b_bits=4", "b_lanes=2", "a_signed=false", "b_signed=false", "stages=1"],
        &["a_bits=4", "b_bits=4", "b_lanes=2", "b_narrow=true", "stages=4"],
        &["a_bits=2", "b_bits=2", "a_lanes=3", "b_lanes=2", "target=ecp5", "stages=2"],
        &["a_bits=2", "b_bits=2", "a_lanes=4", "b_lanes=2", "a_signed=false"],
        &["a_bits=2", "b_bits=2", "b_lanes=2", "a_narrow=true", "b_narrow=true"],
        &["a_bits=3", "b_bits=12", "a_narrow=true", "stages=2"],
        &["a_bits=5", "b_bits=4", "a_lanes=1", "b_lanes=3", "b_signed=false", "target=xcup", "stages=2"],
        &["a_bits=6", "b_bits=4", "b_narrow=true", "a_lanes=1", "b_lanes=2", "target=ecp5", "stages=4"],
        &["a_bits=5", "b_bits=6", "pairing=elementwise", "b_lanes=2", "target=ice40", "a_signed=false"],
        &["a_bits=8", "b_bits=3", "pairing=elementwise", "b_lanes=2", "target=ice40", "stages=2"],
    ];
    for sets in shapes {
        let config = packed(sets);
        let report = verified(&config, &render(&config));
        assert!(report.passed(), "{}: {}", config.arguments(), report.failure.unwrap());
        assert!(report.exhaustive, "{}", config.arguments());
        assert_eq!(Some(report.compared), domain(&config.ports()), "{}", config.arguments());
    }
}

#[test]
fn sums_of_every_shape_are_exact() {
    let shapes: [&[&str]; 6] = [
        &["b_narrow=true", "terms=2", "stages=1"],
        &["a_bits=4", "b_bits=4", "b_lanes=2", "b_narrow=true", "terms=9", "stages=4"],
        &["a_bits=4", "b_bits=4", "b_lanes=2", "terms=15", "stages=4", "target=xcup"],
        &["a_bits=4", "b_bits=4", "a_signed=false", "terms=34", "stages=1", "target=ecp5"],
        &["a_bits=3", "b_bits=3", "a_signed=false", "b_signed=false", "terms=5", "stages=3", "target=ecp5"],
        &[
            "a_bits=2",
            "b_bits=3",
            "a_lanes=3",
            "b_lanes=2",
            "a_narrow=true",
            "terms=2",
            "stages=2",
            "target=xcup",
        ],
    ];
    for sets in shapes {
        let config = packed(sets);
        let report = verified(&config, &render(&config));
        assert!(report.passed(), "{}: {}", config.arguments(), report.failure.unwrap());
        assert!(report.compared >= 1 << 15, "{} compared {}", config.arguments(), report.compared);
    }
}

/// The bias, the sign that it inverts, the borrow, the place of an element, the sign of a factor, the start
/// and the end of a sum.
#[test]
fn detects_every_fault_in_a_packing() {
    let faults = [
        ("int8_multiplier_pair_xc7", "32'd32768", "32'd0"),
        ("int8_multiplier_pair_xc7", "~fields[15]", "fields[15]"),
        ("int8_multiplier_pair_xc7", "{a[15], a[15:8], 16'd0}", "{a[15:8], 17'd0}"),
        ("int4_multiplier_quad_ecp5", " + {20'd0, products[6]}", ""),
        ("int4_multiplier_quad_ecp5", "{4{b[3]}}", "4'd0"),
        ("int4_multiplier_quad_ecp5", "21'd8256", "21'd64"),
        ("int4_multiplier_quad_xcup", "48'h000000808080", "48'h000000808000"),
        ("int8_multiplier_pair_ice40", ".B_SIGNED(1'b1)", ".B_SIGNED(1'b0)"),
        ("int8_dot7_pair_xcup", "last = count == 3'd6", "last = count == 3'd7"),
        ("int8_dot7_pair_xcup", "start = count == 3'd0", "start = 1'b0"),
        ("int4_dot7_quad_xc7", "enters & last", "last"),
        ("w4a8_dot9_pair_ecp5", "if (complete)", "if (enters)"),
    ];
    for (name, from, to) in faults {
        let config = preset(name).unwrap();
        let sound = render(&config);
        let broken = sound.replacen(from, to, 1);
        assert_ne!(broken, sound, "{name} has no {from}");
        let report = verified(&config, &broken);
        assert!(report.mismatches > 0, "{name} with {to} for {from} passes");
    }
}

/// Two fields of a sum at both ends of their range at once: the longest sum, and one more product.
#[test]
fn longest_packed_sum_equals_documented_bound() {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/architectures.md");
    let document = fs::read_to_string(document).unwrap();
    let rows = document.lines().filter(|line| line.starts_with("| `a_lanes="));
    let mut checked = 0;
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [lanes, operands, longest @ ..] = &cells[..] else { panic!("{row}") };
        let (a, b) = operands.split_once(" by ").unwrap();
        let (narrow, b) = match b.strip_prefix("narrow ") {
            Some(b) => ("true", b),
            None => ("false", b),
        };
        let bits = |operand: &str| operand.strip_prefix("int").unwrap().to_string();
        let mut sets: Vec<String> = lanes.trim_matches('`').split(' ').map(str::to_string).collect();
        sets.extend([
            format!("a_bits={}", bits(a)),
            format!("b_bits={}", bits(b)),
            format!("b_narrow={narrow}"),
        ]);
        for (target, longest) in ["xc7", "xcup", "ecp5"].iter().zip(longest) {
            let of = |terms: u32| {
                let more = [format!("terms={terms}"), format!("target={target}"), "stages=1".to_string()];
                let sets: Vec<String> = sets.iter().cloned().chain(more).collect();
                Config::new(unit("packed_multiplier").unwrap(), None, &sets)
            };
            let longest = if *longest == "-" { 0 } else { longest.parse().unwrap() };
            let refusal = of(longest + 1).expect_err("one more product does not fit").to_string();
            if longest > 0 {
                of(longest).unwrap();
                assert!(refusal.contains(&format!("set terms to at most {longest}")), "{refusal}");
            }
            checked += 1;
        }
    }
    assert_eq!(checked, 21);
}

/// The header's bound is that of the field: extremes fill it, one more product does not fit.
#[test]
fn header_states_longest_packed_sum() {
    let stated = |sets: &[&str]| {
        let verilog = render(&packed(sets));
        let line = verilog.lines().find(|line| line.contains("Longest sum")).unwrap().to_string();
        let numbers: Vec<i64> =
            line.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
        (numbers[0], numbers[1])
    };
    // (-128)*(-128) = 16384; 7*16384 < 2^17 <= 8*16384.
    assert_eq!(stated(&["terms=5", "stages=1", "target=xcup"]), (18, 7));
    // (-8)*(-7) = 56; 9*56 < 2^9 <= 10*56.
    assert_eq!(
        stated(&["a_bits=4", "b_bits=4", "b_lanes=2", "b_narrow=true", "terms=5", "stages=1"]),
        (10, 9)
    );
    let unsigned = ["a_signed=false", "b_signed=false", "terms=3", "stages=1", "target=xcup", "a_bits=7"];
    // 127*255 = 32385; 4*32385 < 2^17 <= 5*32385.
    assert_eq!(stated(&unsigned), (17, 4));
}

/// Every pattern that a stimulus drives into `b` of a config.
fn driven(config: &Config, stimulus: &dyn Stimulus, rows: usize) -> (HashSet<Vec<u64>>, usize) {
    let ports = config.ports();
    let inputs: Vec<_> = ports.iter().filter(|port| port.is_driven()).collect();
    let b = inputs.iter().position(|port| port.name == "b").unwrap();
    let (mut distinct, mut forbidden) = (HashSet::new(), 0);
    let chunk = stimulus.chunk() as usize;
    for first in (0..rows).step_by(chunk) {
        let rows = chunk.min(rows - first);
        let mut columns: Vec<Column> = inputs.iter().map(|port| Column::zeros(port.width(), rows)).collect();
        stimulus.fill(first as u64, &mut columns);
        for row in 0..rows {
            let pattern = columns[b].get(row);
            forbidden += usize::from([pattern & 15, pattern >> 4].contains(&8));
            distinct.insert(columns.iter().map(|column| column.get(row)).collect());
        }
    }
    (distinct, forbidden)
}

#[test]
fn stimulus_meets_preconditions() {
    let quad = preset("int4_multiplier_quad_ecp5").unwrap();
    let all = ExhaustiveStimulus::new(&quad.ports()).unwrap();
    assert_eq!(all.transactions(), 16 * 16 * 15 * 15);
    let (distinct, forbidden) = driven(&quad, &all, all.transactions() as usize);
    assert_eq!((distinct.len(), forbidden), (16 * 16 * 15 * 15, 0));
    for config in [quad, preset("w4a8_dot9_pair_ecp5").unwrap()] {
        let random = RandomStimulus::new(&config, 1, 1 << 16, 1);
        let (distinct, forbidden) = driven(&config, &random, 1 << 16);
        assert!(distinct.len() > 1 << 12, "{}", distinct.len());
        assert_eq!(forbidden, 0, "{}", config.name());
    }
}

/// The precondition is necessary: inputs that violate it give wrong products.
#[test]
fn violated_precondition_gives_wrong_products() {
    let config = preset("int4_multiplier_quad_ecp5").unwrap();
    let rtl = MODELS.model(&config, &render(&config), Lanes::ONE, false).unwrap();
    let mut sequence = Sequence::idle(&config, 1);
    let [a, b] = sequence.inputs_mut() else { panic!("two operands") };
    a.set(0, 0x88);
    b.set(0, 0x88);
    let outcome = compare(&rtl, &sequence, 1).unwrap();
    assert_eq!((outcome.compared, outcome.mismatches), (1, 1));
}

#[test]
fn rejects_data_that_violates_precondition() {
    let folder = tempfile::tempdir().unwrap();
    let (inputs, output) = (folder.path().join("x.npz"), folder.path().join("y.npz"));
    let array = |data: Vec<i8>| Array::from(Tensor::new(vec![3, 2], data).unwrap());
    let simulate = |b: Vec<i8>| {
        let arrays = [("a".to_string(), array(vec![1, -8, 7, -8, -8, -8])), ("b".to_string(), array(b))];
        write_npz(&inputs, &arrays.into_iter().collect()).unwrap();
        let files = ["--inputs", inputs.to_str().unwrap(), "--output", output.to_str().unwrap()];
        qrtl(&[&["simulate", "int4_multiplier_quad_ecp5", "--engine", "reference"], &files[..]].concat())
    };
    simulate(vec![7, -7, 0, 1, -8, 3]).refused_with(&["'b' is -8 in row 2", "-7 to 7"]);
    assert!(!output.exists());
    simulate(vec![7, -7, 0, 1, -7, 3]).product();
    assert!(output.exists());
}

#[test]
fn packed_presets_reject_other_families() {
    qrtl(&["generate", "int8_multiplier_pair_xc7", "--target", "ecp5"])
        .refused_with(&["fixes target=xc7, which contradicts target=ecp5", "drop one of the two"]);
    let run =
        qrtl(&["verify", "packed_multiplier", "--target", "ecp5", "--cases", "1000", "--format", "json"]);
    let text = run.product();
    let count = |family: &str| text.matches(&format!("_{family}\",")).count();
    assert_eq!((count("ecp5"), count("xc7"), count("xcup"), count("ice40")), (6, 0, 0, 0), "{text}");
    let outputs = |name: &str| {
        let ports = preset(name).unwrap().ports();
        ports.iter().filter(|port| port.direction == Direction::Output).count()
    };
    assert_eq!((outputs("int8_multiplier_pair_xc7"), outputs("int8_dot7_pair_xcup")), (1, 2));
}
