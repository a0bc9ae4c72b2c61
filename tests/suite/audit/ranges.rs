//! Verdicts hold for the whole range of the ports, or the report says for which part.

use super::{assert_identifies, assert_rejects, assert_reports, audit};

const FILE: &[&str] = &["ranges.sv"];
const ENDS: &str = "--top ends --unit requantizer --map acc=x,multiplier=k,zero_point=z,out=y --set total_shift=8 \
    --cases 131072";

fn shift_range(kind: u32) -> String {
    format!(
        "--top shift_range --unit requantizer --map acc=acc,total_shift=shift,out=q --cases 131072 -G KIND={kind}"
    )
}

fn multiplier_range(kind: u32) -> String {
    let map = "acc=acc,multiplier=m,total_shift=shift,out=q";
    format!("--top multiplier_range --unit requantizer --map {map} --cases 131072 -G KIND={kind}")
}

#[test]
fn shift_0_that_differs_is_named() {
    let texts = ["but pow2 for total_shift >= 1", "single", "total_shift = 0", "design 127, expected"];
    assert_rejects(FILE, &shift_range(0), &texts);
}

#[test]
fn high_shifts_that_differ_are_named() {
    let texts = ["for total_shift <= 31", "it differs only where total_shift >= 32"];
    assert_rejects(FILE, &shift_range(1), &texts);
}

#[test]
fn shift_that_is_right_everywhere_is_identified() {
    let texts = ["driven over the whole range: total_shift of 6 bits"];
    assert_identifies(FILE, &shift_range(2), "pow2", &texts);
}

#[test]
fn multiplier_read_as_signed_is_reported() {
    let texts = ["multiplier   signed, 16 bits", "saturates to -128..=127"];
    assert_identifies(FILE, &multiplier_range(0), "single", &texts);
}

#[test]
fn multiplier_whose_sign_is_dropped_matches_in_a_part_only() {
    let texts = ["but single for multiplier <= 32767", "it differs only where multiplier >= 32768"];
    assert_rejects(FILE, &multiplier_range(1), &texts);
}

#[test]
fn multiplier_read_as_unsigned_is_reported() {
    assert_identifies(FILE, &multiplier_range(2), "single", &["multiplier   unsigned, 16 bits"]);
}

#[test]
fn wrapping_output_is_told_from_saturation() {
    assert_identifies(FILE, ENDS, "floor", &["overflow     wraps at 16 bits"]);
}

#[test]
fn saturating_output_is_told_from_wrapping() {
    let texts = ["overflow     saturates to -32768..=32767\n"];
    assert_identifies(FILE, &format!("{ENDS} -G KIND=1"), "floor", &texts);
}

#[test]
fn output_that_saturates_twice_matches_no_candidate() {
    let texts = ["nearest: floor", "saturates before the zero point is added and then again", "zero_point="];
    assert_rejects(FILE, &format!("{ENDS} -G KIND=2"), &texts);
}

#[test]
fn operands_of_few_bits_are_enumerated_with_their_parameters() {
    let arguments = "--top few_operands --unit requantizer --map acc=acc,total_shift=shift,out=q";
    assert_identifies(FILE, arguments, "half_away", &["65536 transactions, exhaustive"]);
}

#[test]
fn exhaustive_is_refused_if_it_cannot_be_kept() {
    let run = audit(FILE, &format!("{} --exhaustive", shift_range(2)));
    run.refused_with(&["cannot enumerate operands of 38 bits", "the most is 32"]);
}

#[test]
fn unsigned_accumulator_with_few_codes_is_identified() {
    let arguments = "--top few_codes --unit requantizer --map acc=acc,out=q --set total_shift=31 \
        --cases 131072 --expect single";
    assert_reports(FILE, arguments, &["accumulator  unsigned, 32 bits", "not reached"]);
}

#[test]
fn product_that_wraps_before_the_shift_is_identified() {
    let arguments = "--top narrow_product --unit requantizer --map acc=a,multiplier=b,out=q --set total_shift=10 \
        --cases 131072";
    assert_identifies(FILE, arguments, "floor_product_wrap", &["wraps at 32 bits before the shift"]);
}

const BIASED: &str = "--top biased --unit requantizer --set total_shift=4 --cases 131072";

#[test]
fn bias_before_the_scale_is_a_role() {
    let arguments = format!("{BIASED} --map acc=acc,bias=bias,out=q --expect single");
    assert_reports(FILE, &arguments, &["bias         signed, 32 bits"]);
}

#[test]
fn bias_that_is_not_mapped_is_measured() {
    let texts = ["if 100 is added to the accumulator before it is scaled (--set bias=100)"];
    assert_rejects(FILE, &format!("{BIASED} --map acc=acc,out=q --tie bias=100"), &texts);
    let arguments = format!("{BIASED} --map acc=acc,out=q --tie bias=100 --set bias=100 --expect single");
    assert_reports(FILE, &arguments, &[]);
}

#[test]
fn accumulator_in_two_ports_is_joined() {
    let texts = ["accumulator  signed, 64 bits"];
    for map in ["acc=acc+bias", "acc=bias:acc"] {
        let arguments = format!("{BIASED} -G SPLIT=1 --map {map},out=q --expect single");
        assert_reports(FILE, &arguments, &texts);
    }
}
