//! The longest sum in the header of an accumulating unit is exact.
//!
//! With the worst-case operands, the RTL does not overflow for that many products, and overflows for one more.

use crate::common::rtl::BUILDER;
use qrtl::catalogue;
use qrtl::generator::render;
use qrtl::model::Lanes;
use qrtl::simulation::Models;
use qrtl::stimulus::{Sequence, Stimulus};
use qrtl::unit::{Column, Config, Direction, Port, Role};

/// The number in the header of the generated file.
fn stated_bound(verilog: &str) -> i128 {
    let line = verilog.lines().find(|line| line.contains("Longest sum that cannot overflow")).unwrap();
    line.split_whitespace().find_map(|word| word.parse().ok()).unwrap()
}

/// The values of the data ports whose product is furthest from 0, by trying all corners.
fn worst_operands(config: &Config) -> (Vec<(&'static str, u64)>, i128) {
    let ports = config.ports();
    let data: Vec<&Port> =
        ports.iter().filter(|port| port.direction == Direction::Input && port.role == Role::Data).collect();
    let value = |choice: u32, place: usize| {
        let integer = data[place].integer;
        if choice >> place & 1 == 0 { integer.min() } else { integer.max() }
    };
    let product = |choice: u32| {
        let operand =
            |name: &str| data.iter().position(|port| port.name == name).map_or(0, |at| value(choice, at));
        (operand("a") - operand("za")) * (operand("b") - operand("zb"))
    };
    let worst =
        (0..1u32 << data.len()).max_by_key(|&choice| (product(choice).abs(), product(choice))).unwrap();
    let pattern = |place: usize| {
        let (port, pattern) = (data[place], data[place].integer.encode(value(worst, place)));
        assert!(port.width() <= 64, "{} is wider than a word", port.name);
        (port.name, (0..port.elements).fold(0, |word, _| word << port.integer.bits | pattern))
    };
    let lanes = data.iter().map(|port| i128::from(port.elements)).max().unwrap();
    ((0..data.len()).map(pattern).collect(), lanes * product(worst))
}

/// `accum` after a number of worst-case pairs.
fn sum_on_rtl(config: &Config, operands: &[(&'static str, u64)], pairs: i128) -> i128 {
    const ROWS: usize = 4096;
    let rtl = BUILDER.model(config, &render(config), Lanes::ONE, false).unwrap();
    let mut dut = rtl.instance();
    let ports = config.ports();
    let idle = Sequence::idle(config, ROWS);
    let (mut inputs, mut outputs) = rtl.columns(ROWS);
    let driven: Vec<&Port> = ports.iter().filter(|port| port.is_driven()).collect();
    let mut results = ports.iter().filter(|port| port.direction == Direction::Output);
    let place = results.position(|port| port.name == "accum").unwrap();
    let run = |dut: &mut qrtl::simulation::Dut, rows: usize, inputs: &[Column], outputs: &mut [Column]| {
        dut.run(rows, inputs, outputs).unwrap();
        outputs[place].get(rows - 1)
    };
    idle.fill(0, &mut inputs);
    run(&mut dut, 1, &inputs, &mut outputs);
    for (port, column) in driven.iter().zip(&mut inputs) {
        let held =
            operands.iter().find(|(name, _)| *name == port.name).map_or(port.idle(), |&(_, value)| value);
        column.fill(|_| held);
    }
    let mut left = pairs as usize;
    while left > 0 {
        let rows = left.min(ROWS);
        run(&mut dut, rows, &inputs, &mut outputs);
        left -= rows;
    }
    // Equal operands and zero points make products of 0 until the last pair is out.
    for (port, column) in driven.iter().zip(&mut inputs) {
        column.fill(|_| if port.role == Role::Data { 0 } else { port.idle() });
    }
    let accum = ports.iter().find(|port| port.name == "accum").unwrap();
    accum.integer.decode(run(&mut dut, config.behaviour().latency() + 1, &inputs, &mut outputs))
}

fn is_tight(preset: &str, expected_bound: i128) {
    let config = catalogue::preset(preset).unwrap();
    let bound = stated_bound(&render(&config));
    assert_eq!(bound, expected_bound, "{preset}");
    let (operands, product) = worst_operands(&config);
    assert_eq!(sum_on_rtl(&config, &operands, bound), bound * product, "{preset}: {bound} pairs overflow");
    assert_ne!(
        sum_on_rtl(&config, &operands, bound + 1),
        (bound + 1) * product,
        "{preset}: one more does not"
    );
}

#[test]
fn int8() {
    is_tight("int8_mac", 131_071);
}

#[test]
fn uint8_with_zero_points() {
    is_tight("uint8_mac_zp", 33_025);
}

#[test]
fn saturating() {
    is_tight("int8_mac_sat20", 31);
}

#[test]
fn w4a8() {
    is_tight("w4a8_mac", 2_097_151);
}

#[test]
fn dot_products_with_a_zero_point() {
    is_tight("uint8_dot8_zp_acc", 8224);
}

#[test]
fn int4() {
    is_tight("int4_mac", 33_554_431);
}

#[test]
#[ignore = "half a billion clock cycles"]
fn int2() {
    is_tight("int2_mac", 536_870_911);
}
