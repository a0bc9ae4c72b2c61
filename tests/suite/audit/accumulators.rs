//! Macs and dot products that the audit identifies.

use super::{MAC_SATURATING, assert_identifies, assert_reports};

const MAC_PACKETS: &str = "--top mac_packets --unit mac --map clk=clk,rst=arst_n,valid_in=in_valid,last=in_last \
    --map a=activation,b=weight,valid_out=out_valid,out=out_sum";
const SHORT_SUM: &str = "--top short_sum --unit mac --map clk=clk,rst=rst,clear=clr,en=en,a=x,b=w,out=y";
const COUNTED_SUM: &str = "--top counted_sum \
    --map clk=clk,rst=rst_n,valid_in=in_valid,a=x,b=w,out=dot,valid_out=out_valid --expect signed_wrap";

#[test]
fn identifies_saturating_mac_whose_clear_keeps_the_pair() {
    let texts =
        ["2 cycles from a pair", "the pair presented with it begins the new sum", "stalls every register"];
    assert_identifies(&["mac_saturating.v"], MAC_SATURATING, "signed_saturate", &texts);
}

#[test]
fn identifies_mac_whose_sums_end_with_last() {
    let texts = ["1 cycle from a pair", "the next pair begins a new sum", "marks the end of each sum"];
    assert_identifies(&["mac_packets.sv"], MAC_PACKETS, "unsigned_signed_wrap", &texts);
}

#[test]
#[ignore = "drives sums into overflow of 32 bits"]
fn reaches_the_overflow_of_a_32_bit_sum() {
    let arguments = format!("{MAC_PACKETS} -G ACC=32 --expect unsigned_signed_wrap");
    let report = assert_reports(&["mac_packets.sv"], &arguments, &[]);
    assert!(!report.contains("not reached"), "{report}");
}

#[test]
fn identifies_mac_whose_clear_drops_the_pair() {
    let arguments =
        "--top drops --unit mac --map clk=clk,rst=rst,clear=clr,a=a,b=b,out=acc --expect unsigned_wrap";
    assert_reports(
        &["shapes.v"],
        arguments,
        &["3 cycles from a pair", "the pair presented with it is dropped"],
    );
}

#[test]
fn identifies_product_plus_addend() {
    let arguments = "--top fused --unit mac --map a=a,b=b,c=c,out=y --expect signed_wrap";
    assert_reports(&["shapes.v"], arguments, &["none: combinational"]);
}

#[test]
fn identifies_sum_that_wraps_below_the_output_width() {
    let arguments = format!("{SHORT_SUM} --expect signed_wrap");
    let texts = ["wraps at 20 bits", "it also takes effect without en"];
    assert_reports(&["variants.sv"], &arguments, &texts);
}

#[test]
fn identifies_sum_that_saturates_below_the_output_width() {
    let arguments = format!("{SHORT_SUM} -G SATURATES=1 --expect signed_saturate");
    let texts = ["saturates to -524288..=524287", "marks the pairs that count"];
    assert_reports(&["variants.sv"], &arguments, &texts);
}

#[test]
fn measures_the_pairs_of_sums_that_a_dot_product_counts() {
    let arguments = format!("{COUNTED_SUM} --unit dot");
    let texts = ["of 12 pairs, counted by the design", "2 cycles from a pair", "marks the end of each sum"];
    assert_reports(&["variants.sv"], &arguments, &texts);
}

#[test]
fn measures_the_pairs_of_sums_that_a_mac_counts() {
    let arguments = format!("{COUNTED_SUM} --unit mac -G PAIRS=25");
    assert_reports(&["variants.sv"], &arguments, &["of 25 pairs", "wraps at 18 bits"]);
}

#[test]
fn identifies_dot_product_of_unpacked_arrays() {
    let arguments =
        "--top dot_array --unit dot --map clk=clk,a=a,b=packed_b,out=y --set b_bits=8 --tie mode=2";
    assert_identifies(&["dot_array.sv"], arguments, "signed", &["4 of signed, 8 bits", "2 cycles"]);
}

#[test]
fn identifies_dot_product_of_packed_structs() {
    let arguments = "--top packed_dot --unit dot --map a=req[65:34],b=req[33:2],valid_in=req[1],rst=req[0],clk=clk \
        --map out=rsp[19:1],valid_out=rsp[0] --set lanes=4";
    let texts = ["4 of signed, 8 bits", "4 of unsigned, 8 bits", "1 cycle", "active high, synchronous"];
    assert_identifies(&["packed_dot.sv"], arguments, "signed_unsigned", &texts);
}

#[test]
fn identifies_dot_product_that_saturates_over_time() {
    let arguments = "--top lanes --unit dot \
        --map clk=clk,rst=rst,first=first,valid=valid,a=a0+a1,b=b0+b1,out=sum --expect signed_saturate";
    let texts = ["2 of signed, 4 bits", "1 cycle from a pair", "saturates to -512..=511"];
    assert_reports(&["shapes.v"], arguments, &texts);
}
