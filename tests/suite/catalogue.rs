//! The catalogue: legal and illegal parameters, names, presets and listing.

use std::collections::BTreeSet;

use qrtl::catalogue::{UNITS, listing, preset, presets, unit, with_owner};
use qrtl::generator;
use qrtl::generator::companion as flow;
use qrtl::unit::Config;

fn config(name: &str, sets: &[&str]) -> Config {
    Config::new(unit(name).unwrap(), None, sets).unwrap()
}

fn refusal(name: &str, preset: Option<&str>, sets: &[&str]) -> String {
    let unit = unit(name).unwrap();
    with_owner(unit, Config::new(unit, preset, sets).unwrap_err()).to_string()
}

#[test]
fn rejects_value_out_of_range_with_legal_range() {
    let problems = [
        ("out of range", &["1", "17", "-8", "99999999999999999999"][..]),
        ("not a number", &["8.0", "eight", "", "0x8"]),
    ];
    for (problem, texts) in problems {
        for bits in texts {
            assert_eq!(
                refusal("multiplier", None, &[&format!("a_bits={bits}")]),
                format!("a_bits={bits} is {problem}; legal: 2..=16")
            );
        }
    }
    assert_eq!(
        refusal("multiplier", None, &["a_signed=yes"]),
        "a_signed=yes is not a legal word; legal: true | false"
    );
    assert_eq!(
        refusal("mac", None, &["overflow=saturated"]),
        "overflow=saturated is not a legal word (did you mean 'saturate'?); legal: wrap | saturate"
    );
}

#[test]
fn rejects_accumulator_narrower_than_product() {
    // (-8) * (-8) = 64 needs 8 bits; 15 * 15 = 225 also; (0 - 15) * (15 - 0) = -225 needs 9.
    let int4 = ["a_bits=4", "b_bits=4"];
    assert_eq!(
        refusal("mac", None, &[&int4[..], &["acc_bits=7"]].concat()),
        "acc_bits=7 is narrower than one product of 8 bits; set acc_bits to at least 8"
    );
    config("mac", &[&int4[..], &["acc_bits=8"]].concat());
    let uint4 = [&int4[..], &["a_signed=false", "b_signed=false"]].concat();
    config("mac", &[&uint4[..], &["acc_bits=8"]].concat());
    let shifted = [&uint4[..], &["a_zero_point=port", "b_zero_point=port"]].concat();
    assert_eq!(
        refusal("mac", None, &[&shifted[..], &["acc_bits=8"]].concat()),
        "acc_bits=8 is narrower than one product of 9 bits; set acc_bits to at least 9"
    );
}

#[test]
fn rejects_illegal_and_unused_zero_points() {
    assert_eq!(
        refusal("mac", None, &["a_zero_point=constant", "a_zero_point_value=128"]),
        "a_zero_point_value=128 is not a value of a (s8); choose one of -128..=127"
    );
    config("mac", &["a_signed=false", "a_zero_point=constant", "a_zero_point_value=128"]);
    for zero_point in ["none", "port"] {
        assert_eq!(
            refusal("mac", None, &[&format!("b_zero_point={zero_point}"), "b_zero_point_value=3"]),
            "b_zero_point_value=3 has no effect; set b_zero_point=constant, or leave the value out"
        );
    }
}

#[test]
fn rejects_unknown_names_with_suggestion() {
    assert_eq!(
        unit("multiplyer").unwrap_err().to_string(),
        "unknown unit 'multiplyer' (did you mean 'multiplier'?); `qrtl list` shows all units"
    );
    assert_eq!(unit("zzz").unwrap_err().to_string(), "unknown unit 'zzz'; `qrtl list` shows all units");
    assert_eq!(
        preset("int8_mca").unwrap_err().to_string(),
        "unknown preset 'int8_mca' (did you mean 'int8_mac'?); `qrtl list` shows all presets"
    );
    assert_eq!(
        refusal("mac", Some("int8_maq"), &[]),
        "unknown preset 'int8_maq' (did you mean 'int8_mac'?); `qrtl list` shows all presets"
    );
    assert_eq!(
        refusal("multiplier", None, &["a_bit=8"]),
        "multiplier has no parameter 'a_bit' (did you mean 'a_bits'?); it has: \
         a_bits, b_bits, a_signed, b_signed, stages, target, arch, objective, dsp"
    );
    assert_eq!(
        refusal("mac", None, &["a_bits"]),
        "'a_bits' is not a setting; write it as parameter=value, for example a_bits=8"
    );
}

#[test]
fn rejects_parameters_that_contradict_a_preset() {
    let mac = unit("mac").unwrap();
    let agreeing = Config::new(mac, Some("int4_mac"), &["b_bits=4", "acc_bits=32"]).unwrap();
    assert_eq!((agreeing.name(), agreeing.preset()), ("int4_mac", Some("int4_mac")));
    assert_eq!(
        refusal("mac", Some("int4_mac"), &["a_bits=8"]),
        "preset int4_mac fixes a_bits=4, which contradicts a_bits=8; drop one of the two \
         (without the preset, `--set` every parameter you need)"
    );
    let foreign = Config::new(mac, Some("int8_multiplier"), &[""; 0]).unwrap_err();
    assert_eq!(
        with_owner(mac, foreign).to_string(),
        "preset 'int8_multiplier' is a multiplier, not a mac; use `multiplier --preset int8_multiplier`"
    );
}

#[test]
fn presets_accept_implementation_parameters() {
    let mac = unit("mac").unwrap();
    let named = |preset, sets: &[&str]| {
        let config = Config::new(mac, preset, sets).unwrap();
        assert_eq!(config.preset(), Some("int4_mac"));
        config.name().to_string()
    };
    assert_eq!(named(Some("int4_mac"), &["target=ice40"]), "int4_mac_ice40");
    assert_eq!(named(Some("int4_mac"), &["target=xc7", "dsp=avoid"]), "int4_mac_xc7_fabric");
    let widths = ["a_bits=4", "b_bits=4"];
    assert_eq!(named(None, &[&widths[..], &["objective=speed"]].concat()), "int4_mac_speed");
    assert_eq!(named(None, &[&widths[..], &["arch=mux_rows"]].concat()), "int4_mac_mux_rows");
}

#[test]
fn rejects_architecture_without_target_support() {
    assert_eq!(
        refusal("multiplier", None, &["arch=ccu2c_rows", "target=ice40"]),
        "arch=ccu2c_rows is made of the ECP5 cell CCU2C, which target=ice40 does not have; set target=ecp5, \
         or leave arch out"
    );
    config("multiplier", &["arch=ccu2c_rows", "target=ecp5"]);
    assert_eq!(
        refusal("mac", None, &["arch=dsp"]),
        "arch=dsp needs a family that has DSP blocks, which target=generic does not name; set target to \
         ice40, ecp5, xc7 or xcup, or use arch=inferred"
    );
    assert_eq!(
        refusal("mac", None, &["arch=inferred", "dsp=avoid"]),
        "arch=inferred leaves the product to DSP blocks, which dsp=avoid rules out; leave one of the two out"
    );
    assert_eq!(
        refusal("mac", None, &["arch=mux_rows", "objective=speed"]),
        "objective=speed has no effect with arch=mux_rows; leave arch out and let the objective choose, \
         or leave the objective out"
    );
}

#[test]
fn header_names_chosen_architecture() {
    let architecture = |unit: &str, sets: &[&str]| {
        let text = generator::render(&config(unit, sets));
        let line = text.lines().find_map(|line| line.strip_prefix("// Architecture: ").map(str::to_string));
        line.unwrap_or_default()
    };
    let cases: [(&[&str], &str); 10] = [
        (&[], ""),
        (&["dsp=avoid"], "booth_dadda."),
        (&["target=ice40"], "mux_rows, for ice40."),
        (&["target=ecp5"], "dsp, for ecp5."),
        (&["target=ecp5", "dsp=avoid"], "ccu2c_rows, for ecp5."),
        (&["target=xc7"], "dsp, for xc7."),
        (&["target=xc7", "dsp=avoid"], "booth_rows, for xc7."),
        (&["target=xc7", "a_bits=4", "b_bits=4"], "booth_rows, for xc7."),
        (&["target=ice40", "objective=speed"], "booth_dadda, for ice40."),
        (&["target=ice40", "arch=inferred"], "inferred, for ice40."),
    ];
    for (sets, expected) in cases {
        assert_eq!(architecture("multiplier", sets), expected, "{sets:?}");
        assert_eq!(architecture("mac", sets), expected, "{sets:?}");
    }
    let pipelined = ["target=ice40", "objective=speed", "stages=4"];
    assert_eq!(architecture("multiplier", &pipelined), "mux_rows, for ice40.");
}

#[test]
fn rejects_parameter_set_to_two_values() {
    assert_eq!(
        refusal("mac", None, &["a_bits=4", "a_bits=5"]),
        "a_bits is set twice, to 4 and to 5; keep one of them"
    );
    assert_eq!(config("mac", &["a_bits=4", "a_bits=4"]).values().integer("a_bits"), 4);
}

#[test]
fn rejects_illegal_module_names() {
    let long = "x".repeat(128);
    let refused = [
        "",
        "8mac",
        "_mac",
        "Mac",
        "my-mac",
        "my mac",
        "a__b",
        "mäc",
        "mac;",
        "module",
        "logic",
        "std",
        "signal",
        "downto",
        "accum",
        "clk",
        "mult_result",
        &long,
    ];
    for name in refused {
        let error = generator::named(config("mac", &[]), name).unwrap_err().to_string();
        assert_eq!(
            error,
            format!(
                "'{name}' cannot be a module name; use at most 127 of a-z, 0-9 and _, starting with a \
                 letter, without a double underscore; no keyword of Verilog, SystemVerilog or \
                 VHDL, and no port or signal of the unit"
            )
        );
    }
    for name in ["m", "my_mac8", "modules", &long[1..]] {
        let renamed = generator::named(config("mac", &[]), name).unwrap();
        assert_eq!(renamed.name(), name);
        assert_eq!(renamed.digest(), config("mac", &[]).digest(), "the digest is that of the hardware");
    }
}

#[test]
fn configs_equal_to_a_preset_have_its_name() {
    let names: BTreeSet<String> = presets().map(|config| config.name().to_string()).collect();
    assert_eq!(names.len(), presets().count(), "names of presets are unique");
    assert_eq!(names.len(), UNITS.iter().map(|unit| unit.presets().len()).sum::<usize>());
    for config in presets() {
        let again = Config::new(config.unit(), None, &config.settings()).unwrap();
        assert_eq!((again.name(), again.preset()), (config.name(), config.preset()));
        assert_eq!(preset(config.name()).unwrap().digest(), config.digest());
    }
}

#[test]
fn flow_templates_read_every_name_of_their_contexts() {
    let units: Vec<Config> = UNITS.iter().map(|&unit| Config::new(unit, None, &[""; 0]).unwrap()).collect();
    let names = flow::names_read_and_offered(&units);
    assert_eq!(names.len(), flow::Companion::ALL.len() + 1, "all companions and the table of rtl/");
    for (template, read, offered) in names {
        assert_eq!(read, offered, "{template}");
    }
}

#[test]
fn names_leave_room_for_those_of_instantiated_modules() {
    let engine = || preset("convolution_3x3").unwrap();
    assert!(generator::named(engine(), "layer").is_ok());
    for name in ["layer_", &"a".repeat(120)] {
        let error = generator::named(engine(), name).unwrap_err().to_string();
        assert!(error.contains(&format!("'{name}_requantizer' cannot be a module name")), "{error}");
    }
}

#[test]
fn listing_has_every_unit_parameter_and_preset() {
    let units = listing();
    assert_eq!(units.len(), UNITS.len());
    for (listed, unit) in units.iter().zip(UNITS) {
        let (text, json) = (listed.to_string(), serde_json::to_value(listed).unwrap());
        assert_eq!(json["unit"], unit.name());
        for (index, parameter) in unit.parameters().iter().enumerate() {
            assert!(text.contains(&format!("{}={}", parameter.name, parameter.default_text())), "{text}");
            assert_eq!(json["parameters"][index]["name"], parameter.name);
        }
        for (index, preset) in unit.presets().iter().enumerate() {
            assert!(text.contains(preset.name), "{text}");
            assert_eq!(json["presets"][index]["name"], preset.name);
        }
    }
    let listed =
        |name: &str| serde_json::to_value(units.iter().find(|listed| listed.unit == name).unwrap()).unwrap();
    let (mac, multiplier) = (listed("mac"), listed("multiplier"));
    let overflow = mac["parameters"].as_array().unwrap().iter().find(|it| it["name"] == "overflow");
    assert_eq!(
        *overflow.unwrap(),
        serde_json::json!({
            "name": "overflow", "kind": "choice", "legal": ["wrap", "saturate"], "default": "wrap",
            "help": "overflow behaviour of the accumulator",
        })
    );
    let presets = multiplier["presets"].as_array().unwrap();
    let pipelined = presets.iter().find(|preset| preset["name"] == "int8_multiplier_p2").unwrap();
    assert_eq!(pipelined["latency"], 2);
    assert_eq!(
        pipelined["ports"][1],
        serde_json::json!({
            "name": "a", "direction": "input", "role": "data", "bits": 8, "signed": true, "elements": 1,
            "help": "multiplicand",
        })
    );
}

macro_rules! names {
    ($($preset:ident)*) => {
        [$(stringify!($preset)),*]
    };
}

#[test]
fn tests_are_generated_for_every_preset() {
    let names = |of: fn(&Config) -> bool| {
        presets().filter(of).map(|config| config.name().to_string()).collect::<Vec<_>>()
    };
    let is_sequential = |config: &Config| config.behaviour().has_history();
    assert_eq!(presets! { names }.to_vec(), names(|_| true));
    assert_eq!(sequential_presets! { names }.to_vec(), names(is_sequential));
}
