//! Illegal configs are rejected with the reason and the fix, by every subcommand that takes a config.

use crate::common::command::qrtl;

/// Unit, settings, and texts of the error.
type Case = (&'static str, &'static str, &'static [&'static str]);

const CASES: &[Case] = &[
    ("dot_product", "lanes=65", &["lanes=65 is out of range", "2..=64"]),
    ("dot_product", "acc_bits=24", &["acc_bits=24 has no effect", "set accumulate=true"]),
    (
        "dot_product",
        "accumulate=true acc_bits=18",
        &["acc_bits=18 is narrower than one dot product of 19 bits", "at least 19"],
    ),
    (
        "dot_product",
        "a_zero_point=constant a_zero_point_value=200",
        &["a_zero_point_value=200 is not a value of a (s8)", "-128..=127"],
    ),
    ("dot_product", "b_zero_point_value=3", &["b_zero_point_value=3 has no effect", "b_zero_point=constant"]),
    (
        "packed_multiplier",
        "target=ecp5",
        &[
            "2x1 products of a (s8) and b (s8) take 16 bits each, which makes factors of 25 and 8 bits",
            "MULT18X18D (target=ecp5) multiplies 18 by 18",
            "set target=xc7, or set target=xcup",
        ],
    ),
    (
        "packed_multiplier",
        "a_bits=4 b_bits=4 b_lanes=2 target=ecp5",
        &["take 8 bits each", "set b_narrow=true if b is never -8"],
    ),
    (
        "packed_multiplier",
        "terms=600 b_bits=4 b_lanes=2 a_lanes=1 stages=1",
        &["600 of each added up", "set terms to at most 511"],
    ),
    ("packed_multiplier", "a_lanes=4", &["64 in all, more than the 48 of DSP48E1"]),
    ("packed_multiplier", "a_bits=16", &["use narrower or fewer elements"]),
    ("packed_multiplier", "a_lanes=1", &["which cannot be packed", "set a_lanes or b_lanes to 2"]),
    (
        "packed_multiplier",
        "terms=2 b_narrow=true",
        &["stages=0 has no registers", "set stages to at least 1"],
    ),
    ("packed_multiplier", "b_signed=false b_narrow=true", &["most negative value that b does not have"]),
    ("packed_multiplier", "target=ice40", &["pairing=outer", "set pairing=elementwise a_lanes=2 b_lanes=2"]),
    (
        "packed_multiplier",
        "pairing=elementwise",
        &["but the DSP48E1 of target=xc7 has one", "set target=ice40"],
    ),
    (
        "packed_multiplier",
        "pairing=elementwise target=ice40",
        &["two elements of a with two of b", "b_lanes=2"],
    ),
    (
        "packed_multiplier",
        "pairing=elementwise target=ice40 b_lanes=2 b_bits=9",
        &["an element of 9 bits does not fit", "at most 8"],
    ),
    (
        "packed_multiplier",
        "pairing=elementwise target=ice40 b_lanes=2 stages=3",
        &["set stages to at most 2"],
    ),
    ("packed_multiplier", "pairing=elementwise target=ice40 b_lanes=2 stages=1 terms=2", &["set terms=1"]),
    (
        "packed_multiplier",
        "target=generic",
        &["target=generic is not a legal word", "ice40 | ecp5 | xc7 | xcup"],
    ),
    (
        "constant_matrix",
        "weights=1,2;3,128",
        &[
            "the weight 128 in row 1, column 1",
            "does not fit weight_bits=8",
            "-128..=127",
            "or set weight_bits",
        ],
    ),
    ("constant_matrix", "weights=-9 weight_bits=4", &["the weight -9 in row 0, column 0", "-8..=7"]),
    ("constant_matrix", "weights=0,0;0,0", &["every weight is 0", "give a matrix with a nonzero weight"]),
    (
        "constant_matrix",
        "weights=1,2;3",
        &["weights: row 1 has 1 entries, but row 0 has 2", "the same number"],
    ),
    (
        "constant_matrix",
        "weights=1,0.5",
        &["row 0, column 1 is '0.5', not a 64-bit integer", "qrtl quantize"],
    ),
    ("constant_matrix", "weights=", &["row 0, column 0 is ''", "write the matrix as 1,-2;3,4"]),
    ("constant_matrix", "weights=9223372036854775808", &["not a 64-bit integer"]),
    ("constant_matrix", "weight_bits=17", &["weight_bits=17 is out of range", "2..=16"]),
    ("constant_matrix", "arch=mux_rows", &["arch=mux_rows is not a legal word", "csd | shared"]),
    ("constant_matrix", "stages=11", &["stages=11 is out of range", "0..=10"]),
    ("requantizer", "multiplier=-1", &["multiplier=-1 is out of range", "0..=9218868437227405311"]),
    ("requantizer", "multiplier=2147483648", &["multiplier=2147483648 is not a Q0.31", "at most 2147483647"]),
    ("requantizer", "multiplier=1,-2", &["multiplier=1,-2 is out of range", "2 to 1024 numbers"]),
    ("requantizer", "multiplier=prot", &["multiplier=prot is out of range", "port"]),
    ("requantizer", "shift=31", &["shift=31 is out of range", "-63..=30"]),
    ("requantizer", "shift=-32", &["shift=-32 is outside the range of single", "-31..=30"]),
    ("requantizer", "rule=gemmlowp shift=-7,-40", &["shift=-40 is outside the range of gemmlowp"]),
    ("requantizer", "rule=pow2 shift=1", &["shift=1 is outside the range of pow2", "-63..=0"]),
    ("requantizer", "rule=f32 multiplier=1", &["f32 has no shift", "set shift=0"]),
    ("requantizer", "rule=f32 shift=port", &["f32 has no shift", "set shift=0"]),
    // 0x7f800000 is infinity, 0x7fc00000 NaN.
    ("requantizer", "rule=f32 shift=0 multiplier=2139095040", &["a finite binary32", "at most 2139095039"]),
    ("requantizer", "rule=f32 shift=0 multiplier=2143289344", &["a finite binary32"]),
    ("requantizer", "rule=pow2 shift=-7 multiplier=5", &["pow2 does not multiply", "leave it out"]),
    (
        "requantizer",
        "multiplier=1,2 shift=0,0,0",
        &["multiplier has 2 channels and shift has 3", "give one of each"],
    ),
    ("requantizer", "zero_point=128", &["zero_point=128 is not a value of the output (s8)", "-128..=127"]),
    ("requantizer", "out_signed=false zero_point=-1", &["not a value of the output (u8)", "0..=255"]),
    ("requantizer", "clamp_max=200", &["clamp_max=200 is not a value of the output", "-128..=127"]),
    ("requantizer", "clamp_min=-129", &["clamp_min=-129 is not a value of the output"]),
    ("requantizer", "out_bits=4 clamp_max=8", &["clamp_max=8", "-8..=7"]),
    ("requantizer", "clamp_min=5 clamp_max=4", &["clamp_min=5 is above clamp_max=4", "no code", "exchange"]),
    ("requantizer", "rule=gemlowp", &["rule=gemlowp is not a legal word", "did you mean 'gemmlowp'?"]),
    ("requantizer", "rule=nearest", &["rule=nearest is not a legal word", "gemmlowp | ruy | single"]),
    (
        "requantizer",
        "rule=f64 shift=0 multiplier=9218868437227405312",
        &["out of range", "0..=9218868437227405311"],
    ),
    ("requantizer", "rule=f64 shift=0 zero_point=port", &["zero_point is a port", "give the number"]),
    ("requantizer", "rule=f64 shift=0 arch=inferred", &["f64 has no circuit of its steps", "leave arch out"]),
    ("requantizer", "rule=f32_bias shift=0 bias=2139095040", &["a finite binary32", "4286578687"]),
    (
        "requantizer",
        "rule=f32_bias shift=0 bias=1,2,3 multiplier=4,5",
        &["multiplier has 2 channels and bias has 3"],
    ),
    ("requantizer", "rule=f32_after_zp shift=0 out_bits=9", &["out_bits=9 is too wide", "choose at most 8"]),
    ("requantizer", "rule=int16 acc_bits=49", &["acc_bits=49 is too wide for int16", "choose at most 48"]),
    ("requantizer", "rule=int16 shift=8", &["shift=8 is outside the range of int16", "-31..=7"]),
    ("requantizer", "bias=7", &["bias has no effect: single adds none", "rule=f32_bias"]),
    (
        "requantizer",
        "arch=successive_approximation out_bits=9",
        &["codes of at most 8 bits", "leave arch out"],
    ),
    ("requantizer", "acc_bits=65", &["acc_bits=65 is out of range", "8..=64"]),
    (
        "requantizer",
        "arch=adders multiplier=port",
        &["arch=adders needs constant numbers, but multiplier is a port", "leave arch out"],
    ),
    ("requantizer", "arch=adders multiplier=3,4", &["a table has one per channel", "arch=short_multiplier"]),
    ("requantizer", "arch=inferred dsp=avoid", &["which dsp=avoid rules out", "leave one of the two out"]),
    ("requantizer", "arch=inferred objective=speed", &["objective=speed has no effect with arch=inferred"]),
    ("requantizer", "stages=0", &["stages=0 is out of range", "1..=12"]),
    ("serial_requantizer", "shift=1", &["shift=1 is out of range", "-31..=0"]),
    ("serial_requantizer", "rule=floor", &["rule=floor is not a legal word", "gemmlowp | ruy | single"]),
    ("serial_requantizer", "rule=f32", &["f32 has no shift", "set shift=0"]),
    (
        "serial_requantizer",
        "rule=f32 shift=0 multiplier=port",
        &["f32 needs constant numbers, but multiplier is a port", "give the number"],
    ),
    (
        "serial_requantizer",
        "multiplier=1073741824,1185020333 zero_point=port",
        &["a table by channel needs constant numbers, but zero_point is a port"],
    ),
    (
        "serial_requantizer",
        "shift=-7,-8 out_bits=9",
        &["out_bits=9 is too wide for a table by channel", "choose at most 8"],
    ),
    ("serial_requantizer", "multiplier=0,0", &["are not those of a division", "use requantizer"]),
    (
        "convolution_engine",
        "serial=true multiplier=1073741824 shift=-8",
        &["a layer with one scale has no serial requantizer", "leave out serial"],
    ),
    ("serial_requantizer", "multiplier=-1", &["multiplier=-1 is out of range"]),
    ("serial_requantizer", "zero_point=300", &["zero_point=300 is not a value of the output"]),
    ("serial_requantizer", "clamp_min=5 clamp_max=4", &["which leaves no code"]),
    (
        "fp8_dot",
        "accumulate=h100 products=16",
        &["known for 32 products only", "set products=32", "accumulate=exact"],
    ),
    ("fp8_dot", "accumulate=h100 products=64 format=e5m2", &["not products=64"]),
    ("fp8_dot", "products=65", &["products=65 is out of range", "4..=64"]),
    ("fp8_dot", "stages=6", &["stages=6 is out of range", "7..=23"]),
    ("fp8_dot", "accumulate=a100", &["accumulate=a100 is not a legal word", "did you mean 'h100'?"]),
    ("fp8_dot", "format=e4m4", &["format=e4m4 is not a legal word", "did you mean 'e4m3'?"]),
    ("fp8_encoder", "saturate=yes", &["saturate=yes is not a legal word", "true | false"]),
    ("multiplier", "a_bits=eight", &["a_bits=eight is not a number; legal: 2..=16"]),
    ("multiplier", "a_bits=2..=4", &["a_bits=2..=4 is not a number", "`qrtl sweep` verifies a range"]),
    ("multiplier", "a_bits=2-8", &["`qrtl sweep` takes the range as a_bits=2..=8"]),
    ("mac", "a_bits=4,b_bits=4", &["one setting per --set: repeat --set for each parameter"]),
    ("mac", "target=artix7", &["target=artix7 is not a legal word (artix7 is of the family xc7)"]),
    ("mac", "target=hx8k", &["hx8k is of the family ice40"]),
    ("quantizer", "bits=1", &["bits=1 is out of range", "2..=16"]),
    ("dequantizer", "bits=33", &["bits=33 is out of range", "2..=32"]),
    ("dequantizer", "stages=3", &["stages=3 is out of range", "4..=48"]),
    (
        "dequantizer",
        "bias=true stages=8",
        &["stages=8 is too few", "set stages to at least 9, or bias=false"],
    ),
    ("dequantizer", "arch=ccu2c_rows", &["which target=generic does not have", "set target=ecp5"]),
];

#[test]
fn rejects_illegal_configs_with_fix() {
    for (unit, settings, texts) in CASES {
        let settings = settings.split(' ').flat_map(|setting| ["--set", setting]);
        let arguments: Vec<&str> = ["generate", unit].into_iter().chain(settings).collect();
        qrtl(&arguments).refused_with(texts);
    }
}

#[test]
fn subcommands_reject_illegal_configs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("y.npz");
    let h100 = ["fp8_dot", "--set", "accumulate=h100", "--set", "products=8"];
    let files = ["--inputs", "x.npz", "--output", file.to_str().unwrap()];
    qrtl(&[&["verify"], &h100[..]].concat()).refused_with(&["32 products only"]);
    qrtl(&[&["simulate"], &h100[..], &files[..]].concat()).refused_with(&["32 products only"]);
    assert!(!file.exists());
}

/// A longer list is rejected.
#[test]
fn tables_have_at_most_1024_entries() {
    let list = |len: usize| format!("multiplier={}", vec!["7"; len].join(","));
    let arguments = |len: usize| [String::from("generate"), "requantizer".into(), "--set".into(), list(len)];
    let run = |len: usize| qrtl(&arguments(len).each_ref().map(String::as_str));
    run(1025).refused_with(&["out of range", "2 to 1024 numbers"]);
    run(1024).product();
}
