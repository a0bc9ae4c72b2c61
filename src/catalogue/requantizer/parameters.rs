//! What a requantizer can be told, and which of it goes together.

use std::borrow::Cow;

use crate::text::hex_digest;
use crate::unit::{ConfigError, Integer, Kind, Parameter, Port, Value, Values};

const RULES: &[&str] = &["gemmlowp", "ruy", "single", "f32", "floor", "pow2", "pow2_floor"];
/// Longest table: what fits comfortably in look-up tables or one block of memory.
const CHANNELS: usize = 1024;
const CODE: Kind = Kind::Source { min: -(1 << 15), max: (1 << 16) - 1, words: &["port"], channels: 1 };
const BOUND: Kind =
    Kind::Source { min: -(1 << 15), max: (1 << 16) - 1, words: &["type", "port"], channels: 1 };

const RULE: Parameter = Parameter {
    name: "rule",
    kind: Kind::Choice(RULES),
    default: Value::Word("single"),
    help: "rounding rule, by its name in docs/arithmetic.md",
};

const ACC_BITS: Parameter = Parameter {
    name: "acc_bits",
    kind: Kind::Integer { min: 8, max: 64 },
    default: Value::Integer(32),
    help: "width of the signed accumulator in bits",
};

const OUT_BITS: Parameter = Parameter {
    name: "out_bits",
    kind: Kind::Integer { min: 2, max: 16 },
    default: Value::Integer(8),
    help: "width of the output code in bits",
};

const OUT_SIGNED: Parameter = Parameter {
    name: "out_signed",
    kind: Kind::Flag,
    default: Value::Flag(true),
    help: "the output code is two's complement",
};

const MULTIPLIER: Parameter = Parameter {
    name: "multiplier",
    kind: Kind::Source { min: 0, max: i32::MAX as i64, words: &["port"], channels: CHANNELS },
    default: Value::Integer(1_185_020_333),
    help: "Q0.31 multiplier; for f32 the bit pattern of a finite binary32",
};

const SHIFT: Parameter = Parameter {
    name: "shift",
    kind: Kind::Source { min: -63, max: 30, words: &["port"], channels: CHANNELS },
    default: Value::Integer(-7),
    help: "left shift, negative to the right; -31..=30, for f32 0, for pow2 and pow2_floor -63..=0",
};

const ZERO_POINT: Parameter = Parameter {
    name: "zero_point",
    kind: CODE,
    default: Value::Integer(0),
    help: "code of real zero, added after rounding",
};

const CLAMP_MIN: Parameter = Parameter {
    name: "clamp_min",
    kind: BOUND,
    default: Value::Word("type"),
    help: "least code; type: that of the output type",
};

const CLAMP_MAX: Parameter = Parameter {
    name: "clamp_max",
    kind: BOUND,
    default: Value::Word("type"),
    help: "largest code; type: that of the output type",
};

const STAGES: Parameter = Parameter {
    name: "stages",
    kind: Kind::Integer { min: 1, max: 6 },
    default: Value::Integer(3),
    help: "registers between accumulator and output",
};

/// Of the pipelined unit.
pub(crate) const ALL: &[Parameter] =
    &[RULE, ACC_BITS, OUT_BITS, OUT_SIGNED, MULTIPLIER, SHIFT, ZERO_POINT, CLAMP_MIN, CLAMP_MAX, STAGES];

const SERIAL_RULE: Parameter = Parameter { kind: Kind::Choice(&["gemmlowp", "ruy", "single"]), ..RULE };

const SERIAL_MULTIPLIER: Parameter = Parameter {
    kind: Kind::Source { min: 0, max: i32::MAX as i64, words: &["port"], channels: 1 },
    help: "Q0.31 multiplier",
    ..MULTIPLIER
};

const SERIAL_SHIFT: Parameter = Parameter {
    kind: Kind::Source { min: -31, max: 0, words: &["port"], channels: 1 },
    help: "left shift, negative to the right; a factor of 1 or more has no serial form",
    ..SHIFT
};

/// Of the serial unit.
pub(crate) const SERIAL: &[Parameter] = &[
    SERIAL_RULE,
    ACC_BITS,
    OUT_BITS,
    OUT_SIGNED,
    SERIAL_MULTIPLIER,
    SERIAL_SHIFT,
    ZERO_POINT,
    CLAMP_MIN,
    CLAMP_MAX,
];

/// How many channels the tables have; none without a table.
pub(crate) fn channels(values: &Values) -> Option<usize> {
    ["multiplier", "shift"].iter().find_map(|name| match Source::of(values, name) {
        Source::Table(numbers) => Some(numbers.len()),
        _ => None,
    })
}

/// The type of the port `channel`.
pub(crate) fn channel(channels: usize) -> Integer {
    Integer::unsigned((channels - 1).ilog2() + 1)
}

/// Where a number comes from.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Source {
    Constant(i64),
    Port,
    /// A table by channel.
    Table(Cow<'static, [i64]>),
    /// The bound of the output type.
    Type,
}

impl Source {
    pub(crate) fn of(values: &Values, name: &str) -> Source {
        match values.value(name) {
            Value::Integer(number) => Source::Constant(number),
            Value::Word("port") => Source::Port,
            Value::List(numbers) => Source::Table(numbers),
            _ => Source::Type,
        }
    }

    /// The constants.
    fn numbers(&self) -> Vec<i64> {
        match self {
            Source::Constant(number) => vec![*number],
            Source::Table(numbers) => numbers.to_vec(),
            Source::Port | Source::Type => Vec::new(),
        }
    }

    /// `_m3`, `_em7`, `_zp`: how names write it; nothing for what is as if it were left out.
    pub(crate) fn short(&self, letter: &str) -> String {
        match *self {
            Source::Type => String::new(),
            Source::Constant(0) if letter == "z" => String::new(),
            Source::Constant(number) if number < 0 => format!("_{letter}m{}", -number),
            Source::Constant(number) => format!("_{letter}{number}"),
            Source::Port => format!("_{letter}p"),
            Source::Table(ref numbers) => {
                let text: Vec<String> = numbers.iter().map(i64::to_string).collect();
                format!("_{letter}t{}", &hex_digest(&[text.join(",").as_bytes()])[..12])
            }
        }
    }
}

pub(crate) fn accumulator(values: &Values) -> Integer {
    Integer::signed(values.count("acc_bits"))
}

pub(crate) fn out(values: &Values) -> Integer {
    Integer { bits: values.count("out_bits"), signed: values.flag("out_signed") }
}

/// Whether the rule shifts and does not multiply.
pub(crate) fn is_pow2(values: &Values) -> bool {
    matches!(values.word("rule"), "pow2" | "pow2_floor")
}

/// The type of the port `shift`.
pub(crate) fn shift(values: &Values) -> Integer {
    Integer::signed(if is_pow2(values) { 7 } else { 6 })
}

/// What the port `multiplier` carries.
pub(crate) fn multiplier_help(values: &Values) -> &'static str {
    if values.word("rule") == "f32" { "bit pattern of a binary32 multiplier" } else { "Q0.31 multiplier" }
}

/// The numbers that are ports.
pub(crate) fn number_ports(values: &Values) -> Vec<Port> {
    let out = out(values);
    let optional = [
        ("multiplier", Integer::unsigned(31), multiplier_help(values)),
        ("shift", shift(values), "left shift, negative to the right"),
        ("zero_point", out, "code of real zero"),
        ("clamp_min", out, "least code"),
        ("clamp_max", out, "largest code, wins over clamp_min"),
    ];
    let ports = optional.into_iter().filter(|(name, ..)| Source::of(values, name) == Source::Port);
    ports.map(|(name, integer, help)| Port::input(name, integer, help)).collect()
}

/// The part of the module's name that both forms of the unit share.
pub(crate) fn name(values: &Values) -> String {
    let types = (accumulator(values).short(), out(values).short());
    let mut name = format!("{}_{}_{}", values.word("rule"), types.0, types.1);
    for (parameter, short) in
        [("multiplier", "m"), ("shift", "e"), ("zero_point", "z"), ("clamp_min", "lo"), ("clamp_max", "hi")]
    {
        if exists(values, parameter) {
            name += &Source::of(values, parameter).short(short);
        }
    }
    name
}

/// Whether the rule reads the parameter.
pub(crate) fn exists(values: &Values, name: &str) -> bool {
    match name {
        "multiplier" => !is_pow2(values),
        "shift" => values.word("rule") != "f32",
        _ => true,
    }
}

/// What the unit computes before the zero point and the clamp, as the header states it.
pub(crate) fn equation(values: &Values) -> &'static str {
    match values.word("rule") {
        "gemmlowp" => {
            "(R1) RDBPOT(SRDHM(acc * 2^max(shift,0), multiplier), max(-shift,0)) + zero_point, clamped."
        }
        "ruy" => {
            "(R2) v = SRDHM(acc * 2^max(shift,0), multiplier), (v + 2^(r-1)) >> r with r = max(-shift,0), + zero_point, clamped."
        }
        "single" => "(R3) ((acc * multiplier + 2^(30-shift)) >> (31-shift)) + zero_point, clamped.",
        "f32" => "(R4) rint(f32(acc) * multiplier), each step rounded half to even, + zero_point, clamped.",
        "floor" => "(R6) ((acc * multiplier) >> (31-shift)) + zero_point, clamped.",
        "pow2" => "(R7) ((acc + 2^(r-1)) >> r) + zero_point with r = -shift, clamped.",
        _ => "(R7) (acc >> r) + zero_point with r = -shift, clamped.",
    }
}

/// The rules that tie parameters together.
pub(crate) fn check(values: &Values) -> Result<(), ConfigError> {
    let refuse = |reason: String, fix: String| Err(ConfigError::Combination { reason, fix });
    let (rule, out) = (values.word("rule"), out(values));
    for shift in Source::of(values, "shift").numbers() {
        let legal = match rule {
            "f32" => 0..=0,
            _ if is_pow2(values) => -63..=0,
            _ => -31..=30,
        };
        if !legal.contains(&shift) {
            return refuse(
                format!("shift={shift} is outside the range of {rule}"),
                format!("choose one of {}..={}", legal.start(), legal.end()),
            );
        }
    }
    if rule == "f32" && values.value("shift") != Value::Integer(0) {
        return refuse(
            "f32 has no shift: its multiplier is a binary32 number".to_string(),
            "set shift=0".to_string(),
        );
    }
    let numbers = Source::of(values, "multiplier").numbers();
    if let (true, Some(pattern)) = (rule == "f32", numbers.iter().find(|&&pattern| pattern >= 0x7f80_0000)) {
        return refuse(
            format!("multiplier={pattern} is the bit pattern of no finite binary32"),
            "choose at most 2139095039".to_string(),
        );
    }
    if !exists(values, "multiplier") && values.value("multiplier") != Value::Integer(1_185_020_333) {
        return refuse(
            format!("multiplier={} has no effect: {rule} does not multiply", values.value("multiplier")),
            "leave it out, or choose another rule".to_string(),
        );
    }
    if let (Source::Table(multipliers), Source::Table(shifts)) =
        (Source::of(values, "multiplier"), Source::of(values, "shift"))
        && multipliers.len() != shifts.len()
    {
        return refuse(
            format!("multiplier has {} channels and shift has {}", multipliers.len(), shifts.len()),
            "give each channel one of both, or one number for all".to_string(),
        );
    }
    for name in ["zero_point", "clamp_min", "clamp_max"] {
        if let Source::Constant(code) = Source::of(values, name)
            && !out.holds(code.into())
        {
            return refuse(
                format!("{name}={code} is not a value of the output ({})", out.short()),
                format!("choose one of {}..={}", out.min(), out.max()),
            );
        }
    }
    if let (Source::Constant(min), Source::Constant(max)) =
        (Source::of(values, "clamp_min"), Source::of(values, "clamp_max"))
        && min > max
    {
        return refuse(
            format!("clamp_min={min} is above clamp_max={max}, which leaves no code"),
            "exchange the two".to_string(),
        );
    }
    Ok(())
}
