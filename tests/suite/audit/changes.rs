//! Small changes to a design that change the verdict of its audit.

use std::fs;

use super::{HALF_AWAY, HALF_UP, MAC_SATURATING, audit, folder};

const NO_MATCH: &str = "no candidate";

/// Requires a text in the report of a design in which some texts are replaced.
#[track_caller]
fn assert_change(file: &str, arguments: &str, edits: &[(&str, &str)], expected: &str) {
    let original = fs::read_to_string(folder().join(file)).unwrap();
    let verilog = edits.iter().fold(original, |verilog, (from, to)| {
        assert!(verilog.contains(from), "{file} has no '{from}'");
        verilog.replace(from, to)
    });
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join(file);
    fs::write(&path, verilog).unwrap();
    let run = audit(&[path.to_str().unwrap()], arguments);
    assert_eq!(run.code, i32::from(expected == NO_MATCH), "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains(expected), "no '{expected}' in:\n{}", run.stdout);
}

#[track_caller]
fn assert_half_up(edits: &[(&str, &str)], expected: &str) {
    assert_change("half_up.v", HALF_UP, edits, expected);
}

#[track_caller]
fn assert_half_away(edits: &[(&str, &str)], expected: &str) {
    assert_change("half_away.v", HALF_AWAY, edits, expected);
}

#[track_caller]
fn assert_mac(edits: &[(&str, &str)], expected: &str) {
    assert_change("mac_saturating.v", MAC_SATURATING, edits, expected);
}

/// Rounding of `half_up.v`.
const ROUNDED: &str = "(t + (64'sd1 <<< (RIGHT - 1)))";

/// Saturation of `mac_saturating.v`.
const SATURATED: &str = "next[20] == next[19] ? next[19:0] : {next[20], {19{~next[20]}}}";

#[test]
fn half_up_without_the_rounding_constant_is_floor() {
    assert_half_up(&[(ROUNDED, "t")], "requantizer floor");
}

#[test]
fn half_up_with_a_rounding_constant_1_less_is_half_down() {
    let half_down = "(t + (64'sd1 <<< (RIGHT - 1)) - 64'sd1)";
    assert_half_up(&[(ROUNDED, half_down)], "requantizer half_down");
}

#[test]
fn changed_upper_bound_is_reported() {
    assert_half_up(&[("t > 255", "t > 254"), ("= 8'd255", "= 8'd254")], "saturates to 0..=254");
}

#[test]
fn missing_upper_bound_matches_no_candidate() {
    assert_half_up(&[("else if (t > 255) rescale = 8'd255;", "")], NO_MATCH);
}

#[test]
fn wrong_zero_point_matches_no_candidate() {
    assert_half_up(&[("+ 64'sd131", "+ 64'sd130")], NO_MATCH);
}

#[test]
fn doubled_scale_matches_no_candidate() {
    assert_half_away(&[("absolute * scale", "absolute * scale * 2")], NO_MATCH);
}

#[test]
fn asynchronous_reset_is_reported() {
    let edits = [("(posedge clock)", "(posedge clock or posedge reset)")];
    assert_half_away(&edits, "active high, asynchronous");
}

#[test]
fn mac_without_saturation_wraps() {
    assert_mac(&[(SATURATED, "next[19:0]")], "mac signed_wrap");
}

#[test]
fn wrong_saturated_value_matches_no_candidate() {
    assert_mac(&[("{19{~next[20]}}}", "{18{~next[20]}}, next[20]}")], NO_MATCH);
}

#[test]
fn symmetric_saturation_is_reported() {
    let symmetric = "next > 21'sd524287 ? 20'sd524287 : next < -21'sd524287 ? -20'sd524287 : next[19:0]";
    assert_mac(&[(SATURATED, symmetric)], "saturates to -524287..=524287");
}

#[test]
fn unsigned_operand_is_reported() {
    assert_mac(&[("x * w", "$signed({1'b0, x}) * w")], "mac unsigned_signed_saturate");
}

#[test]
fn clear_that_is_not_delayed_is_reported() {
    assert_mac(&[("first_q ? 21'sd0", "first ? 21'sd0")], "takes effect 1 cycle too early");
}
