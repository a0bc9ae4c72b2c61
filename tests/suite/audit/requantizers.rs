//! Requantizers that the audit identifies.

use std::fs;

use super::{FLOOR_PIPE, HALF_AWAY, HALF_UP, assert_identifies, assert_reports};
use qrtl::catalogue::unit;
use qrtl::generator::render;
use qrtl::unit::Config;

#[test]
fn identifies_floor_in_a_pipeline_with_asynchronous_reset() {
    let texts =
        ["saturates to -128..=127", "3 cycles, a transaction every cycle", "active low, asynchronous"];
    assert_identifies(&["floor_pipe.v"], FLOOR_PIPE, "floor", &texts);
}

#[test]
fn identifies_half_up_in_combinational_logic_exhaustively() {
    let texts = [
        "unsigned, 8 bits",
        "saturates to 0..=255",
        "none: combinational",
        "1048576 transactions, exhaustive",
    ];
    assert_identifies(&["half_up.v"], HALF_UP, "single", &texts);
}

#[test]
fn identifies_half_away_with_symmetric_bounds_and_stalls() {
    let texts = ["saturates to -127..=127", "2 cycles", "stalls every register", "active high, synchronous"];
    assert_identifies(&["half_away.v"], HALF_AWAY, "half_away", &texts);
}

#[test]
fn identifies_double_rounding_behind_a_handshake() {
    let arguments = "--top double_rounding --unit requantizer --map acc=acc_i,multiplier=multiplier_i \
        --map right_shift=exponent_i,clk=clk_i,rst=rst_ni,valid_in=valid_i,valid_out=valid_o,out=code_o \
        --tie ready_i=1";
    let texts = ["2 cycles", "follows valid_in with the latency of the data", "active low, asynchronous"];
    assert_identifies(&["tflite_pkg.sv", "double_rounding.sv"], arguments, "gemmlowp", &texts);
}

#[test]
fn identifies_half_even_in_a_bit_serial_design() {
    let arguments = "--top half_even_serial --unit requantizer -I include -D RIGHT=5'd6 --map acc=value,clk=clk \
        --map rst=rst,valid_in=start,valid_out=done,out=code --set shift=-6";
    let texts = ["wraps at 10 bits", "up to 8 cycles until valid_out"];
    assert_identifies(&["half_even_serial.v"], arguments, "half_even", &texts);
}

#[test]
fn measures_polarity_of_active_low_controls_on_the_falling_edge() {
    let arguments = "--top low --unit requantizer \
        --map clk=!clk_n,en=ce_n,valid_in=vi_n,valid_out=!vo_n,acc=acc,out=q --set shift=-12 --expect pow2";
    let texts =
        ["en           active low", "valid_in     active low", "wraps at 16 bits", "stalls every register"];
    assert_reports(&["shapes.v"], arguments, &texts);
}

#[test]
fn identifies_floor_in_two_lanes_with_a_common_shift() {
    let arguments = "--top channels --unit requantizer --map acc=accs,right_shift=right,out=codes \
        --set acc_bits=32,out_bits=8 --expect floor";
    assert_reports(&["shapes.v"], arguments, &["saturates to -128..=127", "-1.0000 to +0.0000"]);
}

/// Map and settings of `rounding_shift` in `variants.sv`, whose second shift can be 0.
const ROUNDING_SHIFT: &str = "--top rounding_shift --unit requantizer \
    --map clk=clk,acc=acc,multiplier=mult,right_shift=amount,out=code \
    --set acc_bits=32,multiplier_bits=32,shift_bits=5,out_bits=8";

#[test]
fn identifies_floor_followed_by_half_up() {
    let arguments = format!("{ROUNDING_SHIFT} --expect high_floor_then_half_up");
    assert_reports(&["variants.sv"], &arguments, &["saturates to -128..=127"]);
}

#[test]
fn identifies_floor_followed_by_half_away() {
    let arguments = format!("{ROUNDING_SHIFT} -G AWAY=1");
    assert_identifies(&["variants.sv"], &arguments, "high_floor_then_half_away", &[]);
}

/// Requires that a generated requantizer is identified as the rule it is generated for.
fn assert_identifies_generated(rule: &str) {
    let sets = [&format!("rule={rule}"), "multiplier=port", "shift=port", "zero_point=port", "stages=2"];
    let config = Config::new(unit("requantizer").unwrap(), None, &sets).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("unit.v");
    fs::write(&path, render(&config)).unwrap();
    let arguments = format!(
        "--top {} --unit requantizer --map clk=clk,rst=rst,en=en,valid_in=valid_in,acc=acc,multiplier=multiplier \
         --map shift=shift,zero_point=zero_point,valid_out=valid_out,out=out --expect {rule}",
        config.name()
    );
    assert_identifies(&[path.to_str().unwrap()], &arguments, rule, &["2 cycles"]);
}

#[test]
fn identifies_generated_gemmlowp() {
    assert_identifies_generated("gemmlowp");
}

#[test]
fn identifies_generated_ruy() {
    assert_identifies_generated("ruy");
}

#[test]
fn identifies_generated_single() {
    assert_identifies_generated("single");
}

#[test]
fn identifies_generated_floor() {
    assert_identifies_generated("floor");
}
