//! Parameters of both requantizer units, and the rules between them.

use crate::circuit::requantizer::{Requantization, RoundingRule, Source, WIDEST_CODE};
use crate::text::hex_digest;
use crate::unit::{Choice, ConfigError, Integer, Kind, Parameter, Port, Value, Values};

/// Maximum length of a table, which fits LUTs or one block RAM.
pub(super) const CHANNELS: usize = 1024;
const CODE: Kind = Kind::Source { min: -(1 << 15), max: (1 << 16) - 1, words: &["port"], channels: 1 };
const BOUND: Kind =
    Kind::Source { min: -(1 << 15), max: (1 << 16) - 1, words: &["type", "port"], channels: 1 };

/// Bit patterns of the largest finite numbers.
pub(super) const LARGEST_BINARY64: i64 = 0x7fef_ffff_ffff_ffff;
const LARGEST_BINARY32: i64 = 0x7f7f_ffff;

pub(super) const RULE: Parameter = Parameter {
    name: "rule",
    kind: Kind::Choice(RoundingRule::WORDS),
    default: Value::Word(RoundingRule::Single.word()),
    help: "rounding rule, by its name in docs/arithmetic.md",
};

pub(super) const ACC_BITS: Parameter = Parameter {
    name: "acc_bits",
    kind: Kind::Integer { min: 8, max: 64 },
    default: Value::Integer(32),
    help: "width of the signed accumulator in bits; at most 48 for int16",
};

pub(super) const OUT_BITS: Parameter = Parameter {
    name: "out_bits",
    kind: Kind::Integer { min: 2, max: 16 },
    default: Value::Integer(8),
    help: "width of the output code in bits",
};

pub(super) const OUT_SIGNED: Parameter = Parameter {
    name: "out_signed",
    kind: Kind::Flag,
    default: Value::Flag(true),
    help: "the output code is two's complement",
};

pub(super) const MULTIPLIER: Parameter = Parameter {
    name: "multiplier",
    kind: Kind::Source { min: 0, max: LARGEST_BINARY64, words: &["port"], channels: CHANNELS },
    default: Value::Integer(1_185_020_333),
    help: "Q0.31 multiplier; for rules named f32 the bit pattern of a finite binary32, for f64 of a binary64",
};

pub(super) const SHIFT: Parameter = Parameter {
    name: "shift",
    kind: Kind::Source { min: -63, max: 30, words: &["port"], channels: CHANNELS },
    default: Value::Integer(-7),
    help: "left shift, negative to shift right; -31..=30, for int16 -31..=7, for pow2 and pow2_floor -63..=0, for f32 and f64 rules 0",
};

pub(super) const BIAS: Parameter = Parameter {
    name: "bias",
    kind: Kind::Source { min: 0, max: u32::MAX as i64, words: &[], channels: CHANNELS },
    default: Value::Integer(0),
    help: "bit pattern of the finite binary32 that f32_bias adds to the accumulator",
};

pub(super) const ZERO_POINT: Parameter = Parameter {
    name: "zero_point",
    kind: CODE,
    default: Value::Integer(0),
    help: "code of real zero, added after rounding",
};

pub(super) const CLAMP_MIN: Parameter = Parameter {
    name: "clamp_min",
    kind: BOUND,
    default: Value::Word("type"),
    help: "smallest code; type: smallest code of the output type",
};

pub(super) const CLAMP_MAX: Parameter = Parameter {
    name: "clamp_max",
    kind: BOUND,
    default: Value::Word("type"),
    help: "largest code; type: largest code of the output type",
};

/// Parses all parameters but the number of registers, and checks the rules between them.
///
/// # Errors
/// [`ConfigError::Combination`] for a shift, multiplier or code out of range, a number that the rule does not
/// read, tables of different lengths, bounds that leave no code, and a port under a rule without a datapath.
///
/// `bias` is the parameter of the bias, of units that have one.
pub(super) fn parse(values: &Values, bias: Option<&Parameter>) -> Result<Requantization, ConfigError> {
    let rule = values.choice(&RULE);
    let requantization = Requantization {
        bias: bias.map(|bias| parse_bias(values, bias, rule)).transpose()?.flatten(),
        rule,
        accumulator: Integer::signed(values.count(&ACC_BITS)),
        out: values.integer_type(&OUT_BITS, &OUT_SIGNED),
        shift: parse_shift(values, rule)?,
        multiplier: parse_multiplier(values, rule)?,
        zero_point: number(values, &ZERO_POINT),
        clamp_min: source(values, &CLAMP_MIN),
        clamp_max: source(values, &CLAMP_MAX),
    };
    check_width(&requantization)?;
    check_channels(&requantization)?;
    check_codes(&requantization)?;
    check_constants(&requantization)?;
    Ok(requantization)
}

/// Source of the number of a parameter; `None` for a bound of the type.
fn source(values: &Values, parameter: &Parameter) -> Option<Source> {
    match values.value(parameter.name) {
        Value::Integer(number) => Some(Source::Constant(number)),
        Value::List(numbers) => Some(Source::Table(numbers.into_owned())),
        Value::Word("port") => Some(Source::Port),
        _ => None,
    }
}

/// Source of the number of a parameter that has no word `type`.
fn number(values: &Values, parameter: &Parameter) -> Source {
    source(values, parameter).unwrap_or_else(|| panic!("'{}' has a word too many", parameter.name))
}

fn refusal(reason: String, fix: impl Into<String>) -> ConfigError {
    ConfigError::Combination { reason, fix: fix.into() }
}

fn parse_shift(values: &Values, rule: RoundingRule) -> Result<Option<Source>, ConfigError> {
    let shift = number(values, &SHIFT);
    let legal = rule.shifts();
    if rule.is_float() {
        return match shift {
            Source::Constant(0) => Ok(None),
            _ => Err(refusal(
                format!("{} has no shift: its multiplier is a floating-point number", rule.word()),
                "set shift=0",
            )),
        };
    }
    if let Some(illegal) = shift.numbers().iter().find(|&number| !legal.contains(number)) {
        return Err(refusal(
            format!("shift={illegal} is outside the range of {}", rule.word()),
            format!("choose one of {}..={}", legal.start(), legal.end()),
        ));
    }
    Ok(Some(shift))
}

fn parse_bias(values: &Values, bias: &Parameter, rule: RoundingRule) -> Result<Option<Source>, ConfigError> {
    let source = number(values, bias);
    if rule != RoundingRule::F32Bias {
        return match source {
            Source::Constant(0) => Ok(None),
            _ => Err(refusal(
                format!("bias has no effect: {} adds none", rule.word()),
                "leave it out, or choose rule=f32_bias",
            )),
        };
    }
    let is_infinite = |pattern: &&i64| **pattern & 0x7fff_ffff > LARGEST_BINARY32;
    match source.numbers().iter().find(is_infinite) {
        Some(pattern) => Err(refusal(
            format!("bias={pattern} is not the bit pattern of a finite binary32 number"),
            "choose at most 2139095039, or 2147483648..=4286578687 for a negative bias",
        )),
        None => Ok(Some(source)),
    }
}

fn parse_multiplier(values: &Values, rule: RoundingRule) -> Result<Option<Source>, ConfigError> {
    let multiplier = number(values, &MULTIPLIER);
    let (largest, what) = match rule {
        RoundingRule::F64 => (LARGEST_BINARY64, "the bit pattern of a finite binary64 number"),
        _ if rule.is_binary32() => (LARGEST_BINARY32, "the bit pattern of a finite binary32 number"),
        _ => (i32::MAX.into(), "a Q0.31 multiplier"),
    };
    if let Some(illegal) = multiplier.numbers().iter().find(|&&number| number > largest) {
        return Err(refusal(
            format!("multiplier={illegal} is not {what}"),
            format!("choose at most {largest}"),
        ));
    }
    if !rule.is_pow2() {
        return Ok(Some(multiplier));
    }
    let value = values.value(MULTIPLIER.name);
    if value != MULTIPLIER.default {
        return Err(refusal(
            format!("multiplier={value} has no effect: {} does not multiply", rule.word()),
            "leave it out, or choose another rule",
        ));
    }
    Ok(None)
}

/// Rejects accumulators that are wider than the rule is defined for.
fn check_width(requantization: &Requantization) -> Result<(), ConfigError> {
    let Requantization { rule, accumulator, .. } = requantization;
    let widest = rule.arithmetic().max_acc_bits();
    if accumulator.bits <= widest {
        return Ok(());
    }
    Err(refusal(
        format!("acc_bits={} is too wide for {}", accumulator.bits, rule.word()),
        format!("choose at most {widest}"),
    ))
}

/// Rejects tables of different lengths.
fn check_channels(requantization: &Requantization) -> Result<(), ConfigError> {
    let Requantization { multiplier, shift, bias, .. } = requantization;
    let tables = [("multiplier", multiplier), ("shift", shift), ("bias", bias)];
    let lengths: Vec<(&str, usize)> = tables
        .into_iter()
        .filter_map(|(name, source)| match source {
            Some(Source::Table(numbers)) => Some((name, numbers.len())),
            _ => None,
        })
        .collect();
    match lengths[..] {
        [(first, channels), .., (other, others)] if channels != others => Err(refusal(
            format!("{first} has {channels} channels and {other} has {others}"),
            "give one of each per channel, or one number for all channels",
        )),
        _ => Ok(()),
    }
}

/// Rejects ports and wide codes for rules whose circuit is found from the thresholds.
fn check_constants(requantization: &Requantization) -> Result<(), ConfigError> {
    let rule = requantization.rule;
    if rule.has_datapath() {
        return Ok(());
    }
    if let Some(number) = requantization.numbers().iter().find(|number| number.source == Some(&Source::Port))
    {
        return Err(refusal(
            format!(
                "{} is a port, and the circuit of {} is found from constant numbers",
                number.name,
                rule.word()
            ),
            "give the number, or a list with one per channel",
        ));
    }
    if requantization.out.bits > WIDEST_CODE {
        return Err(refusal(
            format!("out_bits={} is too wide for {}", requantization.out.bits, rule.word()),
            format!("choose at most {WIDEST_CODE}"),
        ));
    }
    Ok(())
}

/// Rejects constants that are not codes, and bounds that leave no code.
fn check_codes(requantization: &Requantization) -> Result<(), ConfigError> {
    let Requantization { out, zero_point, clamp_min, clamp_max, .. } = requantization;
    let [zero_point, clamp_min, clamp_max] = [Some(zero_point), clamp_min.as_ref(), clamp_max.as_ref()]
        .map(|source| source.and_then(Source::constant));
    for (parameter, code) in [(ZERO_POINT, zero_point), (CLAMP_MIN, clamp_min), (CLAMP_MAX, clamp_max)] {
        if let Some(code) = code.filter(|&code| !out.holds(code.into())) {
            return Err(refusal(
                format!("{}={code} is not a value of the output ({})", parameter.name, out.short()),
                format!("choose one of {}..={}", out.min(), out.max()),
            ));
        }
    }
    if let (Some(min), Some(max)) = (clamp_min, clamp_max)
        && min > max
    {
        return Err(refusal(
            format!("clamp_min={min} is above clamp_max={max}, which leaves no code"),
            "exchange the two",
        ));
    }
    Ok(())
}

/// Ports of the numbers whose source is a port.
pub(super) fn number_ports(requantization: &Requantization) -> Vec<Port> {
    let multiplier = match requantization.rule {
        rule if rule.is_binary32() => "bit pattern of a binary32 multiplier",
        _ => "Q0.31 multiplier",
    };
    let help = [
        multiplier,
        "left shift, negative to the right",
        "code of real zero",
        "least code",
        "largest code, wins over clamp_min",
    ];
    let numbers = requantization.numbers().into_iter().zip(help);
    let ports = numbers.filter(|(number, _)| number.source == Some(&Source::Port));
    ports.map(|(number, help)| Port::input(number.name, number.integer, help)).collect()
}

/// The part of the module name that both forms share.
pub(super) fn module_name(requantization: &Requantization) -> String {
    let Requantization { rule, accumulator, out, .. } = requantization;
    let numbers = requantization.numbers().into_iter().zip(["m", "e", "z", "lo", "hi"]);
    let numbers: String = numbers.map(|(number, letter)| short(number.source, letter)).collect();
    let bias = short(requantization.bias.as_ref(), "b");
    format!("{}_{}_{}{numbers}{bias}", rule.word(), accumulator.short(), out.short())
}

/// Part of a module name for a number: `_m3`, `_em7`, `_zp`.
///
/// Empty for a number that is unused, a bound of the type, and a zero point of 0.
fn short(source: Option<&Source>, letter: &str) -> String {
    match source {
        None => String::new(),
        Some(Source::Constant(0)) if letter == "z" => String::new(),
        Some(Source::Constant(number)) if *number < 0 => format!("_{letter}m{}", -number),
        Some(Source::Constant(number)) => format!("_{letter}{number}"),
        Some(Source::Port) => format!("_{letter}p"),
        Some(Source::Table(numbers)) => {
            let text: Vec<String> = numbers.iter().map(i64::to_string).collect();
            format!("_{letter}t{}", &hex_digest(&[text.join(",").as_bytes()])[..12])
        }
    }
}

/// The equation of the rule with zero point and clamp, as the header states it.
pub(super) fn equation(rule: RoundingRule) -> &'static str {
    match rule {
        RoundingRule::Gemmlowp => {
            "(R1) RDBPOT(SRDHM(acc * 2^max(shift,0), multiplier), max(-shift,0)) + zero_point, clamped."
        }
        RoundingRule::Ruy => {
            "(R2) v = SRDHM(acc * 2^max(shift,0), multiplier), (v + 2^(r-1)) >> r with r = max(-shift,0), + zero_point, clamped."
        }
        RoundingRule::Single => {
            "(R3) ((acc * multiplier + 2^(30-shift)) >> (31-shift)) + zero_point, clamped."
        }
        RoundingRule::F32 => {
            "(R4) rint(f32(acc) * multiplier), each step rounded half to even, + zero_point, clamped."
        }
        RoundingRule::F64 => "(R5) round(f64(acc) * multiplier), half away from zero, + zero_point, clamped.",
        RoundingRule::Int16 => {
            "(R3) ((acc * q16 + 2^(14-shift)) >> (15-shift)) + zero_point, clamped; q16 is multiplier in 15 bits."
        }
        RoundingRule::F32AfterZeroPoint => {
            "(R8) rint(f32(acc) * multiplier + zero_point), each step rounded half to even, clamped."
        }
        RoundingRule::F32Bias => {
            "(R9) rint((f32(acc) + bias) * multiplier), each step rounded half to even, + zero_point, clamped."
        }
        RoundingRule::F32Away => {
            "(R10) round(f32(acc) * multiplier), the product half to even, then half away, + zero_point, clamped."
        }
        RoundingRule::Floor => "(R6) ((acc * multiplier) >> (31-shift)) + zero_point, clamped.",
        RoundingRule::Pow2 => "(R7) ((acc + 2^(r-1)) >> r) + zero_point with r = -shift, clamped.",
        RoundingRule::Pow2Floor => "(R7) (acc >> r) + zero_point with r = -shift, clamped.",
    }
}
