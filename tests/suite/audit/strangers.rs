//! Designs as strangers write them, each of which was refused, or named by nothing, until it was tried.

use super::{SUBJECTS, are_named, folder};
use crate::common::command::qrtl;

#[test]
fn a_done_that_stays_high_until_the_next_start_marks_one_result() {
    let cases: &[(&str, &[&str])] = &[
        (
            "--top booth --unit multiplier --map clk=clk,rst=rst,start=start,a=multiplicand,b=recoded \
             --map out=product,done=done --expect signed",
            &["up to 9 cycles until valid_out", "65536 transactions, all there are"],
        ),
        (
            "--top idle_valid --unit multiplier --map clk=clk,rst=rst_n,start=start,a=a,b=b,out=p \
             --map valid_out=valid --cases 65536 --expect signed",
            &["cycles until valid_out"],
        ),
    ];
    are_named("held_done.sv", cases);
}

#[test]
fn a_clear_that_needs_no_enable_and_a_sum_narrower_than_its_output_are_named() {
    let sum = "--top short_sum --unit mac --map clk=clk,rst=rst,clear=clr,en=en,a=x,b=w,out=y";
    let cases: &[(&str, &[&str])] = &[
        (&format!("{sum} --expect signed_wrap"), &["wraps at 20 bits", "it counts without en too"]),
        (
            &format!("{sum} -G SATURATES=1 --expect signed_saturate"),
            &["saturates to -524288..=524287", "marks the pairs that count"],
        ),
    ];
    are_named("strangers.sv", cases);
}

#[test]
fn two_roundings_are_named_where_the_second_shift_may_be_zero() {
    let shift = "--top rounding_shift --unit requantizer --map clk=clk,acc=acc,multiplier=mult,right_shift=amount \
                 --map out=code --set acc_bits=32,multiplier_bits=32,shift_bits=5,out_bits=8";
    let cases: &[(&str, &[&str])] = &[
        (&format!("{shift} --expect high_floor_then_half_up"), &["saturates to -128..=127"]),
        (
            &format!("{shift} -G AWAY=1 --expect high_floor_then_half_away"),
            &["rounding_shift: requantizer high_floor_then_half_away"],
        ),
    ];
    are_named("strangers.sv", cases);
}

#[test]
fn products_of_fractions_are_rounded_in_every_way() {
    let fraction = "--top fraction_even --unit multiplier --map a=a,b=b,out=y";
    let cases: &[(&str, &[&str])] = &[
        (fraction, &["multiplier signed_fraction_half_even_saturate", "ties to even, saturated"]),
        (&format!("{fraction} -G DIVIDES=1"), &["multiplier signed_fraction_truncate_saturate"]),
    ];
    are_named("strangers.sv", cases);
}

#[test]
fn numbers_and_lists_are_read_as_people_write_them() {
    let floor = SUBJECTS[1].arguments.replace("805306368,total", "0x3000_0000,total");
    let mut words: Vec<&str> = vec!["audit"];
    let file = folder().join("half_up.v");
    words.push(file.to_str().unwrap());
    words.extend(floor.split_whitespace());
    let map = words.iter().position(|word| word.starts_with("acc=")).unwrap();
    words[map] = "acc=x, out=y";
    assert!(qrtl(&words).product().contains("requantizer single"));
}

#[test]
fn sums_of_as_many_pairs_as_the_design_counts_are_named() {
    let map =
        "--map clk=clk,rst=rst_n,valid_in=in_valid,a=x,b=w,out=dot,valid_out=out_valid --expect signed_wrap";
    let cases: &[(&str, &[&str])] = &[
        (
            &format!("--top counted_sum --unit dot {map}"),
            &["of 12 pairs, which the design counts", "2 cycles from a pair", "marks the end of each sum"],
        ),
        (&format!("--top counted_sum --unit mac -G PAIRS=25 {map}"), &["of 25 pairs", "wraps at 18 bits"]),
    ];
    are_named("strangers.sv", cases);
}
