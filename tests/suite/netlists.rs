//! Netlists of structures that the table of figures does not have are simulated, to detect faults of synthesis.
//!
//! Those of the presets are compared when `qrtl synth --table` measures them. As there, what was compared is on
//! record, because equal inputs of the pinned Yosys have equal netlists.

use std::collections::HashSet;
use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use crate::common::record::{Entry, all_on_record};
use qrtl::catalogue::{preset, unit};
use qrtl::demo::digits_hardware;
use qrtl::files::tensor::{Tensor, read_npz};
use qrtl::generator::render;
use qrtl::network::NetworkParameters;
use qrtl::simulation::{ModelBuilder, Models, Stalls, simulate_network};
use qrtl::synthesis::{
    Family, NetlistVerifier, Part, SynthesisInput, SynthesisOptions, Synthesizer, uses_dsp,
};
use qrtl::toolchain::environment::Environment;
use qrtl::unit::Config;
use qrtl::verification::{Effort, Report, Verification};
use qrtl::{Lanes, Target};

const FAMILIES: [Family; 3] = [Family::Ice40, Family::Ecp5, Family::Xc7];

const CASES: u64 = 1 << 14;

static SYNTHESIZER: LazyLock<Synthesizer> = LazyLock::new(|| {
    let options =
        SynthesisOptions { place_and_route: false, seeds: 1, time_limit: Duration::from_secs(1800) };
    Synthesizer::open(&Environment::of_process(), options, &|notice| eprintln!("{notice}")).unwrap()
});

static VERIFIER: LazyLock<NetlistVerifier> =
    LazyLock::new(|| NetlistVerifier::open(&SYNTHESIZER, CASES, &|notice| eprintln!("{notice}")).unwrap());

fn report(config: &Config, verilog: &str, family: Family, dsp: bool) -> Report {
    let part = Part::usual(family, dsp);
    VERIFIER.report(&SynthesisInput { config, verilog, part, dsp }).unwrap()
}

/// Compares the netlists of configs on their families, except those on record in a file of `tests/data`; returns
/// how many values were compared, now or for the record.
///
/// The first config on each family is always compared.
fn all_equal(designs: &[(Config, Family)], file: &str) -> u64 {
    let mut seen = HashSet::new();
    let designs: Vec<(&Config, Family, bool)> =
        designs.iter().map(|(config, family)| (config, *family, seen.insert(family.name()))).collect();
    let entry = |&(config, family, is_repeated): &(&Config, Family, bool)| {
        let (verilog, dsp) = (render(config), uses_dsp(config, family));
        let part = Part::usual(family, dsp);
        let digest = SYNTHESIZER.input_digest(&SynthesisInput { config, verilog: &verilog, part, dsp });
        Entry {
            name: format!("{}_on_{}", config.name(), family.title().replace(' ', "_")),
            digest,
            is_repeated,
        }
    };
    let compare = |&(config, family, _): &(&Config, Family, bool)| {
        let report = report(config, &render(config), family, uses_dsp(config, family));
        assert!(report.passed(), "{}: {}", config.name(), report.failure.unwrap());
        assert!(report.compared >= 1 << 4, "{} compared {}", config.name(), report.compared);
        report.compared
    };
    all_on_record(file, &designs, entry, compare)
}

#[test]
#[ignore = "synthesizes"]
fn netlists_of_every_architecture_equal_their_reference() {
    let units: [(&str, &[&str]); 7] = [
        ("multiplier", &["a_bits=5", "b_bits=4", "b_signed=false", "stages=2"]),
        ("mac", &["a_bits=4", "b_bits=3", "stages=4", "acc_bits=24"]),
        ("dot_product", &["lanes=3", "a_bits=4", "b_bits=4", "stages=2"]),
        ("constant_matrix", &["weights=3,-5,7;-128,90,1", "x_bits=5", "stages=2"]),
        ("requantizer", &["acc_bits=16", "out_bits=4", "shift=-6", "stages=3"]),
        ("quantizer", &["bits=4", "stages=8"]),
        ("dequantizer", &["bits=4", "bias=true", "stages=12"]),
    ];
    let mut designs = Vec::new();
    for (name, sets) in units {
        for family in FAMILIES {
            for arch in [
                "inferred",
                "booth_dadda",
                "mux_rows",
                "booth_rows",
                "ccu2c_rows",
                "dsp",
                "csd",
                "shared",
                "adders",
                "short_multiplier",
                "successive_approximation",
            ] {
                let made_for = [format!("target={}", family.name()), format!("arch={arch}")];
                let made_for: Vec<&str> = made_for.iter().map(String::as_str).collect();
                let config = Config::new(unit(name).unwrap(), None, &[sets, &made_for].concat());
                designs.extend(config.ok().map(|config| (config, family)));
            }
            if family == Family::Ice40 && name != "constant_matrix" {
                let fast = ["target=ice40", "objective=speed"];
                designs
                    .push((Config::new(unit(name).unwrap(), None, &[sets, &fast].concat()).unwrap(), family));
            }
        }
    }
    assert_eq!(designs.len(), 5 * (5 + 1 + 6 + 5) + 3 * 3 + 3 * 4 + 1);
    assert!(all_equal(&designs, "netlists_of_architectures.txt") > designs.len() as u64 * (1 << 8));
}

#[test]
#[ignore = "synthesizes"]
fn netlists_of_ultrascale_plus_equal_their_reference() {
    let presets = ["int8_multiplier", "w4a8_mac", "uint8_mac_zp", "requantizer_single", "dequantizer_int8"];
    let mut designs = Vec::new();
    for preset in presets.map(|name| preset(name).unwrap()) {
        for dsp in ["dsp=allow", "dsp=avoid"] {
            let sets = ["target=xcup", dsp];
            designs.push((Config::new(preset.unit(), preset.preset(), &sets).unwrap(), Family::Xcup));
        }
    }
    assert_eq!(designs.len(), 5 * 2);
    assert!(all_equal(&designs, "netlists_of_ultrascale_plus.txt") > designs.len() as u64 * (1 << 12));
}

/// Yosys 0.70 makes a constant 0 of a product that two registers follow, with `synth_ice40 -dsp`.
#[test]
#[ignore = "synthesizes"]
fn detects_a_product_that_synthesis_loses() {
    let sets = ["stages=2", "target=ice40", "arch=dsp"];
    let config = Config::new(unit("multiplier").unwrap(), None, &sets).unwrap();
    let lost = format!(
        "module {} (input clk, input signed [7:0] a, input signed [7:0] b, output reg signed [15:0] product);\n\
         reg signed [15:0] q;\nalways @(posedge clk) begin q <= a * b; product <= q; end\nendmodule\n",
        config.name()
    );
    let effort = Effort { cases: CASES, ..Effort::default() };
    let models = ModelBuilder::discover(&|notice| eprintln!("{notice}")).unwrap().for_netlists();
    assert!(
        Verification::new(&config, &models).verilog(&lost).effort(effort).run().unwrap().passed(),
        "the text is right"
    );
    let report = report(&config, &lost, Family::Ice40, true);
    assert!(report.mismatches > 0 && report.failure.is_some(), "{} compared, all equal", report.compared);
}

#[test]
#[ignore = "synthesizes"]
fn synthesis_keeps_all_dsp_products() {
    let mut designs = Vec::new();
    for (name, stages) in [("multiplier", 0..=4), ("mac", 2..=5), ("dot_product", 1..=4)] {
        for stages in stages {
            let stages = format!("stages={stages}");
            let mut sets = vec!["target=ice40", "arch=dsp", stages.as_str()];
            sets.extend((name == "dot_product").then_some("lanes=2"));
            designs.push((Config::new(unit(name).unwrap(), None, &sets).unwrap(), Family::Ice40));
        }
    }
    assert!(all_equal(&designs, "netlists_of_dsp_products.txt") > 1 << 16);
}

/// Images whose bytes the netlist of a network computes; gate-level simulation is slow.
const IMAGES: usize = 4;

#[test]
#[ignore = "synthesizes"]
fn netlist_of_the_digits_network_gives_the_recorded_bytes() {
    let config = digits_hardware(Target::Ice40).config;
    let parameters: &NetworkParameters = config.parameters();
    let (verilog, part) = (render(&config), Part::usual(Family::Ice40, false));
    let design = SynthesisInput { config: &config, verilog: &verilog, part, dsp: false };
    let entry = |_: &()| {
        let name = format!("{}_on_iCE40", config.name());
        Entry { name, digest: SYNTHESIZER.input_digest(&design), is_repeated: false }
    };
    let compare = |_: &()| {
        let netlist = SYNTHESIZER.netlist(&design).unwrap();
        let models = ModelBuilder::discover(&|notice| eprintln!("{notice}")).unwrap().for_netlists();
        let model = models.model(&config, &netlist, Lanes::ONE, false).unwrap();
        let mut arrays = read_npz(Path::new("data/digits_network.npz")).unwrap();
        let expected: Tensor<i8> = arrays.remove("y").unwrap().into_tensor().unwrap();
        let mut frames = parameters.network().input_frames(arrays.remove("x").unwrap(), 0).unwrap();
        frames.truncate(IMAGES);
        let found = simulate_network(&model, &frames, Stalls::Random(1), &|_| ()).unwrap().outputs.concat();
        assert!(!found.is_empty());
        assert_eq!(found, expected.data()[..found.len()]);
        found.len() as u64
    };
    assert!(all_on_record("netlists_of_networks.txt", &[()], entry, compare) > 0);
}
