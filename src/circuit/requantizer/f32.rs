//! Datapath of rules (R4) and (R10) in integers.
//!
//! Accumulator and product are rounded to 24 significant bits each, then the product to an integer.
//! The multiplier is the bit pattern of a binary32. A subnormal one scales every accumulator to 0 and one
//! above the largest finite number saturates every accumulator but 0, so both are taken as normal.

use serde_json::Value as Json;

use super::datapath::{LiveSignals, step, wire};
use super::registers::{PipelineRegisters, Position, Signal};
use super::requantization::{Requantization, RoundingRule};
use crate::circuit::verilog::{as_type, extended};
use crate::unit::Integer;

const BIT: Integer = Integer::unsigned(1);
/// Sums of exponents: that of the multiplier, 0 to 255, leading zeros and widths.
const EXPONENT: Integer = Integer::signed(10);

/// `f32(acc)`: sign, significand and remaining right shift.
///
/// The significand has 24 bits or is exactly 2^24.
pub(super) fn significand(
    requantization: &Requantization,
    live: &mut LiveSignals,
    registers: &mut PipelineRegisters,
) -> Json {
    let acc_bits = requantization.accumulator.bits;
    let bits = acc_bits.max(24);
    let mut wires = magnitude(acc_bits, bits, live);
    let (name, zeros) = normalized(bits, &mut wires);
    let top = bits - 1;
    // Half to even: up when the bits dropped are above one half, or are one half and the last bit is odd.
    let up = match bits {
        24 => "1'b0".to_string(),
        25 => format!("{name}[0] & {name}[1]"),
        _ => format!("{name}[{}] & ({name}[{}] | (|{name}[{}:0]))", top - 24, top - 23, top - 25),
    };
    wires.push(wire("acc_up", BIT, &up));
    wires.push(live.declare(
        "significand",
        Integer::unsigned(25),
        format!("{{1'b0, {name}[{top}:{}]}} + {{24'd0, acc_up}}", top - 23),
    ));
    let exponent = multiplier_exponent(requantization, live, &mut wires);
    live.right = Some(Signal::new("right", EXPONENT));
    let zeros = format!("{{{}'d0, {}}}", 10 - zeros.len(), zeros.join(", "));
    wires.push(wire(
        "right",
        EXPONENT,
        &as_type(&format!("10'd{} + {zeros} - {exponent}", 151 - acc_bits), true),
    ));
    step(
        "f32(acc): leading zeros shifted out, half to even at 24 bits.",
        wires,
        live.registers(registers, Position::Significand),
    )
}

/// Sign and magnitude of the accumulator, the magnitude aligned left in `bits` bits.
fn magnitude(acc_bits: u32, bits: u32, live: &mut LiveSignals) -> Vec<Json> {
    let acc = live.take().name;
    live.negative = Some(Signal::new("negative", BIT));
    let aligned = match bits - acc_bits {
        0 => "magnitude".to_string(),
        padding => format!("{{magnitude, {padding}'d0}}"),
    };
    vec![
        wire("negative", BIT, &format!("{acc}[{}]", acc_bits - 1)),
        wire(
            "magnitude",
            Integer::unsigned(acc_bits),
            &format!("({acc}[{0}:0] ^ {{{acc_bits}{{negative}}}}) + {{{0}'d0, negative}}", acc_bits - 1),
        ),
        wire("aligned", Integer::unsigned(bits), &aligned),
    ]
}

/// Shifts out the leading zeros of `aligned`; gives the result and the bits of their count.
fn normalized(bits: u32, wires: &mut Vec<Json>) -> (&'static str, Vec<&'static str>) {
    let mut name = "aligned";
    let mut zeros = Vec::new();
    for &(amount, flag, shifted) in LEFT_SHIFTS.iter().filter(|&&(amount, ..)| amount < bits) {
        wires.push(wire(flag, BIT, &format!("~(|{name}[{}:{}])", bits - 1, bits - amount)));
        let value = format!("{flag} ? {{{name}[{}:0], {amount}'d0}} : {name}", bits - amount - 1);
        wires.push(wire(shifted, Integer::unsigned(bits), &value));
        zeros.push(flag);
        name = shifted;
    }
    (name, zeros)
}

/// Biased exponent of the multiplier. The multiplier of a port is replaced by its fraction.
fn multiplier_exponent(
    requantization: &Requantization,
    live: &mut LiveSignals,
    wires: &mut Vec<Json>,
) -> String {
    let Some(port) = live.multiplier.take() else {
        return format!("10'd{}", constant_multiplier(requantization) >> 23);
    };
    let fraction = Signal::new("fraction", Integer::unsigned(23));
    wires.push(wire("fraction", fraction.integer, &format!("{}[22:0]", port.name)));
    live.multiplier = Some(fraction);
    format!("{{2'd0, {}[30:23]}}", port.name)
}

fn constant_multiplier(requantization: &Requantization) -> i64 {
    requantization.constant_multiplier().expect("a multiplier that is no signal is a constant")
}

/// Exact product of the significands.
pub(super) fn product(
    requantization: &Requantization,
    live: &mut LiveSignals,
    registers: &mut PipelineRegisters,
) -> Json {
    let significand = live.take().name;
    let multiplier = match live.multiplier.take() {
        Some(fraction) => format!("{{1'b1, {}}}", fraction.name),
        None => format!("24'd{}", constant_multiplier(requantization) & 0x7f_ffff | 1 << 23),
    };
    let wires = vec![live.declare("product", Integer::unsigned(48), format!("{significand} * {multiplier}"))];
    step("", wires, live.registers(registers, Position::Product))
}

/// The product rounded to 24 bits, or exactly 2^24.
pub(super) fn high(live: &mut LiveSignals, registers: &mut PipelineRegisters) -> Json {
    let product = live.take().name;
    let right = live.right.take().expect("the significand leaves it").name;
    live.right = Some(Signal::new("places", EXPONENT));
    let wires = vec![
        wire("kept", Integer::unsigned(24), &format!("{product}[47] ? {product}[47:24] : {product}[46:23]")),
        wire("half", BIT, &format!("{product}[47] ? {product}[23] : {product}[22]")),
        wire("rest", BIT, &format!("(|{product}[21:0]) | ({product}[47] & {product}[22])")),
        live.declare(
            "high",
            Integer::unsigned(25),
            "{1'b0, kept} + {24'd0, half & (rest | kept[0])}".to_string(),
        ),
        wire("places", EXPONENT, &format!("{right} - $signed({{9'd0, {product}[47]}})")),
    ];
    let banks = live.registers(registers, Position::High);
    step("The binary32 product: half to even at 24 bits.", wires, banks)
}

/// The product as an integer.
pub(super) fn scaled(rule: RoundingRule, live: &mut LiveSignals, registers: &mut PipelineRegisters) -> Json {
    let high = live.take().name;
    let right = live.right.take().expect("the product leaves it").name;
    let negative = live.negative.take().expect("the significand leaves it").name;
    let whole = Integer::signed(26);
    // Half away from zero reads one bit below the integer, and a right shift by 25 leaves one half of the largest
    // significand, which rounds to 1.
    let (why, fraction, up, farthest) = match rule {
        RoundingRule::F32Away => ("To an integer, half away from zero.", 1, "fixed[0]", 25),
        _ => ("To an integer, half to even.", 24, "fixed[23] & ((|fixed[22:0]) | fixed[24])", 24),
    };
    let wires = vec![
        wire(
            "fixed",
            Integer::unsigned(25 + fraction),
            &format!("{{{high}, {fraction}'d0}} >> {right}[4:0]"),
        ),
        wire("int_up", BIT, up),
        // Half to even: right by 25 or more leaves at most one half, which is even at 0. Without a right shift
        // the product is at least 2^23.
        wire("vanishes", BIT, &format!("{right} > 10'sd{farthest}")),
        wire("exceeds", BIT, &format!("({right} < 10'sd1) & (|{high}[24:23])")),
        wire(
            "rounded",
            Integer::unsigned(26),
            &format!(
                "vanishes ? 26'd0 : exceeds ? {{2'd1, 24'd0}} : {{1'b0, fixed[{}:{fraction}]}} + {{25'd0, int_up}}",
                24 + fraction
            ),
        ),
        live.declare(
            "scaled",
            whole,
            as_type(&format!("(rounded ^ {{26{{{negative}}}}}) + {}", extended(&negative, BIT, 26)), true),
        ),
    ];
    step(why, wires, live.registers(registers, Position::Scaled))
}

/// Left shifts that bring the leading one to the top: amount, flag and result.
const LEFT_SHIFTS: &[(u32, &str, &str)] = &[
    (32, "zeros_32", "aligned_32"),
    (16, "zeros_16", "aligned_16"),
    (8, "zeros_8", "aligned_8"),
    (4, "zeros_4", "aligned_4"),
    (2, "zeros_2", "aligned_2"),
    (1, "zeros_1", "aligned_1"),
];
