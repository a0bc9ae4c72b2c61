//! Certificates of linear forms: generated modules have one, modules with a broken line have none.

use std::collections::HashSet;
use std::sync::LazyLock;
use std::time::Duration;

use qrtl::catalogue::{preset, presets, unit};
use qrtl::generator::render;
use qrtl::proof::certificate::{Certificate, Refutation, linear};
use qrtl::toolchain::Yosys;
use qrtl::toolchain::cache::Cache;
use qrtl::toolchain::environment::Environment;
use qrtl::unit::Config;

static YOSYS: LazyLock<Yosys> = LazyLock::new(|| {
    let environment = Environment::of_process();
    Yosys::open(&environment, &Cache::open(&environment).unwrap(), &|notice| eprintln!("{notice}")).unwrap()
});

fn verdict(config: &Config, verilog: &str) -> Result<Certificate, Refutation> {
    linear(&YOSYS, config, verilog, Duration::from_secs(300)).unwrap()
}

fn config(sets: &[&str]) -> Config {
    Config::new(unit("constant_matrix").unwrap(), None, sets).unwrap()
}

fn certificate(config: &Config) -> Certificate {
    let verilog = render(config);
    verdict(config, &verilog).unwrap_or_else(|error| panic!("{}: {error}\n{verilog}", config.arguments()))
}

#[test]
#[ignore = "needs Yosys: fetches it"]
fn certifies_every_preset_on_every_target_and_architecture() {
    let mut modules = HashSet::new();
    for preset in presets().filter(|config| config.unit().name() == "constant_matrix") {
        for target in ["generic", "ice40", "ecp5", "xc7", "xcup"] {
            for arch in ["auto", "inferred", "csd", "shared"] {
                let sets = [format!("target={target}"), format!("arch={arch}")];
                let config = Config::new(preset.unit(), preset.preset(), &sets).unwrap();
                // Many targets have the same module, apart from the comment that names the target.
                let module = render(&config).split_once("module ").unwrap().1.to_string();
                if !modules.insert(module) {
                    continue;
                }
                let certificate = certificate(&config);
                assert_eq!(certificate.outputs, preset.values().matrix("weights").rows().len());
                assert_eq!(certificate.latency, preset.behaviour().latency());
                assert!(certificate.cells > 12, "{certificate:?}");
            }
        }
    }
    assert!(modules.len() >= 3 * 3, "{}", modules.len());
}

/// Entries of every sparsity and size, inputs of odd widths, rows and columns of zeros.
#[test]
#[ignore = "needs Yosys: fetches it"]
fn certifies_matrices_of_all_shapes() {
    let mut state = 1u64;
    let mut next = |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let mut count = 0;
    while count < 64 {
        let (rows, columns, bits) = (1 + next(6), 1 + next(6), 2 + next(15));
        let mut entry = || match next(4) {
            0 => 0,
            _ => (next(1 << bits) as i64 - (1 << (bits - 1))) >> next(bits),
        };
        let row = |entries: Vec<String>| entries.join(",");
        let matrix: Vec<String> =
            (0..rows).map(|_| row((0..columns).map(|_| entry().to_string()).collect())).collect();
        let sets = [
            format!("weights={}", matrix.join(";")),
            format!("weight_bits={bits}"),
            format!("x_bits={}", 2 + next(15)),
            format!("x_signed={}", next(2) == 0),
            format!("stages={}", next(11)),
            format!("target={}", ["generic", "ice40", "ecp5"][next(3) as usize]),
            format!("arch={}", ["auto", "auto", "csd", "inferred"][next(4) as usize]),
        ];
        // A matrix of zeros is refused.
        if let Ok(config) = Config::new(unit("constant_matrix").unwrap(), None, &sets) {
            assert_eq!(certificate(&config).outputs as u64, rows);
            count += 1;
        }
    }
}

/// The largest matrix that is tested, 64 by 64.
#[test]
#[ignore = "needs Yosys: fetches it"]
fn certifies_a_matrix_of_4096_weights() {
    let entry = |index: i32| ((((index * 40_503) >> 3) as i16) >> 9).to_string();
    let row = |row: i32| (0..64).map(|column| entry(64 * row + column)).collect::<Vec<_>>().join(",");
    let matrix = (0..64).map(row).collect::<Vec<_>>().join(";");
    assert_eq!(certificate(&config(&[&format!("weights={matrix}")])).outputs, 64);
}

/// The text with the last occurrence of `from` outside comments replaced.
fn with_last_replaced(verilog: &str, from: &str, to: &str) -> Option<String> {
    let body = verilog.find(");").unwrap();
    let line_of = |position: usize| verilog[..position].rsplit('\n').next().unwrap_or_default();
    let positions = verilog.match_indices(from).map(|(position, _)| position);
    let position = positions.filter(|&at| at > body && !line_of(at).contains("//")).last()?;
    Some(format!("{}{to}{}", &verilog[..position], &verilog[position + from.len()..]))
}

/// Breaks the Verilog line by line; unit tests of the certificate change every cell of a netlist.
#[test]
#[ignore = "needs Yosys: fetches it"]
fn refutes_modules_with_a_broken_line() {
    let faults = [
        (" + ", " - "),
        (" - ", " + "),
        ("~", ""),
        ("'d0}", "'d1}"),
        ("[8]}}", "[7]}}"),
        ("{2{", "{1{"),
        ("x_1", "x_2"),
        ("sum_1,", "sum_2,"),
        ("sum_4_2 <= sum_4;", "sum_4_2 <= sum_4_1;"),
        ("assign y[16:0]", "assign y[33:17]"),
        ("1'b0, ", "1'b1, "),
        (" * 7'd64", " * 7'd63"),
        ("$signed", ""),
        ("posedge", "negedge"),
    ];
    let mut applied = vec![0; faults.len()];
    let configs: [&[&str]; 4] = [
        &["x_signed=false", "stages=3"],
        &["target=ice40"],
        &["target=ice40", "x_signed=false", "stages=2"],
        &["arch=inferred", "x_signed=false"],
    ];
    for sets in configs {
        let config = config(sets);
        let sound = render(&config);
        assert!(verdict(&config, &sound).is_ok());
        for (count, (from, to)) in applied.iter_mut().zip(faults) {
            let Some(text) = with_last_replaced(&sound, from, to) else { continue };
            *count += 1;
            let verdict = verdict(&config, &text);
            assert!(verdict.is_err(), "{sets:?}: '{from}' became '{to}' unnoticed in\n{text}");
        }
    }
    for (count, fault) in applied.iter().zip(faults) {
        assert!(*count > 0, "{fault:?} was found nowhere");
    }
}

#[test]
#[ignore = "needs Yosys: fetches it"]
fn certifies_modules_in_another_style() {
    let config = config(&["weights=3,-2", "x_bits=4", "stages=1"]);
    let name = config.name();
    let verilog = format!(
        "module {name} (input clk, input [7:0] x, output [6:0] y);\n\
         wire signed [3:0] a = x[3:0], b = x[7:4];\n\
         reg signed [6:0] held;\n\
         always @(posedge clk) held <= (a <<< 1) + a - 2 * b;\n\
         assign y = held;\nendmodule\n"
    );
    let certificate = verdict(&config, &verilog).unwrap();
    assert_eq!((certificate.outputs, certificate.latency), (1, 1));
    let error = verdict(&config, &verilog.replace("2 * b", "3 * b")).unwrap_err();
    assert!(error.to_string().contains("y[0] contains -3 * x[1], but the weight is -2"), "{error}");
    let error = verdict(&config, &verilog.replace("2 * b", "a * b")).unwrap_err();
    assert!(error.to_string().contains("line 4: a product of two vectors"), "{error}");
}

#[test]
#[ignore = "needs Yosys: fetches it"]
fn other_units_have_no_certificate() {
    let mac = preset("int8_mac").unwrap();
    let error = verdict(&mac, &render(&mac)).unwrap_err().to_string();
    assert_eq!(error, "mac is not linear in its inputs; certificates exist for constant_matrix only");
}
