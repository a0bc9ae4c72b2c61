//! `qrtl requantize`: codes of reference and RTL, printed numbers, and rejected inputs.

use std::fs;

use serde_json::{Value as Json, json};

use crate::common::command::{Run, qrtl};
use crate::common::folder::Folder;
use qrtl::arithmetic::quantizer::CodeFormat;
use qrtl::arithmetic::rescale::Rule;
use qrtl::files::tensor::{Array, Element, Tensor, read_npy};
use qrtl::quantization::quantize::NumberSource;
use qrtl::quantization::requantize::{RescaleSources, ScaleSource, requantize_file};
use qrtl::simulation::{ComputeEngine, ModelBuilder};

/// Runs `qrtl requantize` on a file, writing `y.npy`.
fn requantize(folder: &Folder, input: &str, arguments: &str) -> Run {
    let output = folder.name("y.npy");
    let arguments: Vec<&str> = arguments.split_whitespace().collect();
    qrtl(&[&["requantize", input, "-o", &output], &arguments[..]].concat())
}

/// Elements of `y.npy`, which must have type `T`.
fn codes<T>(folder: &Folder) -> Vec<T>
where
    T: Element,
    Tensor<T>: TryFrom<Array, Error = Array>,
{
    read_npy(&folder.path("y.npy")).unwrap().into_tensor().unwrap().into_data()
}

#[test]
fn rules_round_387_differently() {
    let folder = Folder::new();
    let acc = folder.save("acc.npy", &[2, 2], &[387, -387, 0, i32::MAX]);
    let codes_by = |rule: &str| {
        let fixed = format!("--rule {rule} --multiplier 1185020333 --shift -2");
        requantize(&folder, &acc, &fixed).product();
        codes::<i8>(&folder)
    };
    // 387 * 1185020333 * 2^-33 is 53.388; a second rounding makes it 54.
    assert_eq!(codes_by("gemmlowp"), [54, -54, 0, 127]);
    assert_eq!(codes_by("single"), [53, -53, 0, 127]);
    assert_eq!(codes_by("floor"), [53, -54, 0, 127]);
}

#[test]
fn prints_numbers_in_the_form_of_the_rule() {
    let folder = Folder::new();
    let acc = folder.save("acc.npy", &[3], &[5, 6, 1000]);
    let json = |arguments: &str| -> Json {
        let text = requantize(&folder, &acc, &format!("{arguments} --format json")).product();
        serde_json::from_str(&text).unwrap()
    };
    let half = json("--rule single --scale 0.5 --zero-point 7 --max 100");
    let channels = json!([{ "multiplier": 1 << 30, "shift": 0, "scale": 0.5, "zero_point": 7 }]);
    assert_eq!(half["channels"], channels);
    assert_eq!((&half["min"], &half["max"], &half["output"]), (&json!(-128), &json!(100), &json!("int8")));
    assert_eq!(codes::<i8>(&folder), [10, 10, 100]);

    let shift = json("--rule pow2_floor --scale 0.5 --bits 16");
    assert_eq!(shift["channels"], json!([{ "shift": -1, "scale": 0.5, "zero_point": 0 }]));
    assert_eq!(codes::<i16>(&folder), [2, 3, 500]);

    let real = json("--rule f32 --scale 0.1 --unsigned --bits 4");
    assert_eq!(real["channels"], json!([{ "scale": f64::from(0.1f32), "zero_point": 0 }]));
    assert_eq!(codes::<u8>(&folder), [0, 1, 15]);

    let text = requantize(&folder, &acc, "--rule single --scale 0.5").product();
    assert!(
        text.starts_with("int32 [3] -> int8, engine reference\nrule single (R3), 8 bits signed"),
        "{text}"
    );
    assert!(text.contains("multiplier 1073741824  shift 0  scale 5e-1  zero point 0\n"), "{text}");
}

#[test]
fn channels_are_the_last_axis() {
    let folder = Folder::new();
    let acc = folder.save("acc.npy", &[2, 1, 3], &[8, 8, 8, -8, -8, -8]);
    folder.save("q.npy", &[3], &[1i64 << 30; 3]);
    folder.save("s.npy", &[3], &[0i8, -1, -2]);
    folder.save("z.npy", &[3], &[0u8, 10, 20]);
    folder.save("d.npy", &[3], &[0.5f32, 0.25, 0.125]);
    let file = |name: &str| folder.name(name);
    let fixed =
        format!("--multiplier {} --shift {} --zero-point {}", file("q.npy"), file("s.npy"), file("z.npy"));
    let real = format!("--scale {} --zero-point {}", file("d.npy"), file("z.npy"));
    for numbers in [fixed, real] {
        requantize(&folder, &acc, &format!("--rule single {numbers}")).product();
        assert_eq!(codes::<i8>(&folder), [4, 12, 21, -4, 8, 19]);
    }
}

#[test]
fn accepts_wide_accumulators_as_int64() {
    let folder = Folder::new();
    let acc = folder.save("acc.npy", &[2], &[3i64 << 40, -(1 << 46)]);
    for rule in ["gemmlowp", "single", "int16", "f64"] {
        requantize(&folder, &acc, &format!("--rule {rule} --multiplier 1073741824 --shift -30 --bits 16"))
            .product();
        // 2^-31 times the accumulators.
        assert_eq!(codes::<i16>(&folder), [1536, -32768], "{rule}");
    }
    let wider = folder.save("wider.npy", &[1], &[1i64 << 47]);
    requantize(&folder, &wider, "--rule single --multiplier 1073741824 --shift -31").product();
    requantize(&folder, &wider, "--rule int16 --multiplier 1073741824 --shift -31")
        .refused_with(&["64 bits is outside 8..=48", "int16"]);
}

/// Limits, small values and pseudo-random accumulators of any magnitude; a multiple of six.
fn accumulators() -> Vec<i32> {
    let mut list = vec![i32::MIN, i32::MIN + 1, i32::MAX, -1, 0, 1];
    let mut random = 1u64;
    list.extend((0..5994).map(|_| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((random >> 32) as i32) >> (random >> 27 & 31)
    }));
    list
}

#[test]
fn rtl_equals_reference() {
    let folder = Folder::new();
    let acc = accumulators();
    folder.save("acc.npy", &[1000, 6], &acc);
    folder.save("wide.npy", &[1000, 6], &acc.iter().map(|&acc| i64::from(acc) << 13).collect::<Vec<_>>());
    folder.save("d.npy", &[6], &[0.5f64, 0.004, 1.5e-4, 0.9, 3.0e-5, 1.7]);
    folder.save("p.npy", &[6], &[0.5f64, 0.25, 1.0, 0.5, 2f64.powi(-31), 0.125]);
    folder.save("q.npy", &[6], &[1i64 << 30, 0, 1, 1_185_020_333, i64::from(i32::MAX), 1 << 30]);
    folder.save("s.npy", &[6], &[-31i32, 30, 0, -7, 3, -16]);
    folder.save("z.npy", &[6], &[-128i8, 127, 0, -1, 5, 77]);
    let models = ModelBuilder::discover(&|_| ()).unwrap();
    let value = |word: &str| {
        if word.ends_with("npy") {
            NumberSource::Array(folder.path(word).into())
        } else {
            NumberSource::Number(word.into())
        }
    };
    let real = |scale: &str| ScaleSource::Real(value(scale));
    let fixed = |multiplier: &str, shift: &str| ScaleSource::Fixed {
        multiplier: value(multiplier),
        shift: value(shift),
    };
    let cases = [
        (Rule::Gemmlowp, "acc.npy", fixed("1185020333", "-7"), "-3", 8),
        (Rule::Gemmlowp, "acc.npy", fixed("q.npy", "s.npy"), "0", 8),
        (Rule::Ruy, "acc.npy", real("d.npy"), "z.npy", 8),
        (Rule::Single, "acc.npy", fixed("q.npy", "-9"), "5", 16),
        (Rule::Single, "wide.npy", real("1e-8"), "-128", 8),
        (Rule::F32, "acc.npy", real("0.0043"), "-2", 4),
        (Rule::F32, "acc.npy", real("d.npy"), "z.npy", 8),
        (Rule::Floor, "acc.npy", real("d.npy"), "0", 8),
        (Rule::Pow2, "acc.npy", real("p.npy"), "1", 8),
        (Rule::Pow2Floor, "acc.npy", real("0.0078125"), "1", 8),
        (Rule::F64, "acc.npy", real("0.0043"), "-2", 8),
        (Rule::F64, "acc.npy", real("d.npy"), "-2", 4),
        (Rule::Int16, "acc.npy", fixed("1185020333", "-7"), "-3", 16),
        (Rule::Int16, "acc.npy", real("d.npy"), "z.npy", 8),
        (Rule::F32AfterZeroPoint, "acc.npy", real("0.0043"), "-3", 8),
        (Rule::F32AfterZeroPoint, "acc.npy", real("d.npy"), "5", 8),
        (Rule::F32Away, "acc.npy", real("0.0043"), "-3", 8),
        (Rule::F32Away, "acc.npy", real("d.npy"), "z.npy", 8),
    ];
    let mut compared = 0;
    for (rule, input, scale, zero_point, bits) in cases {
        let given = RescaleSources {
            scale,
            zero_point: value(zero_point),
            bias: None,
            min: None,
            max: Some(100.min((1 << (bits - 1)) - 1)),
        };
        let format = CodeFormat::new(bits, true).unwrap();
        let [reference, rtl] = [ComputeEngine::Reference, ComputeEngine::Rtl(&models)].map(|engine| {
            requantize_file(&folder.path(input), rule, &given, format, engine, &folder.path("y.npy"))
                .unwrap();
            match bits {
                16 => codes::<i16>(&folder),
                _ => codes::<i8>(&folder).into_iter().map(i16::from).collect(),
            }
        });
        assert_eq!(reference, rtl, "{rule} {given:?}");
        // A constant result would not distinguish anything.
        assert!(rtl.iter().any(|code| code != &rtl[0]), "{rule}");
        compared += rtl.len();
    }
    assert_eq!(compared, 108_000);
}

#[test]
fn engine_option_selects_rtl() {
    let folder = Folder::new();
    let acc = folder.save("acc.npy", &[2], &[387, -387]);
    let rtl = "--multiplier 1185020333 --shift -2 --engine rtl";
    let text = requantize(&folder, &acc, &format!("--rule gemmlowp {rtl}")).product();
    assert!(text.contains("engine rtl"), "{text}");
    assert_eq!(codes::<i8>(&folder), [54, -54]);
    let bias = "--scale 0.5 --bias 0.75 --engine rtl";
    requantize(&folder, &acc, &format!("--rule f32_bias {bias}")).product();
    // (387 + 0.75) / 2 saturates; -386.25 / 2 saturates too.
    assert_eq!(codes::<i8>(&folder), [127, -128]);
    fs::remove_file(folder.path("y.npy")).ok();
    let zero_points = folder.save("z.npy", &[2], &[1, 2]);
    let ports = format!("--rule f64 --scale 0.5 --zero-point {zero_points} --engine rtl");
    requantize(&folder, &acc, &ports).refused_with(&["zero_point is a port", "f64", "constant"]);
    assert!(!folder.path("y.npy").exists());
}

#[test]
fn rejects_illegal_numbers() {
    let folder = Folder::new();
    let acc = folder.save("acc.npy", &[2, 3], &[1; 6]);
    let two = folder.save("two.npy", &[2], &[1i32 << 30; 2]);
    let three = folder.save("three.npy", &[3], &[-1i32; 3]);
    let none = folder.save::<i32>("none.npy", &[0], &[]);
    let halves = folder.save("halves.npy", &[2], &[0.5f64; 2]);
    let nans = folder.save("nans.npy", &[3], &[0.5f32, f32::NAN, 0.5]);
    let cases: &[(&str, &[&str])] = &[
        ("--multiplier -1 --shift 0", &["multiplier -1 is outside 0..=2147483647", "give the Q0.31"]),
        ("--multiplier 2147483648 --shift 0", &["multiplier 2147483648 is outside"]),
        ("--multiplier 1e9 --shift 0", &["--multiplier 1e9 is not an integer of 64 bits", "npy file"]),
        ("--multiplier 99999999999999999999 --shift 0", &["not an integer of 64 bits"]),
        ("--multiplier 1 --shift 31", &["shift 31 is outside -31..=30", "single", "choose scales"]),
        ("--multiplier 1 --shift -32", &["shift -32 is outside -31..=30"]),
        ("--multiplier 1 --shift 3000000000", &["--shift 3000000000 is not an integer of 32 bits"]),
        ("--multiplier 1", &["--shift"]),
        ("--shift 1", &["--multiplier"]),
        ("--multiplier 1 --shift 0 --scale 1", &["cannot be used with"]),
        ("", &["no scale is given", "--multiplier and --shift, --scale, or"]),
        ("--scale 0", &["scale 0 is not a positive finite number", "check"]),
        ("--scale -0.5", &["scale -0.5 is not a positive finite"]),
        ("--scale nan", &["scale NaN is not a positive finite"]),
        ("--scale inf", &["scale inf is not a positive finite"]),
        ("--scale [nans]", &["scale NaN is not"]),
        ("--scale 1e10", &["shift 34 is outside -31..=30"]),
        ("--scale half", &["half: cannot be opened", "check the name"]),
        ("--scale [three]", &["holds int32, accepted: float64, float32", "astype"]),
        ("--multiplier [halves] --shift 0", &["holds float64, accepted: int32, int64", "astype"]),
        ("--multiplier [two] --shift [three]", &["2 multipliers but 3 shifts", "one of each per channel"]),
        ("--multiplier [two] --shift 0", &["acc.npy", "[2, 3]", "for 2 channels", "last axis"]),
        ("--scale [halves]", &["acc.npy", "for 2 channels"]),
        ("--scale [halves] --zero-point [three]", &["2 scales but 3 zero points", "one for all"]),
        ("--multiplier [none] --shift 0", &["none.npy: holds no numbers", "one per channel"]),
        ("--scale 1 --zero-point 128", &["zero point 128 is outside", "-128..=127", "choose a code"]),
        ("--scale 1 --unsigned --zero-point -1", &["zero point -1 is outside", "0..=255"]),
        ("--scale 1 --zero-point 0.5", &["--zero-point 0.5 is not an integer"]),
        ("--scale 1 --min 3 --max 2", &["clamp 3..=2 contains no code", "at most the maximum"]),
        ("--scale 1 --min -129", &["clamp -129..=127 reaches outside", "-128..=127", "narrow it"]),
        ("--scale 1 --bits 4 --max 8", &["clamp -8..=8 reaches outside", "-8..=7"]),
        ("--scale 1 --bits 17", &["17 bits", "2 to 16"]),
    ];
    for (numbers, texts) in cases {
        let files = [
            ("[two]", &two),
            ("[three]", &three),
            ("[none]", &none),
            ("[halves]", &halves),
            ("[nans]", &nans),
        ];
        let numbers = files.iter().fold(numbers.to_string(), |text, (name, file)| text.replace(name, file));
        requantize(&folder, &acc, &format!("--rule single {numbers}")).refused_with(texts);
        assert!(!folder.path("y.npy").exists(), "{numbers}");
    }
    requantize(&folder, &acc, "--rule pow2 --scale 0.3").refused_with(&["not 2^-r", "nearest power of two"]);
    requantize(&folder, &acc, "--rule f32 --scale 1e300").refused_with(&["infinite as a 32-bit float"]);
    requantize(&folder, &acc, "--rule int16 --multiplier 1 --shift 8").refused_with(&["-31..=7"]);
    requantize(&folder, &acc, "--rule gemlowp --scale 1")
        .refused_with(&["unknown rounding rule `gemlowp`", "did you mean 'gemmlowp'?"]);
    requantize(&folder, &acc, "--rule nearest --scale 1").refused_with(&["choose one of gemmlowp, ruy"]);
}

#[test]
fn rejects_unusable_files() {
    let folder = Folder::new();
    folder.save("reals.npy", &[1], &[1.0f32]);
    folder.save("short.npy", &[1], &[1i16]);
    folder.save::<i32>("empty.npy", &[3, 0], &[]);
    folder.save("truncated.npy", &[2, 2], &[1; 4]);
    let whole = fs::read(folder.path("truncated.npy")).unwrap();
    fs::write(folder.path("truncated.npy"), &whole[..whole.len() - 1]).unwrap();
    fs::write(folder.path("text.npy"), "1 2 3").unwrap();
    let cases: [(&str, &[&str]); 6] = [
        ("missing.npy", &["missing.npy: cannot be opened", "check the name"]),
        ("reals.npy", &["holds float32, accepted: int32, int64", "astype(np.int32)"]),
        ("short.npy", &["holds int16"]),
        ("empty.npy", &["the tensor is empty", "at least one element"]),
        ("truncated.npy", &["is truncated", "copy or save it again"]),
        ("text.npy", &["is not an npy file", "np.save"]),
    ];
    for (name, texts) in cases {
        requantize(&folder, &folder.name(name), "--rule single --scale 0.5").refused_with(texts);
        assert!(!folder.path("y.npy").exists(), "{name}");
    }
}
