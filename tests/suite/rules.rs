//! `qrtl rules`: listing, comparison and identification of rounding rules.

use std::fs;

use serde_json::{Value as Json, json};

use crate::common::command::{Run, qrtl};
use crate::common::folder::Folder;
use qrtl::arithmetic::rescale::Rule;

fn rules(arguments: &str) -> Run {
    qrtl(&[&["rules"], &arguments.split_whitespace().collect::<Vec<_>>()[..]].concat())
}

fn json_of(arguments: &str) -> Json {
    serde_json::from_str(&rules(&format!("{arguments} --format json")).product()).unwrap()
}

#[test]
fn lists_every_rule_with_its_users() {
    let (text, listed) = (rules("").product(), json_of(""));
    let listed = listed["rules"].as_array().unwrap();
    assert_eq!(listed.len(), Rule::ALL.len());
    for (rule, entry) in Rule::ALL.iter().zip(listed) {
        assert_eq!(entry["rule"], rule.name());
        for key in ["used_by", "formula", "equation"] {
            let words = entry[key].as_str().unwrap();
            assert!(!words.is_empty() && text.contains(words), "{rule} {key}");
        }
    }
    assert!(text.contains("used by ONNX Runtime, XNNPACK"), "{text}");
}

/// JSON entry of a pair of rules.
fn pair<'a>(compared: &'a Json, a: &str, b: &str) -> &'a Json {
    let pairs = compared["pairs"].as_array().unwrap();
    pairs.iter().find(|pair| pair["rules"] == json!([a, b])).unwrap()
}

#[test]
fn compares_rules_on_a_sample_with_every_tie() {
    // A quarter is a scale that every rule can apply.
    let compared = json_of("--compare --scale 0.25 --bits 4");
    assert_eq!((&compared["exhaustive"], &compared["zero_point"]), (&json!(false), &json!(0)));
    assert_eq!(compared["pairs"].as_array().unwrap().len(), 55);
    assert_eq!(compared["inapplicable"].as_array().unwrap().len(), 1, "f32_bias without a bias");
    // Codes -8 to 7: 15 steps between them, and of the four accumulators of each two differ.
    let floor = pair(&compared, "single", "floor");
    assert_eq!((&floor["differing"], &floor["largest"]), (&json!(30), &json!(1)));
    assert_eq!(floor["first"], json!({ "acc": -30, "codes": [-7, -8] }));
    assert_eq!(pair(&compared, "floor", "pow2_floor")["differing"], 0);
    assert_eq!(pair(&compared, "single", "pow2")["first"], Json::Null);
    // Half up and half to even part where the tie lies above an even code: -7.5, -5.5, ... 6.5.
    assert_eq!(pair(&compared, "single", "f32")["differing"], 8);
}

#[test]
fn comparison_is_printed_and_written_as_html() {
    let folder = Folder::new();
    let page = folder.name("rules.html");
    let text = rules(&format!("--compare --multiplier 1185020333 --shift -2 --html {page}")).product();
    assert!(
        text.contains("multiplier 1185020333, shift -2") && text.contains("a sample; --exhaustive"),
        "{text}"
    );
    assert!(text.contains("gemmlowp     single       acc"), "{text}");
    assert!(text.contains("pow2 does not apply") && text.contains("not 2^-r"), "{text}");
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("How often do the rounding rules differ?") && page.contains("1185020333"));
}

/// A recorded model with one scale, on which four kernels disagree.
struct Recorded {
    acc: Vec<i32>,
    /// Rule and outputs of each kernel.
    outputs: [(&'static str, Vec<i8>); 4],
    scale: f64,
    zero_point: i64,
}

fn recorded() -> Recorded {
    let text = include_str!("../vectors/litert/single_op_int8.json");
    let models: Json = serde_json::from_str(text).unwrap();
    let model = &models["cases"][0];
    let integers = |array: &Json| -> Vec<i64> {
        array.as_array().unwrap().iter().map(|number| number.as_i64().unwrap()).collect()
    };
    let real = |name: &str| {
        let bits = model[name]["bits"][0].as_u64().unwrap();
        f64::from(f32::from_bits(bits as u32))
    };
    let kernels = [("f64", "y_ref"), ("ruy", "y_opt"), ("f32", "y_xnn"), ("gemmlowp", "y_tflm")];
    let outputs = kernels.map(|(rule, name)| {
        let codes = integers(&model[name]["ints"]);
        (rule, codes.into_iter().map(|code| code as i8).collect())
    });
    let acc = integers(&model["acc"]).into_iter().map(|acc| acc as i32).collect();
    let scale = real("x_scale") * real("w_scale") / real("y_scale");
    Recorded { acc, outputs, scale, zero_point: model["y_zp"].as_i64().unwrap() }
}

#[test]
fn identifies_the_rule_of_each_recorded_kernel() {
    let folder = Folder::new();
    let Recorded { acc, outputs, scale, zero_point } = recorded();
    let acc_file = folder.save("acc.npy", &[acc.len()], &acc);
    let numbers = format!("--scale {scale:e} --zero-point {zero_point}");
    for (rule, codes) in outputs {
        let out = folder.save("out.npy", &[codes.len()], &codes);
        let identified = json_of(&format!("--identify {acc_file} {out} {numbers}"));
        let explaining = identified["explaining"].as_array().unwrap();
        assert!(explaining.contains(&json!(rule)), "{rule}: {explaining:?}");
        assert_eq!(identified["compared"], acc.len());
        let others = identified["rules"].as_array().unwrap();
        let contradicted = others.iter().filter(|entry| entry["outcome"] == "contradicted");
        let mut counterexamples = 0;
        for first in contradicted.map(|entry| &entry["first"]) {
            let index = first["index"].as_u64().unwrap() as usize;
            assert_eq!((&first["acc"], &first["recorded"]), (&json!(acc[index]), &json!(codes[index])));
            assert_ne!(first["computed"], first["recorded"]);
            counterexamples += 1;
        }
        // The scale is a power of two, so every rule without a bias applies.
        assert_eq!(counterexamples + explaining.len(), Rule::ALL.len() - 1, "{rule}");
        assert!(counterexamples >= 8, "{rule}");
    }
}

#[test]
fn outputs_of_unknown_rule_exit_with_1() {
    let folder = Folder::new();
    let acc = folder.save("acc.npy", &[2], &[100, 387]);
    let out = folder.save("out.npy", &[2], &[14i8, 55]);
    let numbers = "--multiplier 1185020333 --shift -2";
    let run = rules(&format!("--identify {acc} {out} {numbers}"));
    assert_eq!(run.code, 1, "{}", run.stderr);
    let line = "single       differs on 1, first at index 1: acc 387 gives 53, recorded 55\n";
    assert!(
        run.stdout.contains(line) && run.stdout.contains("pow2         does not apply"),
        "{}",
        run.stdout
    );

    // The type of the outputs determines the format of the codes.
    let acc = folder.save("acc.npy", &[2], &[400, -5]);
    let out = folder.save("out.npy", &[2], &[200u8, 0]);
    let explained = rules(&format!("--identify {acc} {out} --scale 0.5")).product();
    assert!(explained.contains("single       reproduces all"), "{explained}");
}

#[test]
fn rejects_incomplete_questions() {
    let folder = Folder::new();
    let acc = folder.save("acc.npy", &[2], &[1, 2]);
    let row = folder.save("row.npy", &[1, 2], &[1i8, 2]);
    let reals = folder.save("reals.npy", &[2], &[1f32, 2.0]);
    let two = folder.save("two.npy", &[2], &[0.5f64, 0.25]);
    let three = folder.save("three.npy", &[3], &[0.5f64; 3]);
    let none = folder.save::<i32>("none.npy", &[0], &[]);
    let no_codes = folder.save::<i8>("no_codes.npy", &[0], &[]);
    let cases: [(String, &[&str]); 15] = [
        ("--zero-point 3".into(), &["nothing to compare: add --compare"]),
        ("--compare".into(), &["no scale is given", "--scale"]),
        ("--scale 0.5".into(), &["add --compare, or --identify"]),
        ("--exhaustive".into(), &["--compare"]),
        ("--html x.html".into(), &["--compare"]),
        (format!("--compare --identify {acc} {acc} --scale 1"), &["cannot be used with"]),
        (format!("--identify {acc} --scale 1"), &["2 values required"]),
        (format!("--compare --scale {two}"), &["for 2 channels", "of one channel"]),
        ("--compare --scale 1e300".into(), &["nothing to compare", "two rules can apply"]),
        ("--compare --multiplier -1 --shift 0".into(), &["multiplier -1 is outside"]),
        (
            format!("--identify {acc} {row} --scale 1"),
            &["row.npy: has shape [1, 2]", "accumulators have [2]", "one output for each"],
        ),
        (format!("--identify {acc} {reals} --scale 1"), &["holds float32, accepted: int8"]),
        (format!("--identify {acc} {acc} --scale {three}"), &["for 3 channels"]),
        (format!("--identify {none} {no_codes} --scale 1"), &["the tensor is empty"]),
        (format!("--identify {acc} missing.npy --scale 1"), &["missing.npy: cannot be opened"]),
    ];
    for (arguments, texts) in cases {
        rules(&arguments).refused_with(texts);
    }
}

#[test]
fn separating_accumulators_are_written_and_decide() {
    let folder = Folder::new();
    let acc: Vec<i64> = vec![0, 500, -500];
    let acc_file = folder.save("acc.npy", &[3], &acc);
    let out = folder.save("out.npy", &[3], &[0i8, 2, -2]);
    let numbers = "--multiplier 1185020333 --shift -7";
    let more = folder.name("more.npy");
    let text = rules(&format!("--identify {acc_file} {out} {numbers} --separate {more}")).product();
    assert!(text.contains("The outputs do not decide between"), "{text}");
    let more_out = folder.name("more_out.npy");
    requantized(&more, &more_out, "gemmlowp", numbers);
    let text = rules(&format!("--identify {more} {more_out} {numbers}")).product();
    assert!(text.contains("The rule is gemmlowp."), "{text}");
}

#[test]
fn scales_of_a_layer_are_taken_in_every_form() {
    let folder = Folder::new();
    let acc: Vec<i64> = (-40_000..40_000).collect();
    let acc = folder.save("acc.npy", &[acc.len()], &acc);
    let out = folder.name("out.npy");
    let layer = "--input-scale 0.026251833885908127 --weight-scale 0.05004807189106941 --output-scale 0.9";
    requantized(&acc, &out, "f32", &format!("{layer} --multiplier-from f32"));
    let identified = json_of(&format!("--identify {acc} {out} {layer}"));
    let f32 = &identified["rules"][3];
    assert_eq!((&f32["rule"], &f32["outcome"]), (&json!("f32"), &json!("explains")), "{identified}");
}

fn requantized(acc: &str, out: &str, rule: &str, numbers: &str) {
    let arguments = format!("requantize {acc} --rule {rule} {numbers} -o {out}");
    qrtl(&arguments.split_whitespace().collect::<Vec<_>>()).product();
}
