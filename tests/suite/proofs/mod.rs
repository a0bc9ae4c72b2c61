//! A solver proves emitted requantizers equal to a statement of their rule in SMT-LIB, written from the
//! equations of `docs/arithmetic.md` alone: for all accumulators, and for all values of what is a port.
//!
//! Yosys turns the Verilog into a transition relation. A proof unrolls it over the latency, from any
//! state whatever, with the enable up and the reset down.

mod query;

use self::query::{Verdict, decide, rule};
use qrtl::catalogue::{Config, preset, unit};
use qrtl::generator::render;
use std::time::Instant;

fn config(sets: &[&str]) -> Config {
    Config::new(unit("requantizer").unwrap(), None, sets).unwrap()
}

fn prove(name: &str, config: &Config) {
    let clock = Instant::now();
    assert_eq!(decide(config, &render(config), &rule(name)), Verdict::Equal, "{}", config.name());
    println!("{}: proved in {:.1} s", config.name(), clock.elapsed().as_secs_f64());
}

#[test]
#[ignore = "needs Yosys and bitwuzla"]
fn the_preset_of_single_is_its_rule_for_all_accumulators() {
    prove("single", &preset("requantizer_single").unwrap());
}

#[test]
#[ignore = "needs Yosys and bitwuzla"]
fn the_preset_of_gemmlowp_is_its_rule_for_all_accumulators() {
    prove("gemmlowp", &preset("requantizer_gemmlowp").unwrap());
}

#[test]
#[ignore = "needs Yosys and bitwuzla"]
fn the_preset_of_f32_is_its_rule_for_all_accumulators() {
    prove("f32", &preset("requantizer_f32").unwrap());
}

#[test]
#[ignore = "needs Yosys and bitwuzla"]
fn single_is_its_rule_for_all_accumulators_and_multipliers() {
    prove("single", &config(&["rule=single", "multiplier=port"]));
}

#[test]
#[ignore = "needs Yosys and bitwuzla"]
fn gemmlowp_is_its_rule_for_all_accumulators_and_multipliers() {
    prove("gemmlowp", &config(&["rule=gemmlowp", "multiplier=port"]));
}

#[test]
#[ignore = "needs Yosys and bitwuzla"]
fn single_is_its_rule_for_all_accumulators_shifts_and_zero_points() {
    prove("single", &config(&["rule=single", "shift=port", "zero_point=port"]));
}

#[test]
#[ignore = "needs Yosys and bitwuzla"]
fn gemmlowp_is_its_rule_for_all_accumulators_and_zero_points() {
    prove("gemmlowp", &config(&["rule=gemmlowp", "zero_point=port"]));
}

/// Replaces one text, which must be there.
fn broken(text: &str, from: &str, to: &str) -> String {
    let broken = text.replace(from, to);
    assert_ne!(broken, text, "nothing reads {from}");
    broken
}

#[test]
#[ignore = "needs Yosys and bitwuzla"]
fn a_wrong_rule_or_a_wrong_circuit_has_a_counterexample() {
    let (single, gemmlowp) = (preset("requantizer_single").unwrap(), preset("requantizer_gemmlowp").unwrap());
    let half = broken(&rule("single"), "(_ bv30 64)", "(_ bv29 64)");
    assert_eq!(decide(&single, &render(&single), &half), Verdict::Different);
    let strict = broken(&rule("gemmlowp"), "(bvsgt (bvand x mask)", "(bvsge (bvand x mask)");
    assert_eq!(decide(&gemmlowp, &render(&gemmlowp), &strict), Verdict::Different);
    // The rules differ from each other on these very points.
    assert_eq!(decide(&gemmlowp, &render(&gemmlowp), &rule("single")), Verdict::Different);
    let circuit = broken(&render(&single), ", shifted[0]}", ", 1'b0}");
    assert_eq!(decide(&single, &circuit, &rule("single")), Verdict::Different);
    let valid = broken(&render(&single), "{valid[1:0], valid_in}", "{valid[1:0], 1'b1}");
    assert_eq!(decide(&single, &valid, &rule("single")), Verdict::Different);
}
