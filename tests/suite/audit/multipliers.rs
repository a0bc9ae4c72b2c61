//! Multipliers that the audit identifies.

use super::{MUL_UNSIGNED, assert_identifies, assert_reports};

const PACKED_PAIR: &str = "--top packed_pair --unit multiplier --map a=a_low+a_high,b=b,out=p_low+p_high";

#[test]
fn identifies_unsigned_product_in_a_stalling_pipeline() {
    let texts = ["3 cycles", "stalls every register", "65536 transactions, exhaustive"];
    assert_identifies(&["mul_unsigned_p3.v"], MUL_UNSIGNED, "unsigned", &texts);
}

#[test]
fn identifies_packed_products_without_carry_correction() {
    let texts = ["2 of signed, 5 bits", "32768 transactions, exhaustive"];
    let arguments = format!("{PACKED_PAIR} -G W=5");
    assert_identifies(&["packed_pair.v"], &arguments, "signed_lane_carry_forgotten", &texts);
}

#[test]
#[ignore = "enumerates 2^24 operands"]
fn identifies_packed_products_of_full_width() {
    let texts = ["16777216 transactions, exhaustive"];
    assert_identifies(&["packed_pair.v"], PACKED_PAIR, "signed_lane_carry_forgotten", &texts);
}

#[test]
fn identifies_product_whose_ports_are_slices_of_a_stream() {
    let arguments = "--top axis_mul --unit multiplier --map b=s_axis_tdata[19:12],a=s_axis_tdata[7:0],clk=aclk \
        --map rst=aresetn,valid_in=s_axis_tvalid,valid_out=m_axis_tvalid,out=m_axis_tdata[15:0] \
        --tie m_axis_tready=1,s_axis_tdata[31:20]=-3,s_axis_tdata[11:8]=5";
    let texts = ["65536 transactions, exhaustive", "follows valid_in", "active low, synchronous"];
    assert_identifies(&["axis_mul.v"], arguments, "signed", &texts);
}

#[test]
fn identifies_rounded_product_of_fractions() {
    let arguments = "--top fraction --unit multiplier --map a=a,b=b,out=y --expect signed_fraction_rounded";
    assert_reports(&["shapes.v"], arguments, &["65536 transactions, exhaustive"]);
}

#[test]
fn identifies_half_even_product_of_fractions() {
    let arguments = "--top fraction_even --unit multiplier --map a=a,b=b,out=y";
    let texts = ["ties to even, saturated"];
    assert_identifies(&["variants.sv"], arguments, "signed_fraction_half_even_saturate", &texts);
}

#[test]
fn identifies_truncated_product_of_fractions() {
    let arguments = "--top fraction_even --unit multiplier --map a=a,b=b,out=y -G DIVIDES=1";
    assert_identifies(&["variants.sv"], arguments, "signed_fraction_truncate_saturate", &[]);
}

#[test]
fn reads_one_result_per_rise_of_a_done_that_stays_high() {
    let arguments = "--top booth --unit multiplier --map clk=clk,rst=rst,start=start,a=multiplicand,b=recoded \
        --map out=product,done=done --expect signed";
    let texts = ["up to 9 cycles until valid_out", "65536 transactions, exhaustive"];
    assert_reports(&["held_done.sv"], arguments, &texts);
}

#[test]
fn reads_the_result_of_a_design_that_is_valid_when_idle() {
    let arguments = "--top idle_valid --unit multiplier --map clk=clk,rst=rst_n,start=start,a=a,b=b,out=p \
        --map valid_out=valid --cases 65536 --expect signed";
    assert_reports(&["held_done.sv"], arguments, &["cycles until valid_out"]);
}
