//! Certificates of linear forms: given to every module that computes its matrix, and to no other.

use qrtl::catalogue::{preset, presets, unit};
use qrtl::generator::render;
use qrtl::proof::certificate::{Certificate, Refutation, linear};
use qrtl::unit::Config;

fn config(sets: &[&str]) -> Config {
    Config::new(unit("constant_matrix").unwrap(), None, sets).unwrap()
}

fn certified(config: &Config) -> Certificate {
    let verilog = render(config);
    linear(config, &verilog).unwrap_or_else(|error| panic!("{}: {error}\n{verilog}", config.arguments()))
}

#[test]
fn every_preset_on_every_target_and_architecture_is_its_matrix() {
    let mut seen = 0;
    for preset in presets().filter(|config| config.unit().name() == "constant_matrix") {
        for target in ["generic", "ice40", "ecp5", "xc7", "xcup"] {
            for arch in ["auto", "inferred", "csd", "shared"] {
                let sets = [format!("target={target}"), format!("arch={arch}")];
                let config = Config::new(preset.unit(), preset.preset(), &sets).unwrap();
                let certificate = certified(&config);
                assert_eq!(certificate.outputs, preset.values().matrix("weights").rows().len());
                assert_eq!(certificate.latency, preset.behaviour().latency());
                assert!(certificate.vectors > 12, "{certificate:?}");
                seen += 1;
            }
        }
    }
    assert_eq!(seen, 3 * 5 * 4);
}

/// Entries of every sparsity and size, inputs of odd widths, rows and columns of zeros.
#[test]
fn matrices_of_all_shapes_are_certified() {
    let mut state = 1u64;
    let mut next = |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let mut seen = 0;
    while seen < 150 {
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
        // Matrices of nothing but zeros are refused.
        if let Ok(config) = Config::new(unit("constant_matrix").unwrap(), None, &sets) {
            assert_eq!(certified(&config).outputs as u64, rows);
            seen += 1;
        }
    }
}

/// The text with one occurrence of something replaced, for each occurrence outside of comments.
fn broken(verilog: &str, from: &str, to: &str) -> Vec<String> {
    let body = verilog.find(");").unwrap();
    let places = verilog.match_indices(from).map(|(place, _)| place).filter(|&place| place > body);
    places
        .filter(|&place| !verilog[..place].rsplit('\n').next().unwrap().contains("//"))
        .map(|place| format!("{}{to}{}", &verilog[..place], &verilog[place + from.len()..]))
        .collect()
}

#[test]
fn a_broken_line_is_refuted_wherever_it_is() {
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
        assert!(linear(&config, &sound).is_ok());
        for (count, (from, to)) in applied.iter_mut().zip(faults) {
            for text in broken(&sound, from, to) {
                *count += 1;
                let verdict = linear(&config, &text);
                assert!(verdict.is_err(), "{sets:?}: '{from}' became '{to}' unnoticed in\n{text}");
            }
        }
    }
    for (count, fault) in applied.iter().zip(faults) {
        assert!(*count > 0, "{fault:?} was found nowhere");
    }
}

/// A module of one weight, 3, for x of 4 bits, with this body.
fn verdict(stages: u32, body: &str) -> Result<Certificate, Refutation> {
    let config = config(&["weights=3", "x_bits=4", &format!("stages={stages}")]);
    linear(&config, &format!("module m (\n);\n{body}\nendmodule\n"))
}

#[test]
fn refutations_say_what_is_wrong_and_where() {
    let x = "wire [3:0] x_0 = x[3:0];";
    let sum = "wire [5:0] s = {{2{x_0[3]}}, x_0} + {x_0[3], x_0, 1'b0};";
    assert_eq!(
        verdict(0, &format!("{x}\n{sum}\nassign y[5:0] = s;")),
        Ok(Certificate { outputs: 1, vectors: 2, latency: 0 })
    );
    let cases: [(u32, String, &str); 14] = [
        (0, format!("{x}\n{sum}\nassign y[5:0] = x_0;"), "line 5: 4 bits where 6 are needed"),
        (
            0,
            format!("{x}\nassign y[5:0] = {{{{2{{x_0[3]}}}}, x_0}};"),
            "y[0] counts x[0] 1 times, the weight is 3",
        ),
        (0, format!("{x}\n{sum}\nassign y[5:0] = s + 6'd1;"), "y[0] is 1 where every x is 0"),
        (
            0,
            format!("{x}\nwire [4:0] s = {{x_0[3], x_0}} + {{x_0, 1'b0}};"),
            "line 4: values from -24 to 21 do not fit 5 bits",
        ),
        (
            0,
            format!("{x}\nwire [5:0] s = {{2'd0, x_0}} + {{x_0[3], x_0, 1'b0}};"),
            "line 4: values from -8 to 7 do not fit 4 bits",
        ),
        (0, format!("{x}\nassign y[5:0] = {{{{2{{x_0[2]}}}}, x_0}};"), "line 4: a bit that is no sign"),
        (0, format!("{x}\nwire [7:0] s = x_0 * x_0;"), "line 4: a product of two vectors"),
        (0, format!("{x}\nassign y[5:0] = s;"), "line 4: 's' has no value yet"),
        (0, format!("{x}\n{x}"), "line 4: 'x_0' is declared twice"),
        (0, format!("{x}\n{sum}"), "'y' has an element without a value"),
        (0, "initial y = 0;".to_string(), "line 3: 'initial' stands where wire, reg, assign or always"),
        (1, format!("{x}\n{sum}\nassign y[5:0] = s;"), "y[0] comes 0 cycles after x, not 1"),
        (
            1,
            format!(
                "{x}\nreg [3:0] q;\nalways @(posedge clk) begin\nq <= x_0;\nend\nwire [5:0] s = {{{{2{{x_0[3]}}}}, x_0}} + {{q[3], q, 1'b0}};"
            ),
            "line 8: values of different cycles meet",
        ),
        (0, format!("{x}\nwire [5:0] s = {}x_0;", "~".repeat(5000)), "a statement of 1000 operands"),
    ];
    for (stages, body, text) in cases {
        let error = verdict(stages, &body).unwrap_err().to_string();
        assert!(error.contains(text), "no '{text}' in: {error}");
    }
    let mac = preset("int8_mac").unwrap();
    let error = linear(&mac, &render(&mac)).unwrap_err().to_string();
    assert_eq!(error, "mac computes no linear form; certificates are for constant_matrix");
}

#[test]
fn text_that_is_no_module_is_refused() {
    let config = config(&[]);
    for text in
        ["", "module", "module m (", "module m ();\nwire", "\u{e4}", "module m (); always @(", "assign"]
    {
        assert!(matches!(linear(&config, text), Err(Refutation::Syntax { .. })), "{text:?}");
    }
}
