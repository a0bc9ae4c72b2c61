//! A solver proves emitted modules equal to statements in SMT-LIB, written from the equations of
//! `docs/arithmetic.md` alone: for all operands, from any state, and for all values of what is a port.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::common::record::{Entry, all_on_record};
use qrtl::catalogue::{preset, unit};
use qrtl::generator::{named, render};
use qrtl::proof::{ClaimVerdict, Proof, Prover};
use qrtl::toolchain::environment::Environment;
use qrtl::unit::Config;

static PROVER: LazyLock<Prover> = LazyLock::new(|| {
    let limit = Duration::from_secs(1200);
    Prover::open(&Environment::of_process(), limit, &|notice| eprintln!("{notice}")).unwrap()
});

fn config(name: &str, sets: &[&str]) -> Config {
    Config::new(unit(name).unwrap(), None, sets).unwrap()
}

fn proof(config: &Config, verilog: &str) -> Proof {
    let proof = PROVER.prove(config, verilog).unwrap();
    for claim in &proof.claims {
        println!("{}: {} in {:.1} s", config.name(), claim.claim, claim.seconds);
    }
    proof
}

fn prove(config: &Config) {
    let proof = proof(config, &render(config));
    assert!(proof.holds(), "{}: {:?}", config.name(), proof.claims);
}

/// Everything that decides a proof beside the module: how claims are stated, and by which tools they are decided.
static PROOF_SOURCES: LazyLock<Sha256> = LazyLock::new(|| {
    let mut digest = Sha256::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("src/proof")];
    let mut files = vec![root.join("data/wheels/yosys.txt"), root.join("data/wheels/bitwuzla.txt")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let list = if path.is_dir() { &mut folders } else { &mut files };
            list.push(path);
        }
    }
    assert!(files.len() > 10, "{files:?}");
    files.sort();
    files.iter().for_each(|path| digest.update(fs::read(path).unwrap()));
    digest
});

/// Proves the first config, and the others unless their proofs are on record in a file of `tests/data`.
fn prove_all(file: &str, configs: &[Config]) {
    let entry = |config: &Config| {
        let digest = PROOF_SOURCES.clone().chain_update(render(config)).finalize();
        let digest = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let is_repeated = config.name() == configs[0].name();
        Entry { name: config.name().to_string(), digest, is_repeated }
    };
    let claims = all_on_record(file, configs, entry, |config| {
        let proof = proof(config, &render(config));
        assert!(proof.holds(), "{}: {:?}", config.name(), proof.claims);
        proof.claims.len() as u64
    });
    assert!(claims >= configs.len() as u64);
}

/// The claim that fails for Verilog which does not match its config.
fn refuted(config: &Config, verilog: &str) -> String {
    let proof = proof(config, verilog);
    let last = proof.claims.last().unwrap();
    let ClaimVerdict::Fails { counterexample } = &last.verdict else {
        panic!("{}: {verilog}", config.name())
    };
    assert!(counterexample.len() > 2, "{counterexample:?}");
    last.claim.clone()
}

/// Replaces one text, which must be there.
fn broken(text: &str, from: &str, to: &str) -> String {
    let broken = text.replace(from, to);
    assert_ne!(broken, text, "nothing reads {from}");
    broken
}

#[test]
#[ignore = "solves for minutes"]
fn single_preset_equals_rule_for_all_accumulators() {
    prove(&preset("requantizer_single").unwrap());
}

#[test]
#[ignore = "solves for minutes"]
fn gemmlowp_preset_equals_rule_for_all_accumulators() {
    prove(&preset("requantizer_gemmlowp").unwrap());
}

#[test]
#[ignore = "solves for minutes"]
fn f32_preset_equals_rule_for_all_accumulators() {
    prove(&preset("requantizer_f32").unwrap());
}

#[test]
#[ignore = "solves for minutes"]
fn single_is_its_rule_for_all_accumulators_and_multipliers() {
    prove(&config("requantizer", &["rule=single", "multiplier=port"]));
}

#[test]
#[ignore = "solves for minutes"]
fn gemmlowp_is_its_rule_for_all_accumulators_and_multipliers() {
    prove(&config("requantizer", &["rule=gemmlowp", "multiplier=port"]));
}

#[test]
#[ignore = "solves for minutes"]
fn single_is_its_rule_for_all_accumulators_shifts_and_zero_points() {
    prove(&config("requantizer", &["rule=single", "shift=port", "zero_point=port"]));
}

#[test]
#[ignore = "solves for minutes"]
fn gemmlowp_is_its_rule_for_all_accumulators_and_zero_points() {
    prove(&config("requantizer", &["rule=gemmlowp", "zero_point=port"]));
}

#[test]
#[ignore = "solves for minutes"]
fn another_rule_and_a_wrong_circuit_have_a_counterexample() {
    let (single, gemmlowp) = (preset("requantizer_single").unwrap(), preset("requantizer_gemmlowp").unwrap());
    let other = render(&named(single.clone(), gemmlowp.name()).unwrap());
    refuted(&gemmlowp, &other);
    refuted(&single, &broken(&render(&single), "{valid[3:0], valid_in}", "{valid[3:0], 1'b1}"));
    let inferred = config("requantizer", &["rule=single", "arch=inferred"]);
    refuted(&inferred, &broken(&render(&inferred), ", shifted[0]}", ", 1'b0}"));
    prove(&inferred);
    prove(&config("requantizer", &["rule=single", "arch=short_multiplier", "target=ecp5"]));
}

#[test]
#[ignore = "solves for minutes"]
fn products_of_every_architecture_are_proved() {
    let odd: &[&str] = &["a_bits=7", "b_bits=5", "b_signed=false", "stages=3"];
    let mut configs = Vec::new();
    for arch in ["inferred", "booth_dadda", "mux_rows", "booth_rows", "ccu2c_rows"] {
        let arch = format!("arch={arch}");
        let made_for: &[&str] = &["target=ecp5", &arch];
        configs.extend([config("multiplier", made_for), config("multiplier", &[odd, made_for].concat())]);
    }
    prove_all("proofs_of_products.txt", &configs);
}

#[test]
#[ignore = "solves for minutes"]
fn macs_and_dot_products_are_proved() {
    let mut configs = [
        "int16_multiplier",
        "int8_mac",
        "int4_mac",
        "int2_mac",
        "w4a8_mac",
        "uint8_mac_zp",
        "int8_mac_sat20",
        "int8_dot8",
        "int4_dot16",
        "uint8_dot8_zp_acc",
    ]
    .map(|name| preset(name).unwrap())
    .to_vec();
    configs.extend([
        config("mac", &["stages=5", "target=ice40", "objective=speed"]),
        config("mac", &["a_bits=5", "b_bits=5", "a_zero_point=port", "b_zero_point=port", "target=ecp5"]),
        config("dot_product", &["lanes=5", "a_bits=6", "b_bits=5", "target=ice40", "stages=3"]),
        config("dot_product", &["lanes=16", "a_bits=4", "b_bits=4", "a_zero_point=port", "target=ice40"]),
        config("dot_product", &["lanes=4", "a_bits=4", "b_bits=4", "accumulate=true", "target=xc7"]),
    ]);
    prove_all("proofs_of_sums.txt", &configs);
}

#[test]
#[ignore = "solves for minutes"]
fn multi_precision_dot_products_are_proved() {
    let config = config("multi_precision_dot", &["lanes=3", "stages=2", "a_signed=false"]);
    let presets = ["multi_precision_dot1", "multi_precision_dot1_u8", "multi_precision_dot8"];
    let mut configs = presets.map(|name| preset(name).unwrap()).to_vec();
    configs.push(config.clone());
    prove_all("proofs_of_precisions.txt", &configs);
    let text = render(&config);
    refuted(&config, &broken(&text, "y[3] & is_8", "y[3] & ~is_8"));
    refuted(&config, &broken(&text, "{x[1:0], 6'd0}", "{x[3:2], 6'd0}"));
}

#[test]
#[ignore = "solves for minutes"]
fn packed_products_and_sums_are_proved() {
    let presets =
        ["int8_multiplier_pair_ice40", "int8_dot7_pair_xcup", "int4_dot7_quad_xc7", "w4a8_dot9_pair_ecp5"];
    let mut configs = presets.map(|name| preset(name).unwrap()).to_vec();
    let unsigned = ["a_bits=3", "b_bits=3", "a_signed=false", "b_signed=false", "target=ecp5"];
    configs.push(config("packed_multiplier", &unsigned));
    configs.push(config("packed_multiplier", &[&unsigned[..], &["terms=2", "stages=4"]].concat()));
    prove_all("proofs_of_packings.txt", &configs);
}

#[test]
#[ignore = "solves for minutes"]
fn a_wrong_packing_has_a_counterexample() {
    let sums = preset("w4a8_dot9_pair_ecp5").unwrap();
    let text = render(&sums);
    for (from, to, claim) in [
        ("{10{b[3]}}", "{10{1'b0}}", "the packed word of all products"),
        ("wire enters = valid;", "wire enters = valid_in;", "the packed word of all products"),
        ("count == 4'd8", "count == 4'd7", "one more product"),
        (".C0(accum[14])", ".C0(1'b0)", "one more product"),
        ("complete <= enters & last", "complete <= last", "one more product"),
        ("{13'd0, accum[13]}", "14'd0", "the sum of each field"),
        ("if (complete)", "", "the sum of each field"),
        ("wire enable = en & enters;", "wire enable = enters;", "every register holds"),
        (
            "            count <= 4'd0;\n        else if",
            "            count <= 4'd1;\n        else if",
            "reset starts a new sum",
        ),
        ("            valid <= 1'd0;", "            valid <= 1'd1;", "reset starts a new sum"),
    ] {
        let refuted = refuted(&sums, &broken(&text, from, to));
        assert!(refuted.starts_with(claim), "{from}: {refuted}");
    }
}

#[test]
#[ignore = "solves for minutes"]
fn a_wrong_product_or_sum_has_a_counterexample() {
    let product = config("multiplier", &["a_bits=4", "b_bits=4", "arch=mux_rows"]);
    refuted(&product, &broken(&render(&product), "~(~", "("));
    let mac = preset("int8_mac").unwrap();
    let text = render(&mac);
    assert_eq!(
        refuted(&mac, &broken(&text, "start       <= clear", "start       <= 1'b0")),
        "the product and its start bit"
    );
    assert!(refuted(&mac, &broken(&text, "{16{mult_result[15]}}", "{16{1'b0}}")).starts_with("the sum"));
    assert_eq!(
        refuted(&mac, &broken(&text, "else if (en)\n            accum", "else\n            accum")),
        "every register holds during a stall"
    );
    let dot = config("dot_product", &["lanes=4", "a_bits=4", "b_bits=4", "target=ice40"]);
    let text = render(&dot);
    let claim = refuted(&dot, &broken(&text, "b[4*i +: 4]", "b[4*(i & 2) +: 4]"));
    assert!(claim.starts_with("every lane"), "{claim}");
}
