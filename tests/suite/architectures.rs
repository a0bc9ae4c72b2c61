//! Every architecture of a product equals the operator: the presets exhaustively, and the cells as modelled by Yosys.

use std::process::Command;

use crate::common::rtl::BUILDER;
use qrtl::catalogue::unit;
use qrtl::generator::{primitives, render};
use qrtl::unit::{Config, Kind};
use qrtl::verification::sweep::verify_configs;
use qrtl::verification::{Effort, Report};

const ARCHITECTURES: [&str; 4] = ["booth_dadda", "mux_rows", "booth_rows", "ccu2c_rows"];

/// The configs of these settings made by each architecture.
fn each_architecture(unit_name: &str, sets: &[&str]) -> Vec<Config> {
    let config = |arch| {
        let made_by = format!("arch={arch}");
        Config::new(unit(unit_name).unwrap(), None, &[sets, &["target=ecp5", &made_by]].concat()).unwrap()
    };
    ARCHITECTURES.map(config).to_vec()
}

/// Verifies configs, many in a build.
fn reports(configs: &[Config]) -> Vec<Report> {
    let effort = Effort { cases: 1 << 14, ..Effort::default() };
    let reports = verify_configs(configs, &render, &BUILDER, &effort, &|| ()).unwrap();
    assert_eq!(reports.len(), configs.len());
    for report in &reports {
        assert!(report.passed(), "{}: {}", report.arguments, report.failure.as_ref().unwrap());
    }
    reports
}

/// Requires that configs with these settings equal their reference on all operands.
fn are_exact_for_all_operands(settings: &[&[&str]]) {
    let configs: Vec<Config> =
        settings.iter().flat_map(|sets| each_architecture("multiplier", sets)).collect();
    for (config, report) in configs.iter().zip(reports(&configs)) {
        let bits: u32 = ["a_bits", "b_bits"].iter().map(|name| config.values().count(name)).sum();
        assert_eq!((report.exhaustive, report.compared), (true, 1 << bits), "{}", report.arguments);
    }
}

/// Requires that configs with these settings equal their reference on random transactions.
fn are_exact(unit_name: &str, settings: &[&[&str]]) {
    let configs: Vec<Config> = settings.iter().flat_map(|sets| each_architecture(unit_name, sets)).collect();
    for report in reports(&configs) {
        assert!(report.compared >= 1 << 13, "{} compared {}", report.arguments, report.compared);
    }
}

#[test]
fn products_of_every_preset_are_exact() {
    let presets = unit("multiplier").unwrap().presets().iter();
    let swept = presets.filter(|preset| preset.name != "int16_multiplier");
    are_exact_for_all_operands(&swept.map(|preset| preset.sets).collect::<Vec<_>>());
}

#[test]
fn products_of_odd_and_mixed_factors_are_exact() {
    are_exact_for_all_operands(&[
        &["a_bits=3", "b_bits=2", "a_signed=false"],
        &["a_bits=5", "b_bits=5", "b_signed=false", "stages=1"],
        &["a_bits=4", "b_bits=7", "a_signed=false", "stages=3"],
        &["a_bits=9", "b_bits=3", "a_signed=false", "b_signed=false", "stages=4"],
        &["a_bits=2", "b_bits=13", "stages=2"],
    ]);
}

#[test]
fn sums_of_products_are_exact() {
    are_exact(
        "mac",
        &[
            &[],
            &["a_signed=false", "b_signed=false", "a_zero_point=port", "b_zero_point=port"],
            &["acc_bits=17", "overflow=saturate", "overflow_flag=true"],
            // The product of these two differences needs two bits less than their widths say.
            &["a_bits=3", "b_bits=3", "a_zero_point=constant", "b_zero_point=constant", "acc_bits=7"],
        ],
    );
}

#[test]
fn dot_products_are_exact() {
    are_exact(
        "dot_product",
        &[
            &["lanes=3", "a_bits=5", "b_bits=4", "stages=1"],
            &["lanes=5", "a_bits=3", "a_signed=false", "b_bits=6", "stages=7"],
            &["lanes=8", "a_bits=2", "b_bits=2", "a_signed=false", "b_signed=false"],
        ],
    );
}

#[test]
fn sums_of_dot_products_are_exact() {
    are_exact(
        "dot_product",
        &[
            &["lanes=4", "accumulate=true", "acc_bits=19", "stages=1"],
            &["a_signed=false", "a_zero_point=port", "b_zero_point=port", "accumulate=true", "stages=8"],
            &["lanes=3", "b_zero_point=constant", "b_zero_point_value=-7", "a_bits=3"],
        ],
    );
}

#[test]
#[ignore = "builds many models"]
fn quantizers_are_exact() {
    are_exact(
        "quantizer",
        &[
            &["stages=6"],
            &["bits=2", "signed=false", "stages=11"],
            &["bits=5", "stages=23"],
            &["bits=16", "signed=false", "stages=28"],
        ],
    );
}

#[test]
#[ignore = "builds many models"]
fn dequantizers_are_exact() {
    are_exact(
        "dequantizer",
        &[
            &["stages=4"],
            &["bits=2", "signed=false", "stages=7"],
            &["bits=9", "stages=16"],
            &["bits=31", "signed=false", "stages=40"],
            &["bits=5", "bias=true", "stages=9"],
            &["bits=32", "bias=true", "stages=48"],
            &["bits=2", "bias=true", "stages=13"],
            &["bits=6", "bias=true", "signed=false", "stages=10"],
        ],
    );
}

/// Every number of registers, of an accumulator that DSP blocks of ECP5 take in one piece, and in two.
#[test]
fn dequantizers_of_every_latency_are_exact() {
    let config = |bits: u32, stages: usize| {
        let sets = [
            "target=ecp5".to_string(),
            format!("bits={bits}"),
            format!("stages={stages}"),
            "bias=true".into(),
        ];
        Config::new(unit("dequantizer").unwrap(), None, &sets).unwrap()
    };
    let configs: Vec<Config> =
        (9..=28).map(|stages| config(if stages % 2 == 0 { 18 } else { 19 }, stages)).collect();
    for (index, report) in reports(&configs).iter().enumerate() {
        assert_eq!(configs[index].behaviour().latency(), 9 + index, "{}", report.arguments);
        assert!(report.compared >= 1 << 13, "{} compared {}", report.arguments, report.compared);
    }
}

/// On ECP5, the product of a quantizer is the sum of four products of halves.
#[test]
fn quantizers_with_split_products_are_exact() {
    let config = |stages: u32| {
        let sets = ["target=ecp5".to_string(), format!("stages={stages}"), format!("bits={}", stages - 1)];
        Config::new(unit("quantizer").unwrap(), None, &sets).unwrap()
    };
    let configs: Vec<Config> = (6..=11).map(config).collect();
    for (config, report) in configs.iter().zip(reports(&configs)) {
        assert!(render(config).contains("high_low"), "{}", report.arguments);
        assert!(report.compared >= 1 << 13, "{} compared {}", report.arguments, report.compared);
    }
}

#[test]
fn encoders_of_every_latency_are_exact() {
    let config = |stages: usize, sets: &[&str]| {
        let stages = format!("stages={stages}");
        Config::new(unit("fp8_encoder").unwrap(), None, &[sets, &[&stages]].concat()).unwrap()
    };
    let formats: [&[&str]; 2] = [&["format=e4m3", "saturate=true"], &["format=e5m2"]];
    let configs: Vec<Config> =
        formats.iter().flat_map(|sets| (0..=4).map(|stages| config(stages, sets))).collect();
    for (index, report) in reports(&configs).iter().enumerate() {
        assert_eq!(configs[index].behaviour().latency(), index % 5, "{}", report.arguments);
        assert!(report.compared >= 1 << 13, "{} compared {}", report.arguments, report.compared);
    }
}

/// Every number of registers; the exact sums have 4 to 12 products, which fill the adder tree or do not.
#[test]
#[ignore = "builds many models"]
fn dot_products_of_floats_of_every_latency_are_exact() {
    let config = |stages: usize, sets: &[&str]| {
        let stages = format!("stages={stages}");
        Config::new(unit("fp8_dot").unwrap(), None, &[sets, &[&stages]].concat()).unwrap()
    };
    let configs: Vec<Config> = (7..=23)
        .flat_map(|stages| {
            let formats = ["format=e4m3", "format=e5m2"];
            let (format, other) = (formats[stages % 2], formats[(stages + 1) % 2]);
            let products = format!("products={}", 4 + stages % 9);
            [config(stages, &["accumulate=h100", format]), config(stages, &[&products, other])]
        })
        .collect();
    for (index, report) in reports(&configs).iter().enumerate() {
        assert_eq!(configs[index].behaviour().latency(), 7 + index / 2, "{}", report.arguments);
        assert!(report.compared >= 1 << 13, "{} compared {}", report.arguments, report.compared);
    }
}

/// The words of the parameter `format`.
fn formats(unit_name: &str) -> &'static [&'static str] {
    let parameter = unit(unit_name).unwrap().parameters().iter().find(|parameter| parameter.name == "format");
    let Kind::Choice(words) = parameter.unwrap().kind else { panic!("a choice of formats") };
    words
}

#[test]
fn encoders_and_decoders_of_every_format_are_exact() {
    let words = formats("fp8_encoder");
    assert_eq!((words.len(), formats("fp8_decoder")), (10, words));
    let encoders = words.iter().enumerate().flat_map(|(index, word)| {
        [false, true].map(|saturate| {
            let stages = (index + 3 * usize::from(saturate)) % 5;
            let sets = [format!("format={word}"), format!("saturate={saturate}"), format!("stages={stages}")];
            Config::new(unit("fp8_encoder").unwrap(), None, &sets).unwrap()
        })
    });
    let decoder =
        |word: &&str| Config::new(unit("fp8_decoder").unwrap(), None, &[format!("format={word}")]).unwrap();
    let configs: Vec<Config> = encoders.chain(words.iter().map(decoder)).collect();
    let reports = reports(&configs);
    let (encoders, decoders) = reports.split_at(2 * words.len());
    for report in encoders {
        assert!(report.compared >= 1 << 13, "{} compared {}", report.arguments, report.compared);
    }
    let swept: Vec<u64> = decoders.iter().map(|report| report.compared).collect();
    assert_eq!(swept, [256, 256, 256, 256, 256, 256, 256, 64, 64, 16]);
}

/// (Z1): many lanes on iCE40 multiply raw codes and correct with the sum of a row.
#[test]
fn row_sums_correct_for_zero_points() {
    let vectors: [&[&str]; 5] = [
        &["lanes=16", "a_zero_point=port", "a_signed=false", "stages=1"],
        &["lanes=19", "a_zero_point=port", "a_signed=false", "stages=10", "accumulate=true"],
        &["lanes=16", "b_zero_point=port", "b_bits=5", "a_bits=3"],
        &["lanes=16", "b_zero_point=constant", "b_zero_point_value=-3", "stages=6"],
        &["lanes=17", "a_zero_point=constant", "a_zero_point_value=200", "a_signed=false", "b_signed=false"],
    ];
    let config = |sets: &&[&str]| {
        Config::new(unit("dot_product").unwrap(), None, &[*sets, &["target=ice40"]].concat()).unwrap()
    };
    let configs: Vec<Config> = vectors.iter().map(config).collect();
    for (config, report) in configs.iter().zip(reports(&configs)) {
        assert!(render(config).contains("correction"), "{}", report.arguments);
        assert!(report.compared >= 1 << 13, "{} compared {}", report.arguments, report.compared);
    }
}

/// Asks Yosys whether a model equals its own model of the cell, for one set of parameters.
fn equals_the_cell_of_yosys(model: &str, parameters: &str) -> bool {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("CCU2C.v"), model).unwrap();
    let script = format!(
        "read_verilog CCU2C.v; rename CCU2C ours; read_verilog +/ecp5/cells_sim.v; \
         chparam {parameters} ours CCU2C; hierarchy -check; proc; flatten ours CCU2C; miter -equiv -flatten ours CCU2C both; \
         sat -verify -prove trigger 0 both"
    );
    let run = Command::new("yosys").args(["-q", "-p", &script]).current_dir(folder.path()).output();
    let output = run.unwrap_or_else(|error| panic!("cannot run yosys ({error}); apt-get install yosys"));
    let log = String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() || log.contains("proof did fail"), "{log}");
    output.status.success()
}

#[test]
#[ignore = "needs Yosys"]
fn ccu2c_model_equals_yosys_model() {
    let config = Config::new(unit("mac").unwrap(), None, &["target=ecp5", "arch=ccu2c_rows"]).unwrap();
    let [(_, model)] = &primitives(&config)[..] else { panic!("one cell") };
    let luts = ["7888", "8777", "8878", "1234", "ffff"];
    for (index, lut) in luts.iter().enumerate() {
        for inject in
            ["\"NO\" -set INJECT1_1 \"NO\"", "\"YES\" -set INJECT1_1 \"NO\"", "\"NO\" -set INJECT1_1 \"YES\""]
        {
            let other = luts[(index + 1) % luts.len()];
            let parameters = format!("-set INIT0 16'h{lut} -set INIT1 16'h{other} -set INJECT1_0 {inject}");
            assert!(equals_the_cell_of_yosys(model, &parameters), "{parameters}");
        }
    }
    let parameters = "-set INIT0 16'h7888 -set INIT1 16'h7888 -set INJECT1_0 \"NO\" -set INJECT1_1 \"NO\"";
    let broken = model.replace("lut_1 ? carry : generate_1", "lut_1 ? generate_1 : carry");
    assert_ne!(&broken, model);
    assert!(!equals_the_cell_of_yosys(&broken, parameters));
}
