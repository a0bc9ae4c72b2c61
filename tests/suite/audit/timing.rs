//! Timing that is measured: skew, handshakes, and results of several cycles.

use super::{assert_identifies, assert_reports};

const FILE: &[&str] = &["timing.sv"];
const SKEWED: &str = "--top skewed --unit requantizer --map clk=clk,rst=rst,acc=acc,multiplier=k,total_shift=shift \
    --map zero_point=z,out=out,valid_in=valid_in,valid_out=valid_out --cases 65536";
const WEIGHT_FIRST: &str =
    "--top weight_first --unit mac --map clk=clk,rst=rst,valid_in=valid,a=a,b=b,c=c,out=out";

#[test]
fn skew_between_operands_is_measured() {
    let texts = [
        "acc after 3 cycles, multiplier after 3 cycles, total_shift after 2 cycles, zero_point after 2 cycles",
        "valid_out    2 cycles after valid_in, 1 cycle before the data",
    ];
    assert_identifies(FILE, SKEWED, "floor", &texts);
}

#[test]
fn operands_without_skew_have_one_latency() {
    let texts = ["3 cycles, a transaction every cycle", "2 cycles after valid_in, 1 cycle before the data"];
    assert_identifies(FILE, &format!("{SKEWED} -G SKEW=0"), "floor", &texts);
}

#[test]
fn ready_that_does_not_stall_empty_stages_is_back_pressure() {
    let arguments = "--top elastic --unit requantizer --map clk=clk,rst=rst_n,en=ready,valid_in=valid \
        --map valid_out=valid_out,acc=acc,out=out --set total_shift=6 --expect single";
    let report = assert_reports(FILE, arguments, &["is back pressure", "empty stages are not stalled"]);
    assert!(!report.contains("stalls every register") && !report.contains("loses results"), "{report}");
}

#[test]
fn valid_held_until_the_result_is_told_from_a_pulse() {
    let arguments = "--top held_valid --unit multiplier --map clk=clk,rst=rst_n,valid_in=valid,a=a,b=b,out=p \
        --map valid_out=done --cases 65536";
    let texts = ["as a pulse of one cycle it gives other results"];
    assert_identifies(FILE, arguments, "signed_unsigned_high", &texts);
}

#[test]
fn start_that_is_active_low_is_measured() {
    let arguments = "--top loaded --unit multiplier --map clk=clk,valid_in=load_n,a=a,b=b,out=p";
    let texts =
        ["valid_in     active low", "cycles until the result is stable", "256 transactions, exhaustive"];
    assert_identifies(FILE, arguments, "signed", &texts);
}

#[test]
fn weight_register_before_a_factor_is_measured() {
    let texts = ["a after 1 cycle, b after 2 cycles, c after 1 cycle", "1 cycle after valid_in"];
    let arguments = format!("{WEIGHT_FIRST},valid_out=valid_out --cases 65536");
    assert_identifies(FILE, &arguments, "signed_wrap", &texts);
}

#[test]
fn output_that_is_0_without_valid_is_read_in_time() {
    let arguments = format!("{WEIGHT_FIRST} -G IDLE=1 --cases 65536");
    assert_identifies(FILE, &arguments, "signed_wrap", &["b after 2 cycles"]);
}

#[test]
fn mac_of_several_cycles_is_driven_at_its_distance() {
    let arguments = "--top slow_mac --unit mac --map clk=clk,rst=rst,valid_in=valid,a=a,b=b,out=sum,valid_out=done \
        --cases 65536";
    let texts = ["the sum wraps at 20 bits", "3 cycles from a pair to its sum; a pair every 4 cycles"];
    assert_identifies(FILE, arguments, "signed_wrap", &texts);
}

#[test]
fn pair_that_is_lost_after_last_is_named() {
    let arguments = "--top drops_pair --unit mac --map clk=clk,rst=rst_n,last=last,a=a,b=b,out=sum \
        --map valid_out=valid_out --cases 65536";
    let texts = ["the pair in the cycle right after it is dropped", "marks the end of each sum"];
    assert_identifies(FILE, arguments, "signed_wrap", &texts);
}
