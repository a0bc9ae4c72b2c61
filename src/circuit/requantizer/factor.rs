//! Datapath of rules (R1) to (R3), (R6) and (R7), from the accumulator to the rescaled value.

use serde_json::Value as Json;

use super::datapath::{LiveSignals, sign_extended, step, wire};
use super::registers::{PipelineRegisters, Position, Signal};
use super::requantization::{Requantization, RoundingRule};
use crate::circuit::verilog::as_type;
use crate::unit::Integer;

/// `acc * multiplier`; for (R1) and (R2) `acc` is shifted left first, which wraps.
pub(super) fn product(
    requantization: &Requantization,
    live: &mut LiveSignals,
    registers: &mut PipelineRegisters,
    unused: &mut Vec<String>,
) -> Json {
    let rule = requantization.rule;
    let mut wires = Vec::new();
    if let Some(shift) = live.shift.take() {
        wires.push(legal_shift(rule, &shift));
        wires.extend(decoded(rule, live));
    }
    let mut acc = live.take();
    if rule.rounds_twice() {
        let left = match requantization.constant_shift() {
            Some(shift) => (shift > 0).then(|| format!("5'd{shift}")),
            None => Some("left".to_string()),
        };
        if let Some(left) = left {
            let register = Integer::signed(if acc.integer.bits <= 32 { 32 } else { 64 });
            let shifted = format!("{} << {left}", sign_extended(&acc, register.bits));
            wires.push(wire("multiplicand", register, &as_type(&shifted, true)));
            acc = Signal::new("multiplicand", register);
        }
    }
    if rule == RoundingRule::Int16 {
        wires.extend(live.multiplier.as_mut().map(|multiplier| reduced(multiplier, unused)));
    }
    let multiplier = match (live.multiplier.take(), requantization.constant_multiplier()) {
        (Some(signal), _) => format!("$signed({{1'b0, {}}})", signal.name),
        (None, Some(multiplier)) if rule == RoundingRule::Int16 => {
            let reduced = if multiplier < 0x7fff_0000 { (multiplier + 0x8000) >> 16 } else { 0x7fff };
            format!("32'sd{}", reduced << 16)
        }
        (None, Some(multiplier)) => format!("32'sd{multiplier}"),
        (None, None) => unreachable!("a multiplier that is no signal is a constant"),
    };
    let integer = Integer::signed(acc.integer.bits + 31);
    wires.push(live.declare("product", integer, format!("{} * {multiplier}", acc.name)));
    step("", wires, live.registers(registers, Position::Product))
}

/// The multiplier rounded to 15 bits, in the upper bits of its type: `int16` is `single` with that multiplier.
fn reduced(multiplier: &mut Signal, unused: &mut Vec<String>) -> Json {
    let name = std::mem::replace(&mut multiplier.name, "reduced".to_string());
    unused.push(format!("{name}[14:0]"));
    let value =
        format!("(&{name}[30:16]) ? {{15'h7fff, 16'd0}} : {{{name}[30:16] + {{14'd0, {name}[15]}}, 16'd0}}");
    wire("reduced", multiplier.integer, &value)
}

/// A shift in the range of the rule: -32 counts as -31 and 31 as 30, for `int16` all from 8 on as 7.
fn legal_shift(rule: RoundingRule, shift: &Signal) -> Json {
    let name = &shift.name;
    let upper = match rule {
        RoundingRule::Int16 => format!("({name} > 6'sd7) ? 6'sd7"),
        _ => format!("({name} == 6'sd31) ? 6'sd30"),
    };
    let value = format!("({name} == -6'sd32) ? -6'sd31 : {upper} : {name}");
    wire("legal_shift", shift.integer, &value)
}

/// Left and right shift decoded from `legal_shift`.
fn decoded(rule: RoundingRule, live: &mut LiveSignals) -> Vec<Json> {
    let mut right = |bits, value: &str| {
        live.right = Some(Signal::new("right", Integer::unsigned(bits)));
        wire("right", Integer::unsigned(bits), value)
    };
    match rule {
        RoundingRule::Single | RoundingRule::Int16 => vec![right(6, "6'd30 - legal_shift[5:0]")],
        RoundingRule::Floor => vec![right(6, "6'd31 - legal_shift[5:0]")],
        _ => vec![
            wire("left", Integer::unsigned(5), "legal_shift[5] ? 5'd0 : legal_shift[4:0]"),
            right(5, "legal_shift[5] ? 5'd0 - legal_shift[4:0] : 5'd0"),
        ],
    }
}

/// The right shift of (R7): -64 counts as -63, and positive shifts as 0.
pub(super) fn pow2_shift(live: &mut LiveSignals) -> Json {
    let shift = live.shift.take().expect("called for a shift port");
    let name = &shift.name;
    let value = format!("~{name}[6] ? 6'd0 : ({name} == -7'sd64) ? 6'd63 : 6'd0 - {name}[5:0]");
    live.right = Some(Signal::new("right", Integer::unsigned(6)));
    step("", vec![wire("right", Integer::unsigned(6), &value)], Json::Array(vec![]))
}

/// SRDHM: `(product + 2^30) >> 31`.
///
/// The multiplier is not negative, so the result never saturates.
pub(super) fn high(
    live: &mut LiveSignals,
    registers: &mut PipelineRegisters,
    unused: &mut Vec<String>,
) -> Json {
    let product = live.take();
    let (name, bits) = (product.name, product.integer.bits - 31);
    unused.push(format!("{name}[29:0]"));
    let value = format!("{name}[{}:31] + {{{}'d0, {name}[30]}}", bits + 30, bits - 1);
    let wires = vec![live.declare("high", Integer::signed(bits), as_type(&value, true))];
    let banks = live.registers(registers, Position::High);
    step("SRDHM: half of the last place added as the bit below it.", wires, banks)
}

/// Comment and declarations of a step.
type Step = (&'static str, Vec<Json>);

/// The right shift, rounded as the rule says.
pub(super) fn scaled(
    requantization: &Requantization,
    live: &mut LiveSignals,
    registers: &mut PipelineRegisters,
    unused: &mut Vec<String>,
) -> Json {
    let value = live.take();
    let right = live.right.take().map(|right| right.name);
    let (why, wires) = match (requantization.constant_shift(), right) {
        (Some(shift), _) => constant_shift(requantization.rule, shift, live, &value, unused),
        (None, Some(right)) => variable_shift(requantization.rule, &right, live, &value),
        (None, None) => unreachable!("a shift that is no constant is decoded"),
    };
    step(why, wires, live.registers(registers, Position::Scaled))
}

/// The right shift for a constant `shift`.
fn constant_shift(
    rule: RoundingRule,
    shift: i64,
    live: &mut LiveSignals,
    value: &Signal,
    unused: &mut Vec<String>,
) -> Step {
    let right = (-shift).max(0) as u32;
    match rule {
        RoundingRule::Single | RoundingRule::Int16 => half_up(live, value, (30 - shift) as u32, unused),
        RoundingRule::Floor => floor(live, value, (31 - shift) as u32, unused),
        RoundingRule::Pow2Floor => floor(live, value, right, unused),
        _ if right == 0 => ("", vec![live.declare("scaled", value.integer, value.name.clone())]),
        RoundingRule::Gemmlowp => half_away(live, value, right, unused),
        _ => half_up(live, value, right - 1, unused),
    }
}

/// The right shift by the signal `right`.
fn variable_shift(rule: RoundingRule, right: &str, live: &mut LiveSignals, value: &Signal) -> Step {
    let shifted = format!("{} >>> {right}", value.name);
    match rule {
        RoundingRule::Single | RoundingRule::Int16 => half_up_of(live, value.integer, shifted),
        RoundingRule::Floor | RoundingRule::Pow2Floor => {
            ("", vec![live.declare("scaled", value.integer, shifted)])
        }
        RoundingRule::Gemmlowp => variable_half_away(live, value, right),
        _ => {
            let doubled = Integer::signed(value.integer.bits + 1);
            half_up_of(live, doubled, format!("$signed({{{}, 1'b0}}) >>> {right}", value.name))
        }
    }
}

const HALF_UP: &str = "Half up: one bit more than the result, which is added to the bits above it.";

/// `((value >> lsb) + 1) >> 1` with a constant `lsb`.
fn half_up(live: &mut LiveSignals, value: &Signal, lsb: u32, unused: &mut Vec<String>) -> Step {
    let (shifted, integer) = sliced(value, lsb, unused);
    half_up_of(live, integer, shifted)
}

/// `(shifted + 1) >> 1`.
fn half_up_of(live: &mut LiveSignals, integer: Integer, shifted: String) -> Step {
    let bits = integer.bits;
    let rounded = Integer::signed(bits);
    let value = format!("{{shifted[{top}], shifted[{top}:1]}} + {{{top}'d0, shifted[0]}}", top = bits - 1);
    let scaled = live.declare("scaled", rounded, as_type(&value, true));
    (HALF_UP, vec![wire("shifted", integer, &shifted), scaled])
}

/// `value >> lsb` with a constant `lsb`.
fn floor(live: &mut LiveSignals, value: &Signal, lsb: u32, unused: &mut Vec<String>) -> Step {
    let (shifted, integer) = sliced(value, lsb, unused);
    ("", vec![live.declare("scaled", integer, shifted)])
}

/// The bits of a value from `lsb` up, at least two of them, and their type.
fn sliced(value: &Signal, lsb: u32, unused: &mut Vec<String>) -> (String, Integer) {
    let (name, top) = (&value.name, value.integer.bits - 1);
    let lowest = lsb.min(top);
    if lowest > 0 {
        unused.push(if lowest == 1 { format!("{name}[0]") } else { format!("{name}[{}:0]", lowest - 1) });
    }
    if lowest == top {
        return (format!("$signed({{2{{{name}[{top}]}}}})"), Integer::signed(2));
    }
    let slice = if lowest == 0 { name.clone() } else { format!("$signed({name}[{top}:{lowest}])") };
    (slice, Integer::signed(top - lowest + 1))
}

const HALF_AWAY: &str = "RDBPOT: half away from zero, as half up of a value that is 1 less below zero.";

/// `RDBPOT(high, right)` for a constant `right` of at least 1.
///
/// One addition before the shift: half of the last place, less 1 below zero.
fn half_away(live: &mut LiveSignals, high: &Signal, right: u32, unused: &mut Vec<String>) -> Step {
    let sign = format!("{}[{}]", high.name, high.integer.bits - 1);
    let bits = high.integer.bits.max(right + 1) + 1;
    // 2^(right-1) less the sign: a one above zeros, or zeros and ones.
    let nudge = match right {
        1 => format!("{{{}'d0, ~{sign}}}", bits - 1),
        _ => format!("{{{}'d0, ~{sign}, {{{}{{{sign}}}}}}}", bits - right, right - 1),
    };
    let nudged = Signal::new("nudged", Integer::signed(bits));
    let sum = as_type(&format!("{} + {nudge}", sign_extended(high, bits)), true);
    let (slice, integer) = sliced(&nudged, right, unused);
    (HALF_AWAY, vec![wire("nudged", nudged.integer, &sum), live.declare("scaled", integer, slice)])
}

/// `RDBPOT(high, right)` for a signal `right`.
fn variable_half_away(live: &mut LiveSignals, high: &Signal, right: &str) -> Step {
    let sign = format!("{}[{}]", high.name, high.integer.bits - 1);
    let bits = high.integer.bits.max(32) + 1;
    let integer = Integer::signed(bits);
    let sum = format!(
        "{} + (({bits}'d1 << {right}) >> 1) - {{{}'d0, {sign} & (|{right})}}",
        sign_extended(high, bits),
        bits - 1
    );
    let nudged = wire("nudged", integer, &as_type(&sum, true));
    (HALF_AWAY, vec![nudged, live.declare("scaled", integer, format!("nudged >>> {right}"))])
}
